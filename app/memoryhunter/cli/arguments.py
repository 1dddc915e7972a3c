"""Arguments several sub-commands take."""

import argparse


def positive(text: str) -> int:
    """Read a whole number of at least 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let a sub-command, or an action of one, take --json."""
    # SUPPRESS: an action that is not given it must not undo what its sub-command was given.
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print one JSON document and nothing else",
    )

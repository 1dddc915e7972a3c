"""Arguments several sub-commands take."""

import argparse
import errno
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError

# What the system says of something that can be the path of no file, now or later.
_NO_PATH = frozenset({errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL})


def positive(text: str) -> int:
    """Read a whole number of at least 1."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return number


def given_path(text: str) -> Path:
    """Read a path; an empty one is a mistake, as of a script whose variable is not set."""
    if not text:  # pathlib would take it for the current folder
        raise argparse.ArgumentTypeError("it is empty")
    return Path(text)


def given_text(text: str) -> str:
    """Read a text that is not empty, as of a script whose variable is not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def absolute_path(given: Path, otherwise: ErrorCode) -> Path:
    """Give the path somebody typed from the root on, with "~" and links followed.

    Nothing need be there: a drive may be unplugged. Raises `UserError` `otherwise`, with path and
    detail, for what cannot be a path: the home of nobody, links in a circle, a name too long.
    """
    try:
        path = given.expanduser().resolve()
        _look_at(path)
    except (OSError, RuntimeError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise UserError(otherwise, path=str(given), detail=detail) from error
    return path


def _look_at(path: Path) -> None:
    try:
        path.stat()
    except OSError as error:
        if error.errno in _NO_PATH:
            raise


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let a sub-command, or an action of one, take --json."""
    # SUPPRESS: an action that is not given it must not undo what its sub-command was given.
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print one JSON document and nothing else",
    )

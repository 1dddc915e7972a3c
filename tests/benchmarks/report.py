"""How a benchmark's outcome is shown: a table for people, one JSON object for programs."""

import json
import sys
from collections.abc import Mapping, Sequence

# The first column, wide enough for a sentence that says what was measured.
_NAME = 62


def tell(sentence: str) -> None:
    """Say how far the program is, beside its result."""
    print(sentence, file=sys.stderr, flush=True)


def print_facts(facts: Mapping[str, str]) -> None:
    """Print a line for each name and value."""
    for name, value in facts.items():
        print(f"{name + ':':20}{value}")


def print_table(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[float | None]]]) -> None:
    """Print a table of numbers; None leaves a gap."""
    print(f"\n{'':{_NAME}}" + "".join(f"{name:>14}" for name in columns))
    for name, values in rows:
        shown = ("" if each is None else f"{each:.4g}" for each in values)
        print(f"{name:{_NAME}}" + "".join(f"{each:>14}" for each in shown))


def print_json(document: Mapping[str, object]) -> None:
    """Print exactly one JSON object."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))

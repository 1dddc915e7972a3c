"""What a sub-command is."""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from memoryhunter.workspace import Workspace

# One JSON document: an object or a list of them.
Document = dict[str, Any] | list[dict[str, Any]]


class RefusedError(Exception):
    """A command does not do what it was told to; its text is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Command:
    """A sub-command: `run` gives a document, `show` the lines people read in its place."""

    name: str
    summary: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Workspace, argparse.Namespace], Document]
    show: Callable[[Any], Iterable[str]]

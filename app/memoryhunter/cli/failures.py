"""`failures`: the files that could not be read."""

import argparse
from collections.abc import Iterable
from typing import Any

from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.messages import failure_words
from memoryhunter.workspace import Workspace


def _configure(_parser: argparse.ArgumentParser) -> None:
    pass


def _run(workspace: Workspace, _options: argparse.Namespace) -> Document:
    with workspace.open_library() as library:
        return [
            {"path": str(file.path), "reason": file.reason, "detail": file.detail}
            for file in library.photos.failures()
        ]


def _show(document: list[dict[str, Any]]) -> Iterable[str]:
    if not document:
        yield "Every file could be read."
    for file in document:
        detail = f" ({file['detail']})" if file["detail"] else ""
        yield f"{file['path']}: {failure_words(file['reason'])}{detail}"


FAILURES = Command("failures", "list the files that could not be read", _configure, _run, _show)

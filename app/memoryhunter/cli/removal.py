"""The question before a model is removed: what it understood of the photos goes with it."""

import sys

from memoryhunter.cli.command import RefusedError
from memoryhunter.cli.terminal import is_watched, put
from memoryhunter.domain.errors import UserError
from memoryhunter.model_shelf import ModelEntry
from memoryhunter.workspace import Workspace


def agree_to_removal(workspace: Workspace, model: str, *, can_ask: bool) -> None:
    """Ask on the terminal, where removing `model` would delete something; raises RefusedError.

    It does so after any answer but yes, and where `can_ask` is false or there is no terminal.
    """
    question = _question(workspace, model)
    if question is None:
        return
    if not (can_ask and is_watched() and sys.stdin is not None and sys.stdin.isatty()):
        raise RefusedError(f"{question} Nobody can be asked here: say so with --yes.")
    try:
        put(f"{question} [y/N] ")
        answer = sys.stdin.readline()
    except (KeyboardInterrupt, UnicodeDecodeError):
        answer = ""
    if not answer:
        put("\n")  # Ctrl-C and Ctrl-D leave the cursor beside the question
    if answer.strip().lower() not in {"y", "yes"}:
        raise RefusedError("Nothing was removed.")


def _question(workspace: Workspace, model: str) -> str | None:
    """Give what to ask; None for a model that cannot be removed, which is told for what it is."""
    for entry in workspace.shelf.entries():
        if entry.id == model and not entry.built_in:
            if entry.package is not None or entry.problem is not None:
                goes = _what_else_goes(workspace, entry)
                return f"Remove {entry.name}?{_what_it_does(workspace, entry)}{goes}"
            if entry.kept_bytes:
                kept = f"{entry.kept_bytes / 1e6:,.0f} MB"
                return f"Delete what is kept of the download of {entry.name} ({kept})?"
    return None


def _what_it_does(workspace: Workspace, entry: ModelEntry) -> str:
    """Say so where this model answers searches in place of the one in use."""
    try:
        answers, in_use = workspace.answering(), workspace.package()
    except UserError:
        return ""  # no model can answer, or the library cannot be read, which is told below
    if answers is None or in_use is None or answers.id != entry.id or in_use.id == entry.id:
        return ""
    return (
        f" It still answers searches, until {in_use.name} has seen every photo; without it, some"
        " photos may not be found until then."
    )


def _what_else_goes(workspace: Workspace, entry: ModelEntry) -> str:
    understood = workspace.understood_by(entry.id)
    if not understood:
        return ""
    photos = "1 photo" if understood == 1 else f"{understood:,} photos"
    return f" Its understanding of {photos} is deleted too; the photos stay untouched."

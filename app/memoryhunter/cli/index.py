"""`index`: adds folders and brings everything up to date."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from memoryhunter.cli.arguments import absolute_path, given_path
from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.explain import explain
from memoryhunter.cli.interrupts import stopped_by_signals
from memoryhunter.cli.model_in_use import model_in_use, tell_trouble
from memoryhunter.cli.terminal import ProgressLine, tell
from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.device import Device
from memoryhunter.engine.embedder import Embedder
from memoryhunter.indexing.adding import add_folder
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.folder_check import check_folder
from memoryhunter.indexing.indexer import Indexer
from memoryhunter.indexing.report import IndexSummary
from memoryhunter.indexing.survey import Scope
from memoryhunter.library.library import Library
from memoryhunter.media.workers import MediaPool
from memoryhunter.workspace import Workspace

_LISTED_ONLY = "No model is in use: photos are listed, but cannot be searched by content yet."


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folders", nargs="*", type=given_path, metavar="FOLDER", help="folders to add"
    )


def _run(workspace: Workspace, options: argparse.Namespace) -> Document:
    control = Control()
    line = ProgressLine()
    package = model_in_use(workspace)
    workspace.lock_for_writing()
    with (
        workspace.open_library() as library,
        MediaPool() as media,
        stopped_by_signals(control, workspace.interrupt),
    ):
        _add(workspace, library, options.folders)
        if package is None:
            tell(_LISTED_ONLY)
        embedder = workspace.embedder() if package is not None else None
        device = workspace.device()

        def open_indexer(shown: Embedder | None) -> Indexer:
            return workspace.open_indexer(
                library, media, shown, control=control, on_progress=line.show, on_change=_ignore
            )

        try:
            summary = _bring_up_to_date(workspace, library, embedder, open_indexer, line)
        finally:
            line.end()
            _tell_change(device, workspace.device())
        for folder in library.folders.all():
            if not folder.online:
                tell(f"{folder.path} cannot be reached, or is empty now; its photos are kept.")
        return _document(library, summary)


def _bring_up_to_date(
    workspace: Workspace,
    library: Library,
    embedder: Embedder | None,
    open_indexer: Callable[[Embedder | None], Indexer],
    line: ProgressLine,
) -> IndexSummary:
    """Run an indexer; where its model turns out to be damaged, go on with another one or none."""
    done = IndexSummary()
    while True:
        indexer = open_indexer(embedder)
        try:
            return indexer.run([Scope(each) for each in library.folders.paths()]).after(done)
        except UserError as error:
            if embedder is None or error.code is not ErrorCode.MODEL_DAMAGED:
                raise
            if workspace.asked_for is not None:
                raise
            embedder = _instead_of(workspace, embedder, error)
            line.end()
            if embedder is None:
                tell(explain(error))
                tell(_LISTED_ONLY)
            else:
                tell_trouble(workspace)
            done = indexer.summary.after(done)


def _instead_of(workspace: Workspace, damaged: Embedder, error: UserError) -> Embedder | None:
    try:
        return workspace.embedder_instead_of(damaged, error)
    except UserError:  # of the same model: there is no other
        return None


def _tell_change(before: Device, after: Device) -> None:
    """Tell when the device gave up during the run."""
    if after.name != before.name:
        tell(f"{after.reason}.")


def _ignore(_change: LibraryChange) -> None:
    pass


def _add(workspace: Workspace, library: Library, folders: Sequence[Path]) -> None:
    """Add all folders, or none when one of them is no good."""
    wanted = [absolute_path(each, ErrorCode.FOLDER_NOT_FOUND) for each in folders]
    known = set(library.folders.paths().values())
    for path in wanted:
        if path in known:
            continue  # it may be offline at the moment
        check_folder(path, workspace.paths.own)
    for path in wanted:
        add_folder(library, path, workspace.paths.own)


def _document(library: Library, summary: IndexSummary) -> Document:
    return {
        "photos": library.photos.count(),
        "added": len(summary.added),
        "updated": len(summary.updated),
        "moved": len(summary.moved),
        "removed": len(summary.removed),
        "failed": library.photos.failed_count(),
        "embedded": summary.embedded,
        "seconds": round(summary.seconds, 3),
        "images_per_second": round(summary.images_per_second, 2),
    }


def _show(document: dict[str, int]) -> Iterable[str]:
    yield (
        f"{document['photos']:,} photos: {document['added']:,} added, {document['updated']:,}"
        f" updated, {document['moved']:,} moved, {document['removed']:,} removed."
    )
    if document["embedded"]:
        yield (
            f"{document['embedded']:,} understood in {document['seconds']:.1f} s"
            f" ({document['images_per_second']:.1f} a second)."
        )
    if document["failed"]:
        yield f"{document['failed']:,} files could not be read: see 'memoryhunter failures'."


INDEX = Command("index", "add folders and bring the library up to date", _configure, _run, _show)

"""`index`: adds folders and brings everything up to date."""

import argparse
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.terminal import ProgressLine, tell
from memoryhunter.domain.changes import LibraryChange
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.folder_check import check_folder
from memoryhunter.indexing.indexer import IndexSummary
from memoryhunter.indexing.survey import Scope
from memoryhunter.library.library import Library
from memoryhunter.media.workers import MediaPool
from memoryhunter.workspace import Workspace


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="folders to add")


def _run(workspace: Workspace, options: argparse.Namespace) -> Document:
    control = Control()
    line = ProgressLine()
    workspace.lock_for_writing()
    with workspace.open_library() as library, MediaPool() as media, _stopped_by_signals(control):
        _add(workspace, library, options.folders)
        if workspace.package() is None:
            tell("No model is installed: photos are listed, but cannot be searched by content yet.")
        indexer = workspace.open_indexer(
            library, media, control=control, on_progress=line.show, on_change=_ignore
        )
        try:
            summary = indexer.run([Scope(each) for each in library.folders.paths()])
        finally:
            line.end()
        for folder in library.folders.all():
            if not folder.online:
                tell(f"{folder.path} cannot be reached; its photos are kept.")
        return _document(library, summary)


def _ignore(_change: LibraryChange) -> None:
    pass


def _add(workspace: Workspace, library: Library, folders: Sequence[Path]) -> None:
    """Add all folders, or none when one of them is no good."""
    wanted = [each.expanduser().resolve() for each in folders]
    known = set(library.folders.paths().values())
    for path in wanted:
        if path in known:
            continue  # it may be offline at the moment
        check_folder(path, workspace.paths.own)
    with library.write():
        for path in wanted:
            library.folders.add(path)


@contextmanager
def _stopped_by_signals(control: Control) -> Iterator[None]:
    """End the work in an orderly way on Ctrl-C and when asked to terminate."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        control.stop()

    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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

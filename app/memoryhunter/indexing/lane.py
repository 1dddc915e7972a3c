"""The indexing lane: one long-lived thread that keeps the library in step with the folders."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.photo import FolderId
from memoryhunter.indexing.control import Control, Stopped
from memoryhunter.indexing.folder_check import check_folder
from memoryhunter.indexing.indexer import Indexer
from memoryhunter.indexing.scan import is_reachable
from memoryhunter.indexing.survey import Scope
from memoryhunter.indexing.watch import Watcher
from memoryhunter.library.connection import as_user_error
from memoryhunter.library.library import Library

# How often drives are looked for while nothing else happens, and everything is compared again:
# network drives report no changes, and Windows loses events without saying so.
_DRIVES_SECONDS = 3.0
_RECONCILE_SECONDS = 15 * 60.0
_BACK_OFF_SECONDS = 30.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LaneParts:
    """What the lane opens in its own thread, and whom it tells (in that thread)."""

    open_library: Callable[[], Library]
    open_indexer: Callable[[Library, Control], Indexer]
    model: Callable[[], str | None]  # the fingerprint of the model in use; another may be chosen
    close: Callable[[], None]
    on_change: Callable[[LibraryChange], None]
    on_error: Callable[[UserError], None]


class IndexingLane:
    """Owns the writing. All methods may be called from any thread and return at once."""

    def __init__(self, parts: LaneParts, own: frozenset[Path]) -> None:
        """Nothing happens before `start`."""
        self._parts = parts
        self._own = own
        self._control = Control()
        self._wake = threading.Condition()
        self._edits: list[Callable[[Library], None]] = []
        self._scopes: set[Scope] = set()
        self._watcher = Watcher(self._request, own)
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._reconciled = 0.0

    def start(self) -> None:
        """Compare every folder with the library, then stay and watch."""
        self._thread.start()

    def add_folders(self, paths: Sequence[Path]) -> None:
        """Watch more folders."""
        self._edit(lambda library: self._add(library, paths))

    def remove_folder(self, folder_id: FolderId) -> None:
        """Forget a folder; its files stay as they are."""
        self._edit(lambda library: self._remove(library, folder_id))

    def rescan(self) -> None:
        """Compare every folder with the library now."""
        self._edit(self._request_all)

    @property
    def paused(self) -> bool:
        """Whether reading photos rests."""
        return self._control.paused

    def pause(self) -> None:
        """Let reading photos rest; folders can still be added and removed."""
        self._control.pause()

    def resume(self) -> None:
        """Go on reading photos."""
        self._control.resume()

    def stop(self, timeout: float | None = None) -> bool:
        """End the work, safely at any moment; false if it still runs after `timeout` seconds."""
        self._control.stop()
        with self._wake:
            self._wake.notify_all()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # Asked for

    def _edit(self, edit: Callable[[Library], None]) -> None:
        with self._wake:
            self._edits.append(edit)
            self._wake.notify_all()

    def _request(self, scopes: Sequence[Scope]) -> None:
        with self._wake:
            self._scopes.update(scopes)
            self._wake.notify_all()

    # In the lane's thread

    def _run(self) -> None:
        try:
            with self._open() as library:
                self._watcher.start()
                self._serve(library)
        except Stopped:
            pass
        except UserError as error:
            _logger.warning("the indexer stopped: %s", error)
            self._parts.on_error(error)
        finally:
            self._watcher.stop()
            self._parts.close()

    def _open(self) -> Library:
        """Open the library for writing, waiting as long as another program writes to it."""
        told = False
        while True:
            try:
                return self._parts.open_library()
            except UserError as error:
                if error.code is not ErrorCode.LIBRARY_BUSY_INDEXING:
                    raise
                if not told:
                    self._parts.on_error(error)
                told = True
                self._control.wait(_DRIVES_SECONDS)

    def _serve(self, library: Library) -> None:
        model = self._parts.model()
        indexer = self._parts.open_indexer(library, self._control)
        self._request_all(library)
        while True:
            self._control.check()
            if model != (model := self._parts.model()):
                indexer = self._parts.open_indexer(library, self._control)
                self._request_all(library)
            if scopes := self._take(library):
                try:
                    indexer.run(scopes, lambda: self._take(library))
                except Exception as error:  # the boundary of a run: a damaged or busy library
                    known = error if isinstance(error, UserError) else None
                    known = known or as_user_error(error, library.path)
                    if known is None:
                        raise
                    _logger.warning("indexing was interrupted: %s", known)
                    self._parts.on_error(known)
                    self._control.wait(_BACK_OFF_SECONDS)
                    self._request_all(library)
            self._rest(library)

    def _take(self, library: Library) -> list[Scope]:
        """Carry out the edits asked for, and give the scopes to look at."""
        with self._wake:
            edits, self._edits = self._edits, []
        for edit in edits:
            try:
                edit(library)
            except UserError as error:
                self._parts.on_error(error)
        with self._wake:
            scopes, self._scopes = self._scopes, set()
        return list(scopes)

    def _rest(self, library: Library) -> None:
        with self._wake:
            self._wake.wait_for(
                lambda: bool(self._edits or self._scopes or self._control.stopped),
                timeout=_DRIVES_SECONDS,
            )
        if time.monotonic() - self._reconciled > _RECONCILE_SECONDS:
            self._request_all(library)
            return
        for folder in library.folders.all():
            was_mount = library.folders.was_mount(folder.id)
            online = is_reachable(folder.path, was_mount=was_mount, known=folder.photos)
            if online != folder.online:
                self._watch(folder.id, folder.path)
                self._request([Scope(folder.id)])

    def _watch(self, folder_id: FolderId, path: Path) -> None:
        if path.is_dir():
            self._watcher.watch(folder_id, path)
        else:
            self._watcher.unwatch(folder_id)

    def _request_all(self, library: Library) -> None:
        self._reconciled = time.monotonic()
        for folder_id, path in library.folders.paths().items():
            self._watch(folder_id, path)
            self._request([Scope(folder_id)])

    def _add(self, library: Library, paths: Sequence[Path]) -> None:
        for path in (each.resolve() for each in paths):
            try:
                check_folder(path, self._own)
            except UserError as error:
                self._parts.on_error(error)
                continue
            with library.write():
                folder_id = library.folders.add(path)
            self._watch(folder_id, library.folders.paths()[folder_id])
            self._request([Scope(folder_id)])
        self._parts.on_change(LibraryChange(folders=True))

    def _remove(self, library: Library, folder_id: FolderId) -> None:
        self._watcher.unwatch(folder_id)
        with library.write():
            ids = library.folders.remove(folder_id)
        self._parts.on_change(LibraryChange(removed=frozenset(ids), folders=True))

"""The indexing lane: one long-lived thread that keeps the library in step with the folders."""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.photo import FolderId, PhotoId
from memoryhunter.indexing.adding import add_folder
from memoryhunter.indexing.control import Control, Stopped
from memoryhunter.indexing.folder_check import check_folder
from memoryhunter.indexing.indexer import Indexer
from memoryhunter.indexing.on_screen import OnScreen
from memoryhunter.indexing.scan import Identity, identity, is_reachable
from memoryhunter.indexing.survey import Scope
from memoryhunter.indexing.watch import Watcher
from memoryhunter.library.connection import as_user_error
from memoryhunter.library.library import Library

# How often drives are looked for while nothing else happens, and everything is compared again:
# network drives report no changes, and Windows loses events without saying so.
_DRIVES_SECONDS = 3.0
_RECONCILE_SECONDS = 15 * 60.0
_BACK_OFF_SECONDS = 30.0
# How often a run looks whether its model is still the wanted one; a run may take a day.
_MODEL_SECONDS = 1.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LaneParts:
    """What the lane opens in its own thread, and whom it tells (in that thread)."""

    open_library: Callable[[], Library]
    open_indexer: Callable[[Library, Control], Indexer]
    model: Callable[[], str | None]  # the fingerprint of the model in use; another may be chosen
    close: Callable[[], None]
    on_change: Callable[[LibraryChange], None]
    on_error: Callable[[UserError], None]  # the same problem is told once until it is over
    at_rest: Callable[[], None] = lambda: None  # called every few seconds while nothing happens
    interrupt: Callable[[], None] = lambda: None  # by `stop`: ends what the lane may wait for
    # Deletes what removed models understood, until told to stop; true where there was something.
    forget_removed: Callable[[Library, Callable[[], bool]], bool] = lambda _library, _stop: False
    on_screen: OnScreen = field(default_factory=OnScreen)  # the one its indexers read


class _AnotherModelError(Exception):
    """Another model was chosen than the one this run works for, or a model was removed."""


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
        self._indexer: Indexer | None = None
        self._model: str | None = None  # the one the indexer was opened with
        self._asked_model = 0.0
        # What was found at the place of each folder when it was last watched; None for nothing.
        self._roots: dict[FolderId, Identity | None] = {}
        self._told: tuple[ErrorCode, dict[str, str | int]] | None = None

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

    def look_at(self, photos: Sequence[PhotoId]) -> None:
        """Understand these photos first, which are on the screen now."""
        self._parts.on_screen.show(photos)

    def forget_removed(self) -> None:
        """Delete what removed models understood."""
        self._edit(self._forget_removed)

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
        """End the work, safely at any moment; false if it still runs after `timeout` seconds.

        Call it again to go on waiting.
        """
        self._control.stop()
        with self._wake:
            self._wake.notify_all()
        self._parts.interrupt()
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
            try:
                self._watcher.stop()
            finally:
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
                self._parts.at_rest()
                self._control.wait(_DRIVES_SECONDS)

    def _serve(self, library: Library) -> None:
        while True:
            try:
                self._round(library)
                self._told = None
            except Stopped:
                raise
            except Exception as error:  # noqa: BLE001 the boundary of a round, told and tried again
                known = _as_user_error(error, library)
                told = (known.code, known.values)
                if told != self._told:
                    self._tell(known, error)
                self._told = told
                self._indexer = None
                self._back_off()

    def _round(self, library: Library) -> None:
        self._control.check()
        self._carry_out_edits(library)  # even if no indexer can be opened
        self._forget_removed(library)  # also by another program, or by one that ended in between
        model = self._parts.model()
        if self._indexer is None or model != self._model:
            self._indexer = None
            self._indexer = self._parts.open_indexer(library, self._control)
            self._model = model
            self._request_all(library)
        scopes = self._take(library)
        if self._indexer is None:  # an edit took it away; the next round looks at everything
            return
        if scopes:
            try:
                self._indexer.run(scopes, lambda: self._more(library))
            except _AnotherModelError:
                return
        self._rest(library)

    def _more(self, library: Library) -> list[Scope]:
        """Give what to look at besides; end the run if it works for a model nobody wants now."""
        now = time.monotonic()
        if now - self._asked_model > _MODEL_SECONDS:
            self._asked_model = now
            if self._parts.model() != self._model:
                raise _AnotherModelError
        scopes = self._take(library)
        if self._indexer is None:
            raise _AnotherModelError  # vectors it writes to may be gone
        return scopes

    def _tell(self, known: UserError, error: Exception) -> None:
        """Tell of an error; one that nobody expected is logged in full."""
        if known.code is ErrorCode.INDEXING_INTERRUPTED:
            _logger.error("indexing was interrupted", exc_info=error)
        else:
            _logger.warning("indexing was interrupted: %s", known)
        self._parts.on_error(known)

    def _back_off(self) -> None:
        """Wait before the next attempt; what the person asks for is tried at once."""
        self._parts.at_rest()
        with self._wake:
            self._wake.wait_for(
                lambda: bool(self._edits or self._control.stopped), timeout=_BACK_OFF_SECONDS
            )

    def _take(self, library: Library) -> list[Scope]:
        """Carry out the edits asked for, and give the scopes to look at."""
        self._carry_out_edits(library)
        with self._wake:
            scopes, self._scopes = self._scopes, set()
        return list(scopes)

    def _carry_out_edits(self, library: Library) -> None:
        with self._wake:
            edits, self._edits = self._edits, []
        for edit in edits:
            try:
                edit(library)
            except Exception as error:  # noqa: BLE001 the boundary of an edit, the others are made
                self._tell(_as_user_error(error, library), error)
        if edits:
            self._unwatch_removed(library)

    def _rest(self, library: Library) -> None:
        with self._wake:
            self._wake.wait_for(
                lambda: bool(self._edits or self._scopes or self._control.stopped),
                timeout=_DRIVES_SECONDS,
            )
        self._parts.at_rest()
        if time.monotonic() - self._reconciled > _RECONCILE_SECONDS:
            self._request_all(library)
            return
        for folder in library.folders.all():
            was_mount = library.folders.was_mount(folder.id)
            online = is_reachable(folder.path, was_mount=was_mount, known=folder.photos)
            moved = _identity(folder.path) != self._roots.get(folder.id)
            if online != folder.online or moved or self._watcher.has_ended(folder.id):
                self._watch(folder.id, folder.path)
                self._request([Scope(folder.id)])

    def _watch(self, folder_id: FolderId, path: Path) -> None:
        # Before watching: if the folder is replaced in between, the next look sees another one.
        self._roots[folder_id] = _identity(path)
        if self._roots[folder_id] is not None:
            self._watcher.watch(folder_id, path)
        else:
            self._watcher.unwatch(folder_id)

    def _unwatch_removed(self, library: Library) -> None:
        """Stop watching folders that were removed, or taken over by one around them."""
        for folder_id in self._roots.keys() - library.folders.paths().keys():
            del self._roots[folder_id]
            self._watcher.unwatch(folder_id)

    def _request_all(self, library: Library) -> None:
        self._reconciled = time.monotonic()
        for folder_id, path in library.folders.paths().items():
            self._watch(folder_id, path)
            self._request([Scope(folder_id)])

    def _forget_removed(self, library: Library) -> None:
        if self._parts.forget_removed(library, lambda: self._control.stopped):
            self._indexer = None  # it holds what has just been deleted

    def _add(self, library: Library, paths: Sequence[Path]) -> None:
        for path in paths:
            try:
                real = check_folder(path, self._own)
                folder_id = add_folder(library, real, self._own)
            except UserError as error:
                self._parts.on_error(error)
                continue
            self._watch(folder_id, library.folders.paths()[folder_id])
            self._request([Scope(folder_id)])
        self._parts.on_change(LibraryChange(folders=True))

    def _remove(self, library: Library, folder_id: FolderId) -> None:
        with library.write():
            ids = library.folders.remove(folder_id)
        self._parts.on_change(LibraryChange(removed=frozenset(ids), folders=True))


def _as_user_error(error: Exception, library: Library) -> UserError:
    known = error if isinstance(error, UserError) else as_user_error(error, library.path)
    return known or UserError(
        ErrorCode.INDEXING_INTERRUPTED, detail=f"{type(error).__name__}: {error}"
    )


def _identity(folder: Path) -> Identity | None:
    try:
        return identity(folder) if os.path.isdir(folder) else None  # noqa: PTH112 raises nothing
    except OSError:
        return None

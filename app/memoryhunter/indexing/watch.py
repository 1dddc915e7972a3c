"""Notices that something may have changed under the watched folders.

Events are hints: they name the folders to look at again, and the scan decides. Where the system
cannot watch (network drives, exhausted limits), the lane's regular looks find the changes.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    EVENT_TYPE_CLOSED,
    EVENT_TYPE_CREATED,
    EVENT_TYPE_DELETED,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_MOVED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from memoryhunter.domain.photo import FolderId
from memoryhunter.indexing.ignore import is_candidate, skips_folder
from memoryhunter.indexing.scan import enclosing
from memoryhunter.indexing.survey import Scope

# Long enough for a burst to end and for a file to be written, short enough to feel live. A burst
# that does not end (a camera writing all day) is reported every few seconds.
_QUIET_SECONDS = 1.0
_LONGEST_SECONDS = 3.0

# Looking at this many folders one by one, each with a question to the library, takes longer than
# looking at the whole.
_MANY_FOLDERS = 200

_TELLING = frozenset(
    {
        EVENT_TYPE_CREATED,
        EVENT_TYPE_DELETED,
        EVENT_TYPE_MODIFIED,
        EVENT_TYPE_MOVED,
        EVENT_TYPE_CLOSED,
    }
)

_logger = logging.getLogger(__name__)


class Watcher:
    """Watches folders and reports, after a moment of quiet, the parts to look at again."""

    def __init__(
        self,
        report: Callable[[list[Scope]], None],
        own: frozenset[Path],
        quiet_seconds: float = _QUIET_SECONDS,
        longest_seconds: float = _LONGEST_SECONDS,
    ) -> None:
        """`report` is called in a thread of the watcher; folders in `own` are passed over.

        It is called after `quiet_seconds` without an event, and at the latest `longest_seconds`
        after the first event that it has not heard of.
        """
        self._report = report
        self._own = own
        self._quiet = quiet_seconds
        self._longest = longest_seconds
        self._observer: BaseObserver | None = None  # making one starts a thread on Linux
        self._watched: dict[FolderId, ObservedWatch] = {}
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self._wake = threading.Condition()
        self._dirty: dict[FolderId, set[str]] = {}
        self._first = self._last = 0.0  # when events came that are not yet reported
        self._closed = False

    def start(self) -> None:
        """Begin. Where the system allows no more watching, `watch` says false."""
        self._thread.start()
        try:
            self._observer = Observer()
            self._observer.start()
        except OSError as error:
            _logger.warning("cannot watch folders: %s", error)

    def watch(self, folder_id: FolderId, root: Path) -> bool:
        """Watch a folder; false when the system cannot, which is logged and not an error."""
        self.unwatch(folder_id)
        if self._observer is None:
            return False
        handler = _Handler(lambda path: self._note(folder_id, root, path))
        try:
            self._watched[folder_id] = self._observer.schedule(handler, str(root), recursive=True)
        except OSError as error:
            _logger.warning("cannot watch %s: %s", root, error)
            return False
        return True

    def unwatch(self, folder_id: FolderId) -> None:
        """Stop watching a folder."""
        watched = self._watched.pop(folder_id, None)
        if watched is not None and self._observer is not None:
            self._observer.unschedule(watched)

    def has_ended(self, folder_id: FolderId) -> bool:
        """Whether the system gave up watching a folder, as it does when the folder is deleted."""
        watched = self._watched.get(folder_id)
        if watched is None or self._observer is None:
            return False
        return not any(
            emitter.watch == watched and emitter.is_alive() for emitter in self._observer.emitters
        )

    def stop(self) -> None:
        """End; nothing is reported afterwards."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        if self._observer is not None and self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _note(self, folder_id: FolderId, root: Path, path: Path) -> None:
        try:
            parts = path.relative_to(root).parts
        except ValueError:
            return
        place = root
        for part in parts:
            place = place / part
            if skips_folder(part, place, self._own):
                return
        with self._wake:
            self._last = time.monotonic()
            if not self._dirty:
                self._first = self._last
                self._wake.notify_all()
            self._mark(folder_id, "/".join(parts))

    def _mark(self, folder_id: FolderId, below: str) -> None:
        dirty = self._dirty.setdefault(folder_id, set())
        if any(each in dirty for each in enclosing(below)):
            return
        dirty.add(below)
        if len(dirty) > _MANY_FOLDERS:
            left = {each for each in dirty if dirty.isdisjoint(enclosing(each))}
            self._dirty[folder_id] = left if len(left) <= _MANY_FOLDERS else {""}

    def _run(self) -> None:
        while dirty := self._take():
            self._report(
                outermost(
                    {Scope(each, below) for each, places in dirty.items() for below in places}
                )
            )

    def _take(self) -> dict[FolderId, set[str]]:
        """Wait until there is something to report, and give it; nothing once stopped."""
        with self._wake:
            self._wake.wait_for(lambda: bool(self._dirty) or self._closed)
            while not self._closed and (left := self._due() - time.monotonic()) > 0:
                self._wake.wait(left)
            if self._closed:
                return {}
            dirty, self._dirty = self._dirty, {}
            return dirty

    def _due(self) -> float:
        return min(self._last + self._quiet, self._first + self._longest)


class _Handler(FileSystemEventHandler):
    """Gives on the folders in which something happened that may concern a photo."""

    def __init__(self, note: Callable[[Path], None]) -> None:
        self._note = note

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _TELLING:
            return  # opened, or closed without writing: that is ourselves, reading
        for raw in (event.src_path, event.dest_path):
            if not raw:
                continue
            path = Path(str(raw))
            if event.is_directory:
                # A folder that was made or moved may bring photos along without further events.
                if event.event_type != EVENT_TYPE_MODIFIED:
                    self._note(path)
            elif is_candidate(path.name):
                self._note(path.parent)


def outermost(scopes: set[Scope]) -> list[Scope]:
    """Leave out the scopes that lie inside another one."""
    return [
        scope
        for scope in sorted(scopes, key=lambda each: (each.folder_id, each.below))
        if not any(Scope(scope.folder_id, each) in scopes for each in enclosing(scope.below))
    ]

"""Notices that something may have changed under the watched folders.

Events are hints: they name the folders to look at again, and the scan decides. Where the system
cannot watch (network drives, exhausted limits), the lane's regular looks find the changes.
"""

import logging
import threading
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

from memoryhunter.domain.photo import FolderId
from memoryhunter.indexing.ignore import is_candidate, skips_folder
from memoryhunter.indexing.survey import Scope

# Long enough for a burst to end and for a file to be written, short enough to feel live.
_QUIET_SECONDS = 1.0

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
    ) -> None:
        """`report` is called in a thread of the watcher; folders in `own` are passed over."""
        self._report = report
        self._own = own
        self._quiet = quiet_seconds
        self._observer = Observer()
        self._watched: dict[FolderId, object] = {}
        self._lock = threading.Lock()
        self._dirty: set[Scope] = set()
        self._timer: threading.Timer | None = None
        self._closed = False

    def start(self) -> None:
        """Begin; folders may be added before and after."""
        self._observer.start()

    def watch(self, folder_id: FolderId, root: Path) -> bool:
        """Watch a folder; false when the system cannot, which is logged and not an error."""
        self.unwatch(folder_id)
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
        if watched is not None:
            self._observer.unschedule(watched)  # type: ignore[arg-type]

    def stop(self) -> None:
        """End; nothing is reported afterwards."""
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        if self._timer is not None and self._timer is not threading.current_thread():
            self._timer.join()

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
        with self._lock:
            if self._closed:
                return
            self._dirty.add(Scope(folder_id, "/".join(parts)))
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(self._quiet, self._flush)
            self._timer.daemon = True
            self._timer.start()

    def _flush(self) -> None:
        with self._lock:
            dirty, self._dirty = self._dirty, set()
        self._report(outermost(dirty))


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
    kept: list[Scope] = []
    for scope in sorted(
        scopes, key=lambda each: (each.folder_id, each.below.count("/"), each.below)
    ):
        if not any(
            scope.folder_id == other.folder_id
            and (not other.below or f"{scope.below}/".startswith(f"{other.below}/"))
            for other in kept
        ):
            kept.append(scope)
    return kept

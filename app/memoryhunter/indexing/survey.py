"""One look at a part of a folder, and what the library made of it."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from memoryhunter.domain.photo import FileStamp, FolderId, PhotoId
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.scan import (
    Difference,
    Found,
    compare,
    is_reachable,
    lost_mounts,
    walk,
)
from memoryhunter.indexing.worklist import FileToRead
from memoryhunter.library.files import KnownFile
from memoryhunter.library.library import Library

# Files that failed for a reason that may pass are tried again at this distance at the earliest:
# some of them cost their worker its full time limit.
_RETRY_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a watched folder: all below the relative path `below`, all of it when empty."""

    folder_id: FolderId
    below: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The outcome of a look. Photos `gone` are marked missing, those `returned` no longer are.

    Both hold only photos that people saw or see again, not files that could not be read.
    """

    online: bool
    folder_changed: bool = False
    to_read: list[FileToRead] = field(default_factory=list)
    gone: list[KnownFile] = field(default_factory=list)
    returned: frozenset[PhotoId] = frozenset()


class Survey:
    """Looks at folders and notes in the library which files are gone or back."""

    def __init__(self, library: Library, own: frozenset[Path], control: Control) -> None:
        """`own` folders hold the program's pictures and are passed over."""
        self._library = library
        self._own = own
        self._control = control
        self._retried: dict[PhotoId, float] = {}

    def look(self, scope: Scope, tick: Callable[[int], None]) -> Seen:
        """Compare a scope with the library; `tick` hears the number of files seen so far."""
        roots = self._library.folders.paths()
        root = roots.get(scope.folder_id)
        if root is None:
            return Seen(online=False)  # removed since it was asked for
        was_online = self._library.folders.is_online(scope.folder_id)
        if not self._refresh_online(scope.folder_id, root):
            return Seen(online=False, folder_changed=was_online)
        known = dict(self._library.files.known(scope.folder_id, scope.below))
        others = frozenset(each for each in roots.values() if each != root)
        found = self._walk(scope, root, others, known, tick)
        difference = compare(found, known.items(), retry=not scope.below)
        # A drive unplugged while it was being listed looks like one whose photos were deleted.
        if difference.gone and not self._refresh_online(scope.folder_id, root):
            return Seen(online=False, folder_changed=True)
        self._note(scope, found, difference)
        failed = {each.photo_id for each in known.values() if each.failure is not None}
        return Seen(
            online=True,
            folder_changed=not was_online,
            to_read=[
                FileToRead(scope.folder_id, root, relative, stamp)
                for relative, stamp in difference.to_read.items()
                if self._is_due(known.get(relative), stamp)
            ],
            gone=[each for each in difference.gone if each.failure is None],
            returned=frozenset(difference.returned) - failed,
        )

    def _walk(
        self,
        scope: Scope,
        root: Path,
        others: frozenset[Path],
        known: Mapping[str, KnownFile],
        tick: Callable[[int], None],
    ) -> Found:
        def count(files: int) -> None:
            self._control.check()
            tick(files)

        def knows(relative: str, stamp: FileStamp) -> bool:
            file = known.get(relative)
            return file is not None and file.stamp == stamp

        # A folder inside this one that is watched by itself has its own looks.
        found = walk(root, scope.below, self._own | others, count, knows=knows)
        mounts = self._library.folders.mounts(scope.folder_id)
        found.unreadable += lost_mounts(mounts, found, root)
        return found

    def _note(self, scope: Scope, found: Found, difference: Difference) -> None:
        files, folders = self._library.files, self._library.folders
        mounts = None if scope.below else sorted(found.mounts)
        # A drive that is not there now is still expected.
        if mounts is not None:
            kept = set(folders.mounts(scope.folder_id)) & set(found.unreadable)
            mounts = sorted({*mounts, *kept})
        new_mounts = mounts is not None and mounts != sorted(folders.mounts(scope.folder_id))
        if not (difference.gone or difference.returned or new_mounts):
            return
        with self._library.write():
            files.mark_missing(each.photo_id for each in difference.gone)
            files.mark_found(difference.returned)
            if mounts is not None:
                folders.set_mounts(scope.folder_id, mounts)

    def _is_due(self, known: KnownFile | None, stamp: FileStamp) -> bool:
        """Whether a file is worth reading; one that failed in passing is tried once an hour."""
        if known is None or known.stamp != stamp or known.failure is None:
            return True
        now = time.monotonic()
        if now - self._retried.get(known.photo_id, float("-inf")) < _RETRY_SECONDS:
            return False
        self._retried[known.photo_id] = now
        return True

    def _refresh_online(self, folder_id: FolderId, root: Path) -> bool:
        """Note in the library whether a folder can be reached now."""
        folders = self._library.folders
        was_mount, was_online = folders.was_mount(folder_id), folders.is_online(folder_id)
        online = is_reachable(root, was_mount=was_mount, known=self._library.files.count(folder_id))
        is_mount = os.path.ismount(root) if online else was_mount
        if (online, is_mount) != (was_online, was_mount):
            with self._library.write():
                folders.set_online(folder_id, online)
                folders.set_mount(folder_id, is_mount)
        return online

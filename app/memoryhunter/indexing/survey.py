"""One look at a part of a folder, and what the library made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from memoryhunter.domain.photo import Folder, FolderId, PhotoId
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.scan import compare, is_reachable, walk
from memoryhunter.indexing.worklist import FileToRead
from memoryhunter.library.files import KnownFile
from memoryhunter.library.library import Library


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a watched folder: all below the relative path `below`, all of it when empty."""

    folder_id: FolderId
    below: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The outcome of a look. Photos `gone` are marked missing, those `returned` no longer are."""

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

    def look(self, scope: Scope, tick: Callable[[int], None]) -> Seen:
        """Compare a scope with the library; `tick` hears the number of files seen so far."""
        folder = next(
            (each for each in self._library.folders.all() if each.id == scope.folder_id), None
        )
        if folder is None:
            return Seen(online=False)  # removed since it was asked for
        online = self.refresh_online(folder)
        if not online:
            return Seen(online=False, folder_changed=folder.online)

        def count(files: int) -> None:
            self._control.check()
            tick(files)

        found = walk(folder.path, scope.below, self._own, count)
        difference = compare(found, self._library.files.known(folder.id, scope.below))
        # A drive unplugged while it was being listed looks like one whose photos were deleted.
        if difference.gone and not self.refresh_online(folder):
            return Seen(online=False, folder_changed=True)
        with self._library.write():
            self._library.files.mark_missing(each.photo_id for each in difference.gone)
            self._library.files.mark_found(difference.returned)
        return Seen(
            online=True,
            folder_changed=not folder.online,
            to_read=[
                FileToRead(folder.id, folder.path, relative, stamp)
                for relative, stamp in difference.to_read.items()
            ],
            gone=difference.gone,
            returned=frozenset(difference.returned),
        )

    def refresh_online(self, folder: Folder) -> bool:
        """Note in the library whether a folder can be reached now."""
        folders = self._library.folders
        online = is_reachable(
            folder.path, was_mount=folders.was_mount(folder.id), known=folder.photos
        )
        with self._library.write():
            folders.set_online(folder.id, online)
            if online:
                folders.set_mount(folder.id, folder.path.is_mount())
        return online

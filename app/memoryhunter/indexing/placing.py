"""Decides what a file that was read is to the library: new, changed, or an old one moved."""

from dataclasses import dataclass
from typing import Literal

from memoryhunter.domain.failures import FileFailure
from memoryhunter.domain.photo import FileStamp, Photo, PhotoId
from memoryhunter.indexing.worklist import FileToRead
from memoryhunter.library.library import Library
from memoryhunter.media.prepare import PreparedPhoto


@dataclass(frozen=True, slots=True)
class Placed:
    """A photo in its place, and what that meant."""

    photo_id: PhotoId
    kind: Literal["added", "updated", "moved", "unchanged"]


class Placing:
    """Writes files that were read into the library."""

    def __init__(self, library: Library) -> None:
        """Write through `library`, in transactions of one photo."""
        self._library = library

    def move_here(self, item: FileToRead, stamp: FileStamp, content_hash: str) -> Placed | None:
        """Take the file as a photo that moved, if one of this content is gone from its place."""
        files = self._library.files
        with self._library.write():
            if not self._is_wanted(item):
                return None
            known = files.at(item.folder_id, item.relative)
            if known is not None and known.content_hash == content_hash:
                return None
            for photo, missing in self._library.photos.with_content(content_hash):
                if missing or self._is_gone(photo):
                    files.move(photo.id, item.folder_id, item.relative, stamp)
                    return Placed(photo.id, "moved")
        return None

    def place(self, item: FileToRead, prepared: PreparedPhoto) -> Placed | None:
        """Store what reading the file told; None when its folder was removed meanwhile."""
        moved = self.move_here(item, prepared.stamp, prepared.content_hash)
        if moved is not None:
            return moved
        with self._library.write():
            if not self._is_wanted(item):
                return None
            known = self._library.files.at(item.folder_id, item.relative)
            if (
                item.photo_id is not None
                and known is not None
                and known.content_hash == prepared.content_hash
            ):
                return Placed(known.photo_id, "unchanged")  # read again only for its vector
            photo_id = self._library.files.put(
                item.folder_id,
                item.relative,
                prepared.stamp,
                prepared.content_hash,
                prepared.facts,
            )
        return Placed(photo_id, "updated" if known is not None and known.shown else "added")

    def fail(self, item: FileToRead, failure: FileFailure) -> PhotoId | None:
        """Record a failure; give the id of the photo that is no longer shown, if there was one."""
        with self._library.write():
            if not self._is_wanted(item):
                return None
            known = self._library.files.at(item.folder_id, item.relative)
            photo_id = self._library.files.put_failure(
                item.folder_id, item.relative, item.stamp, failure.reason, failure.detail
            )
        return photo_id if known is not None and known.shown else None

    def _is_wanted(self, item: FileToRead) -> bool:
        return item.folder_id in self._library.folders.paths()

    def _is_gone(self, photo: Photo) -> bool:
        """Whether a photo's file is not there although its folder is."""
        root = self._library.folders.paths()[photo.folder_id]
        return photo.online and root.is_dir() and not photo.path.exists()

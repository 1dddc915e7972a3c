"""Decides what a file that was read is to the library: new, changed, or an old one moved."""

from dataclasses import dataclass
from typing import Literal

from memoryhunter.domain.failures import TRANSIENT, FileFailure
from memoryhunter.domain.photo import FileStamp, Photo, PhotoId
from memoryhunter.indexing.worklist import FileToRead
from memoryhunter.library.library import Library
from memoryhunter.media.prepare import PreparedPhoto

# Of many copies of one content, so many are asked whether their file is still there. A file that
# moved away is found gone by the next look at its folder anyway.
_COPIES_ASKED = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """A photo in its place, and what that meant. `replaced` is a photo it took the place of."""

    photo_id: PhotoId
    kind: Literal["added", "updated", "moved", "unchanged"]
    replaced: PhotoId | None = None


class Placing:
    """Writes files that were read into the library."""

    def __init__(self, library: Library) -> None:
        """Write through `library`, in transactions of one photo."""
        self._library = library

    def move_here(self, item: FileToRead, stamp: FileStamp, content_hash: str) -> Placed | None:
        """Take the file as a photo that moved, if one of this content is gone from its place."""
        files = self._library.files
        known = files.at(item.folder_id, item.relative)
        if known is not None and known.content_hash == content_hash:
            return None
        gone = self._gone_photo(content_hash)
        if gone is None:
            return None
        with self._library.write():
            if not self._is_wanted(item):
                return None
            replaced = files.move(gone.id, item.folder_id, item.relative, stamp)
        return Placed(gone.id, "moved", replaced if known is not None and known.shown else None)

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
        """Record a failure; give the id of the photo that is no longer shown, if there was one.

        A photo that was read before stays as it is where the cause may pass (a sleeping disk, a
        network that stumbles): its stamp or its missing vector has it read again.
        """
        with self._library.write():
            if not self._is_wanted(item):
                return None
            known = self._library.files.at(item.folder_id, item.relative)
            if known is not None and known.shown and failure.reason in TRANSIENT:
                return None
            photo_id = self._library.files.put_failure(
                item.folder_id, item.relative, item.stamp, failure.reason, failure.detail
            )
        return photo_id if known is not None and known.shown else None

    def _gone_photo(self, content_hash: str) -> Photo | None:
        photos = self._library.photos
        missing = photos.missing_with_content(content_hash)
        if missing is not None:
            return missing
        for photo_id in photos.ids_with_content(content_hash, limit=_COPIES_ASKED):
            photo = photos.get(photo_id)
            if photo is not None and self._is_gone(photo):
                return photo
        return None

    def _is_wanted(self, item: FileToRead) -> bool:
        return item.folder_id in self._library.folders.paths()

    def _is_gone(self, photo: Photo) -> bool:
        """Whether a photo's file is not there although its folder is."""
        root = self._library.folders.paths()[photo.folder_id]
        try:
            return photo.online and root.is_dir() and not photo.path.exists()
        except OSError:
            return False  # what cannot be asked is not gone

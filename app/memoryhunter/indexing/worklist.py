"""The files still to be read in this run.

What is on the screen comes first, then files nobody knows yet, then the others, the newest first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from memoryhunter.domain.photo import FileStamp, FolderId, PhotoId


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file to decode. `photo_id` is set when it is known and only its vector is wanted."""

    folder_id: FolderId
    root: Path
    relative: str
    stamp: FileStamp
    photo_id: PhotoId | None = None

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.root / self.relative


class WorkList:
    """Files by place, so that none is read twice because it was noticed twice."""

    def __init__(self) -> None:
        """Start empty."""
        self._items: dict[tuple[FolderId, str], FileToRead] = {}
        self._order: list[tuple[FolderId, str]] = []
        self._sorted = True
        self._preferred: list[tuple[FolderId, str]] = []  # the first one last

    def __len__(self) -> int:
        """Count the files left."""
        return len(self._items)

    def add(self, files: Iterable[FileToRead]) -> None:
        """Take files in; one already waiting is replaced by what was seen last."""
        for each in files:
            self._items[each.folder_id, each.relative] = each
            self._sorted = False

    def pop(self) -> FileToRead | None:
        """Take out a file: a preferred one, the newest of those nobody knows, or of the others."""
        while self._preferred:
            if (item := self._items.pop(self._preferred.pop(), None)) is not None:
                return item
        if not self._sorted:
            self._sorted = True
            self._order = sorted(
                self._items,
                key=lambda place: (
                    # A new photo should be seen and found at once, however old it is.
                    self._items[place].photo_id is None,
                    self._items[place].stamp.mtime_ns,
                    place,
                ),
            )
        while self._order:
            if (item := self._items.pop(self._order.pop(), None)) is not None:
                return item
        return None

    def prefer(self, photos: Sequence[PhotoId]) -> None:
        """Let the files of these photos come first, in this order, and no others any more."""
        rank = {photo: place for place, photo in enumerate(photos)}
        wanted = [
            (rank[item.photo_id], place)
            for place, item in self._items.items()
            if item.photo_id in rank
        ]
        self._preferred = [place for _, place in sorted(wanted, reverse=True)]

    def drop_folder(self, folder_id: FolderId) -> None:
        """Forget the files of a folder that is no longer wanted or reachable."""
        for place in [place for place in self._items if place[0] == folder_id]:
            del self._items[place]

    def sizes(self) -> set[int]:
        """Give the sizes in bytes of the files waiting."""
        return {each.stamp.size for each in self._items.values()}

"""What is known about the photos near the visible ones, fetched in the library lane."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import Photo, PhotoId
from memoryhunter.gui.jobs import Lane
from memoryhunter.gui.services import LibraryReader

KEPT = 8_000  # photos; about a kilobyte each
BLOCK = 300  # photos asked for at once, some milliseconds of SQL


class PhotoDetails(QObject):
    """A bounded memory of photos; what is missing is fetched when wanted.

    Signals:
        arrived: photos came in or changed.
        failed: the library could not be read (a UserError).
    """

    arrived = Signal()
    failed = Signal(object)

    def __init__(self, lane: Lane[LibraryReader], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._photos: OrderedDict[PhotoId, Photo] = OrderedDict()
        self._stale: set[PhotoId] = set()
        self._absent: set[PhotoId] = set()
        self._wanted: list[PhotoId] = []
        self._asked: frozenset[PhotoId] = frozenset()

    def get(self, photo: PhotoId) -> Photo | None:
        """Give what is remembered; never reads anything."""
        return self._photos.get(photo)

    def get_current(self, photo: PhotoId) -> Photo | None:
        """Give what is remembered unless it may have changed; never reads anything."""
        changing = photo in self._stale or photo in self._asked
        return None if changing else self._photos.get(photo)

    def want(self, ids: Sequence[PhotoId]) -> None:
        """Fetch those of `ids` that are missing, the first ones first; forget earlier wishes."""
        self._wanted = [photo for photo in ids if self._lacks(photo)]
        self._ask()

    def forget(self, ids: Iterable[PhotoId]) -> None:
        """Fetch these again when they are wanted; until then the old facts stand."""
        # What is being read may be from before the change.
        self._stale.update(photo for photo in ids if photo in self._photos or photo in self._asked)
        self._absent.clear()

    def forget_all(self) -> None:
        """Fetch everything again when it is wanted."""
        self.forget([*self._photos, *self._asked])

    def _lacks(self, photo: PhotoId) -> bool:
        if photo in self._photos:
            return photo in self._stale
        return photo not in self._absent

    def _ask(self) -> None:
        if self._asked or not self._wanted:
            return
        block = self._wanted[:BLOCK]
        self._asked = frozenset(block)
        self._stale -= self._asked
        self._lane.submit(partial(_read, block), self._take, self._give_up)

    def _take(self, photos: dict[PhotoId, Photo]) -> None:
        asked, self._asked = self._asked, frozenset()
        self._wanted = [photo for photo in self._wanted if photo not in asked]
        self._absent.update(asked.difference(photos))
        self._photos.update(photos)
        for photo in photos:
            self._photos.move_to_end(photo)
        while len(self._photos) > KEPT:
            self._photos.popitem(last=False)
        self.arrived.emit()
        self._ask()

    def _give_up(self, error: UserError) -> None:
        self._asked = frozenset()
        self._wanted = []
        self.failed.emit(error)


def _read(ids: Sequence[PhotoId], library: LibraryReader) -> dict[PhotoId, Photo]:
    return library.photos.get_many(ids)

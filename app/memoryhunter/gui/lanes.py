"""The threads of the window, started together and ended together."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject

from memoryhunter.gui.jobs import Courier, Lane, join_all
from memoryhunter.gui.services import LibraryReader, Searcher, Services

THUMBNAIL_LANES = 2


class Lanes:
    """One for searches, one for reading the library, two for thumbnails, one for asking disks.

    What asks a disk may wait for a network drive that is gone, and nothing else waits with it.
    """

    def __init__(self, services: Services, parent: QObject) -> None:
        self.courier = Courier(parent)
        self.library: Lane[LibraryReader] = Lane(
            "library", self.courier, services.open_library, services.polite
        )
        self.search: Lane[Searcher] = Lane(
            "search", self.courier, services.open_search, services.polite
        )
        self.disks: Lane[None] = Lane("disks", self.courier, _nothing)
        self.thumbnails: list[Lane[None]] = [
            Lane(f"thumbnails-{number}", self.courier, _nothing)
            for number in range(THUMBNAIL_LANES)
        ]

    def stop(self) -> None:
        """Ask every thread to end after the job it is at; no answer is delivered any more."""
        self.courier.close()
        for lane in self._all():
            lane.stop()

    def join(self, timeout: float) -> bool:
        """After `stop`, wait at most `timeout` seconds for all; say whether all have ended."""
        return join_all([lane.join for lane in self._all()], timeout)

    def _all(self) -> list[Lane[LibraryReader] | Lane[Searcher] | Lane[None]]:
        return [self.library, self.search, *self.thumbnails, self.disks]


@contextmanager
def _nothing() -> Iterator[None]:
    yield None

"""The threads of the window, started together and ended together."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject

from memoryhunter.gui.jobs import Courier, Lane
from memoryhunter.gui.services import LibraryReader, Searcher, Services

THUMBNAIL_LANES = 2


class Lanes:
    """One lane for searches, one for reading the library, two for thumbnails."""

    def __init__(self, services: Services, parent: QObject) -> None:
        self.courier = Courier(parent)
        self.library: Lane[LibraryReader] = Lane(
            "library", self.courier, services.open_library, services.polite
        )
        self.search: Lane[Searcher] = Lane(
            "search", self.courier, services.open_search, services.polite
        )
        self.thumbnails: list[Lane[None]] = [
            Lane(f"thumbnails-{number}", self.courier, _nothing)
            for number in range(THUMBNAIL_LANES)
        ]

    def stop(self, timeout: float) -> bool:
        """End every thread after the job it is at; say whether all ended in time (seconds)."""
        self.courier.close()
        lanes: list[Lane[LibraryReader] | Lane[Searcher] | Lane[None]] = [
            self.library,
            self.search,
            *self.thumbnails,
        ]
        for lane in lanes:
            lane.stop()
        ended = [lane.join(timeout) for lane in lanes]
        return all(ended)


@contextmanager
def _nothing() -> Iterator[None]:
    yield None

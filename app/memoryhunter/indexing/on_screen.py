"""Which photos the person is looking at, told by the window and read by the indexer."""

from collections.abc import Sequence

from memoryhunter.domain.photo import PhotoId


class OnScreen:
    """The photos on the screen now; for any thread."""

    def __init__(self) -> None:
        """Nothing is on the screen."""
        self._ids: tuple[PhotoId, ...] = ()

    @property
    def ids(self) -> tuple[PhotoId, ...]:
        """The photos, the first on the screen first; the same object until they are told anew."""
        return self._ids

    def show(self, ids: Sequence[PhotoId]) -> None:
        """Take note of what is on the screen now."""
        self._ids = tuple(ids)

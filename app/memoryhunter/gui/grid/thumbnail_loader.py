"""Thumbnails for the grid: what is visible first, read in worker lanes, kept within bounds."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from memoryhunter.domain.errors import UserError
from memoryhunter.gui.grid.tile_image import load_tile, touch_types
from memoryhunter.gui.jobs import Lane

CAPACITY = 192 * 1024 * 1024  # bytes of pixels: some 900 tiles at 230 device pixels
Shape = tuple[int, bool]  # the edge of a tile in device pixels; whole pictures or squares
AHEAD = 2  # jobs given to a lane: the one it is at and the next


class ThumbnailLoader(QObject):
    """Gives pixmaps by content hash; wishes replace each other, so old ones drop out.

    Signals:
        arrived: the pixmap of this content hash can be painted.
    """

    arrived = Signal(str)

    def __init__(
        self,
        lanes: Sequence[Lane[None]],
        path: Callable[[str], Path],
        *,
        capacity: int = CAPACITY,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        touch_types()
        self._lanes = list(lanes)
        self._path = path
        self._capacity = capacity
        self._shape: Shape = (0, False)
        self._bytes = 0
        self._pixmaps: OrderedDict[str, tuple[QPixmap, Shape]] = OrderedDict()
        self._missing: set[str] = set()
        self._wanted: list[str] = []
        self._loading: dict[str, int] = {}

    @property
    def used_bytes(self) -> int:
        """Bytes of pixels kept."""
        return self._bytes

    def set_edge(self, pixels: int) -> None:
        """Load tiles `pixels` device pixels wide from now on; older ones are shown meanwhile."""
        self._shape = (pixels, self._shape[1])

    def set_whole(self, *, whole: bool) -> None:
        """Load whole pictures from now on, or their middle squares."""
        self._shape = (self._shape[0], whole)

    def pixmap(self, content_hash: str) -> QPixmap | None:
        """Give what can be painted now; never reads anything."""
        entry = self._pixmaps.get(content_hash)
        if entry is None:
            return None
        self._pixmaps.move_to_end(content_hash)
        return entry[0]

    def want(self, hashes: Sequence[str]) -> None:
        """Load these, the first ones first; wishes made earlier are dropped."""
        self._wanted = [content for content in reversed(hashes) if self._lacks(content)]
        self._pump()

    def forget(self, hashes: Sequence[str] | None = None) -> None:
        """Try again what could not be read before."""
        if hashes is None:
            self._missing.clear()
        else:
            self._missing.difference_update(hashes)

    def _lacks(self, content: str) -> bool:
        if content in self._loading or content in self._missing:
            return False
        entry = self._pixmaps.get(content)
        return entry is None or entry[1] != self._shape

    def _pump(self) -> None:
        for number, lane in enumerate(self._lanes):
            room = AHEAD - list(self._loading.values()).count(number)
            while room > 0 and self._wanted and self._shape[0] > 0:
                content = self._wanted.pop()
                if not self._lacks(content):
                    continue
                room -= 1
                self._loading[content] = number
                lane.submit(
                    partial(_load, self._path(content), self._shape),
                    partial(self._take, content, self._shape),
                    partial(self._give_up, content),
                )

    def _take(self, content: str, shape: Shape, image: QImage) -> None:
        self._loading.pop(content, None)
        if image.isNull():
            self._missing.add(content)
        else:
            self._keep(content, shape, QPixmap.fromImage(image))
            self.arrived.emit(content)
        self._pump()

    def _give_up(self, content: str, _error: UserError) -> None:
        self._loading.pop(content, None)
        self._missing.add(content)
        self._pump()

    def _keep(self, content: str, shape: Shape, pixmap: QPixmap) -> None:
        old = self._pixmaps.pop(content, None)
        if old is not None:
            self._bytes -= _bytes(old[0])
        self._pixmaps[content] = (pixmap, shape)
        self._bytes += _bytes(pixmap)
        while self._bytes > self._capacity and len(self._pixmaps) > 1:
            _, (oldest, _) = self._pixmaps.popitem(last=False)
            self._bytes -= _bytes(oldest)


def _load(path: Path, shape: Shape, _resource: None) -> QImage:
    edge, whole = shape
    return load_tile(path, edge, whole=whole)


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4

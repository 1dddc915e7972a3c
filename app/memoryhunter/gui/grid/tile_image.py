"""From a stored thumbnail to the picture of a tile; runs in the thumbnail lanes.

PySide makes its types and enumerations when they are first touched, under a lock that it takes
without giving the interpreter's lock back: two threads that do so at the same moment wait for
each other for ever, and the window with them (seen with 6.11.3). So the enumerations are named
here, at import, and `touch_types` goes through everything once on the GUI thread.
"""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QImageReader, QPainter, QPen

CORNER = 0.035  # radius as a share of the edge

_FORMAT = QImage.Format.Format_ARGB32_Premultiplied
_TRANSPARENT = Qt.GlobalColor.transparent
# A hair line, so that a bright picture ends somewhere on a bright background.
_EDGE = QPen(QColor(0, 0, 0, 28), 1)
_SMOOTH = QPainter.RenderHint.Antialiasing


def load_tile(path: Path, edge: int, *, whole: bool) -> QImage:
    """Read a thumbnail for a tile of `edge` device pixels, corners rounded.

    The whole picture within the tile, or its middle square. Gives a null image when there is
    nothing to read. Never larger than the thumbnail itself: painting stretches it.
    """
    reader = QImageReader(str(path))
    size = reader.size()
    sides = size.width(), size.height()
    if min(sides) <= 0:
        return QImage()
    scale = min(1.0, edge / (max(sides) if whole else min(sides)))
    width, height = (max(1, round(side * scale)) for side in sides)
    reader.setScaledSize(QSize(width, height))
    if not whole:
        square = min(width, height)
        reader.setScaledClipRect(
            QRect((width - square) // 2, (height - square) // 2, square, square)
        )
    image = reader.read()
    return image if image.isNull() else _rounded(image)


def touch_types() -> None:
    """Use every Qt type of this module once; call it on the GUI thread before a lane does."""
    reader = QImageReader(":/nothing.jpg")
    reader.setScaledSize(reader.size())
    reader.setScaledClipRect(QRect(0, 0, 1, 1))
    reader.read()
    _rounded(QImage(QSize(1, 1), _FORMAT))


def _rounded(image: QImage) -> QImage:
    rounded = QImage(image.size(), _FORMAT)
    rounded.fill(_TRANSPARENT)
    painter = QPainter(rounded)
    painter.setRenderHint(_SMOOTH)
    painter.setPen(_EDGE)
    painter.setBrush(QBrush(image))
    radius = max(image.width(), image.height()) * CORNER
    area = QRectF(rounded.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(area, radius, radius)
    painter.end()
    return rounded

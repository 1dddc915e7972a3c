"""From a stored thumbnail to the picture of a tile; runs in the thumbnail lanes."""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QImageReader, QPainter, QPen

CORNER = 0.035  # radius as a share of the edge
HAIRLINE = QColor(0, 0, 0, 28)  # so that a bright picture ends somewhere on a bright window


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


def load_preview(path: Path) -> QImage:
    """Read a whole thumbnail; gives a null image when there is nothing to read."""
    return QImageReader(str(path)).read()


def touch_types() -> None:
    """Make every Qt call of this module once, on the GUI thread before any lane does.

    QImage's constructor ends in Shiboken's `String::checkPath`, which fills a C++ static by
    calling Python. Two threads that get there first together wait for each other for ever, one
    holding the static's guard, the other the interpreter (seen with 6.11.3).
    """
    reader = QImageReader(":/nothing.jpg")
    reader.setScaledSize(reader.size())
    reader.setScaledClipRect(QRect(0, 0, 1, 1))
    reader.read()
    _rounded(QImage(QSize(1, 1), QImage.Format.Format_RGB32))


def _rounded(image: QImage) -> QImage:
    rounded = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    rounded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(HAIRLINE, 1))
    painter.setBrush(QBrush(image))
    radius = max(image.width(), image.height()) * CORNER
    area = QRectF(rounded.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(area, radius, radius)
    painter.end()
    return rounded

"""From a stored thumbnail to the picture of a tile; runs in the thumbnail lanes.

PySide makes its types and enumerations when they are first touched, under a lock that it takes
without giving the interpreter's lock back: two threads that do so at the same moment wait for
each other for ever, and the window with them (seen with 6.11.3). So the enumerations are named
here, at import, and `touch_types` goes through everything once on the GUI thread.
"""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QImageReader, QPainter

CORNER = 0.035  # radius as a share of the edge

_FORMAT = QImage.Format.Format_ARGB32_Premultiplied
_TRANSPARENT = Qt.GlobalColor.transparent
_NO_PEN = Qt.PenStyle.NoPen
_SMOOTH = QPainter.RenderHint.Antialiasing


def load_tile(path: Path, edge: int) -> QImage:
    """Read the middle square of a thumbnail, at most `edge` device pixels, corners rounded.

    Gives a null image when there is nothing to read. Never larger than the thumbnail itself:
    painting stretches it.
    """
    reader = QImageReader(str(path))
    size = reader.size()
    short = min(size.width(), size.height())
    if short <= 0:
        return QImage()
    if short > edge:
        size = QSize(
            max(edge, round(size.width() * edge / short)),
            max(edge, round(size.height() * edge / short)),
        )
        short = edge
    reader.setScaledSize(size)
    reader.setScaledClipRect(
        QRect((size.width() - short) // 2, (size.height() - short) // 2, short, short)
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
    painter.setPen(_NO_PEN)
    painter.setBrush(QBrush(image))
    radius = image.width() * CORNER
    painter.drawRoundedRect(QRectF(rounded.rect()), radius, radius)
    painter.end()
    return rounded

"""From a stored thumbnail to the picture of a tile; runs in the thumbnail lanes."""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QImageReader, QPainter

CORNER = 0.035  # radius as a share of the edge


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


def _rounded(image: QImage) -> QImage:
    rounded = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    rounded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(image))
    radius = image.width() * CORNER
    painter.drawRoundedRect(QRectF(rounded.rect()), radius, radius)
    painter.end()
    return rounded

"""How a tile looks: the thumbnail, what it is waiting for, selection and badges."""

from typing import cast

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from memoryhunter.gui.grid.model import PhotoGridModel, Tile
from memoryhunter.gui.grid.tile_image import CORNER
from memoryhunter.gui.theme import Theme

RING = 3
OFFLINE_OPACITY = 0.5
BADGE = 22


class TileDelegate(QStyledItemDelegate):
    """Paints square tiles; everything it needs is already in memory."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one tile into `option.rect`."""
        tile = cast("PhotoGridModel", index.model()).tile(index.row())
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        inset = RING + 2 if selected else 0
        rect = option.rect.adjusted(inset, inset, -inset, -inset)
        painter.save()
        self._paint_picture(painter, rect, option.palette, tile)
        if hovered and not selected:
            painter.setBrush(QColor(255, 255, 255, 28))
            painter.setPen(Qt.PenStyle.NoPen)
            _rounded(painter, rect)
        spot = QRect(0, 0, BADGE, BADGE)
        if tile.photo is not None and not tile.photo.online:
            spot.moveBottomLeft(rect.bottomLeft() + QPoint(6, -6))
            self._paint_offline(painter, spot)
        if tile.possible:
            spot.moveBottomRight(rect.bottomRight() + QPoint(-6, -6))
            _paint_possible(painter, spot)
        if selected or focused:
            _paint_ring(painter, option.rect, option.palette, selected)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Give the tile's size; the view decides it."""
        return option.rect.size()

    def _paint_picture(self, painter: QPainter, rect: QRect, palette: QPalette, tile: Tile) -> None:
        if tile.pixmap is None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(placeholder_colour(palette))
            _rounded(painter, rect)
            if tile.photo is not None and tile.photo.content_hash is None:
                size = max(16, rect.width() // 5)
                spot = QRect(0, 0, size, size)
                spot.moveCenter(rect.center())
                painter.setOpacity(0.35)
                self._theme.icon("image").paint(painter, spot)
                painter.setOpacity(1.0)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        offline = tile.photo is not None and not tile.photo.online
        if offline:
            painter.setOpacity(OFFLINE_OPACITY)
        fitted = tile.pixmap.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(rect.topLeft(), fitted)
        place.moveCenter(rect.center())
        painter.drawPixmap(place, tile.pixmap)
        painter.setOpacity(1.0)

    def _paint_offline(self, painter: QPainter, spot: QRect) -> None:
        _paint_disc(painter, spot)
        self._theme.icon("offline", "#333333").paint(painter, spot.adjusted(4, 4, -4, -4))


def placeholder_colour(palette: QPalette) -> QColor:
    """Give the calm colour of a tile without a picture, for light and dark windows."""
    base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
    share = 0.07
    return QColor.fromRgbF(
        base.redF() * (1 - share) + text.redF() * share,
        base.greenF() * (1 - share) + text.greenF() * share,
        base.blueF() * (1 - share) + text.blueF() * share,
    )


def _paint_disc(painter: QPainter, spot: QRect) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, 225))
    painter.drawEllipse(spot)


def _paint_possible(painter: QPainter, spot: QRect) -> None:
    """Mark a photo that only possibly fits; its colours stay as they are."""
    _paint_disc(painter, spot)
    painter.setPen(QColor("#333333"))
    painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, "≈")


def _rounded(painter: QPainter, rect: QRect) -> None:
    radius = rect.width() * CORNER
    painter.drawRoundedRect(QRectF(rect), radius, radius)


def _paint_ring(painter: QPainter, rect: QRect, palette: QPalette, selected: bool) -> None:
    """Draw the selection just inside the tile, so that neighbours never overlap."""
    width = RING if selected else 1.5
    ring = QRectF(rect).adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), width))
    radius = rect.width() * CORNER + 2
    painter.drawRoundedRect(ring, radius, radius)

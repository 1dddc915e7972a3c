"""A view of square tiles with geometry of its own: scrolling, selecting and painting.

A QAbstractItemView over `GridGeometry`: opening, resizing and growing cost the same for a
million rows as for ten. What the tiles are about is left to `view.PhotoGridView`.
"""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyleOptionRubberBand,
    QStyleOptionViewItem,
    QWidget,
)

from memoryhunter.gui.grid.geometry import GAP, GridGeometry

Index = QModelIndex | QPersistentModelIndex
Hint = QAbstractItemView.ScrollHint
Move = QAbstractItemView.CursorAction


class TileView(QAbstractItemView):
    """Lays out, paints and selects tiles about `wanted_edge` pixels wide.

    Signals:
        laid_out: the tiles may have other places or another size.
        scrolled: other rows are visible.
    """

    laid_out = Signal()
    scrolled = Signal()

    def __init__(self, wanted_edge: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Before anything else: Qt calls the overrides below while it is being set up.
        self.wanted_edge = wanted_edge
        self.layout_ = GridGeometry.fitting(0, 1, wanted_edge)
        self._band_from: QPoint | None = None
        self._band_to = QPoint()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setMouseTracking(True)

    # Geometry

    def visualRect(self, index: Index) -> QRect:
        """Give the tile's place in the viewport."""
        if not index.isValid():
            return QRect()
        return self.layout_.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Give the tile under a point of the viewport."""
        row = self.layout_.row_at(point + QPoint(0, self.verticalOffset()))
        return QModelIndex() if row is None else self.model().index(row, 0)

    def visible_rows(self) -> range:
        """Give the rows with a tile on screen."""
        top = self.verticalOffset()
        return self.layout_.rows_between(top, top + self.viewport().height() - 1)

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:
        """Scroll as little as `hint` allows."""
        if not index.isValid():
            return
        rect = self.layout_.rect(index.row())
        bar, page = self.verticalScrollBar(), self.viewport().height()
        top, bottom = rect.top() - GAP, rect.bottom() + GAP - page
        match hint:
            case Hint.PositionAtTop:
                bar.setValue(top)
            case Hint.PositionAtBottom:
                bar.setValue(bottom)
            case Hint.PositionAtCenter:
                bar.setValue(rect.center().y() - page // 2)
            case _ if bar.value() > top:
                bar.setValue(top)
            case _ if bar.value() < bottom:
                bar.setValue(bottom)

    def horizontalOffset(self) -> int:
        """Give 0: the tiles fit the width."""
        return 0

    def verticalOffset(self) -> int:
        """Give how far the view is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        """Tell that every row is shown."""
        return False

    def updateGeometries(self) -> None:
        """Fit the tiles to the width, and the scroll bar to the tiles."""
        size = self.viewport().size()
        count = self.model().rowCount() if self.model() else 0
        self.layout_ = GridGeometry.fitting(count, size.width(), self.wanted_edge)
        bar = self.verticalScrollBar()
        bar.setSingleStep(max(20, self.layout_.pitch // 3))
        bar.setPageStep(size.height())
        bar.setRange(0, max(0, self.layout_.height - size.height()))
        self.viewport().update()
        super().updateGeometries()
        self.laid_out.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the pixels that stay; Qt asks to paint the others."""
        self.viewport().scroll(dx, dy)
        self.scrolled.emit()

    # Selection

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select what a rubber band touches, or the run from one click to the next."""
        model, selection = self.model(), QItemSelection()
        if self.state() == QAbstractItemView.State.DragSelectingState:
            area = rect.normalized().translated(0, self.verticalOffset())
            runs = self.layout_.ranges_in(area)
        else:
            ends = [self.indexAt(rect.topLeft()).row(), self.indexAt(rect.bottomRight()).row()]
            runs = [(min(ends), max(ends))] if min(ends) >= 0 else []
        for first, last in runs:
            selection.select(model.index(first, 0), model.index(last, 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Give the visible part of a selection."""
        visible, region = self.visible_rows(), QRegion()
        for chosen in selection.toList():
            first, last = max(chosen.top(), visible.start), min(chosen.bottom() + 1, visible.stop)
            for row in range(first, last):
                region = region.united(self.visualRect(self.model().index(row, 0)))
        return region

    def moveCursor(self, action: Move, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Move by tile, line, page or to an end."""
        count = self.model().rowCount()
        row = self.currentIndex().row()
        if row < 0:
            return self.model().index(self.visible_rows().start, 0)
        columns = self.layout_.columns
        page = max(1, self.viewport().height() // self.layout_.pitch) * columns
        steps = {
            Move.MoveLeft: -1,
            Move.MovePrevious: -1,
            Move.MoveRight: 1,
            Move.MoveNext: 1,
            Move.MoveUp: -columns,
            Move.MoveDown: columns,
            Move.MovePageUp: -page,
            Move.MovePageDown: page,
            Move.MoveHome: -count,
            Move.MoveEnd: count,
        }
        target = row + steps[action]
        on_last_line = row // columns == (count - 1) // columns
        if (action is Move.MoveUp and target < 0) or (action is Move.MoveDown and on_last_line):
            target = row
        return self.model().index(max(0, min(count - 1, target)), 0)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a rubber band would begin."""
        place = event.position().toPoint()
        empty = not self.indexAt(place).isValid()
        self._band_from = place + QPoint(0, self.verticalOffset()) if empty else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the rubber band along."""
        super().mouseMoveEvent(event)
        self._band_to = event.position().toPoint()
        if self.state() == QAbstractItemView.State.DragSelectingState:
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the rubber band go."""
        super().mouseReleaseEvent(event)
        self._band_from = None
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles of the exposed area, then the rubber band."""
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        exposed, top = event.region(), self.verticalOffset()
        under_mouse = self.viewport().mapFromGlobal(self.cursor().pos())
        hovered = self.indexAt(under_mouse).row() if self.viewport().underMouse() else -1
        current = self.currentIndex().row() if self.hasFocus() else -1
        bounds = exposed.boundingRect().translated(0, top)
        for row in self.layout_.rows_between(bounds.top(), bounds.bottom()):
            option.rect = self.layout_.rect(row).translated(0, -top)
            if not exposed.intersects(option.rect):
                continue
            index = self.model().index(row, 0)
            option.state = QStyle.StateFlag.State_Enabled
            if self.selectionModel().isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if row == current:
                option.state |= QStyle.StateFlag.State_HasFocus
            if row == hovered:
                option.state |= QStyle.StateFlag.State_MouseOver
            self.itemDelegate().paint(painter, option, index)
        self._paint_band(painter)
        painter.end()

    def _paint_band(self, painter: QPainter) -> None:
        if self._band_from is None or self.state() != QAbstractItemView.State.DragSelectingState:
            return
        option = QStyleOptionRubberBand()
        option.initFrom(self)
        start = self._band_from - QPoint(0, self.verticalOffset())
        option.rect = QRect(start, self._band_to).normalized()
        self.style().drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, self)

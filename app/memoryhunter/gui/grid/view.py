"""The grid of photos: scrolling, selecting and zooming square tiles.

A QAbstractItemView with its own geometry (see `geometry`): opening, resizing and growing cost
the same for a million photos as for ten. What a photo can be asked to do is signalled, not done.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QPainter,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyleOptionRubberBand,
    QStyleOptionViewItem,
    QWidget,
)

from memoryhunter.gui.grid.geometry import GridGeometry
from memoryhunter.gui.grid.model import Index, PhotoGridModel

SMALLEST, LARGEST = 80, 400
ZOOM_STEP = 20
Move = QAbstractItemView.CursorAction


class PhotoGridView(QAbstractItemView):
    """The photo grid, over a `PhotoGridModel`.

    Signals:
        opened: a row was double-clicked, or Enter or Space pressed on it.
        menu_wanted: a context menu for the selection, at this global position.
        typed: text typed while the grid has the focus.
        tile_edge_changed: the wanted edge of tiles, in pixels.
        edge_settled: the edge in device pixels in which thumbnails are needed.
    """

    opened = Signal(int)
    menu_wanted = Signal(QPoint)
    typed = Signal(str)
    tile_edge_changed = Signal(int)
    edge_settled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # First of all: Qt calls the overrides below while it is being set up.
        self._wanted_edge = 180
        self._geometry = GridGeometry.fitting(0, 1, self._wanted_edge)
        self._held: tuple[QPersistentModelIndex, int, set[int], int] | None = None
        self._band_from: QPoint | None = None
        self._composing_into: QWidget | None = None
        self._look = QTimer(self, singleShot=True, interval=15)
        self._look.timeout.connect(self._look_at_visible)
        self._settle = QTimer(self, singleShot=True, interval=120)
        self._settle.timeout.connect(self._settle_edge)
        self.setObjectName("photoGrid")
        self.setAccessibleName(self.tr("Photos"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._open)

    def show_model(self, model: PhotoGridModel) -> None:
        """Show a model and keep the place while it is patched."""
        self.setModel(model)
        model.patch_started.connect(self._hold_place)
        model.patch_finished.connect(self._restore_place)

    def photos_model(self) -> PhotoGridModel:
        """Give the model with its own type."""
        model = self.model()
        assert isinstance(model, PhotoGridModel)
        return model

    def selected_rows(self) -> list[int]:
        """Give the selected rows in order."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    @property
    def tile_edge(self) -> int:
        """The wanted edge of tiles; the real one fills the width."""
        return self._wanted_edge

    def set_tile_edge(self, edge: int) -> None:
        """Zoom, keeping the photo in the middle where it is."""
        edge = max(SMALLEST, min(LARGEST, edge))
        if edge == self._wanted_edge:
            return
        self._wanted_edge = edge
        self._keeping_middle(self.updateGeometries)
        self.tile_edge_changed.emit(edge)

    # Geometry

    def visualRect(self, index: Index) -> QRect:
        """Give the tile's place in the viewport."""
        if not index.isValid():
            return QRect()
        return self._geometry.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Give the photo under a point of the viewport."""
        row = self._geometry.row_at(point + QPoint(0, self.verticalOffset()))
        return QModelIndex() if row is None else self.model().index(row, 0)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll as little as `hint` allows."""
        if not index.isValid():
            return
        rect = self._geometry.rect(index.row())
        bar, page, gap = self.verticalScrollBar(), self.viewport().height(), 8
        top, bottom = rect.top() - gap, rect.bottom() + gap - page
        match hint:
            case QAbstractItemView.ScrollHint.PositionAtTop:
                bar.setValue(top)
            case QAbstractItemView.ScrollHint.PositionAtBottom:
                bar.setValue(bottom)
            case QAbstractItemView.ScrollHint.PositionAtCenter:
                bar.setValue(rect.center().y() - page // 2)
            case _ if bar.value() > top:
                bar.setValue(top)
            case _ if bar.value() < bottom:
                bar.setValue(bottom)

    def visible_rows(self) -> range:
        """Give the rows with a tile on screen."""
        top = self.verticalOffset()
        return self._geometry.rows_between(top, top + self.viewport().height() - 1)

    def horizontalOffset(self) -> int:
        """Give 0: the tiles fit the width."""
        return 0

    def verticalOffset(self) -> int:
        """Give how far the grid is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        """Tell that every photo of the model is shown."""
        return False

    def updateGeometries(self) -> None:
        """Fit the tiles to the width and the scroll bar to the tiles."""
        size = self.viewport().size()
        count = self.model().rowCount() if self.model() else 0
        before = self._geometry.edge
        self._geometry = GridGeometry.fitting(count, size.width(), self._wanted_edge)
        bar = self.verticalScrollBar()
        bar.setSingleStep(max(20, self._geometry.pitch // 3))
        bar.setPageStep(size.height())
        bar.setRange(0, max(0, self._geometry.height - size.height()))
        self.viewport().update()
        self._look.start()
        if before != self._geometry.edge or not self._settle.isActive():
            self._settle.start()
        super().updateGeometries()

    def doItemsLayout(self) -> None:
        """Lay out: only numbers change."""
        self.updateGeometries()
        super().doItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the first visible photo in place while columns come and go."""
        self._keeping_top(lambda: super(PhotoGridView, self).resizeEvent(event))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the pixels that stay and look at what came in."""
        self.viewport().scroll(dx, dy)
        if not self._look.isActive():
            self._look.start()

    # Rows

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Make room."""
        super().rowsInserted(parent, start, end)
        if self._held is None:
            self.updateGeometries()

    def reset(self) -> None:
        """Start at the top of another list."""
        super().reset()
        self.verticalScrollBar().setValue(0)
        self.updateGeometries()

    def _hold_place(self) -> None:
        top = self.verticalOffset()
        visible = self.visible_rows()
        first = visible.start if top > 0 else -1  # at the top, new photos are seen coming in
        anchor = QPersistentModelIndex(self.model().index(first, 0))
        offset = self._geometry.rect(first).top() - top if first >= 0 else 0
        model = self.photos_model()
        chosen = {model.photo_id(row) for row in self.selected_rows()}
        current = self.currentIndex()
        at = model.photo_id(current.row()) if current.isValid() else -1
        self._held = (anchor, offset, chosen, at)

    def _restore_place(self) -> None:
        if self._held is None:
            return
        anchor, offset, chosen, current = self._held
        self._held = None
        old_value = self.verticalOffset()
        self.updateGeometries()
        if anchor.isValid():
            self.verticalScrollBar().setValue(self._geometry.rect(anchor.row()).top() - offset)
        elif old_value == 0:
            self.verticalScrollBar().setValue(0)
        if chosen and not self.selectionModel().hasSelection():
            self._select_again(chosen, current)

    def _select_again(self, chosen: set[int], current: int) -> None:
        """After everything was replaced: select the photos that are still there."""
        model = self.photos_model()
        selection = QItemSelection()
        for row, photo in enumerate(model.ids):
            if photo in chosen:
                selection.select(model.index(row), model.index(row))
            if photo == current:
                self.selectionModel().setCurrentIndex(
                    model.index(row), QItemSelectionModel.SelectionFlag.NoUpdate
                )
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)

    def _keeping_top(self, change: Callable[[], object]) -> None:
        visible, top = self.visible_rows(), self.verticalOffset()
        offset = self._geometry.rect(visible.start).top() - top
        change()
        self.updateGeometries()
        if top > 0 and visible:
            self.verticalScrollBar().setValue(self._geometry.rect(visible.start).top() - offset)

    def _keeping_middle(self, change: Callable[[], object]) -> None:
        middle = self.viewport().rect().center()
        index = self.currentIndex()
        if not self.viewport().rect().intersects(self.visualRect(index)):
            visible = self.visible_rows()
            index = self.model().index(visible[len(visible) // 2], 0) if visible else index
        at_top = self.verticalOffset() == 0
        above = self.visualRect(index).center().y() if index.isValid() else middle.y()
        change()
        if index.isValid() and not at_top:
            self.verticalScrollBar().setValue(
                self._geometry.rect(index.row()).center().y() - above
            )

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

    def _look_at_visible(self) -> None:
        if isinstance(self.model(), PhotoGridModel):
            self.photos_model().look_at(self.visible_rows())

    def _settle_edge(self) -> None:
        self.edge_settled.emit(round(self._geometry.edge * self.devicePixelRatioF()))
        self._look_at_visible()

    # Selection and keyboard

    def setSelection(
        self, rect: QRect, command: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Select what a rubber band touches, or the run from one click to the next."""
        model, selection = self.model(), QItemSelection()
        area = rect.normalized().translated(0, self.verticalOffset())
        if self.state() == QAbstractItemView.State.DragSelectingState:
            runs = self._geometry.ranges_in(area)
        else:
            ends = [self.indexAt(rect.topLeft()).row(), self.indexAt(rect.bottomRight()).row()]
            runs = [(min(ends), max(ends))] if min(ends) >= 0 else []
        for first, last in runs:
            selection.select(model.index(first, 0), model.index(last, 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Give the visible part of a selection."""
        visible, region = self.visible_rows(), QRegion()
        for chosen in selection:
            for row in range(
                max(chosen.top(), visible.start), min(chosen.bottom() + 1, visible.stop)
            ):
                region += self.visualRect(self.model().index(row, 0))
        return region

    def moveCursor(self, action: Move, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Move by tile, line, page or to an end."""
        count = self.model().rowCount()
        if not count:
            return QModelIndex()
        row = self.currentIndex().row()
        if row < 0:
            return self.model().index(self.visible_rows().start, 0)
        columns = self._geometry.columns
        page = max(1, self.viewport().height() // self._geometry.pitch) * columns
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
        if action is Move.MoveUp and target < 0:
            target = row
        if action is Move.MoveDown and target >= count and row // columns == (count - 1) // columns:
            target = row
        return self.model().index(max(0, min(count - 1, target)), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter and Space; letters start a search; the rest moves and selects."""
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if plain and event.key() in {
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Space,
        }:
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex().row())
        elif plain and event.text().isprintable() and event.text():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def compose_into(self, field: QWidget) -> None:
        """Send what an input method composes here to `field`, which gets the focus at the end."""
        self._composing_into = field

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Compose in the search field: typing Chinese over the grid starts a search too."""
        field = self._composing_into
        if field is None:
            super().inputMethodEvent(event)
            return
        QCoreApplication.sendEvent(field, event)
        if event.commitString():
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Answer for the search field, so that candidates show beside it."""
        field = self._composing_into
        return super().inputMethodQuery(query) if field is None else field.inputMethodQuery(query)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keep the input method on, which item views switch off for rows nobody can edit."""
        super().focusInEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Keep the input method on here too."""
        super().currentChanged(current, previous)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    # Mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll otherwise."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turn = event.angleDelta().y()
            self.set_tile_edge(self._wanted_edge + (ZOOM_STEP if turn > 0 else -ZOOM_STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a rubber band would begin."""
        empty = not self.indexAt(event.position().toPoint()).isValid()
        start = event.position().toPoint() + QPoint(0, self.verticalOffset())
        self._band_from = start if empty else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the rubber band along."""
        super().mouseMoveEvent(event)
        if self.state() == QAbstractItemView.State.DragSelectingState:
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the rubber band go."""
        super().mouseReleaseEvent(event)
        self._band_from = None
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selection; from the keyboard it stands at the current photo."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(rect.center())
        if self.selectionModel().hasSelection():
            self.menu_wanted.emit(place)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles of the exposed area, then the rubber band."""
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        top = self.verticalOffset()
        exposed = event.region()
        model, chosen = self.model(), self.selectionModel()
        hovered = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        current = self.currentIndex().row() if self.hasFocus() else -1
        bounds = exposed.boundingRect().translated(0, top)
        for row in self._geometry.rows_between(bounds.top(), bounds.bottom()):
            rect = self._geometry.rect(row).translated(0, -top)
            if not exposed.intersects(rect):
                continue
            index = model.index(row, 0)
            option.rect = rect
            option.state = QStyle.StateFlag.State_Enabled
            if chosen.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if row == current:
                option.state |= QStyle.StateFlag.State_HasFocus
            if row == hovered.row():
                option.state |= QStyle.StateFlag.State_MouseOver
            self.itemDelegate().paint(painter, option, index)
        self._paint_band(painter)
        painter.end()

    def _paint_band(self, painter: QPainter) -> None:
        if (
            self._band_from is None
            or self.state() != QAbstractItemView.State.DragSelectingState
        ):
            return
        option = QStyleOptionRubberBand()
        option.initFrom(self)
        start = self._band_from - QPoint(0, self.verticalOffset())
        end = self.viewport().mapFromGlobal(self.cursor().pos())
        option.rect = QRect(start, end).normalized()
        self.style().drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, self)

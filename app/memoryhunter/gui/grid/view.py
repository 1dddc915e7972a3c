"""The grid of photos: what the keyboard, the wheel and the menu do, and holding its place.

What a photo can be asked to do is signalled, not done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from memoryhunter.domain.photo import PhotoId
from memoryhunter.gui.grid.model import PhotoGridModel
from memoryhunter.gui.grid.rows import runs
from memoryhunter.gui.grid.tile_view import Index, TileView

SMALLEST, USUAL, LARGEST = 80, 180, 400
ZOOM_STEP = 20
DWELL_MS = 300
OPENING_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


@dataclass(frozen=True, slots=True)
class _Place:
    """What to come back to: the photo at the top, the selected ones and the current one."""

    anchor: QPersistentModelIndex
    above: int
    chosen: frozenset[PhotoId]
    current: PhotoId | None


class PhotoGridView(TileView):
    """The photo grid, over a `PhotoGridModel`.

    Signals:
        opened: a row was double-clicked, or Enter or Space pressed on it.
        menu_wanted: a context menu for the selection, at this global position.
        typed: text typed while the grid has the focus.
        tile_edge_changed: the wanted edge of tiles, in pixels.
        edge_settled: the edge in device pixels in which thumbnails are needed.
        dwelt: other photos than before are on the screen (a list of ids, from the first to the
            last); told a few times a second at most.
    """

    opened = Signal(int)
    menu_wanted = Signal(QPoint)
    typed = Signal(str)
    tile_edge_changed = Signal(int)
    edge_settled = Signal(int)
    dwelt = Signal(list)

    _composing_into: QWidget | None = None  # asked for while Qt sets the view up

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(USUAL, parent)
        self._held: _Place | None = None
        self._look = QTimer(self, singleShot=True, interval=15)
        self._look.timeout.connect(self._look_at_visible)
        self._settle = QTimer(self, singleShot=True, interval=120)
        self._settle.timeout.connect(self._settle_edge)
        self._settled_edge = 0
        self._dwell = QTimer(self, singleShot=True, interval=DWELL_MS)
        self._dwell.timeout.connect(self._tell_visible)
        self._dwelt_on: list[PhotoId] = []
        self.setObjectName("photoGrid")
        self.setAccessibleName(self.tr("Photos"))
        self.doubleClicked.connect(self._open)
        self.laid_out.connect(self._note_layout)
        self.scrolled.connect(self._note_scrolling)

    def show_model(self, model: PhotoGridModel) -> None:
        """Show a model, and keep the place while it is patched."""
        self.setModel(model)
        model.patch_started.connect(self._hold_place)
        model.patch_finished.connect(self._restore_place)

    def photos_model(self) -> PhotoGridModel:
        """Give the model with its own type."""
        return cast("PhotoGridModel", self.model())

    def selected_rows(self) -> list[int]:
        """Give the selected rows in order."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def compose_into(self, field: QWidget) -> None:
        """Send what an input method composes here to `field`, which gets the focus at the end."""
        self._composing_into = field

    def set_tile_edge(self, edge: int) -> None:
        """Zoom, keeping the photo in the middle where it is."""
        edge = max(SMALLEST, min(LARGEST, edge))
        if edge != self.wanted_edge:
            self.wanted_edge = edge
            self._keeping_middle(self.updateGeometries)
            self.tile_edge_changed.emit(edge)

    # Geometry

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the first visible photo in place while columns come and go."""
        visible, top = self.visible_rows(), self.verticalOffset()
        above = self.layout_.rect(visible.start).top() - top
        super().resizeEvent(event)
        self.updateGeometries()
        if top > 0 and visible:
            self.verticalScrollBar().setValue(self.layout_.rect(visible.start).top() - above)

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Make room; within a patch, once at its end."""
        super().rowsInserted(parent, start, end)
        if self._held is None:
            self.updateGeometries()

    def reset(self) -> None:
        """Start at the top of another list."""
        super().reset()
        self.verticalScrollBar().setValue(0)
        self.updateGeometries()

    def _note_layout(self) -> None:
        self._look.start()
        if self._device_edge() != self._settled_edge:
            self._settle.start()

    def _note_scrolling(self) -> None:
        # A little later: fast scrolling passes most photos by.
        if not self._look.isActive():
            self._look.start()

    def _device_edge(self) -> int:
        return round(self.layout_.edge * self.devicePixelRatioF())

    def _look_at_visible(self) -> None:
        if self.model() is not None:
            self.photos_model().look_at(self.visible_rows())
            if not self._dwell.isActive():
                self._dwell.start()

    def _tell_visible(self) -> None:
        model, rows = self.photos_model(), self.visible_rows()
        visible = [model.photo_id(row) for row in rows if row < model.rowCount()]
        if visible != self._dwelt_on:
            self._dwelt_on = visible
            self.dwelt.emit(visible)

    def _settle_edge(self) -> None:
        self._settled_edge = self._device_edge()
        self.edge_settled.emit(self._settled_edge)
        self._look_at_visible()

    # Holding the place

    def _hold_place(self, replaced: bool) -> None:
        model, top = self.photos_model(), self.verticalOffset()
        first = self.visible_rows().start
        # At the very top nothing is held: new photos are seen coming in.
        anchor = model.index(first, 0) if top > 0 else QModelIndex()
        current = self.currentIndex().row()
        self._held = _Place(
            QPersistentModelIndex(anchor),
            self.layout_.rect(first).top() - top,
            self._selected_photos() if replaced else frozenset(),
            model.photo_id(current) if current >= 0 else None,
        )

    def _selected_photos(self) -> frozenset[PhotoId]:
        """Give the selection by run, not by row: it may be everything."""
        ids = self.photos_model().ids
        chosen: set[PhotoId] = set()
        for run in self.selectionModel().selection().toList():
            chosen.update(ids[run.top() : run.bottom() + 1])
        return frozenset(chosen)

    def _restore_place(self) -> None:
        held, self._held = self._held, None
        if held is None:
            return
        if held.chosen and not self.selectionModel().hasSelection():
            self._select_again(held)
        self.updateGeometries()
        if held.anchor.isValid():
            top = self.layout_.rect(held.anchor.row()).top()
            self.verticalScrollBar().setValue(top - held.above)

    def _select_again(self, held: _Place) -> None:
        """After everything was replaced, select the photos that are still there."""
        model, selection = self.photos_model(), QItemSelection()
        for first, count in runs(
            [at for at, photo in enumerate(model.ids) if photo in held.chosen]
        ):
            selection.select(model.index(first), model.index(first + count - 1))
        current = None if held.current is None else model.row_of(held.current)
        if current is not None:
            self.selectionModel().setCurrentIndex(
                model.index(current), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)

    def _keeping_middle(self, change: Callable[[], object]) -> None:
        """Zoom around the current photo where it is visible, else around the middle one."""
        index = self.currentIndex()
        if not self.viewport().rect().intersects(self.visualRect(index)):
            visible = self.visible_rows()
            index = self.model().index(visible[len(visible) // 2], 0) if visible else QModelIndex()
        at_top = self.verticalOffset() == 0
        above = self.visualRect(index).center().y()
        change()
        if index.isValid() and not at_top:
            middle = self.layout_.rect(index.row()).center().y()
            self.verticalScrollBar().setValue(middle - above)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter and Space; letters start a search; the rest moves and selects."""
        modifiers = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        plain = not event.modifiers() & ~modifiers
        if plain and event.key() in OPENING_KEYS:
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex().row())
        elif plain and event.text() and event.text().isprintable():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

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
            self.set_tile_edge(self.wanted_edge + (ZOOM_STEP if turn > 0 else -ZOOM_STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom with two fingers on a touch pad."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.set_tile_edge(round(self.wanted_edge * (1 + event.value())))
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selection; from the keyboard it stands at the current photo."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(rect.center())
        if self.selectionModel().hasSelection():
            self.menu_wanted.emit(place)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

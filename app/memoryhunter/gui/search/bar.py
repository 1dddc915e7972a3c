"""The search field."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from memoryhunter.gui.theme import Theme


class SearchBar(QLineEdit):
    """Where people describe a photo. While an input method composes, nothing is signalled.

    Signals:
        escaped: Esc was pressed in the empty field.
        left: the down arrow asks for the grid.
    """

    escaped = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchField")
        self.setPlaceholderText(self.tr("Describe the photo you are looking for…"))
        self.setAccessibleName(self.tr("Search photos"))
        self.setClearButtonEnabled(True)
        magnifier = QAction(self)
        theme.set_icon(magnifier, "search")
        self.addAction(magnifier, QLineEdit.ActionPosition.LeadingPosition)
        self.setMinimumWidth(200)
        self.setMaximumWidth(720)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Esc, go to the grid with Down."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.escaped.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leave dropped files to the window; take dropped text."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

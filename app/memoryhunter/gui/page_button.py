"""A button on a page of the window that Enter presses."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton


class PageButton(QPushButton):
    """Qt lets Enter press the buttons of dialogs only; here people expect it as well."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press it, once however long it is held."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()

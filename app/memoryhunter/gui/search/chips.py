"""The chips beside the result: what narrows it, each with a cross to leave it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from memoryhunter.gui.theme import Theme

PICTURE = 22


class Chip(QFrame):
    """A small picture or icon, a text and a button to take the chip away."""

    removed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("chip", True)
        self._picture = QLabel()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QToolButton()
        theme.set_icon(self._button, "close")
        self._button.setIconSize(QSize(12, 12))
        self._button.setAutoRaise(True)
        self._button.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 4, 3)
        row.setSpacing(6)
        for widget in (self._picture, self._text, self._button):
            row.addWidget(widget)

    def show_text(self, text: str, leave: str, picture: QPixmap | None = None) -> None:
        """Show the chip; `leave` says what the cross does."""
        self._text.setText(text)
        self._button.setToolTip(leave)
        self._button.setAccessibleName(leave)
        self._picture.setVisible(picture is not None)
        if picture is not None:
            ratio = self.devicePixelRatioF()
            small = picture.scaled(
                round(PICTURE * ratio),
                round(PICTURE * ratio),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            small.setDevicePixelRatio(ratio)
            self._picture.setPixmap(small)
        self.show()


class FilterChips(QWidget):
    """The chips; hidden while nothing narrows the result.

    Signals:
        similar_removed, folder_removed: a cross was pressed.
    """

    similar_removed = Signal()
    folder_removed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filterChips")
        self._similar = Chip(theme)
        self._similar.setObjectName("similarChip")
        self._similar.removed.connect(self.similar_removed)
        self._folder = Chip(theme)
        self._folder.setObjectName("folderChip")
        self._folder.removed.connect(self.folder_removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for chip in (self._similar, self._folder):
            chip.hide()
            row.addWidget(chip)
        self.hide()

    def show_similar(self, picture: QPixmap | None) -> None:
        """Show that the result is like a photo, with its thumbnail where there is one."""
        self._similar.show_text(
            self.tr("Similar to this photo"), self.tr("Leave similar photos"), picture
        )
        self.show()

    def show_folder(self, name: str, picture: QPixmap) -> None:
        """Show that the result keeps to a folder."""
        self._folder.show_text(name, self.tr("Search in all folders"), picture)
        self.show()

    def hide_similar(self) -> None:
        """Take the chip of the similar photo away."""
        self._hide(self._similar)

    def hide_folder(self) -> None:
        """Take the folder's chip away."""
        self._hide(self._folder)

    def _hide(self, chip: Chip) -> None:
        chip.hide()
        self.setVisible(not (self._similar.isHidden() and self._folder.isHidden()))

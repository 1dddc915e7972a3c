"""What this program is, which version, and under which terms."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from memoryhunter import __version__

_MARK = 88
_WIDTH = 520


class AboutDialog(QDialog):
    """Name, version, the promise about privacy, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About MemoryHunter"))
        mark = QLabel()
        mark.setPixmap(QGuiApplication.windowIcon().pixmap(QSize(_MARK, _MARK)))
        words = QVBoxLayout()
        words.setSpacing(8)
        for text, role in self._words():
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setProperty("role", role)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 28, 28, 20)
        column.setSpacing(20)
        column.addLayout(row)
        column.addWidget(buttons)
        # The sentences wrap, so the height follows from the width.
        self.setFixedSize(_WIDTH, column.totalHeightForWidth(_WIDTH))

    def _words(self) -> list[tuple[str, str]]:
        return [
            ("MemoryHunter", "title"),
            (self.tr("Version {version}").format(version=__version__), "quiet"),
            (self.tr("Finds your photos by what is in them, in Chinese and English."), "lead"),
            (
                self.tr(
                    "Nothing leaves this computer: your photos are understood and searched here, "
                    "and they are never moved, renamed or changed."
                ),
                "",
            ),
            (
                self.tr(
                    "Free software under the GNU General Public License, version 3 or later. "
                    "It comes without any warranty."
                ),
                "quiet",
            ),
        ]

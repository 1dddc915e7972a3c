"""The page of the first minute: choose folders, or drop them."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from memoryhunter.gui.page_button import PageButton
from memoryhunter.gui.theme import Theme


class FirstRunPage(QWidget):
    """Shown while the library has no folders.

    Signals:
        choose_wanted: the person wants to choose folders.
        pictures_wanted: the person takes the suggested folder (a Path).
    """

    choose_wanted = Signal()
    pictures_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("firstRunPage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        mark = QLabel()
        mark.setPixmap(theme.application_icon().pixmap(QSize(96, 96), self.devicePixelRatioF()))
        title = _line(self.tr("Find your photos by describing them"), "title")
        hint = _line(
            self.tr("Choose the folders where your photos are, then type what you remember."),
            "lead",
        )
        choose = PageButton(self.tr("Choose folders…"))
        choose.setObjectName("chooseFolders")
        choose.setProperty("primary", True)
        choose.setDefault(True)
        choose.clicked.connect(self.choose_wanted)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(mark, 0, centre)
        column.addWidget(title)
        column.addWidget(hint)
        column.addSpacing(16)
        column.addWidget(choose, 0, centre)
        self._suggest = PageButton()
        self._suggest.setObjectName("usePictures")
        self._suggest.hide()
        column.addWidget(self._suggest, 0, centre)
        column.addWidget(_line(self.tr("or drop folders here"), "quiet"))
        column.addStretch(3)
        column.addWidget(
            _line(
                self.tr("Your photos are never changed, and nothing leaves this computer."), "quiet"
            )
        )
        column.addSpacing(20)

    def suggest(self, pictures: Path) -> None:
        """Offer the folder where the system keeps pictures."""
        self._suggest.setText(self.tr("Use my {name} folder").format(name=pictures.name))
        self._suggest.setToolTip(str(pictures))
        self._suggest.clicked.connect(lambda: self.pictures_wanted.emit(pictures))
        self._suggest.show()


def _line(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label

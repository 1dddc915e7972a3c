"""What stands in the grid's place when there is nothing to show, and what to do about it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from memoryhunter.gui.page_button import PageButton
from memoryhunter.gui.theme import Theme

MARK = 56


class EmptyPage(QWidget):
    """A mark, a headline, a sentence, perhaps what to do about it, and perhaps a way back.

    Signals:
        primary_pressed: the button of what to do was pressed.
        button_pressed: the button of the way back was pressed.
    """

    primary_pressed = Signal()
    button_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyPage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._icon = "image"
        self._mark = QLabel()
        self._title = _line("title")
        self._title.setObjectName("emptyTitle")
        self._text = _line("lead")
        self._text.setObjectName("emptyText")
        self._primary = PageButton()
        self._primary.setObjectName("emptyPrimary")
        self._primary.setProperty("primary", True)
        self._primary.clicked.connect(self.primary_pressed)
        self._button = PageButton()
        self._button.setObjectName("emptyButton")
        self._button.clicked.connect(self.button_pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 24, 40, 24)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(8)
        column.addWidget(self._primary, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        theme.changed.connect(self._draw)

    def explain(
        self, icon: str, title: str, text: str, button: str = "", *, primary: str = ""
    ) -> None:
        """Say what this is and what to do; a button without words is not there."""
        self._icon = icon
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._primary.setText(primary)
        self._primary.setVisible(bool(primary))
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._draw()

    def _draw(self) -> None:
        mark = self._theme.icon(self._icon, self._theme.colours.muted)
        self._mark.setPixmap(mark.pixmap(QSize(MARK, MARK), self.devicePixelRatioF()))


def _line(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label

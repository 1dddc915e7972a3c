"""A line of a card that gives way where there is little room, and says the rest on hover."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel

from memoryhunter.gui.models.words import shortened

# In letters of middle width: as much of a line as is always shown. Some letters are twice as
# wide as others, and Chinese ones wider still, so a number of letters alone keeps no bounds.
LEAST = 20


class ShortLine(QLabel):
    """A text of one line, of at most so many letters, and cut where it still has no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole = ""
        self._hint = ""

    def show_text(self, text: str, most: int, hint: str = "") -> None:
        """Show at most `most` letters of `text`; `hint` is for those who point at it."""
        self._whole, self._hint = text, hint
        self.setText(shortened(text, most))
        self._explain()

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of the whole line, or of a line that says enough."""
        least = LEAST * self.fontMetrics().averageCharWidth()
        return self.sizeHint().boundedTo(QSize(least, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the rest on hover from when there is no room for it."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cut the text with an ellipsis, where Qt would cut through a letter."""
        if not self._is_cut():
            super().paintEvent(event)
            return
        area = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            area,
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )
        painter.end()

    def _is_cut(self) -> bool:
        return self.width() < self.sizeHint().width()

    def _explain(self) -> None:
        hidden = self._is_cut() or self.text() != self._whole
        rest = self._whole if hidden else ""
        self.setToolTip("\n".join(filter(None, (rest, self._hint))))

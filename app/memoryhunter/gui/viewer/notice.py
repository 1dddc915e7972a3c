"""A sentence laid over the photo: that it is offline, cannot be read, or takes its time."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

_WIDEST = 520
_FROM_EDGE = 24


class ViewerNotice(QLabel):
    """A dark plate with one sentence, in the lower middle of its parent; lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("viewerNotice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setContentsMargins(16, 10, 16, 10)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show `sentence`; nothing hides the plate."""
        self.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
        self.place()

    def place(self) -> None:
        """Find the place anew after the parent changed its size."""
        space = self._over.size()
        text = self.fontMetrics().horizontalAdvance(self.text()) + 2 * 16 + 8
        width = max(1, min(text, _WIDEST, space.width() - 2 * _FROM_EDGE))
        height = self.heightForWidth(width)
        top = space.height() - height - _FROM_EDGE
        self.setGeometry(QRect((space.width() - width) // 2, top, width, height))

"""Files and folders dropped anywhere on a window."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QWidget

_CENTRED = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value


class DropHighlight(QWidget):
    """Covers the window while something hangs over it, and says what dropping does."""

    def __init__(self, parent: QWidget, hint: str) -> None:
        super().__init__(parent)
        self._covered = parent
        self._hint = hint
        self.setObjectName("dropHighlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Show over the whole window."""
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Veil the window inside a ring of the accent colour."""
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        veil = QColor(self.palette().color(QPalette.ColorRole.Window))
        veil.setAlpha(215)
        frame = QRectF(self.rect()).adjusted(10, 10, -10, -10)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(accent, 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, 14, 14)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(frame, _CENTRED, self._hint)
        painter.end()


class FileDrops(QObject):
    """Watches a window for dropped files and folders; `hint` says what dropping them does.

    A window that no longer accepts drops is left alone.

    Signals:
        dropped: the local paths that were dropped; disks have not been asked yet.
    """

    dropped = Signal(list)

    def __init__(self, window: QWidget, hint: str) -> None:
        super().__init__(window)
        self._highlight = DropHighlight(window, hint)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take drags of files; leave every other event alone."""
        match event:
            case QDragEnterEvent():
                if _local_paths(event.mimeData()):
                    event.setDropAction(Qt.DropAction.CopyAction)
                    event.accept()
                    self._highlight.cover()
                return True
            case QDragLeaveEvent():
                self._highlight.hide()
                return True
            case QDropEvent() if event.type() == QEvent.Type.Drop:
                self._highlight.hide()
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self.dropped.emit(_local_paths(event.mimeData()))
                return True
        return False


def _local_paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]

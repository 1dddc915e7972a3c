"""Where a model is downloaded from: choosing a source, and which is tried first."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QWidget

from memoryhunter.gui.source_names import source_name
from memoryhunter.model_shelf import ModelEntry

# From mainland China, Hugging Face itself is mostly out of reach.
_FIRST_IN_CHINESE = ("modelscope", "hf-mirror")


def source_order(offered: Iterable[str], language: str) -> tuple[str, ...]:
    """Give the sources to try one after another, for people whose window speaks `language`.

    The catalogue's order, but for Chinese those that are quick in China come first.
    """
    first = _FIRST_IN_CHINESE if language.startswith("zh") else ()
    names = tuple(offered)
    ahead = tuple(name for name in first if name in names)
    return ahead + tuple(name for name in names if name not in ahead)


class SourceChoice(QComboBox):
    """One source, or all of them one after another; the choice stays until the program ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelSource")
        self.setAccessibleName(self.tr("Download from"))
        self.addItem(self.tr("Automatic (tries each)"), None)

    def offer(self, entries: Sequence[ModelEntry]) -> None:
        """Have every source of these to choose from."""
        names = dict.fromkeys(
            source for entry in entries if entry.offer for source in entry.offer.sources
        )
        for name in names:
            if self.findData(name) < 0:
                self.addItem(source_name(name), name)

    def order(self, entry: ModelEntry, language: str) -> tuple[str, ...]:
        """Give the sources to try for a model on offer."""
        chosen = self.currentData()
        if isinstance(chosen, str):
            return (chosen,)
        return source_order(entry.offer.sources if entry.offer else (), language)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow as well: a style sheet would need a picture of it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.palette().color(QPalette.ColorRole.ButtonText), 1.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y = self.width() - 16.0, self.height() / 2
        painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])
        painter.end()

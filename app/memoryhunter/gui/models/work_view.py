"""The part of a card that shows work: a sentence, a bar, and what came of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from memoryhunter.gui.models.progress_words import FULL, InstallProgress, InstallWords, share_done
from memoryhunter.gui.style_sheet import set_look


class WorkView(QWidget):
    """Takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = InstallWords(self)
        self._text = QLabel()
        self._text.setObjectName("modelState")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(1)  # a long path must not make the page wide
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._bar)
        column.addWidget(self._text)
        self.clear()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def begin(self, sentence: str) -> None:
        """Show that work has begun whose length is not known."""
        self._bar.setRange(0, 0)
        self._show(sentence, working=True)

    def show_progress(self, progress: InstallProgress) -> None:
        """Show where an installation is."""
        share = share_done(progress)
        self._bar.setRange(0, 0 if share is None else FULL)  # 0 of 0 moves
        self._bar.setValue(share or 0)
        self._show(self._words.line(progress), working=True)

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Show what came of it; `wrong` for what went wrong."""
        self._show(sentence, working=False, wrong=wrong)

    def clear(self) -> None:
        """Say nothing."""
        self._show("", working=False)

    def _show(self, sentence: str, *, working: bool, wrong: bool = False) -> None:
        self._text.setText(sentence)
        set_look(self._text, "role", "warning" if wrong else "quiet" if working else "")
        self._bar.setVisible(working)
        self.setVisible(bool(sentence))

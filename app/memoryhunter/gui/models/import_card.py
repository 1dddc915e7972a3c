"""The card of a model that is being added from this computer, until it is one of the list."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from memoryhunter.gui.models.card import LONGEST_NAME
from memoryhunter.gui.models.progress_words import InstallProgress
from memoryhunter.gui.models.words import shortened
from memoryhunter.gui.models.work_view import WorkView


class ImportCard(QFrame):
    """Hidden while nothing is imported; what went wrong stays until it is put away.

    Signals:
        cancel_wanted: the person wants to stop it.
    """

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importCard")
        self.setProperty("card", True)
        self._path = Path()
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setProperty("role", "heading")
        self._name.setWordWrap(True)
        self.work = WorkView()
        self._cancel = self._button("cancelImport", self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_wanted)
        self._put_away = self._button("putAwayImport", self.tr("OK"))
        self._put_away.clicked.connect(self.hide)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._name, 1)
        top.addWidget(self._cancel)
        top.addWidget(self._put_away)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.work)
        self.hide()

    def show_importing(self, path: Path) -> None:
        """Show that what is in `path` is being added."""
        self._path = path
        self._name.setToolTip(str(path))
        self._head(self.tr("Adding “{name}”"))
        self.work.begin(self.tr("Looking at the files…"))
        self._show_buttons(working=True)
        self.show()

    def show_progress(self, progress: InstallProgress) -> None:
        """Show where it is, unless it is being stopped."""
        if self._cancel.isEnabled():
            self.work.show_progress(progress)

    def show_stopping(self) -> None:
        """Show that it is being stopped."""
        self._cancel.setEnabled(False)
        self.work.begin(self.tr("Stopping…"))

    def show_outcome(self, sentence: str, *, wrong: bool = False) -> None:
        """Show why it is not one of the list now."""
        if wrong:
            self._head(self.tr("“{name}” was not added"))
        self.work.say(sentence, wrong=wrong)
        self._show_buttons(working=False)

    def _head(self, sentence: str) -> None:
        name = self._path.name or str(self._path)
        self._name.setText(sentence.format(name=shortened(name, LONGEST_NAME)))
        self.setAccessibleName(sentence.format(name=name))

    def _show_buttons(self, *, working: bool) -> None:
        self._cancel.setVisible(working)
        self._cancel.setEnabled(working)
        self._put_away.setHidden(working)

    @staticmethod
    def _button(name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)  # Enter is the page's
        return button

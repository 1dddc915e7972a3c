"""The sentence that says how much was found."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from memoryhunter.gui.search.controller import Answer


class ResultSummary(QLabel):
    """Says how many photos there are, or were found, in the person's language."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultSummary")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(self.tr("Result"))

    def show_answer(self, answer: Answer) -> None:
        """Say it for this answer."""
        self.setText(self._sentence(answer))

    def _sentence(self, answer: Answer) -> str:
        count, possible = len(answer.ids), len(answer.possible)
        certain = count - possible
        if answer.question.is_browsing:
            return self.tr("%Ln photo(s)", "", count)
        if count == 0:
            return self.tr("No photos like this")
        if possible == 0:
            return self.tr("Found %Ln photo(s)", "", certain)
        if certain == 0:
            return self.tr("%Ln photo(s) might fit", "", possible)
        found = self.tr("Found %Ln photo(s)", "", certain)
        more = self.tr("%Ln more might fit", "", possible)
        return f"{found} · {more}"

"""The sentence that says how much was found."""

from PySide6.QtCore import QCoreApplication

from memoryhunter.gui.search.controller import Answer


def result_summary(answer: Answer) -> str:
    """Say how many photos there are, or were found, in the person's language."""
    translate = QCoreApplication.translate
    count, possible = len(answer.ids), len(answer.possible)
    certain = count - possible
    if answer.question.is_browsing:
        return translate("ResultSummary", "%Ln photo(s)", "", count)
    if count == 0:
        return translate("ResultSummary", "No photos like this")
    if possible == 0:
        return translate("ResultSummary", "Found %Ln photo(s)", "", certain)
    if certain == 0:
        return translate("ResultSummary", "%Ln photo(s) might fit", "", possible)
    found = translate("ResultSummary", "Found %Ln photo(s)", "", certain)
    more = translate("ResultSummary", "%Ln more might fit", "", possible)
    return f"{found} · {more}"

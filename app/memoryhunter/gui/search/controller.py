"""From what people type and choose to the photos that answer it.

Owns the question. Waits for a pause in typing, numbers every question, and drops the answers to
questions that are no longer asked. The widgets only set and show.
"""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import FolderId, PhotoId
from memoryhunter.gui.grid.rows import RowsPatch, rows_patch
from memoryhunter.gui.jobs import Lane
from memoryhunter.gui.search.question import Question
from memoryhunter.gui.services import LibraryReader, Searcher

DEBOUNCE_MS = 150
RESEARCH_MS = 2_000  # a search is asked again this long after the library changed


@dataclass(frozen=True, slots=True)
class Answer:
    """The photos that answer `question`; `fresh` when it is another question than before."""

    question: Question
    patch: RowsPatch
    possible: frozenset[PhotoId]
    fresh: bool

    @property
    def ids(self) -> tuple[PhotoId, ...]:
        """The photos, in the order they are shown."""
        return self.patch.new


class SearchController(QObject):
    """Asks the search lane, or the library lane when there is nothing to look for.

    Signals:
        answered: an `Answer` to the present question.
        failed: the present question could not be answered (a UserError).
        question_changed: the `Question` of now, before its answer.
        text_set: the text changed other than by typing; the field should show it.
    """

    answered = Signal(object)
    failed = Signal(object)
    question_changed = Signal(object)
    text_set = Signal(str)

    def __init__(
        self,
        library: Lane[LibraryReader],
        search: Lane[Searcher],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._search = search
        self._question = Question()
        self._typed = ""
        self._text_before_similar = ""
        self._generation = 0
        self._waiting = False
        self._fresh = True
        self._again = False
        self._shown: tuple[PhotoId, ...] = ()
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self.ask_now)
        self._research = QTimer(self, singleShot=True, interval=RESEARCH_MS)
        self._research.timeout.connect(self.refresh_now)

    @property
    def question(self) -> Question:
        """What is being asked."""
        return self._question

    def browse(self) -> None:
        """Ask for the first time."""
        self._ask()

    def set_text(self, text: str) -> None:
        """Take the text of the field; an empty field is answered at once."""
        if text == self._typed:
            return
        self._typed = text
        if text.strip() == self._question.text:
            self._debounce.stop()
        elif text.strip():
            self._debounce.start()
        else:
            self.ask_now()

    def ask_now(self) -> None:
        """Ask for what is typed without waiting any longer."""
        self._debounce.stop()
        self._change(replace(self._question, text=self._typed.strip()))

    def set_folder(self, folder: FolderId | None) -> None:
        """Keep to one folder, or to none."""
        self._change(replace(self._question, folder=folder))

    def find_similar(self, photo: PhotoId) -> None:
        """Look for photos like this one; the text steps aside until `leave_similar`."""
        if self._question.similar_to is None:
            self._text_before_similar = self._typed
        self._show_text("")
        self._change(replace(self._question, similar_to=photo, text=""))

    def leave_similar(self) -> None:
        """Go back to the text from before, unless something was typed since."""
        if self._question.similar_to is None:
            return
        if not self._typed.strip():
            self._show_text(self._text_before_similar)
        self._change(replace(self._question, similar_to=None, text=self._typed.strip()))

    def step_back(self) -> bool:
        """Leave one thing: the similar photo, the text or the folder. Say whether there was one."""
        if self._question.similar_to is not None:
            self.leave_similar()
        elif self._typed:
            self.clear_text()
        elif self._question.folder is not None:
            self.set_folder(None)
        else:
            return False
        return True

    def forget(self) -> None:
        """Ask for nothing in particular any more."""
        while self.step_back():
            pass

    def clear_text(self) -> None:
        """Ask for no words any more."""
        self._show_text("")
        self.ask_now()

    def refresh(self) -> None:
        """Answer again after the library changed: browsing at once, searches every few seconds."""
        if self._question.is_browsing:
            self.refresh_now()
        elif not self._research.isActive():
            self._research.start()

    def refresh_now(self) -> None:
        """Answer again at once, or after the answer that is on its way."""
        if self._waiting:
            self._again = True
        else:
            self._ask()

    def _change(self, question: Question) -> None:
        if question == self._question:
            return
        self._question = question
        self._fresh = True
        self.question_changed.emit(question)
        self._ask()

    def _show_text(self, text: str) -> None:
        self._debounce.stop()
        self._typed = text
        self.text_set.emit(text)

    def _ask(self) -> None:
        self._generation += 1
        self._waiting = True
        self._again = False
        taken = partial(self._take, self._generation)
        refused = partial(self._refuse, self._generation)
        before = () if self._fresh else self._shown
        if self._question.is_browsing:
            self._library.submit(
                partial(_browse, self._question, before), taken, refused, key="ask"
            )
        else:
            self._search.submit(partial(_look, self._question, before), taken, refused, key="ask")

    def _take(self, generation: int, answer: tuple[RowsPatch, frozenset[PhotoId]]) -> None:
        if generation != self._generation:
            return
        patch, possible = answer
        fresh, self._fresh = self._fresh, False
        self._waiting = False
        self._shown = patch.new
        self.answered.emit(Answer(self._question, patch, possible, fresh))
        if self._again:
            self.refresh()

    def _refuse(self, generation: int, error: UserError) -> None:
        if generation != self._generation:
            return
        self._waiting = False
        self._fresh = True
        self.failed.emit(error)


def _browse(
    question: Question, before: tuple[PhotoId, ...], library: LibraryReader
) -> tuple[RowsPatch, frozenset[PhotoId]]:
    ids = tuple(library.photos.browse_ids(question.filters))
    return rows_patch(before, ids), frozenset()


def _look(
    question: Question, before: tuple[PhotoId, ...], searcher: Searcher
) -> tuple[RowsPatch, frozenset[PhotoId]]:
    hits = searcher.search(question.query())
    ids = tuple(hit.photo_id for hit in hits)
    return rows_patch(before, ids), frozenset(hit.photo_id for hit in hits if not hit.certain)

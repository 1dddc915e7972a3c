"""From what people type and choose to the photos that answer it.

Owns the query. Waits for a pause in typing, numbers every question, and drops the answers to
questions that are no longer asked. The widgets only set and show.
"""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import FolderId, PhotoId
from memoryhunter.domain.query import SearchQuery
from memoryhunter.gui.grid.rows import RowsPatch, rows_patch
from memoryhunter.gui.jobs import Lane
from memoryhunter.gui.services import LibraryReader, Searcher

DEBOUNCE_MS = 150
RESEARCH_MS = 2_000  # a search is asked again this long after the library changed


@dataclass(frozen=True, slots=True)
class Answer:
    """The photos that answer `query`; `fresh` when the query is another than before."""

    query: SearchQuery
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
        answered: an `Answer` to the present query.
        failed: the present query could not be answered (a UserError).
        query_changed: the `SearchQuery` of now, before its answer.
        text_set: the text changed other than by typing; the field should show it.
    """

    answered = Signal(object)
    failed = Signal(object)
    query_changed = Signal(object)
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
        self._query = SearchQuery()
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
        self._research.timeout.connect(self._refresh_now)

    @property
    def query(self) -> SearchQuery:
        """What is being asked."""
        return self._query

    def browse(self) -> None:
        """Ask for the first time."""
        self._ask()

    def set_text(self, text: str) -> None:
        """Take the text of the field; an empty field is answered at once."""
        self._typed = text
        if text.strip() == self._query.text:
            self._debounce.stop()
        elif text.strip():
            self._debounce.start()
        else:
            self.ask_now()

    def ask_now(self) -> None:
        """Ask for what is typed without waiting any longer."""
        self._debounce.stop()
        self._change(replace(self._query, text=self._typed.strip()))

    def set_folder(self, folder: FolderId | None) -> None:
        """Keep to one folder, or to none."""
        self._change(replace(self._query, folder=folder))

    def find_similar(self, photo: PhotoId) -> None:
        """Look for photos like this one; the text steps aside until `leave_similar`."""
        if self._query.similar_to is None:
            self._text_before_similar = self._typed
        self._show_text("")
        self._change(replace(self._query, similar_to=photo, text=""))

    def leave_similar(self) -> None:
        """Go back to the text from before, unless something was typed since."""
        if self._query.similar_to is None:
            return
        if not self._typed.strip():
            self._show_text(self._text_before_similar)
        self._change(replace(self._query, similar_to=None, text=self._typed.strip()))

    def step_back(self) -> bool:
        """Leave one thing: the similar photo, the text or the folder. Say whether there was one."""
        if self._query.similar_to is not None:
            self.leave_similar()
        elif self._typed:
            self.clear_text()
        elif self._query.folder is not None:
            self.set_folder(None)
        else:
            return False
        return True

    def clear_text(self) -> None:
        """Ask for no words any more."""
        self._show_text("")
        self.ask_now()

    def refresh(self) -> None:
        """Answer again after the library changed: browsing at once, searches every few seconds."""
        if self._query.is_empty:
            self._refresh_now()
        elif not self._research.isActive():
            self._research.start()

    def _change(self, query: SearchQuery) -> None:
        if query == self._query:
            return
        self._query = query
        self._fresh = True
        self.query_changed.emit(query)
        self._ask()

    def _show_text(self, text: str) -> None:
        self._debounce.stop()
        self._typed = text
        self.text_set.emit(text)

    def _refresh_now(self) -> None:
        if self._waiting:
            self._again = True
        else:
            self._ask()

    def _ask(self) -> None:
        self._generation += 1
        self._waiting = True
        self._again = False
        taken = partial(self._take, self._generation)
        refused = partial(self._refuse, self._generation)
        before = () if self._fresh else self._shown
        if self._query.is_empty:
            self._library.submit(partial(_browse, self._query, before), taken, refused, key="ask")
        else:
            self._search.submit(partial(_look, self._query, before), taken, refused, key="ask")

    def _take(self, generation: int, answer: tuple[RowsPatch, frozenset[PhotoId]]) -> None:
        if generation != self._generation:
            return
        patch, possible = answer
        fresh, self._fresh = self._fresh, False
        self._waiting = False
        self._shown = patch.new
        self.answered.emit(Answer(self._query, patch, possible, fresh))
        if self._again:
            self.refresh()

    def _refuse(self, generation: int, error: UserError) -> None:
        if generation != self._generation:
            return
        self._waiting = False
        self._fresh = True
        self.failed.emit(error)


def _browse(
    query: SearchQuery, before: tuple[PhotoId, ...], library: LibraryReader
) -> tuple[RowsPatch, frozenset[PhotoId]]:
    ids = tuple(library.photos.browse_ids(query.folder))
    return rows_patch(before, ids), frozenset()


def _look(
    query: SearchQuery, before: tuple[PhotoId, ...], searcher: Searcher
) -> tuple[RowsPatch, frozenset[PhotoId]]:
    hits = searcher.search(query)
    ids = tuple(hit.photo_id for hit in hits)
    return rows_patch(before, ids), frozenset(hit.photo_id for hit in hits if not hit.certain)

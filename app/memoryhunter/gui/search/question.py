"""What the window asks: words, a photo to resemble, a folder to keep to."""

from dataclasses import dataclass

from memoryhunter.domain.photo import FolderId, PhotoId
from memoryhunter.domain.query import Filter, SearchQuery
from memoryhunter.library.filters import InFolder


@dataclass(frozen=True, slots=True)
class Question:
    """One state of the search field and its chips."""

    text: str = ""
    similar_to: PhotoId | None = None
    folder: FolderId | None = None

    @property
    def is_browsing(self) -> bool:
        """Whether nothing is looked for: all photos are shown, or a folder's."""
        return not self.text and self.similar_to is None

    @property
    def filters(self) -> tuple[Filter, ...]:
        """What every photo shown must meet."""
        return () if self.folder is None else (InFolder(self.folder),)

    def query(self) -> SearchQuery:
        """Give it in the words of the search."""
        return SearchQuery(text=self.text, similar_to=self.similar_to, filters=self.filters)

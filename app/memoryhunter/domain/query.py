"""A question to the library, and its answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from memoryhunter.domain.photo import Photo, PhotoId

SqlValue = str | int | float | bytes | None


class Filter(Protocol):
    """A condition photos must meet, in two forms that always agree.

    The filters themselves are in `library/filters.py`; a property test holds both forms together.
    """

    def clause(self) -> tuple[str, tuple[SqlValue, ...]]:
        """Give a condition over the table `photos`, with the values of its placeholders."""
        ...

    def matches(self, photo: Photo) -> bool:
        """Judge one photo."""
        ...


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Words, a picture file, or a photo of the library; the parts given are combined.

    Only photos that pass all `filters` are considered. `everything` ignores the cut-off.
    `limit` is the most hits wanted, None for all.
    """

    text: str = ""
    image: Path | None = None
    similar_to: PhotoId | None = None
    filters: tuple[Filter, ...] = ()
    limit: int | None = None
    everything: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.text.strip() and self.image is None and self.similar_to is None


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that answers a query. `score` is the cosine similarity, -1 to 1.

    `certain` tells the sure matches from the possible ones.
    """

    photo_id: PhotoId
    score: float
    certain: bool

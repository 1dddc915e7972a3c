"""The conditions a search or the grid can be narrowed by.

A filter is one frozen class with two methods that must agree: `clause` for SQL and `matches` for
one photo (see `domain.query.Filter`). Adding one here is all the library needs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from memoryhunter.domain.photo import FolderId, Photo
from memoryhunter.domain.query import Filter, SqlValue


@dataclass(frozen=True, slots=True)
class InFolder:
    """Photos of one watched folder."""

    folder_id: FolderId

    def clause(self) -> tuple[str, tuple[SqlValue, ...]]:
        """Give the SQL form."""
        return "photos.folder_id = ?", (self.folder_id,)

    def matches(self, photo: Photo) -> bool:
        """Judge one photo."""
        return photo.folder_id == self.folder_id


def all_of(filters: Iterable[Filter]) -> tuple[str, tuple[SqlValue, ...]]:
    """Join the clauses of `filters` with AND; true for none."""
    clauses: list[str] = ["1"]
    values: list[SqlValue] = []
    for each in filters:
        clause, bindings = each.clause()
        clauses.append(f"({clause})")
        values.extend(bindings)
    return " AND ".join(clauses), tuple(values)

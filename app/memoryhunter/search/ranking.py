"""Ranks every photo against a query, on a copy of the vectors in memory.

The copy follows the library by itself: before each ranking it asks for what was written since.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.query import Filter
from memoryhunter.library.filters import all_of
from memoryhunter.library.library import Library
from memoryhunter.library.vectors import VectorBlock, Vectors


@dataclass(frozen=True, slots=True)
class Ranked:
    """Photos, the best first: `ids` int64 (n,), `scores` float32 (n,), cosine similarity."""

    ids: NDArray[np.int64]
    scores: NDArray[np.float32]


class Ranking:
    """The vectors of one model in memory; used by one lane."""

    def __init__(self, library: Library, fingerprint: str, dimension: int) -> None:
        """Load nothing yet; `refresh` and `rank` do."""
        self._library = library
        self.fingerprint = fingerprint
        self._ids = np.empty(0, np.int64)  # sorted
        self._matrix = np.empty((0, dimension), np.float32)
        self._current = np.empty(0, np.int64)
        self._sequence = -1
        self._version = -1

    def refresh(self) -> None:
        """Take over what changed in the library since the last time."""
        version = self._library.version()
        if version == self._version:
            return
        vectors = self._library.find_vectors(self.fingerprint)
        if vectors is None:
            return
        sequence = vectors.sequence()
        if self._sequence < 0:
            self._take(vectors.load())
        elif sequence > self._sequence:
            self._take(self._merged(vectors.changed_since(self._sequence)))
        self._current = vectors.current_ids(*all_of(()))
        self._sequence, self._version = sequence, version

    def rank(self, query: NDArray[np.float32], filters: Sequence[Filter] = ()) -> Ranked:
        """Rank all photos that pass `filters` against a unit vector, float32 (dimension,)."""
        self.refresh()
        wanted = self._current
        if filters:
            vectors = self._library.find_vectors(self.fingerprint)
            wanted = np.empty(0, np.int64) if vectors is None else _current(vectors, filters)
        rows = np.isin(self._ids, wanted, assume_unique=True)
        scores = self._matrix @ query
        if not rows.all():
            scores = scores[rows]
        # Ties in the order of the ids, so that one query always gives one order.
        order = np.argsort(-scores, kind="stable")
        return Ranked(self._ids[rows][order], scores[order])

    def _take(self, block: VectorBlock) -> None:
        order = np.argsort(block.ids)
        self._ids, self._matrix = block.ids[order], block.vectors[order]

    def _merged(self, news: VectorBlock) -> VectorBlock:
        kept = ~np.isin(self._ids, news.ids)
        return VectorBlock(
            np.concatenate([self._ids[kept], news.ids]),
            np.concatenate([self._matrix[kept], news.vectors]),
        )


def _current(vectors: Vectors, filters: Sequence[Filter]) -> NDArray[np.int64]:
    return vectors.current_ids(*all_of(filters))

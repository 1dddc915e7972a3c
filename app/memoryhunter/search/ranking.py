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
        self.fingerprint = fingerprint
        self._library = library
        # Row by row, in the order of their arrival; `_matrix` has room for more than `_ids`.
        self._ids = np.empty(0, np.int64)
        self._matrix = np.empty((0, dimension), np.float32)
        self._current = np.empty(0, np.int64)
        self._number: int | None = None  # of the model in the library
        self._sequence = -1
        self._version = -1

    def refresh(self) -> None:
        """Take over what changed in the library since the last time."""
        version = self._library.version()
        if version == self._version:
            return
        with self._library.snapshot():
            self._follow(self._library.find_vectors(self.fingerprint))
        self._version = version

    def rank(self, query: NDArray[np.float32], filters: Sequence[Filter] = ()) -> Ranked:
        """Rank all photos that pass `filters` against a unit vector, float32 (dimension,)."""
        self.refresh()
        wanted = self._current
        if filters:
            vectors = self._library.find_vectors(self.fingerprint)
            wanted = np.empty(0, np.int64) if vectors is None else _current(vectors, filters)
        rows = np.isin(self._ids, wanted, assume_unique=True)
        ids = self._ids[rows]
        scores = (self._matrix[: len(self._ids)] @ query)[rows]
        order = np.argsort(-scores, kind="stable")
        return Ranked(ids[order], scores[order])

    def _follow(self, vectors: Vectors | None) -> None:
        number = None if vectors is None else vectors.number
        if number != self._number:
            # The model was removed, and may be back.
            self._ids = self._current = np.empty(0, np.int64)
            self._matrix = np.empty((0, self._matrix.shape[1]), np.float32)
            self._sequence = -1
            self._number = number
        if vectors is None:
            return
        sequence = vectors.sequence()
        if self._sequence < 0:
            block = vectors.load()
            self._ids, self._matrix = block.ids, block.vectors
        elif sequence > self._sequence:
            self._take(vectors.changed_since(self._sequence))
        self._current = vectors.current_ids(*all_of(()))
        self._sequence = sequence

    def _take(self, news: VectorBlock) -> None:
        """Put new vectors in the place of older ones of the same photos, or behind the last."""
        order = np.argsort(self._ids)
        at = np.searchsorted(self._ids, news.ids, sorter=order)
        inside = at < len(order)
        known = np.zeros(len(news.ids), bool)
        known[inside] = self._ids[order[at[inside]]] == news.ids[inside]
        self._matrix[order[at[known]]] = news.vectors[known]
        self._append(news.ids[~known], news.vectors[~known])

    def _append(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        first, end = len(self._ids), len(self._ids) + len(ids)
        if end > len(self._matrix):
            # A quarter more than needed, so that growing photo by photo copies seldom.
            larger = np.empty((end + end // 4, self._matrix.shape[1]), np.float32)
            larger[:first] = self._matrix[:first]
            self._matrix = larger
        self._matrix[first:end] = vectors
        self._ids = np.concatenate([self._ids, ids])


def _current(vectors: Vectors, filters: Sequence[Filter]) -> NDArray[np.int64]:
    return vectors.current_ids(*all_of(filters))

"""The models that are shown photos in a run: the chosen one, and one that answers searches yet.

While the chosen model has not seen every photo, another one answers. What came since is shown to
that one first, so that no search misses it; the chosen one sees everything in its turn. Both find
their work in the library.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.photo import PhotoId
from memoryhunter.engine.embedder import Embedder
from memoryhunter.indexing.embedding import EmbeddingQueue
from memoryhunter.library.library import Library

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """The photos that need a model no more; `embedded` of them the chosen one gave a vector."""

    photos: frozenset[PhotoId] = frozenset()
    embedded: int = 0


class Understanding:
    """Decides which model is shown what; without a `chosen` one, none is."""

    def __init__(
        self,
        library: Library,
        chosen: Embedder | None,
        stand_in: Callable[[], Embedder | None],
    ) -> None:
        """`stand_in` gives the embedder that answers searches instead of `chosen`, if one does."""
        self._library = library
        self._ask_for_stand_in = stand_in
        # A sound model understands nearly everything, so trying again costs nothing; photos that
        # a damaged one was shown would stay unknown to it after it was repaired.
        self._chosen = None if chosen is None else _open(library, chosen, again=True)
        self._stand_in: EmbeddingQueue | None = None
        self._broken: set[str] = set()  # fingerprints of stand-ins that cannot be run

    def restart(self) -> None:
        """Begin a run: what was tried in vain may be tried again."""
        self._stand_in = None
        if self._chosen is not None:
            self._chosen.restart()
            self._look_for_stand_in()

    @property
    def left(self) -> int:
        """How many photos are known to be left, beside those taken."""
        return sum(each.left for each in self._queues())

    def take_backlog(self, most: int) -> tuple[EmbeddingQueue, list[PhotoId]] | None:
        """Take some photos that still need a vector, and the model they need it of; or None."""
        if self._chosen is not None:
            self._look_for_stand_in()
        for each in self._queues():
            if block := each.take_backlog(most):
                return each, block
        return None

    def take(self, wanted: Sequence[PhotoId]) -> list[tuple[EmbeddingQueue, list[PhotoId]]]:
        """Take those of the photos `wanted` that are known to need a vector, of each model."""
        taken = [(each, each.take(wanted)) for each in self._queues()]
        return [(each, block) for each, block in taken if block]

    def queue_for(self, photo_id: PhotoId | None) -> EmbeddingQueue | None:
        """Give where the pixels of a photo should go; `photo_id` is None for a new file."""
        other = self._stand_in
        if other is not None and (photo_id is None or other.is_due(photo_id)):
            return other
        return self._chosen

    def flush(self, *, only_full: bool = False) -> Seen:
        """Embed and store what waits; with `only_full`, where enough waits."""
        photos: set[PhotoId] = set()
        embedded = 0
        for each in self._queues():
            if only_full and not each.is_full:
                continue
            try:
                flushed = each.flush()
            except UserError as error:
                if each is self._chosen or error.code is not ErrorCode.MODEL_DAMAGED:
                    raise
                _logger.info("%s sees no new photos: %s", each.model, error)
                self._broken.add(each.fingerprint)
                self._stand_in = None
                continue
            photos.update(flushed.understood, flushed.not_understood)
            if each is self._chosen:
                embedded += len(flushed.understood)
        return Seen(frozenset(photos), embedded)

    def _queues(self) -> list[EmbeddingQueue]:
        return [each for each in (self._stand_in, self._chosen) if each is not None]

    def _look_for_stand_in(self) -> None:
        embedder = self._ask_for_stand_in()
        if embedder is None or embedder.package.fingerprint in self._broken:
            self._stand_in = None
        elif self._stand_in is None or not self._stand_in.belongs_to(embedder):
            self._stand_in = _open(self._library, embedder)


def _open(library: Library, embedder: Embedder, *, again: bool = False) -> EmbeddingQueue:
    package = embedder.package
    vectors = library.vectors(package.fingerprint, package.id, package.dimension)
    return EmbeddingQueue(library, vectors, embedder, again=again)

"""From pixels to stored vectors: batches for the model, each content understood once."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.errors import UserError
from memoryhunter.domain.failures import FailureReason
from memoryhunter.domain.photo import PhotoId, PixelSpec
from memoryhunter.engine.embedder import Embedder
from memoryhunter.library.library import Library
from memoryhunter.library.vectors import Vectors

# A large batch is not waited for longer than this where files are slow: nobody gains by it.
_PATIENCE = 3.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Flushed:
    """The photos that now have a vector, and those the model gives no usable one for."""

    understood: list[PhotoId] = field(default_factory=list)
    not_understood: list[PhotoId] = field(default_factory=list)


@dataclass(slots=True)
class _Waiting:
    pixels: NDArray[np.uint8]
    ids: list[PhotoId] = field(default_factory=list)


class EmbeddingQueue:
    """Collects pictures for one model, embeds them in batches and stores the vectors."""

    def __init__(
        self, library: Library, vectors: Vectors, embedder: Embedder, *, again: bool = False
    ) -> None:
        """Write through `library`, into `vectors`, which belong to the embedder's model.

        With `again`, what the model did not understand earlier is tried again once, last of all;
        until then it counts as seen.
        """
        self._library = library
        self._vectors = vectors
        self._embedder = embedder
        self._waiting: dict[str, _Waiting] = {}
        self._since = 0.0  # when the first of those waiting came
        self._due: list[PhotoId] = []  # photos that need a vector, the newest last
        self._tried: set[PhotoId] = set()
        self._again = again
        self._in_vain: set[PhotoId] = set()  # not understood by the embedder as it is now

    @property
    def model(self) -> str:
        """The id of the model."""
        return self._embedder.package.id

    @property
    def fingerprint(self) -> str:
        """What the model is known by."""
        return self._embedder.package.fingerprint

    @property
    def pixels(self) -> PixelSpec:
        """Which pictures the model wants to see."""
        return self._embedder.package.pixels

    def belongs_to(self, embedder: Embedder) -> bool:
        """Whether it is this embedder that gets the pictures."""
        return self._embedder is embedder

    @property
    def is_full(self) -> bool:
        """Whether it is time to `flush`: as many wait as the model takes, or for long enough."""
        if not self._waiting:
            return False
        return (
            len(self._waiting) >= self._embedder.image_batch
            or time.monotonic() - self._since > _PATIENCE
        )

    @property
    def left(self) -> int:
        """How many photos of the backlog are known and not taken yet."""
        return len(self._due)

    def restart(self) -> None:
        """Let photos be tried again that were tried in vain."""
        self._due.clear()
        self._tried.clear()

    def take_backlog(self, most: int) -> list[PhotoId]:
        """Take the newest photos in reach that still need a vector and were not tried yet."""
        if not self._due:
            due = self._vectors.backlog()
            if self._again:
                due += [each for each in self._vectors.failed() if each not in self._in_vain]
            self._due = [each for each in reversed(due) if each not in self._tried]
        block, self._due = self._due[-most:], self._due[:-most]
        self._tried.update(block)
        return block

    def take(self, wanted: Sequence[PhotoId]) -> list[PhotoId]:
        """Take those of the photos `wanted` that are known to be left, in this order."""
        left = set(self._due).intersection(wanted)
        if left:
            self._due = [each for each in self._due if each not in left]
            self._tried |= left
        return [each for each in wanted if each in left]

    def is_due(self, photo_id: PhotoId) -> bool:
        """Whether a known photo still needs a vector of its present content, or is tried again."""
        return self._vectors.is_due(photo_id) or (
            self._again and photo_id not in self._in_vain and self._vectors.has_failed(photo_id)
        )

    def is_settled(self, photo_id: PhotoId, content_hash: str) -> bool:
        """Whether a photo needs no embedding: it has its vector, or takes that of a copy of it."""
        if not self.is_due(photo_id):
            return True
        holder = self._vectors.holder_of(content_hash)
        if holder is None:
            return False
        with self._library.write():
            self._vectors.copy(holder, photo_id, content_hash)
        return True

    def add(self, photo_id: PhotoId, content_hash: str, pixels: NDArray[np.uint8]) -> None:
        """Take a picture in; copies of one content wait together."""
        if not self._waiting:
            self._since = time.monotonic()
        self._tried.add(photo_id)
        self._waiting.setdefault(content_hash, _Waiting(pixels)).ids.append(photo_id)

    def flush(self) -> Flushed:
        """Embed and store what waits.

        A batch that fails is tried one by one, so that one bad picture costs no neighbour.
        """
        batch, self._waiting = self._waiting, {}
        if not batch:
            return Flushed()
        vectors = self._embed(np.stack([each.pixels for each in batch.values()]))
        done = Flushed()
        with self._library.write():
            for (content_hash, waiting), vector in zip(batch.items(), vectors, strict=True):
                # A photo may have been forgotten while its picture waited.
                ids = [each for each in waiting.ids if self.is_due(each)]
                if np.isfinite(vector).all():
                    rows = [(each, content_hash) for each in ids]
                    self._vectors.store(rows, np.repeat(vector[np.newaxis], len(rows), axis=0))
                    done.understood.extend(ids)
                else:
                    for each in ids:
                        self._vectors.put_failure(
                            each, content_hash, FailureReason.NOT_UNDERSTOOD.value
                        )
                    self._in_vain.update(ids)
                    done.not_understood.extend(ids)
        return done

    def _embed(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        try:
            return self._embedder.embed_images(pixels)
        except UserError:
            raise  # the model itself is at fault, and no picture
        except Exception:  # the batch boundary: whatever the runtime raises, the others go on
            _logger.exception("a batch of %d pictures failed", len(pixels))
            if len(pixels) == 1:
                return np.full((1, self._vectors.dimension), np.nan, np.float32)
        return np.concatenate([self._embed(each[np.newaxis]) for each in pixels])

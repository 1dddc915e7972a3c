"""Picture files become vectors, on the way photos of the library take and without the library."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.engine.embedder import Embedder
from memoryhunter.media.prepare import PreparedPhoto, PrepareRequest
from memoryhunter.media.workers import MediaPool

# As many as the indexer hands over at once. Twice as many are being decoded meanwhile: a picture
# takes up to 600 kB as pixels, and no worker waits while the model computes.
BATCH = 8
_AHEAD = 2 * BATCH


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """One file: its `vector`, float32 (D,), unit length, or the `failure` in its place."""

    path: Path
    vector: NDArray[np.float32] | None
    failure: FileFailure | None = None


def embed_pictures(
    paths: Iterable[Path], media: MediaPool, embedder: Embedder
) -> Iterator[Embedded]:
    """Give each file's vector, in the order of `paths`, a batch after the other.

    The media workers decode ahead, by a bounded number of files. Raises UserError MODEL_DAMAGED.
    """
    spec = embedder.package.pixels

    def prepare(path: Path) -> "tuple[Path, Future[PreparedPhoto]]":
        return path, media.prepare(PrepareRequest(path, None, spec))

    rest = iter(paths)
    under_way = deque(map(prepare, islice(rest, _AHEAD)))
    while under_way:
        batch = [under_way.popleft() for _ in range(min(BATCH, len(under_way)))]
        # Now, so that the workers have something to do while the model computes.
        under_way.extend(map(prepare, islice(rest, len(batch))))
        results = [_result(future) for _, future in batch]
        vectors = iter(_vectors(results, embedder))
        for (path, _), result in zip(batch, results, strict=True):
            if isinstance(result, FileFailure):
                yield Embedded(path, None, result)
            else:
                yield _embedded(path, next(vectors))


def _result(future: "Future[PreparedPhoto]") -> NDArray[np.uint8] | FileFailure:
    try:
        pixels = future.result().pixels
    except FileFailure as failure:
        return failure
    assert pixels is not None, "pixels were asked for"  # noqa: S101 for the type checker
    return pixels


def _vectors(
    results: Sequence[NDArray[np.uint8] | FileFailure], embedder: Embedder
) -> NDArray[np.float32]:
    pixels = [each for each in results if not isinstance(each, FileFailure)]
    if not pixels:
        return np.empty((0, embedder.package.dimension), np.float32)
    return embedder.embed_images(np.stack(pixels))


def _embedded(path: Path, vector: NDArray[np.float32]) -> Embedded:
    if np.isfinite(vector).all():
        return Embedded(path, vector)
    return Embedded(path, None, FileFailure(FailureReason.NOT_UNDERSTOOD))

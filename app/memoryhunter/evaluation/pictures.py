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

# Batches under way: one is computed while the next is decoded, and no worker waits.
_BATCHES = 2


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
    under_way: deque[tuple[Path, Future[PreparedPhoto]]] = deque()
    while True:
        # A graphics card asks for larger batches once it is at work. Taken in before the model
        # computes, so that the workers have something to do meanwhile.
        wanted = embedder.image_batch
        under_way.extend(map(prepare, islice(rest, max(0, _BATCHES * wanted - len(under_way)))))
        if not under_way:
            return
        batch = [under_way.popleft() for _ in range(min(wanted, len(under_way)))]
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

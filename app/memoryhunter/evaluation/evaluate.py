"""The measurement as a whole: pictures are embedded, captions asked one by one, and counted."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.embedder import Embedder
from memoryhunter.evaluation.captions import Captions
from memoryhunter.evaluation.pictures import Embedded, embed_pictures
from memoryhunter.evaluation.recall import Recall, places, recall
from memoryhunter.media.workers import MediaPool
from memoryhunter.search.text import normalise


class EvaluationStoppedError(Exception):
    """The person stopped it; figures over a part would be of another pool."""


class EvaluationStep(StrEnum):
    """What is being done."""

    PICTURES = "pictures"
    QUERIES = "queries"


@dataclass(frozen=True, slots=True)
class EvaluationProgress:
    """`done` of `total` in this step, which began `seconds` ago; `failed` pictures so far."""

    step: EvaluationStep
    done: int
    total: int
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured over `images` pictures and `captions` of them.

    `unreadable` are the files left out, and with them their captions. `mean_query_ms` is the
    time from a caption to the ranked pool, in milliseconds.
    """

    images: int
    captions: int
    unreadable: tuple[Embedded, ...]
    text_to_image: Recall
    image_to_text: Recall
    mean_query_ms: float


def evaluate(
    captions: Captions,
    folder: Path,
    media: MediaPool,
    embedder: Embedder,
    *,
    on_progress: Callable[[EvaluationProgress], None],
    stopped: Callable[[], bool],
) -> Evaluation:
    """Measure a model on the pictures in `folder` that `captions` name, which are the pool.

    Raises UserError NO_PICTURE_READABLE or MODEL_DAMAGED, EvaluationStoppedError.
    """
    step = _Step(on_progress, stopped)
    step.begin(EvaluationStep.PICTURES, len(captions.pictures))
    found: list[Embedded] = []
    for each in embed_pictures([folder / name for name in captions.pictures], media, embedder):
        found.append(each)
        step.did_one(failed=each.failure is not None)
    pictures, position = _pool(found)

    asked = [
        (sentence, position[owner])
        for sentence, owner in zip(captions.sentences, captions.owners, strict=True)
        if owner in position
    ]
    owners = np.array([owner for _, owner in asked])
    step.begin(EvaluationStep.QUERIES, len(asked))
    sentences, seconds = _ask([sentence for sentence, _ in asked], pictures, embedder, step)
    own = np.arange(len(pictures))
    return Evaluation(
        images=len(pictures),
        captions=len(asked),
        unreadable=tuple(each for each in found if each.failure is not None),
        text_to_image=recall(places(sentences, owners, pictures, own)),
        image_to_text=recall(places(pictures, own, sentences, owners)),
        mean_query_ms=seconds / len(asked) * 1000,
    )


class _Step:
    """Tells how far a step is, and ends it on request."""

    def __init__(
        self, on_progress: Callable[[EvaluationProgress], None], stopped: Callable[[], bool]
    ) -> None:
        self._on_progress = on_progress
        self._stopped = stopped
        self._failed = 0

    def begin(self, step: EvaluationStep, total: int) -> None:
        self._step, self._total, self._done = step, total, 0
        self._began = time.monotonic()

    def did_one(self, *, failed: bool = False) -> None:
        if self._stopped():
            raise EvaluationStoppedError
        self._done += 1
        self._failed += failed
        seconds = time.monotonic() - self._began
        self._on_progress(
            EvaluationProgress(self._step, self._done, self._total, self._failed, seconds)
        )


def _pool(found: Sequence[Embedded]) -> tuple[NDArray[np.float32], dict[int, int]]:
    """Give the vectors that are there, and the row of each picture that has one."""
    vectors = [each.vector for each in found if each.vector is not None]
    if not vectors:
        failure = found[0].failure
        assert failure is not None, "neither vector nor failure"  # noqa: S101 for the type checker
        raise UserError(
            ErrorCode.NO_PICTURE_READABLE,
            path=str(found[0].path),
            reason=failure.reason.value,
            detail=failure.detail,
        )
    readable = (owner for owner, each in enumerate(found) if each.vector is not None)
    return np.stack(vectors), {owner: row for row, owner in enumerate(readable)}


def _ask(
    sentences: Sequence[str], pictures: NDArray[np.float32], embedder: Embedder, step: _Step
) -> tuple[NDArray[np.float32], float]:
    """Give the vectors of the sentences, and the seconds that all queries took together.

    A query is what a search does where its cache knows nothing: clean, tokenise, encode, rank in
    memory (`search/service`, `search/ranking`).
    """
    embedder.embed_texts([""])  # loading the model is no part of a query
    vectors = np.empty((len(sentences), pictures.shape[1]), np.float32)
    total = 0.0
    for row, sentence in enumerate(sentences):
        began = time.perf_counter()
        vectors[row] = embedder.embed_texts([normalise(sentence)])[0]
        np.argsort(-(pictures @ vectors[row]), kind="stable")
        total += time.perf_counter() - began
        step.did_one()
    return vectors, total

"""The measurement with real media workers and a model that understands colours only."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason
from memoryhunter.evaluation.captions import Captions
from memoryhunter.evaluation.evaluate import (
    Evaluation,
    EvaluationProgress,
    EvaluationStep,
    EvaluationStoppedError,
    evaluate,
)
from memoryhunter.evaluation.pictures import embed_pictures
from memoryhunter.evaluation.recall import Recall
from memoryhunter.media.workers import MediaPool
from tests.fakes import COLOURS, ColourEmbedder

PERFECT = Recall(100.0, 100.0, 100.0, 1.0, 1.0)


@pytest.fixture
def media() -> Iterator[MediaPool]:
    with MediaPool(workers=1) as pool:
        yield pool


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, colour in COLOURS.items():
        Image.new("RGB", (40, 30), colour).save(tmp_path / f"{name}.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "red.png").read_bytes()[:40])
    return tmp_path


def about(*names: str) -> Captions:
    return Captions(tuple(f"{name}.png" for name in names), names, tuple(range(len(names))))


def measured(
    captions: Captions, folder: Path, media: MediaPool, embedder: ColourEmbedder
) -> Evaluation:
    return evaluate(
        captions, folder, media, embedder, on_progress=lambda _: None, stopped=lambda: False
    )


def test_every_colour_is_found(folder: Path, media: MediaPool) -> None:
    told: list[EvaluationProgress] = []
    found = evaluate(
        about(*COLOURS),
        folder,
        media,
        ColourEmbedder(),
        on_progress=told.append,
        stopped=lambda: False,
    )
    assert (found.images, found.captions, found.unreadable) == (4, 4, ())
    assert found.text_to_image == found.image_to_text == PERFECT
    assert found.mean_query_ms > 0
    steps = [(each.step, each.done, each.total) for each in told]
    assert steps == [(step, done, 4) for step in EvaluationStep for done in (1, 2, 3, 4)]


def test_what_cannot_be_read_is_no_part_of_the_pool(folder: Path, media: MediaPool) -> None:
    captions = Captions(
        ("broken.png", "red.png", "missing.png", "blue.png"),
        ("blue", "green", "red", "white", "blue"),
        (0, 2, 1, 2, 3),
    )
    found = measured(captions, folder, media, ColourEmbedder())
    assert (found.images, found.captions) == (2, 2)
    assert found.text_to_image == found.image_to_text == PERFECT
    assert [
        (each.path.name, each.failure and each.failure.reason) for each in found.unreadable
    ] == [
        ("broken.png", FailureReason.DAMAGED),
        ("missing.png", FailureReason.VANISHED),
    ]


def test_no_picture_at_all(folder: Path, media: MediaPool) -> None:
    with pytest.raises(UserError) as caught:
        measured(about("missing", "broken"), folder, media, ColourEmbedder())
    assert caught.value.code is ErrorCode.NO_PICTURE_READABLE
    assert caught.value.values["reason"] == FailureReason.VANISHED.value


def test_stopping_at_any_point(folder: Path, media: MediaPool) -> None:
    told: list[EvaluationProgress] = []
    for wanted in range(8):
        told.clear()
        with pytest.raises(EvaluationStoppedError):
            evaluate(
                about(*COLOURS),
                folder,
                media,
                ColourEmbedder(),
                on_progress=told.append,
                stopped=lambda wanted=wanted: len(told) >= wanted,  # type: ignore[misc]
            )
        assert len(told) == wanted


class PickyEmbedder(ColourEmbedder):
    """Has no vector for white, as a model that overflows."""

    def embed_images(self, pixels: np.ndarray) -> np.ndarray:
        rows = super().embed_images(pixels)
        rows[(pixels == 255).all(axis=(1, 2, 3))] = np.nan
        return rows


def test_a_picture_the_model_gives_no_vector_for(folder: Path, media: MediaPool) -> None:
    found = measured(about(*COLOURS), folder, media, PickyEmbedder())
    assert found.images == 3
    assert [each.path.name for each in found.unreadable] == ["white.png"]
    assert found.text_to_image == PERFECT


def test_many_files_come_in_order_and_in_batches(folder: Path, media: MediaPool) -> None:
    embedder = ColourEmbedder()
    batch = embedder.image_batch
    names = [list(COLOURS)[number % 4] for number in range(5 * batch + 3)]
    sizes: list[int] = []
    embedder.on_seen = sizes.append
    found = list(embed_pictures([folder / f"{name}.png" for name in names], media, embedder))
    assert sizes == [*range(batch, 5 * batch + 1, batch), 5 * batch + 3]
    expected = embedder.embed_texts(names)
    assert np.allclose([each.vector for each in found if each.vector is not None], expected)

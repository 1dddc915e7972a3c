"""A measurement "while photos are indexed" is one of a busy machine, or none."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from memoryhunter.media.workers import MediaPool
from tests.benchmarks.background import NotBusyError, indexing
from tests.benchmarks.made_photos import SMALL_SIZES, make_photos
from tests.fakes import ColourEmbedder


@pytest.fixture
def media() -> Iterator[MediaPool]:
    with MediaPool(workers=1) as pool:
        yield pool


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    return make_photos(tmp_path, 2, SMALL_SIZES)


def test_photos_are_indexed_from_the_blocks_begin_to_its_end(
    media: MediaPool, photos: list[Path]
) -> None:
    embedder, more = ColourEmbedder(), threading.Event()
    with indexing(photos, media, embedder):
        before = embedder.seen
        assert before >= 16
        embedder.on_seen = lambda seen: more.set() if seen > before + 16 else None
        assert more.wait(60)


def test_a_failure_before_the_block_is_raised(media: MediaPool, photos: list[Path]) -> None:
    photos[1].write_bytes(b"no photo")
    with pytest.raises(NotBusyError) as caught, indexing(photos, media, ColourEmbedder()):
        pytest.fail("nothing may be measured")
    assert caught.value.__cause__ is not None


def test_a_failure_in_the_block_is_raised(media: MediaPool, photos: list[Path]) -> None:
    embedder = ColourEmbedder()

    def break_the_model() -> None:
        (lane,) = (each for each in threading.enumerate() if each.name == "indexing")
        embedder.damaged = True
        lane.join(60)

    with pytest.raises(NotBusyError), indexing(photos, media, embedder):
        break_the_model()


def test_nothing_to_index_and_a_slow_start_are_no_load(
    media: MediaPool, photos: list[Path]
) -> None:
    for paths, seconds, reason in (([], 60.0, "has ended"), (photos, 0.0, "not under way")):
        with (
            pytest.raises(NotBusyError, match=reason),
            indexing(paths, media, ColourEmbedder(), seconds),
        ):
            pytest.fail("nothing may be measured")

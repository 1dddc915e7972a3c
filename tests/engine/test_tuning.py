"""Measuring a real model, choosing between measurements, and keeping them."""

import dataclasses
import json
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from memoryhunter.engine import tuning as tuning_module
from memoryhunter.engine.onnx_engine import OnnxEmbedder
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.threads import Threads, picture_layouts, text_layouts, usual_threads
from memoryhunter.engine.tuning import Tuning, compare, measure, winner
from memoryhunter.engine.tuning_file import TuningFile


@pytest.fixture(scope="module")
def measured(int8_package: ModelPackage) -> Tuning:
    return measure(int8_package, seconds=0.2)


@pytest.fixture
def file(tmp_path: Path) -> TuningFile:
    return TuningFile(tmp_path / "tuning.json")


def test_a_real_model_is_measured(measured: Tuning, int8_package: ModelPackage) -> None:
    assert measured.fits(int8_package)
    assert measured.images_per_second > 0
    assert measured.text_ms > 0
    assert (measured.threads.side_by_side, measured.threads.per_picture) in picture_layouts(
        measured.processors
    )
    assert measured.threads.per_text in text_layouts(measured.processors)


@pytest.mark.parametrize("threads", [Threads(1, 1, 1), Threads(1, 2, 2), Threads(3, 2, 4)])
def test_threads_change_nothing_but_the_time(int8_package: ModelPackage, threads: Threads) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    usual, other = OnnxEmbedder(int8_package), OnnxEmbedder(int8_package, threads)
    np.testing.assert_allclose(other.embed_images(pixels), usual.embed_images(pixels), atol=1e-5)
    np.testing.assert_allclose(other.embed_texts(["猫"]), usual.embed_texts(["猫"]), atol=1e-5)


def test_small_computers_have_less_to_try() -> None:
    assert picture_layouts(1) == [(1, 1)]
    assert picture_layouts(2) == [(2, 1), (1, 2)]
    assert picture_layouts(8) == [(8, 1), (4, 2), (1, 8)]
    assert [text_layouts(each) for each in (1, 2, 8)] == [[1], [2, 1], [2, 1, 4]]
    for processors in (1, 2, 8):
        usual = usual_threads(processors)
        assert picture_layouts(processors)[0] == (usual.side_by_side, usual.per_picture)
        assert text_layouts(processors)[0] == usual.per_text


def test_the_usual_way_wins_unless_another_is_clearly_better() -> None:
    assert winner({"usual": 10.0, "other": 10.4}, "usual") == "usual"
    assert winner({"usual": 10.0, "other": 10.6}, "usual") == "other"
    assert winner({"usual": 10.0}, "usual") == "usual"
    assert winner({"usual": 1.0, "other": 2.0, "third": 3.0}, "usual") == "third"


def test_a_busy_moment_is_forgiven() -> None:
    rates = iter([10.0, 9.0, 2.0, 9.0, 10.0, 1.0])
    found = compare(["usual", "other"], lambda _choice, _seconds: next(rates), 5.0, lambda: 0.0)
    assert found == {"usual": 10.0, "other": 9.0}


def test_a_slow_model_is_measured_the_usual_way_only() -> None:
    now = [0.0]

    def rate(_choice: str, _seconds: float) -> float:
        now[0] += 20
        return 0.1

    assert compare(["usual", "other"], rate, 5.0, lambda: now[0]) == {"usual": 0.1}
    assert now == [20.0]


def test_a_measurement_is_found_again(
    file: TuningFile, measured: Tuning, int8_package: ModelPackage
) -> None:
    assert file.find(int8_package) is None
    file.save(measured)
    assert file.find(int8_package) == measured
    again = dataclasses.replace(measured, text_ms=1.5)
    file.save(dataclasses.replace(measured, fingerprint="another"))
    file.save(again)
    assert file.find(int8_package) == again
    for number in range(30):
        file.save(dataclasses.replace(measured, fingerprint=f"model {number}"))
    assert file.find(int8_package) is None
    assert [path.name for path in file._path.parent.iterdir()] == ["tuning.json"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("processor", "another"), ("processors", 77), ("runtime", "0.1"), ("fingerprint", "else")],
)
def test_what_was_measured_elsewhere_does_not_count(
    file: TuningFile, measured: Tuning, int8_package: ModelPackage, name: str, value: object
) -> None:
    file.save(dataclasses.replace(measured, **{name: value}))  # type: ignore[arg-type]
    assert file.find(int8_package) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b'{"format": 1}',
        b'{"format": 1, "tunings": 3}',
        b'{"format": 1, "tunings": [3, null, {}]}',
        b'{"format": 2, "tunings": []}',
    ],
)
def test_a_damaged_file_counts_as_none(
    file: TuningFile, measured: Tuning, int8_package: ModelPackage, content: bytes
) -> None:
    file._path.write_bytes(content)
    assert file.find(int8_package) is None
    file.save(measured)
    assert file.find(int8_package) == measured


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("threads", "side_by_side"), 100_000),
        (("threads", "side_by_side"), 0),
        (("threads", "per_text"), -1),
        (("threads", "per_picture"), "2"),
        (("threads",), None),
        (("images_per_second",), "fast"),
        (("text_ms",), 0),
    ],
)
def test_an_entry_that_makes_no_sense_is_passed_over(
    file: TuningFile,
    measured: Tuning,
    int8_package: ModelPackage,
    where: tuple[str, ...],
    value: object,
) -> None:
    file.save(measured)
    document = json.loads(file._path.read_text(encoding="utf-8"))
    entry = document["tunings"][0]
    for name in where[:-1]:
        entry = entry[name]
    entry[where[-1]] = value
    file._path.write_text(json.dumps(document), encoding="utf-8")
    assert file.find(int8_package) is None


def test_a_file_that_cannot_be_replaced(file: TuningFile, measured: Tuning) -> None:
    file._path.mkdir()
    with pytest.raises(OSError, match=r".+"):
        file.save(measured)
    assert [path.name for path in file._path.parent.iterdir()] == ["tuning.json"]


def test_a_full_disk_leaves_nothing_behind(
    file: TuningFile, measured: Tuning, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.save(measured)

    def fill(_document: object, file: IO[str], **_how: object) -> None:
        file.write("{")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", fill)
    with pytest.raises(OSError, match="No space"):
        file.save(measured)
    assert [path.name for path in file._path.parent.iterdir()] == ["tuning.json"]


def test_measuring_takes_about_the_time_it_is_given() -> None:
    now = [0.0]

    def work() -> None:
        now[0] += 0.3

    assert len(tuning_module._times(work, 1.0, lambda: now[0])) == 4
    assert len(tuning_module._times(lambda: None, 1.0, lambda: 0.0)) == tuning_module._RUNS

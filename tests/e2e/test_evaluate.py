"""`evaluate` with the trained test model, as a person runs it."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import SHAPES, file_name
from tests.models.captions import plain_phrase
from tests.models.shapes import LANGUAGES, Query
from tests.program import Outcome, Program

KEYS = {"r1", "r5", "r10", "median_rank", "mean_rank"}


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    """Two captions, Chinese and English, for each photo of the fixture `photos`."""
    path = tmp_path / "captions.tsv"
    lines = [
        f"{each.colour}/{file_name(each)}\t"
        f"{plain_phrase(Query(each.count, each.colour, each.shape), language)}"
        for language in LANGUAGES
        for each in SHAPES
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def assert_one_clear_line(outcome: Outcome, *words: str) -> None:
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("memoryhunter: ")
    for word in words:
        assert word in outcome.err


def test_a_model_that_understands(program: Program, photos: Path, captions: Path) -> None:
    told = program.ask("evaluate", captions, photos)
    assert (told["images"], told["captions"], told["unreadable"]) == (36, 72, 0)
    assert told["model"] == "shapes-clip"
    for way in ("text_to_image", "image_to_text"):
        assert set(told[way]) == KEYS
        assert told[way]["r1"] >= 90
        assert told[way]["r1"] <= told[way]["r5"] <= told[way]["r10"] <= 100
        assert 1 <= told[way]["mean_rank"] < 2
    assert told["mean_query_ms"] > 0
    # Nothing was written to a library.
    assert program.ask("status")["photos"] == 0


def test_people_get_a_table_and_the_names_left_out(
    program: Program, photos: Path, captions: Path
) -> None:
    (photos / "red" / "1-red-circle.jpg").write_bytes(b"no picture")
    (photos / "blue" / "4-blue-square.jpg").unlink()
    outcome = program.run("evaluate", captions, photos)
    assert outcome.status == 0
    assert "34 pictures, 68 captions" in outcome.out
    assert "text to image" in outcome.out
    assert "1-red-circle.jpg was left out: its content is not a picture" in outcome.err
    assert "4-blue-square.jpg was left out: the file is gone." in outcome.err


def test_one_clear_line(program: Program, photos: Path, captions: Path, tmp_path: Path) -> None:
    def run(*arguments: str | Path) -> Outcome:
        return program.run("evaluate", *arguments, "--json")

    assert_one_clear_line(run(tmp_path / "none.tsv", photos), "There is no file", "none.tsv")
    assert_one_clear_line(run(captions, tmp_path / "none"), "There is no folder", "none")
    assert_one_clear_line(run(captions, captions), "is not a folder")
    assert_one_clear_line(run(captions, tmp_path), "No picture", "the file is gone")
    (tmp_path / "bad.tsv").write_text("a.jpg\tgood\nbad\n", encoding="utf-8")
    assert_one_clear_line(run(tmp_path / "bad.tsv", photos), "bad.tsv", "line 2 has no tab")
    without_model = Program(tmp_path / "other home").run("evaluate", captions, photos)
    assert_one_clear_line(without_model, "No model is installed")


def test_interrupted(program: Program, photos: Path, captions: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    running = subprocess.Popen(
        program.command("evaluate", pipe, photos),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    # Opening waits until the program reads, so it is at work by then.
    pipe.write_text(captions.read_text(encoding="utf-8") * 200, encoding="utf-8")
    os.killpg(running.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (1, "")
    assert (
        err == "memoryhunter: Stopped. The figures would need all of the pictures and captions.\n"
    )

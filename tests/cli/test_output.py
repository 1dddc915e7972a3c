"""Output that cannot be written, in real processes."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.program import Outcome, Program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs /dev and pipes of Unix")

WORDS = [["models", "--json"], ["models"], ["--help"]]


def run_into(output: int | IO[bytes], program: Program, words: list[str]) -> Outcome:
    # Buffered, as people have it: what is left in the buffer fails at the very end.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        program.command(*words),
        stdout=output,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=False,
        env=environment,
    )
    return Outcome(done.returncode, "", done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
@pytest.mark.parametrize("words", WORDS)
def test_a_full_disk_is_one_clear_line(tmp_path: Path, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        outcome = run_into(full, Program(tmp_path / "home"), words)
    assert outcome.status == 1
    assert outcome.err == (
        "memoryhunter: The output could not be written: No space left on device.\n"
    )
    assert not (tmp_path / "home" / "logs" / "memoryhunter.log").exists()


@pytest.mark.parametrize("words", WORDS)
def test_a_reader_that_has_seen_enough_is_not_heard_of(tmp_path: Path, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        outcome = run_into(writing, Program(tmp_path / "home"), words)
    finally:
        os.close(writing)
    assert (outcome.status, outcome.err) == (1, "")


def test_no_output_at_all_is_one_clear_line(tmp_path: Path) -> None:
    command = Program(tmp_path / "home").command("models")
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *command],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("memoryhunter: The output could not be written")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("words", "status"), [(["search", ""], 1), (["index", "--json"], 0)])
def test_what_cannot_be_told_changes_nothing(tmp_path: Path, words: list[str], status: int) -> None:
    command = Program(tmp_path / "home").command(*words)
    done = subprocess.run(
        ["sh", "-c", '"$@" 2>&-', "sh", *command],
        stdout=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    assert done.returncode == status
    assert done.stdout.startswith(b"{" if status == 0 else b"")
    assert (done.stdout == b"") is (status == 1)

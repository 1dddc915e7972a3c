"""The question before a model is removed, on a real terminal and without one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from memoryhunter.engine.packages import read_package
from memoryhunter.library.library import Library
from tests.builders import add_folder, add_photo, unit_vectors
from tests.engine.test_given_model import put_package
from tests.program import Outcome, Program

QUESTION = "Remove Ready? Its understanding of 3 photos is deleted too; the photos stay untouched."


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Give a program with a model that has understood three photos."""
    home = tmp_path / "home"
    package = read_package(put_package(home / "models" / "ready"))
    with Library(home / "library.db") as library:
        folder = add_folder(library, tmp_path / "photos")
        photos = [add_photo(library, folder, f"{each}.jpg", content_hash=each) for each in "abc"]
        vectors = library.vectors(package.fingerprint, package.id, package.dimension)
        with library.write():
            vectors.store(list(zip(photos, "abc", strict=True)), unit_vectors(3, package.dimension))
    return Program(home)


def is_there(program: Program) -> bool:
    return (program.home / "models" / "ready").exists()


@pytest.mark.parametrize("words", [["--json"], []])
def test_where_nobody_can_answer_it_is_refused(program: Program, words: list[str]) -> None:
    outcome = program.run("models", "remove", "ready", *words)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == f"memoryhunter: {QUESTION} Nobody can be asked here: say so with --yes.\n"
    assert is_there(program)


def test_a_script_says_yes_beforehand(program: Program) -> None:
    told = program.ask("models", "remove", "ready", "--yes")
    assert told == {"id": "ready", "removed": True}
    assert not is_there(program)


def test_nothing_is_asked_where_there_is_nothing_to_remove(program: Program) -> None:
    assert "There is no model none" in program.run("models", "remove", "none").err
    offered = "chinese-clip-vit-base-patch16"
    assert f"{offered} is not installed" in program.run("models", "remove", offered).err


def test_what_is_kept_of_a_download_is_asked_about_too(program: Program) -> None:
    part = program.home / "downloads" / "chinese-clip-vit-base-patch16" / "weights.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(2_000_000))
    outcome = program.run("models", "remove", part.parent.name)
    assert outcome.status == 1
    assert "Delete what is kept of the download of Chinese-CLIP ViT-B/16 (2 MB)?" in outcome.err
    assert part.exists()
    assert program.run("models", "remove", part.parent.name, "--yes").status == 0
    assert not part.exists()


def answer(program: Program, typed: bytes | None) -> Outcome:
    """Answer the question; None for Ctrl-C."""
    import pty  # noqa: PLC0415 exists on Unix only

    ours, theirs = pty.openpty()
    try:
        running = subprocess.Popen(
            program.command("models", "remove", "ready"),
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            start_new_session=True,
        )
        asked = b""
        while b"[y/N]" not in asked:
            asked += os.read(ours, 1000)
        if typed is None:
            running.send_signal(signal.SIGINT)
        else:
            os.write(ours, typed)
        out, _ = running.communicate(timeout=60)
    finally:
        os.close(theirs)
        rest = os.read(ours, 1000)
        os.close(ours)
    told = (asked + rest).decode().replace("\r\n", "\n")
    return Outcome(running.returncode, out.decode(), told)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
def test_on_a_terminal_it_is_asked(program: Program) -> None:
    for typed in (b"\n", b"n\n", b"\x04", None):
        outcome = answer(program, typed)
        assert (outcome.status, outcome.out) == (1, "")
        assert outcome.err.startswith(f"{QUESTION} [y/N] ")
        assert outcome.err.endswith("\nmemoryhunter: Nothing was removed.\n")
        assert is_there(program)
    outcome = answer(program, b"y\n")
    assert (outcome.status, outcome.out) == (
        0,
        "ready is removed, with what it understood of your photos.\n",
    )
    assert not is_there(program)

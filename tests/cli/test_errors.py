"""One clear line for everything that can go wrong, and the exit statuses of the contract."""

import sqlite3
from pathlib import Path

import pytest

from memoryhunter.cli.messages import error_sentence, failure_words
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason
from memoryhunter.library.library import Library
from tests.program import Outcome, Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home")


def assert_one_clear_line(outcome: Outcome, *words: str) -> None:
    assert outcome.status == 1
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("memoryhunter: ")
    assert "Traceback" not in outcome.err
    for word in words:
        assert word in outcome.err


def test_no_model(program: Program) -> None:
    assert_one_clear_line(program.run("search", "猫", "--json"), "No model is installed")
    assert_one_clear_line(program.run("similar", __file__), "No model is installed")


def test_no_such_folder(program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "good").mkdir()
    good = tmp_path / "good"
    assert_one_clear_line(program.run("index", good, "/nowhere/at/all"), "/nowhere/at/all")
    assert_one_clear_line(program.run("index", tmp_path / "file"), "not a folder")
    assert program.ask("status")["folders"] == []  # all or nothing


def test_our_own_folder(program: Program) -> None:
    program.ask("status")
    assert_one_clear_line(program.run("index", program.home / "cache"), "own files")


def test_no_such_model(program: Program) -> None:
    assert_one_clear_line(program.run("models", "use", "nothing"), "nothing")
    unknown = Program(program.home, Path("nothing"))
    assert_one_clear_line(unknown.run("search", "猫"), "nothing")


def test_a_folder_that_is_no_model(program: Program, tmp_path: Path) -> None:
    assert_one_clear_line(program.run("models", "install", tmp_path), str(tmp_path))
    assert program.ask("models") == []


def test_an_unreadable_library(program: Program) -> None:
    program.ask("status")
    (program.home / "library.db").write_bytes(b"garbage " * 1000)
    for suffix in ("-wal", "-shm"):
        (program.home / f"library.db{suffix}").unlink(missing_ok=True)
    for command in (["status"], ["failures"], ["index"], ["search", "猫"]):
        outcome = program.run(*command)
        if command[0] != "search":  # which misses the model first
            assert_one_clear_line(outcome, "library.db")
    assert (program.home / "library.db").read_bytes() == b"garbage " * 1000


def test_a_newer_library(program: Program) -> None:
    program.ask("status")
    database = sqlite3.connect(program.home / "library.db")
    database.execute("PRAGMA user_version = 9999")
    database.close()
    assert_one_clear_line(program.run("status"), "newer")


def test_a_home_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_one_clear_line(Program(tmp_path / "file").run("status"), str(tmp_path / "file"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["search", "--limit", "0", "x"],
        ["search", "--limit", "many", "x"],
        ["models", "dance"],
    ],
)
def test_wrong_usage(program: Program, arguments: list[str]) -> None:
    outcome = program.run(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert "usage:" in outcome.err


def test_an_empty_query(program: Program) -> None:
    assert program.run("search", "").status == 1


def test_every_error_and_reason_has_its_sentence() -> None:
    values = {"path": "P", "model": "M", "reason": "damaged", "detail": "D"}
    for code in ErrorCode:
        sentence = error_sentence(UserError(code, **values))
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "None" not in error_sentence(UserError(code))
    for reason in FailureReason:
        assert failure_words(reason.value) != reason.value


def test_the_library_of_a_run_is_a_library(program: Program) -> None:
    program.ask("status")
    with Library(program.home / "library.db") as library:
        assert library.folders.all() == []


def test_doctor(program: Program) -> None:
    told = program.ask("doctor")
    assert told["ok"] is True
    assert told["database"]["sqlite_vec"].startswith("v0.1.9")
    assert set(told["formats"]["read"]) == {
        *("jpeg", "png", "webp", "gif", "bmp", "tiff", "heif", "avif", "jpeg2000")
    }
    assert told["window"]["platforms"]
    assert {"name", "reason"} == set(told["device"])


def test_people_get_lines_not_json(program: Program) -> None:
    assert "photos" in program.run("status").out
    assert program.run("failures").out == "Every file could be read.\n"
    assert "No model" in program.run("models").out
    assert "Everything works." in program.run("doctor").out
    assert program.run("--version").out.startswith("MemoryHunter ")

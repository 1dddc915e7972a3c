"""One clear line for everything that can go wrong, and the exit statuses of the contract."""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from memoryhunter.cli import doctor
from memoryhunter.cli.arguments import absolute_path
from memoryhunter.cli.explain import explain
from memoryhunter.cli.messages import error_sentence, failure_words
from memoryhunter.config.paths import app_paths
from memoryhunter.config.resources import CATALOGUE_VARIABLE, catalogue_file
from memoryhunter.config.settings import DEVICE_VARIABLE
from memoryhunter.config.settings_upgrades import VERSION
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason
from memoryhunter.library.library import Library
from memoryhunter.media.samples import write_sample
from memoryhunter.workspace import Workspace
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


@pytest.fixture
def no_paths(tmp_path: Path) -> list[str]:
    """Things somebody may type that can be the path of nothing."""
    circle = tmp_path / "circle"
    circle.symlink_to(tmp_path / "elcric")
    (tmp_path / "elcric").symlink_to(circle)
    return [str(circle), "~nobody-of-this-name/photos", "/" + "long" * 100]


def test_what_is_no_path(program: Program, no_paths: list[str]) -> None:
    for path in no_paths:
        assert_one_clear_line(program.run("index", path), "no folder", path)
        assert_one_clear_line(program.run("similar", path), "no file", path)
        assert_one_clear_line(program.run("search", "--image", path), "no file", path)
        assert_one_clear_line(program.run("models", "install", path), path)
        assert_one_clear_line(program.run("models", "use", path), path)
        assert_one_clear_line(program.run("--model", path, "status"), path)
        assert_one_clear_line(Program(Path(path)).run("status"), path)


def test_an_embedded_nul() -> None:
    with pytest.raises(UserError) as caught:
        absolute_path(Path("a\0b"), ErrorCode.FILE_NOT_FOUND)
    assert caught.value.code is ErrorCode.FILE_NOT_FOUND


def test_a_path_need_not_be_there(tmp_path: Path) -> None:
    wanted = tmp_path / "unplugged" / "photos"
    assert absolute_path(wanted, ErrorCode.FOLDER_NOT_FOUND) == wanted


def test_a_lock_that_cannot_be_made(program: Program) -> None:
    (program.home / "index.lock").mkdir(parents=True)
    assert_one_clear_line(program.run("index"), "index.lock")


_RAISE = """
import sys
from memoryhunter.cli.app import run
def fail(workspace):
    raise {error}
sys.exit(run(["--home", sys.argv[1]], fail))
"""


def fail_with(error: str, home: Path) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-c", _RAISE.format(error=error), str(home)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def test_a_bug_is_one_line_and_all_of_it_is_in_the_log(tmp_path: Path) -> None:
    outcome = fail_with("LookupError('two\\nlines')", tmp_path)
    assert_one_clear_line(outcome, "LookupError: two lines", str(tmp_path / "logs"))
    logged = (tmp_path / "logs" / "memoryhunter.log").read_text(encoding="utf-8")
    assert "Traceback" in logged
    assert "in fail" in logged


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
@pytest.mark.parametrize("place", ["full", "folder"])
def test_a_log_that_cannot_be_written_is_not_heard_of(tmp_path: Path, place: str) -> None:
    log = tmp_path / "logs" / "memoryhunter.log"
    log.parent.mkdir()
    if place == "full":
        log.symlink_to("/dev/full")
    else:
        log.mkdir()
    assert_one_clear_line(fail_with("LookupError('bug')", tmp_path), "LookupError: bug")


def test_being_stopped_is_a_clear_line(tmp_path: Path) -> None:
    stopped = fail_with("KeyboardInterrupt", tmp_path)
    assert_one_clear_line(stopped, "Stopped.", "Everything done so far is kept")
    assert not (tmp_path / "logs" / "memoryhunter.log").exists()


def test_our_own_folder(program: Program) -> None:
    program.ask("status")
    assert_one_clear_line(program.run("index", program.home / "cache"), "own files")


def test_no_such_model(program: Program) -> None:
    assert_one_clear_line(program.run("models", "use", "nothing"), "nothing")
    unknown = Program(program.home, Path("nothing"))
    assert_one_clear_line(unknown.run("search", "猫"), "nothing")


def test_a_model_on_offer_that_is_not_installed(program: Program) -> None:
    offered = "chinese-clip-vit-base-patch16"
    told = f"{offered} is not installed; 'memoryhunter models install {offered}' downloads it (753"
    for action in ("use", "verify", "remove"):
        assert_one_clear_line(program.run("models", action, offered), told)
    asked_for = Program(program.home, Path(offered))
    assert_one_clear_line(asked_for.run("search", "猫"), told)
    assert_one_clear_line(asked_for.run("status"), told)


def test_a_path_to_install_from_that_is_not_there(program: Program, tmp_path: Path) -> None:
    for source in (str(tmp_path / "none"), "./none", "~/none-of-these"):
        words = ["models", "install", "chinese-clip-vit-base-patch16", "--source", source]
        assert_one_clear_line(program.run(*words), "there is no such folder")


def test_a_damaged_model_is_told_once(program: Program) -> None:
    manifest = program.home / "models" / "broken" / "model.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{")
    for chosen in (None, "broken"):
        if chosen:
            settings = {"version": VERSION, "model": chosen}
            (program.home / "settings.json").write_text(json.dumps(settings))
        outcome = program.run("models")
        assert outcome.err.startswith("The model broken is damaged, install it again: model.json")
        assert outcome.err.count("\n") == 1
        assert outcome.out.splitlines()[-1] == "broken, damaged"
    assert_one_clear_line(program.run("models", "use", "broken"), "The model broken is damaged")


def test_advice_after_a_damaged_download_fits_the_list_of_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = UserError(
        ErrorCode.DOWNLOAD_DAMAGED,
        model="chinese-clip-vit-base-patch16",
        sources="hf",
        detail="hf: another hash",
    )
    assert "'memoryhunter models remove" in explain(error)
    whole = catalogue_file().read_text(encoding="utf-8")
    pin = f'[models.pins."vocab.txt"]\nsha256 = "{"a" * 64}"\n[models.quality]'
    own = tmp_path / "own.toml"
    own.write_text(whole.replace("[models.quality]", pin, 1), encoding="utf-8")
    monkeypatch.setenv(CATALOGUE_VARIABLE, str(own))
    assert "models remove" not in explain(error)
    assert f"the list {own} has to say" in explain(error)


def test_a_device_nobody_knows_is_told(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEVICE_VARIABLE, "bogus")
    outcome = program.run("status", "--json")
    assert outcome.status == 0
    assert outcome.json["device"]
    assert "MEMORYHUNTER_DEVICE is 'bogus', which is none of auto, cpu and gpu" in outcome.err
    monkeypatch.setenv(DEVICE_VARIABLE, "cpu")
    assert program.run("status").err == ""


def test_a_folder_that_is_no_model(program: Program, tmp_path: Path) -> None:
    assert_one_clear_line(program.run("models", "install", tmp_path), str(tmp_path))
    assert not any(each["installed"] for each in program.ask("models"))


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
        ["index", ""],
        ["--home", "", "status"],
        ["models", "install", "x", "--source", " "],
    ],
)
def test_wrong_usage(program: Program, arguments: list[str]) -> None:
    outcome = program.run(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert "usage:" in outcome.err
    assert "value:" not in outcome.err  # after which argparse names a function of the program


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


def test_a_path_is_told_as_it_is() -> None:
    for path in ("/photos/../a..b", "/two  blanks: .hidden", "/ends with..."):
        for code in (ErrorCode.FOLDER_NOT_FOUND, ErrorCode.LIBRARY_DAMAGED):
            assert path in error_sentence(UserError(code, path=path, detail=f"{path}/x."))
    assert error_sentence(UserError(ErrorCode.FILE_NOT_FOUND, path="a\nb")).endswith("a b.")


def test_a_detail_may_be_absent_or_a_sentence() -> None:
    def sentence(detail: str) -> str:
        return error_sentence(UserError(ErrorCode.LIBRARY_DAMAGED, path="P", detail=detail))

    assert sentence("") == "The library P is damaged."
    assert sentence("a page is gone.\n") == "The library P is damaged: a page is gone."


def test_the_library_of_a_run_is_a_library(program: Program) -> None:
    program.ask("status")
    with Library(program.home / "library.db") as library:
        assert library.folders.all() == []


def test_doctor_sees_a_destroyed_page(program: Program) -> None:
    program.ask("status")
    database = program.home / "library.db"
    content = bytearray(database.read_bytes())
    for number in range(2, len(content) // 4096):  # all but the pages the schema begins on
        content[number * 4096 : number * 4096 + 64] = os.urandom(64)
    database.write_bytes(content)
    told = program.ask("doctor")
    assert told["ok"] is False
    assert told["library"]["ok"] is False
    assert told["library"]["problem"]
    assert told["formats"]["ok"]
    assert "BAD   library" in program.run("doctor").out


def test_a_check_that_breaks_does_not_end_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down() -> None:
        raise KeyError("no such function")

    monkeypatch.setattr(doctor, "database_versions", break_down)
    workspace = Workspace(app_paths(tmp_path))
    told = doctor.DOCTOR.run(workspace, argparse.Namespace())
    workspace.close()
    assert isinstance(told, dict)
    assert told["ok"] is False
    assert told["database"] == {"ok": False, "problem": "KeyError: 'no such function'"}
    assert told["formats"]["ok"]


def test_a_format_without_an_encoder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(Image.SAVE, "AVIF")
    with pytest.raises(OSError, match="AVIF"):
        write_sample(tmp_path / "sample.avif", "avif")


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

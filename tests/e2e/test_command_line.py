"""The whole way on the command line: install, index, search, with the trained test model."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from memoryhunter.cli.app import COMMANDS
from tests.e2e.conftest import MODEL_SOURCE, SHAPES, file_name, paint
from tests.models.captions import plain_phrase
from tests.models.shapes import Language, Query, Scene
from tests.program import Program

COUNTS = ("added", "updated", "moved", "removed", "embedded")


def digest(root: Path) -> dict[Path, str]:
    return {
        path.relative_to(root): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def names(hits: list[dict[str, object]]) -> list[str]:
    return [Path(str(hit["path"])).name for hit in hits]


def test_three_red_circles(program: Program, photos: Path) -> None:
    told = program.ask("index", photos)
    assert (told["photos"], told["added"], told["embedded"], told["failed"]) == (36, 36, 36, 0)
    assert told["seconds"] > 0
    assert told["images_per_second"] > 0
    for query in ("三个红色的圆", "three red circles"):
        hits = program.ask("search", query)
        assert names(hits)[0] == "3-red-circle.jpg"
        assert hits[0]["certain"] is True
        assert set(hits[0]) == {"path", "score", "certain"}
        scores = [hit["score"] for hit in hits]
        assert scores == sorted(scores, reverse=True)
    assert len(program.ask("search", "三个红色的圆", "--limit", "3")) == 3
    assert len(program.ask("search", "三个红色的圆", "--all")) == 36
    assert 0 < len(hits) < 36


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_scene_is_found_by_its_words(
    program: Program, photos: Path, language: Language
) -> None:
    program.ask("index", photos)
    with_words = {
        plain_phrase(Query(each.count, each.colour, each.shape), language): file_name(each)
        for each in SHAPES
    }
    # In one process: what is tested is the model on the way through the program.
    found = subprocess.run(
        [sys.executable, "-c", _SEARCH_MANY, program.home, str(program.model), *with_words],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=100,
    )
    first = json.loads(found.stdout)
    right = sum(first[words] == name for words, name in with_words.items())
    assert right >= 0.95 * len(with_words), {w: first[w] for w in with_words}


_SEARCH_MANY = """
import json, sys
from pathlib import Path
from memoryhunter.config.paths import app_paths
from memoryhunter.domain.query import SearchQuery
from memoryhunter.workspace import Workspace
home, model, *queries = sys.argv[1:]
workspace = Workspace(app_paths(Path(home)), model)
first = {}
with workspace.open_library() as library:
    search = workspace.open_search(library)
    for query in queries:
        hit = search.search(SearchQuery(query))[0]
        first[query] = library.photos.get(hit.photo_id).path.name
workspace.close()
print(json.dumps(first))
"""


def test_the_library_follows_the_folder(program: Program, photos: Path) -> None:
    program.ask("index", photos)
    again = program.ask("index", photos)
    assert [again[each] for each in COUNTS] == [0, 0, 0, 0, 0]

    (photos / "red" / "3-red-circle.jpg").rename(photos / "三个圆.jpg")
    moved = program.ask("index")
    assert [moved[each] for each in COUNTS] == [0, 0, 1, 0, 0]
    assert names(program.ask("search", "三个红色的圆"))[0] == "三个圆.jpg"

    (photos / "三个圆.jpg").unlink()
    gone = program.ask("index")
    assert [gone[each] for each in COUNTS] == [0, 0, 0, 1, 0]
    assert "三个圆.jpg" not in names(program.ask("search", "三个红色的圆", "--all"))


def test_an_unplugged_folder_stays_searchable(
    program: Program, photos: Path, tmp_path: Path
) -> None:
    program.ask("index", photos)
    photos.rename(tmp_path / "unplugged")
    told = program.ask("index")
    assert [told[each] for each in COUNTS] == [0, 0, 0, 0, 0]
    status = program.ask("status")
    assert status["folders"] == [{"path": str(photos), "online": False, "photos": 36}]
    assert (status["photos"], status["embedded"], status["backlog"]) == (36, 36, 0)
    assert names(program.ask("search", "三个红色的圆"))[0] == "3-red-circle.jpg"
    (tmp_path / "unplugged").rename(photos)
    told = program.ask("index")
    assert [told[each] for each in COUNTS] == [0, 0, 0, 0, 0]


def test_pictures_as_queries(program: Program, photos: Path, tmp_path: Path) -> None:
    program.ask("index", photos)
    outside = paint(Scene(2, "blue", "square"), tmp_path / "elsewhere", seed=1)
    for hits in (
        program.ask("similar", outside, "--limit", "4"),
        program.ask("search", "--image", outside, "--limit", "4"),
    ):
        assert "2-blue-square.jpg" in names(hits)[:2]
        assert len(hits) <= 4
    inside = photos / "blue" / "2-blue-square.jpg"
    assert "2-blue-square.jpg" not in names(program.ask("similar", inside))
    assert names(program.ask("search", "--image", inside))[0] == "2-blue-square.jpg"
    combined = program.ask("search", "两个蓝色的正方形", "--image", outside)
    assert names(combined)[0] == "2-blue-square.jpg"


def test_broken_files_never_fail_the_run(program: Program, photos: Path) -> None:
    good = photos / "red" / "1-red-circle.jpg"
    (photos / "cut.jpg").write_bytes(good.read_bytes()[:2000])
    (photos / "text.png").write_text("no picture")
    (photos / "empty.heic").touch()
    before = digest(photos)
    told = program.ask("index", photos)
    assert (told["photos"], told["failed"], told["embedded"]) == (36, 3, 36)
    failures = {Path(each["path"]).name: each for each in program.ask("failures")}
    assert {name: each["reason"] for name, each in failures.items()} == {
        "cut.jpg": "damaged",
        "text.png": "not-a-picture",
        "empty.heic": "empty",
    }
    assert all(set(each) == {"path", "reason", "detail"} for each in failures.values())
    assert program.run("failures").out.count("\n") == 3
    assert digest(photos) == before


def test_nothing_under_the_photo_folder_is_ever_changed(
    program: Program, photos: Path, tmp_path: Path
) -> None:
    before = digest(photos)
    program.ask("index", photos)
    program.ask("search", "三个红色的圆")
    program.ask("similar", photos / "red" / "1-red-circle.jpg")
    program.ask("status")
    program.ask("failures")
    program.ask("doctor")
    program.ask("index")
    assert digest(photos) == before


def test_models_are_listed_chosen_and_verified(tmp_path: Path, shapes_model: Path) -> None:
    program = Program(tmp_path / "home")
    assert not any(each["installed"] for each in program.ask("models"))
    installed = program.ask("models", "install", shapes_model)
    (listed,) = (each for each in program.ask("models", "list") if each["installed"])
    assert {"id", "name", "dimension", "megabytes", "installed", "in_use", "licence"} <= set(listed)
    assert listed["id"] == installed["id"]
    assert listed["in_use"]
    assert program.ask("models", "use", listed["id"])["in_use"]
    assert program.ask("models", "verify", listed["id"])["verified"]
    assert program.ask("status")["model"]["id"] == listed["id"]
    graph = program.home / "models" / listed["id"] / "text.onnx"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)
    outcome = program.run("models", "verify", listed["id"])
    assert outcome.status == 1
    assert "text.onnx" in outcome.err


def test_json_is_one_document_whatever_is_asked(
    tmp_path: Path, shapes_model: Path, photos: Path
) -> None:
    program = Program(tmp_path / "home")
    some = photos / "red" / "1-red-circle.jpg"
    captions = tmp_path / "captions.tsv"
    captions.write_text(f"{some.name}\t一个红色的圆\n", encoding="utf-8")
    installed = program.ask("models", "install", shapes_model)["id"]
    asked: list[tuple[str | Path, ...]] = [
        ("index", photos),
        ("search", "三个红色的圆"),
        ("search", "--image", some, "--limit", "2"),
        ("similar", some),
        ("status",),
        ("failures",),
        ("evaluate", captions, some.parent),
        ("models",),
        ("models", "list"),
        ("models", "install", shapes_model),
        ("models", "use", installed),
        ("models", "verify", installed),
        ("models", "remove", installed, "--yes"),
        ("doctor",),
    ]
    assert {words[0] for words in asked} == {command.name for command in COMMANDS}
    for words in asked:
        assert isinstance(program.ask(*words), dict | list), words  # parses all of stdout


@pytest.fixture
def installed(tmp_path: Path, shapes_model: Path) -> tuple[Program, Path]:
    """Give a program whose model was installed and chosen, and the folder of the model."""
    program = Program(tmp_path / "home")
    model = program.ask("models", "install", shapes_model)["id"]
    return program, program.home / "models" / model


def test_a_damaged_model_is_told_and_the_rest_works(
    installed: tuple[Program, Path], photos: Path
) -> None:
    program, model = installed
    program.ask("index", photos)
    graph = model / "image.onnx"
    whole = graph.read_bytes()
    graph.write_bytes(whole[: len(whole) // 2])
    queries: list[tuple[str | Path, ...]] = [
        ("search", "三个红色的圆"),
        ("similar", photos / "red" / "1-red-circle.jpg"),
    ]
    for words in queries:
        outcome = program.run(*words)
        assert (outcome.status, outcome.out) == (1, "")
        assert f"The model {model.name} is damaged" in outcome.err
        assert "image.onnx" in outcome.err
        assert outcome.err.count("\n") == 1
    for command in ("index", "status", "models"):
        outcome = program.run(command, "--json")
        assert outcome.status == 0, outcome.err
        assert "image.onnx" in outcome.err
    status = program.ask("status")
    assert (status["model"], status["photos"]) == (None, 36)
    (damaged,) = (each for each in program.ask("models") if each["id"] == model.name)
    assert not damaged["installed"]
    assert "image.onnx" in damaged["problem"]
    assert "image.onnx" in program.ask("doctor")["model"]["problem"]
    graph.write_bytes(whole)
    assert program.ask("status")["embedded"] == 36
    assert program.ask("search", "三个红色的圆")


def test_a_damaged_image_graph_of_the_right_size(
    installed: tuple[Program, Path], photos: Path
) -> None:
    program, model = installed
    graph = model / "image.onnx"
    graph.write_bytes(b"\xff" * graph.stat().st_size)
    outcome = program.run("search", "--image", photos / "red" / "1-red-circle.jpg")
    assert (outcome.status, outcome.out) == (1, "")
    assert f"The model {model.name} is damaged" in outcome.err
    assert "image.onnx" in outcome.err


def test_a_model_that_was_removed(installed: tuple[Program, Path], photos: Path) -> None:
    program, model = installed
    shutil.rmtree(model)
    outcome = program.run("search", "三个红色的圆")
    assert outcome.status == 1
    assert model.name in outcome.err
    told = program.ask("index", photos)
    assert (told["photos"], told["embedded"]) == (36, 0)
    assert program.ask("status")["model"] is None


def test_the_only_model_is_used_when_none_is_chosen(installed: tuple[Program, Path]) -> None:
    program, model = installed
    (program.home / "settings.json").unlink()
    assert program.ask("status")["model"]["id"] == model.name


def test_a_model_asked_for_that_is_not_there_stops_the_run(tmp_path: Path, photos: Path) -> None:
    outcome = Program(tmp_path / "home", Path("nothing")).run("index", photos)
    assert outcome.status == 1
    assert "nothing" in outcome.err
    assert Program(tmp_path / "home").ask("status")["folders"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_interrupting_an_installation_leaves_nothing(tmp_path: Path, name: str) -> None:
    program = Program(tmp_path / "home")
    running = subprocess.Popen(
        program.command("models", "install", MODEL_SOURCE),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    models = program.home / "models"
    while running.poll() is None and not list(models.glob(".partial-*")):
        time.sleep(0.02)
    # As Ctrl-C in a terminal does, and closing it.
    os.killpg(running.pid, signal.Signals[name])
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (1, b""), err
    # Nothing was downloaded either, so nothing is said of that.
    assert err.splitlines()[-1] == b"memoryhunter: Stopped. Nothing was installed."
    assert b"Traceback" not in err
    assert [each.name for each in models.iterdir() if each.name != ".install.lock"] == []


def test_interrupting_the_indexer_loses_nothing(program: Program, photos: Path) -> None:
    for number in range(400):
        shutil.copyfile(photos / "red" / "1-red-circle.jpg", photos / f"{number}.jpg")
        with (photos / f"{number}.jpg").open("ab") as file:
            file.write(b"%d" % number)  # another content, the same picture
    running = subprocess.Popen(
        program.command("index", photos), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    thumbnails = program.home / "cache" / "thumbnails"
    while running.poll() is None and sum(1 for _ in thumbnails.rglob("*.jpg")) < 20:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _out, err = running.communicate(timeout=60)
    assert running.returncode == 1, err
    assert err.count(b"\n") == 1, err
    assert b"Stopped." in err
    told = program.ask("index")
    assert told["photos"] == 436
    assert program.ask("status")["embedded"] == 436


def test_a_second_indexer_says_so(program: Program, photos: Path) -> None:
    hold = subprocess.Popen(
        [sys.executable, "-c", _HOLD_THE_LOCK, str(program.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert hold.stdout is not None
    assert hold.stdout.readline() == b"held\n"
    outcome = program.run("index", photos)
    hold.communicate(b"\n", timeout=20)
    assert outcome.status == 1
    assert "Another MemoryHunter" in outcome.err


_HOLD_THE_LOCK = """
import sys
from pathlib import Path
from memoryhunter.config.paths import app_paths
from memoryhunter.workspace import Workspace
workspace = Workspace(app_paths(Path(sys.argv[1])))
workspace.lock_for_writing()
print("held", flush=True)
sys.stdin.readline()
"""


def test_the_home_can_be_given_by_the_environment(
    photos: Path, tmp_path: Path, shapes_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEMORYHUNTER_HOME", str(tmp_path / "elsewhere"))
    told = subprocess.run(
        [sys.executable, "-m", "memoryhunter", "--model", shapes_model, "index", photos, "--json"],
        capture_output=True,
        check=True,
        timeout=100,
    )
    assert json.loads(told.stdout)["photos"] == 36
    assert (tmp_path / "elsewhere" / "library.db").exists()


def test_the_trained_folder_is_what_a_hub_gives() -> None:
    assert {each.name for each in MODEL_SOURCE.iterdir()} >= {
        "config.json",
        "preprocessor_config.json",
        "vocab.txt",
        "model.safetensors",
    }

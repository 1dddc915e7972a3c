"""The model that comes with the program: in use at once, and whenever the chosen one is no good."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from memoryhunter.config.paths import app_paths
from memoryhunter.config.resources import BUILT_IN_VARIABLE
from memoryhunter.domain.errors import UserError
from memoryhunter.domain.progress import Phase, Progress
from memoryhunter.domain.query import SearchQuery
from memoryhunter.model_shelf import WantedModel
from memoryhunter.workspace import Workspace
from tests.e2e.test_command_line import names
from tests.program import Program

PHOTOS = 36
QUESTION = "三个红色的圆"


def put_package(folder: Path, model: Path) -> Path:
    """Put a copy of a package into a folder, as a model of its own."""
    shutil.copytree(model, folder)
    manifest = folder / "model.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(facts | {"id": folder.name, "name": folder.name}), "utf-8")
    return folder


@pytest.fixture
def fresh(tmp_path: Path, shapes_model: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Give a program that came with a model, and a fresh home."""
    monkeypatch.setenv(BUILT_IN_VARIABLE, str(tmp_path / "built-in"))
    put_package(tmp_path / "built-in" / "quick", shapes_model)
    return Program(tmp_path / "home")


def test_photos_are_found_with_no_other_step(fresh: Program, photos: Path) -> None:
    assert fresh.ask("index", photos)["embedded"] == PHOTOS
    assert names(fresh.ask("search", QUESTION))[0] == "3-red-circle.jpg"
    assert fresh.ask("status")["model"]["id"] == "quick"
    (entry,) = [each for each in fresh.ask("models") if each["installed"]]
    assert (entry["id"], entry["built_in"], entry["in_use"]) == ("quick", True, True)
    assert not (fresh.home / "settings.json").exists()


def test_a_build_without_it_says_so(tmp_path: Path, photos: Path) -> None:
    without = Program(tmp_path / "home")
    assert "No model is in use" in without.run("index", photos).err
    assert "No model is installed" in without.run("search", QUESTION).err


def test_an_installed_model_takes_over_when_it_has_seen_every_photo(
    fresh: Program, photos: Path, tmp_path: Path, shapes_model: Path
) -> None:
    fresh.ask("index", photos)
    stick = put_package(tmp_path / "stick" / "full", shapes_model)
    assert fresh.ask("models", "install", stick)["in_use"]
    status = fresh.ask("status")
    assert (status["model"]["id"], status["searching_with"]) == ("full", "quick")
    assert names(fresh.ask("search", QUESTION))[0] == "3-red-circle.jpg"
    told = fresh.run("status").out
    assert "full has seen 0 of 36 photos; until then quick answers searches" in told
    assert fresh.ask("index")["embedded"] == PHOTOS
    assert fresh.ask("status")["searching_with"] == "full"


@pytest.mark.parametrize("damage", ["missing", "cut short", "overwritten"])
def test_it_answers_for_a_chosen_model_that_is_no_good(
    fresh: Program, photos: Path, tmp_path: Path, shapes_model: Path, damage: str
) -> None:
    fresh.ask("index", photos)
    fresh.ask("models", "install", put_package(tmp_path / "stick" / "full", shapes_model))
    fresh.ask("index")
    folder = fresh.home / "models" / "full"
    graph = folder / "text.onnx"
    if damage == "missing":
        shutil.rmtree(folder)
    elif damage == "cut short":
        graph.write_bytes(graph.read_bytes()[:-1])
    else:
        graph.write_bytes(bytes(graph.stat().st_size))  # so only running it tells
    outcome = fresh.run("search", QUESTION, "--json")
    assert outcome.status == 0
    assert names(outcome.json)[0] == "3-red-circle.jpg"
    assert "full" in outcome.err
    assert "'quick' (quick) takes its place" in outcome.err
    # Whoever names a model means that one.
    assert fresh.run("--model", "full", "search", QUESTION).status == 1
    if damage != "overwritten":
        assert fresh.ask("status")["model"]["id"] == "quick"
        assert "takes its place" in fresh.run("index").err


def test_it_understands_photos_where_only_running_the_chosen_one_shows_its_damage(
    fresh: Program, photos: Path, tmp_path: Path, shapes_model: Path
) -> None:
    fresh.ask("index", photos / "red")
    fresh.ask("models", "install", put_package(tmp_path / "stick" / "full", shapes_model))
    fresh.ask("index")
    graph = fresh.home / "models" / "full" / "image.onnx"
    graph.write_bytes(bytes(graph.stat().st_size))
    # Whoever names a model means that one.
    named = fresh.run("--model", "full", "index", photos / "blue")
    assert (named.status, named.out) == (1, "")
    known = fresh.ask("status")["photos"]  # it ended somewhere in between
    outcome = fresh.run("index", photos / "green", "--json")
    assert outcome.status == 0, outcome.err
    assert outcome.err.count("'quick' (quick) takes its place") == 1
    did = outcome.json
    assert (did["photos"], did["added"], did["embedded"]) == (PHOTOS, PHOTOS - known, 24)
    assert names(fresh.ask("search", "三个绿色的圆"))[0] == "3-green-circle.jpg"


def test_the_lane_changes_over_without_a_restart_and_back(
    fresh: Program, photos: Path, tmp_path: Path, shapes_model: Path
) -> None:
    stick = put_package(tmp_path / "stick" / "full", shapes_model)
    workspace = Workspace(app_paths(fresh.home))
    idle, errors = threading.Semaphore(0), list[UserError]()
    progress: list[Progress] = []

    def on_progress(told: Progress) -> None:
        progress.append(told)
        if told.phase is Phase.IDLE:
            idle.release()

    lane = workspace.open_indexing(
        on_progress=on_progress, on_change=lambda _change: None, on_error=errors.append
    )
    query = SearchQuery(QUESTION, everything=True)
    with workspace.open_library() as library:
        search, serving = workspace.open_search(library), workspace.serving(library)

        def answers() -> str:
            assert len(search.search(query)) == PHOTOS
            package = serving.package()
            assert package is not None
            return package.id

        lane.start()
        lane.add_folders([photos])
        wait_for(idle, lambda: workspace.understood_by("quick") == PHOTOS)
        assert answers() == "quick"
        lane.pause()
        workspace.shelf.install(WantedModel(path=stick))
        assert answers() == "quick"  # until it has been seen by the other
        lane.resume()
        wait_for(idle, lambda: workspace.understood_by("full") == PHOTOS)
        assert answers() == "full"
        changing = [each for each in progress if each.serving is not None]
        assert {each.serving.name for each in changing if each.serving} == {"quick"}
        assert {each.photos for each in changing} == {PHOTOS}
        workspace.shelf.remove("full")
        assert answers() == "quick"
        wait_for(idle, lambda: workspace.understood_by("full") == 0)
    assert lane.stop(30)
    assert errors == []
    workspace.close()


def wait_for(idle: threading.Semaphore, condition: Callable[[], bool]) -> None:
    """Wait until the lane comes to rest and the condition holds."""
    while not condition():
        assert idle.acquire(timeout=60)


def test_choosing_it_is_no_choice_against_one_that_is_installed_later(
    fresh: Program, tmp_path: Path, shapes_model: Path
) -> None:
    assert fresh.ask("models", "use", "quick")["in_use"]
    stick = put_package(tmp_path / "stick" / "full", shapes_model)
    assert fresh.ask("models", "install", stick)["in_use"]
    assert fresh.ask("models", "use", "quick")["in_use"]  # this is a choice: another one is there


@pytest.mark.parametrize("damage", ["cut short", "overwritten"])
def test_photos_are_listed_where_the_only_model_is_damaged(
    fresh: Program, photos: Path, tmp_path: Path, damage: str
) -> None:
    graph = tmp_path / "built-in" / "quick" / "image.onnx"
    size = graph.stat().st_size
    graph.write_bytes(bytes(size if damage == "overwritten" else size // 2))
    outcome = fresh.run("index", photos, "--json")
    assert outcome.status == 0, outcome.err
    assert (outcome.json["photos"], outcome.json["embedded"]) == (PHOTOS, 0)
    assert outcome.err.count("Install MemoryHunter again, or another model with") == 1
    assert "photos are listed" in outcome.err
    assert "ONNXRuntime" not in outcome.err
    assert "quick comes with the program" in fresh.run("models", "install", "quick").err

"""Changing the model: searches go on with the old one until the new one knows every photo."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memoryhunter.config.paths import app_paths
from memoryhunter.config.settings import Settings, save_settings
from memoryhunter.domain.photo import FolderId
from memoryhunter.domain.progress import ModelName, Phase, Progress
from memoryhunter.domain.query import SearchQuery
from memoryhunter.engine.threads import Threads
from memoryhunter.engine.tuning_file import TuningFile
from memoryhunter.gui.application import services_of
from memoryhunter.indexing.control import Control, Stopped
from memoryhunter.indexing.survey import Scope
from memoryhunter.library.library import Library
from memoryhunter.media.workers import MediaPool
from memoryhunter.workspace import Workspace
from tests.e2e.conftest import SHAPES, paint
from tests.e2e.test_command_line import names
from tests.program import Program

PHOTOS = 36


def put_model(program: Program, model: Path, name: str) -> Path:
    """Put a copy of a package into a home, as a model of its own."""
    folder = program.home / "models" / name
    shutil.copytree(model, folder)
    manifest = folder / "model.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(facts | {"id": name, "name": f"The {name} model"}), "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, shapes_model: Path, photos: Path) -> Program:
    """Give a home whose photos the old model knows, and where the new one has been chosen."""
    program = Program(tmp_path / "home")
    for name in ("old", "new"):
        put_model(program, shapes_model, name)
    choose(program, "old")
    assert program.ask("index", photos)["embedded"] == PHOTOS
    choose(program, "new")
    return program


def choose(program: Program, model: str) -> None:
    save_settings(app_paths(program.home).settings, Settings(model=model))


@pytest.fixture
def workspace(home: Program) -> Iterator[Workspace]:
    opened = Workspace(app_paths(home.home))
    yield opened
    opened.close()


def understand(workspace: Workspace, least: int) -> int:
    """Let the chosen model understand at least so many photos, and stop."""
    control = Control()

    def on_progress(progress: Progress) -> None:
        if progress.phase is Phase.READING and progress.done >= least + 8:
            control.stop()

    with workspace.open_library() as library, MediaPool(workers=1) as media:
        indexer = workspace.open_indexer(
            library,
            media,
            workspace.embedder(),
            control=control,
            on_progress=on_progress,
            on_change=lambda _change: None,
        )
        with pytest.raises(Stopped):
            indexer.run([Scope(FolderId(each)) for each in library.folders.paths()])
        return count(workspace, library)


def count(workspace: Workspace, library: Library) -> int:
    package = workspace.package()
    assert package is not None
    vectors = library.find_vectors(package.fingerprint)
    return 0 if vectors is None else vectors.count()


def test_the_command_line_searches_with_the_old_model_meanwhile(
    home: Program, photos: Path
) -> None:
    status = home.ask("status")
    assert (status["model"]["id"], status["searching_with"]) == ("new", "old")
    assert (status["embedded"], status["backlog"]) == (0, PHOTOS)
    assert "new has seen 0 of 36 photos; until then old answers searches" in home.run("status").out
    assert len(home.ask("search", "三个红色的圆", "--all")) == PHOTOS
    red = photos / "red" / "3-red-circle.jpg"
    assert home.ask("similar", red)
    # Whoever names a model means that one.
    assert home.ask("--model", "new", "search", "三个红色的圆", "--all") == []
    assert home.ask("--model", "new", "status")["searching_with"] == "new"

    assert home.ask("index")["embedded"] == PHOTOS
    status = home.ask("status")
    assert (status["searching_with"], status["backlog"]) == ("new", 0)
    assert "until then" not in home.run("status").out
    assert names(home.ask("search", "三个红色的圆"))[0] == "3-red-circle.jpg"


def test_removing_the_model_that_answers_meanwhile_says_so(home: Program) -> None:
    told = (
        "Remove The old model? It still answers searches, until The new model has seen every"
        " photo; without it, some photos may not be found until then. Its understanding of"
    )
    assert told in home.run("models", "remove", "old").err
    assert "answers searches" not in home.run("models", "remove", "new").err
    home.ask("index")
    assert "answers searches" not in home.run("models", "remove", "old").err


def test_the_window_knows_which_model_answers_meanwhile(workspace: Workspace) -> None:
    entries = services_of(workspace).models.entries()
    assert [entry.id for entry in entries if entry.answers] == ["old"]
    workspace.shelf.use("old")
    entries = services_of(workspace).models.entries()
    assert [entry.id for entry in entries if entry.in_use] == ["old"]
    assert not any(entry.answers for entry in entries)


def test_the_next_search_is_the_new_models_once_it_knows_all(workspace: Workspace) -> None:
    with workspace.open_library() as library:
        search = workspace.open_search(library)
        embedder = search._embedder
        query = SearchQuery("三个红色的圆", everything=True)
        known = understand(workspace, least=8)
        assert 0 < known < PHOTOS
        assert len(search.search(query)) == PHOTOS
        old = embedder()
        assert old is not None
        assert old.package.id == "old"
        assert old._image._made is None  # type: ignore[attr-defined]  # words need no picture side
        with MediaPool(workers=1) as media:
            indexer = workspace.open_indexer(
                library,
                media,
                workspace.embedder(),
                control=Control(),
                on_progress=lambda _progress: None,
                on_change=lambda _change: None,
            )
            indexer.run([Scope(each) for each in library.folders.paths()])
        assert len(search.search(query)) == PHOTOS
        new = embedder()
        assert new is workspace.embedder()  # one for both uses
        assert new is not None
        assert new.package.id == "new"
        assert old._text._made is None  # type: ignore[attr-defined]  # the old one was let go


def test_an_old_model_that_is_gone_or_damaged_answers_no_more(
    home: Program, workspace: Workspace
) -> None:
    folder = home.home / "models" / "old"
    known = understand(workspace, least=8)
    graph = folder / "text.onnx"
    whole = graph.read_bytes()
    query = SearchQuery("三个红色的圆", everything=True)
    with workspace.open_library() as library:
        graph.write_bytes(bytes(len(whole)))  # of the right size, so only running it tells
        assert len(workspace.open_search(library).search(query)) == known
        graph.write_bytes(whole)
        search = workspace.open_search(library)
        assert len(search.search(query)) == PHOTOS
        shutil.rmtree(folder)
        assert len(search.search(query)) == known


def test_progress_says_which_models_are_at_work(workspace: Workspace) -> None:
    told: list[Progress] = []
    done = threading.Event()

    def on_progress(progress: Progress) -> None:
        told.append(progress)
        if progress.phase is Phase.IDLE:
            done.set()

    lane = workspace.open_indexing(
        on_progress=on_progress, on_change=lambda _change: None, on_error=lambda _error: None
    )
    lane.start()
    assert done.wait(60)
    assert lane.stop(30)
    assert {each.model.name for each in told if each.model} == {"The new model"}
    assert all(each.model for each in told)
    reading = [each.serving for each in told if each.phase is Phase.READING]
    assert reading[0] == ModelName("The old model")
    assert {each.photos for each in told if each.serving} == {PHOTOS}
    assert told[-1].serving is None


def test_an_unplugged_drive_stays_searchable_and_new_photos_are_found(
    home: Program, photos: Path, tmp_path: Path
) -> None:
    drive = photos.rename(tmp_path / "unplugged")
    more = tmp_path / "more"
    for scene in SHAPES[:3]:
        paint(scene, more, seed=1)
    assert home.ask("index", more)["embedded"] == 3
    status = home.ask("status")
    assert (status["searching_with"], status["embedded"]) == ("old", 3)
    assert (status["backlog"], status["backlog_offline"]) == (PHOTOS, PHOTOS)
    told = home.run("status").out
    assert "36 of those waiting are in folders that are not connected" in told
    found = {Path(each["path"]) for each in home.ask("search", "三个红色的圆", "--all")}
    assert len(found) == PHOTOS + 3
    assert {*more.iterdir()} < found

    paint(SHAPES[3], more, seed=1)  # also one that comes later
    assert home.ask("index")["embedded"] == 1
    assert len(home.ask("search", "三个红色的圆", "--all")) == PHOTOS + 4

    drive.rename(photos)
    assert home.ask("index")["embedded"] == PHOTOS
    status = home.ask("status")
    assert (status["searching_with"], status["backlog"]) == ("new", 0)
    assert "not connected" not in home.run("status").out
    assert len(home.ask("search", "三个红色的圆", "--all")) == PHOTOS + 4


def test_a_measurement_beside_another_program_is_not_kept(program: Program) -> None:
    indexing = Workspace(app_paths(program.home))
    indexing.lock_for_writing()
    outcome = program.run("doctor")
    assert "not kept: MemoryHunter is indexing" in outcome.out
    assert not indexing.paths.tuning.exists()
    indexing.close()


def test_a_measurement_is_kept_and_made_again(program: Program, shapes_model: Path) -> None:
    file = shapes_model.parent.parent / "tuning.json"
    assert len(json.loads(file.read_text(encoding="utf-8"))["tunings"]) == 1  # by installing it
    told = program.ask("doctor")["model"]["speed"]
    assert told["images_per_second"] > 0
    assert told["text_ms"] > 0
    (entry,) = json.loads((program.home / "tuning.json").read_text(encoding="utf-8"))["tunings"]
    assert entry["threads"]["side_by_side"] == told["side_by_side"]
    (program.home / "tuning.json").write_bytes(b"{")
    outcome = program.run("doctor")
    assert "photos a second with" in outcome.out
    assert "Processor: " in outcome.out


def test_the_measurement_decides_about_threads(tmp_path: Path, shapes_model: Path) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"), str(shapes_model))
    package = workspace.package()
    assert package is not None
    first = workspace.embedder()
    tuning, kept = workspace.tune(package)
    assert kept
    assert workspace.embedder() is not first  # that one had the usual threads
    threads = Threads(side_by_side=3, per_picture=1, per_text=1)
    TuningFile(workspace.paths.tuning).save(replace(tuning, threads=threads))
    workspace.close()
    embedder = workspace.embedder()
    assert embedder is not None
    assert embedder._side_by_side == 3  # type: ignore[attr-defined]

    workspace.paths.tuning.unlink()
    workspace.paths.tuning.mkdir()  # as if it could not be written
    tuning, kept = workspace.tune(package)
    assert tuning.images_per_second > 0
    assert not kept
    workspace.close()

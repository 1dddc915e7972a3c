"""Which model is in use, what is asked of the disk for it, and who holds the lock."""

import json
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from memoryhunter import models_at_work
from memoryhunter.config.paths import app_paths
from memoryhunter.config.resources import BUILT_IN_VARIABLE
from memoryhunter.config.settings import Settings
from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.packages import NEEDED_FILES, ModelPackage, write_manifest
from memoryhunter.engine.store import ModelStore
from memoryhunter.library.library import Library
from memoryhunter.model_shelf import WantedModel
from memoryhunter.removed_models import RemovedModels
from memoryhunter.workspace import Workspace
from tests.builders import add_folder, add_photo
from tests.fakes import ColourEmbedder

FACTS = {
    "name": "Model",
    "architecture": "chinese_clip",
    "dimension": 8,
    "image": {"size": 16, "resize": "squash", "mean": [0.5, 0.5, 0.5], "std": [0.2, 0.2, 0.2]},
    "text": {"max_tokens": 12},
    "precision": "int8",
    "agreement": {},
    "licence": "MIT",
    "source": "somebody/model",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(app_paths(tmp_path / "home"))


def put_model(workspace: Workspace, model: str) -> Path:
    return put_package(workspace.paths.models / model)


def put_package(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in NEEDED_FILES:
        (folder / name).write_bytes(f"{folder.name} {name}".encode())
    write_manifest(folder, FACTS | {"id": folder.name}, NEEDED_FILES)
    return folder


def in_use(workspace: Workspace) -> str | None:
    package = workspace.package()
    return package.id if package is not None else None


def problem(workspace: Workspace) -> ErrorCode:
    with pytest.raises(UserError) as caught:
        workspace.package()
    return caught.value.code


def choose(workspace: Workspace, model: str | None) -> None:
    workspace.save_settings(replace(Settings(), model=model))


def test_the_model_in_use_follows_what_is_installed_and_chosen(workspace: Workspace) -> None:
    assert in_use(workspace) is None
    first = put_model(workspace, "first")
    assert in_use(workspace) == "first"  # the only one
    put_model(workspace, "second")
    assert in_use(workspace) is None
    choose(workspace, "second")
    assert in_use(workspace) == "second"
    choose(workspace, "first")
    assert in_use(workspace) == "first"
    shutil.rmtree(workspace.paths.models / "second")
    (first / "text.onnx").unlink()
    assert problem(workspace) is ErrorCode.MODEL_DAMAGED
    shutil.rmtree(first)
    assert problem(workspace) is ErrorCode.MODEL_UNKNOWN
    choose(workspace, None)
    assert in_use(workspace) is None
    workspace.close()


def test_a_model_that_is_damaged_is_not_taken_for_none(workspace: Workspace) -> None:
    folder = put_model(workspace, "only")
    workspace._in_use.note_damage(UserError(ErrorCode.MODEL_DAMAGED, model="only", detail="x"))
    assert problem(workspace) is ErrorCode.MODEL_DAMAGED  # as running it showed
    (folder / "text.onnx").unlink()
    assert problem(workspace) is ErrorCode.MODEL_DAMAGED  # as its files show
    shutil.rmtree(folder)
    assert in_use(workspace) is None
    workspace.close()


def test_a_keystroke_reads_no_manifest(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put_model(workspace, "model")
    choose(workspace, "model")
    read = []
    parse = json.loads

    def loads(text: str) -> object:
        read.append(text)
        return parse(text)

    monkeypatch.setattr(json, "loads", loads)
    for _ in range(10):
        assert in_use(workspace) == "model"
    assert len(read) == 2  # the settings and the manifest, once
    (folder / "image.onnx").unlink()
    read.clear()
    for _ in range(10):
        assert problem(workspace) is ErrorCode.MODEL_DAMAGED
    assert len(read) == 3  # and the manifest again, to see whether another could do
    workspace.close()


def test_a_models_folder_that_cannot_be_listed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert problem(workspace) is ErrorCode.HOME_UNUSABLE
    workspace.close()


def test_the_device_is_told_without_starting_anything(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEMORYHUNTER_DEVICE", "torch-cpu")
    assert workspace.device().name == "PyTorch on the processor"  # as far as is known
    put_model(workspace, "model")
    device = workspace.device()
    assert device.name.startswith("CPU: ")
    assert device.reason.endswith("this model has no weights for graphics cards")
    shutil.rmtree(workspace.paths.models / "model")
    choose(workspace, "gone")
    assert workspace.device().name == "PyTorch on the processor"
    workspace.close()


def test_the_settings_choose_the_device(workspace: Workspace) -> None:
    put_model(workspace, "model")
    workspace.save_settings(Settings(device="cpu"))
    assert "the settings ask for it" in workspace.device().reason
    workspace.close()


def test_a_model_is_unloaded_before_its_files_are_moved(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put_model(workspace, "model")
    embedder = workspace.embedder()
    unloaded = []
    monkeypatch.setattr(type(embedder), "unload", lambda _: unloaded.append(folder.exists()))
    workspace.shelf.remove("model")
    assert unloaded == [True]
    assert not folder.exists()


def test_a_damaged_model_does_not_end_the_lane(workspace: Workspace, tmp_path: Path) -> None:
    (put_model(workspace, "model") / "image.onnx").unlink()
    choose(workspace, "model")
    told: list[ErrorCode] = []
    changed = threading.Event()
    lane = workspace.open_indexing(
        on_progress=lambda _progress: None,
        on_change=lambda _change: changed.set(),
        on_error=lambda error: told.append(error.code),
    )
    lane.start()
    lane.add_folders([tmp_path])
    assert changed.wait(30)
    assert lane.stop(30)
    assert told == [ErrorCode.MODEL_DAMAGED]
    workspace.close()


def test_stopping_the_lane_ends_what_it_waits_for(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, closed = threading.Event(), threading.Event()

    class Hanging(ColourEmbedder):
        def embed_images(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
            at_work.set()
            assert closed.wait(30)
            raise UserError(ErrorCode.INDEXING_INTERRUPTED, detail="closed")

        def close(self) -> None:
            closed.set()

    def open_hanging(package: ModelPackage, *_how: object) -> Hanging:
        embedder = Hanging()
        embedder.package = package
        return embedder

    monkeypatch.setattr(models_at_work, "open_embedder", open_hanging)
    put_model(workspace, "model")
    photos = tmp_path / "photos"
    photos.mkdir()
    Image.new("RGB", (40, 30)).save(photos / "a.png")
    told: list[UserError] = []
    lane = workspace.open_indexing(
        on_progress=lambda _progress: None, on_change=lambda _change: None, on_error=told.append
    )
    lane.start()
    lane.add_folders([photos])
    assert at_work.wait(30)
    assert lane.stop(20)
    assert told == []
    workspace.close()


def test_the_lock_stays_with_a_lane_that_did_not_stop(workspace: Workspace, tmp_path: Path) -> None:
    writing, go_on = threading.Event(), threading.Event()

    def take_long(_change: LibraryChange) -> None:
        writing.set()
        go_on.wait(30)

    lane = workspace.open_indexing(
        on_progress=lambda _progress: None, on_change=take_long, on_error=lambda _error: None
    )
    lane.start()
    lane.add_folders([tmp_path])
    assert writing.wait(30)
    assert not lane.stop(0.01)
    workspace.close()
    other = Workspace(workspace.paths)
    with pytest.raises(UserError) as caught:
        other.lock_for_writing()
    assert caught.value.code is ErrorCode.LIBRARY_BUSY_INDEXING
    go_on.set()
    assert lane.stop(30)
    other.lock_for_writing()
    other.close()


def test_a_command_gives_its_lock_back(workspace: Workspace) -> None:
    workspace.lock_for_writing()
    workspace.close()
    other = Workspace(workspace.paths)
    other.lock_for_writing()
    other.close()


def test_a_lock_that_cannot_be_made(workspace: Workspace) -> None:
    workspace.paths.index_lock.mkdir()
    with pytest.raises(UserError) as caught:
        workspace.lock_for_writing()
    assert caught.value.code is ErrorCode.HOME_UNUSABLE
    workspace.close()


@pytest.fixture
def built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of the models that came with the program, with one in it."""
    folder = tmp_path / "built-in"
    monkeypatch.setenv(BUILT_IN_VARIABLE, str(folder))
    put_package(folder / "quick")
    return folder


def test_the_built_in_model_is_in_use_until_another_is(built_in: Path, tmp_path: Path) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"))
    assert in_use(workspace) == "quick"
    assert not workspace.paths.settings.exists()  # nobody has chosen anything
    put_model(workspace, "downloaded")
    assert in_use(workspace) == "downloaded"  # the only one that is the person's own
    put_model(workspace, "another")
    assert in_use(workspace) == "quick"
    choose(workspace, "another")
    assert in_use(workspace) == "another"
    choose(workspace, "quick")
    assert in_use(workspace) == "quick"
    assert workspace.trouble() is None
    workspace.close()


def test_installing_takes_over_from_a_built_in_model_nobody_chose(
    built_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"))
    monkeypatch.setattr(workspace.shelf, "_try_out", lambda *_how: None)  # there is no real graph
    put_package(tmp_path / "stick" / "downloaded")
    put_package(tmp_path / "stick" / "another")
    workspace.shelf.install(WantedModel(path=tmp_path / "stick" / "downloaded"))
    assert in_use(workspace) == "downloaded"
    workspace.shelf.remove("downloaded")
    assert in_use(workspace) == "quick"
    choose(workspace, "quick")
    workspace.shelf.install(WantedModel(path=tmp_path / "stick" / "another"))
    assert in_use(workspace) == "quick"  # which was chosen
    workspace.close()


def test_another_model_works_in_place_of_one_that_is_no_good(
    built_in: Path, tmp_path: Path
) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"))
    folder = put_model(workspace, "chosen")
    choose(workspace, "chosen")
    assert workspace.trouble() is None
    (folder / "text.onnx").unlink()
    assert in_use(workspace) == "quick"
    trouble = workspace.trouble()
    assert trouble is not None
    assert trouble.code is ErrorCode.MODEL_DAMAGED
    shutil.rmtree(folder)
    assert in_use(workspace) == "quick"
    trouble = workspace.trouble()
    assert trouble is not None
    assert trouble.code is ErrorCode.MODEL_UNKNOWN
    named = Workspace(workspace.paths, "chosen")
    assert problem(named) is ErrorCode.MODEL_UNKNOWN  # whoever names a model means that one
    assert named.trouble() is None
    put_model(workspace, "chosen")
    assert in_use(workspace) == "chosen"
    for each in (workspace, named):
        each.close()


def test_of_several_the_one_that_knows_most_takes_the_place(built_in: Path, tmp_path: Path) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"))
    shutil.rmtree(put_model(workspace, "chosen"))
    choose(workspace, "chosen")
    put_model(workspace, "fuller")
    other = workspace.models.find_installed("fuller")
    with workspace.open_library() as library:
        photo = add_photo(library, add_folder(library, tmp_path), "a.jpg", content_hash="a")
        vectors = library.vectors(other.fingerprint, other.id, other.dimension)
        with library.write():
            vectors.store([(photo, "a")], np.eye(1, 8, dtype=np.float32))
    assert in_use(workspace) == "fuller"
    workspace.close()


def test_damage_that_running_finds_lasts_until_the_models_change(
    built_in: Path, tmp_path: Path
) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"))
    folder = put_model(workspace, "chosen")
    choose(workspace, "chosen")
    workspace._in_use.note_damage(UserError(ErrorCode.MODEL_DAMAGED, model="chosen", detail="x"))
    assert in_use(workspace) == "quick"
    assert workspace.trouble() is not None
    (folder / "installed again").touch()
    assert in_use(workspace) == "chosen"
    assert workspace.trouble() is None
    workspace.close()


def understand(workspace: Workspace, model: str, photos: int) -> str:
    """Let a model have understood some photos; give its fingerprint."""
    package = workspace.models.find_installed(model)
    with workspace.open_library() as library:
        folder = add_folder(library, workspace.paths.data / f"photos of {model}")
        vectors = library.vectors(package.fingerprint, package.id, package.dimension)
        for number in range(photos):
            name = f"{number}.jpg"
            photo = add_photo(library, folder, name, content_hash=name)
            with library.write():
                vectors.store([(photo, name)], np.eye(1, 8, dtype=np.float32))
    return package.fingerprint


def is_known(workspace: Workspace, fingerprint: str) -> bool:
    with workspace.open_library() as library:
        return library.find_vectors(fingerprint) is not None


def test_removing_a_model_forgets_what_it_understood(workspace: Workspace) -> None:
    assert workspace.understood_by("model") == 0
    assert not workspace.paths.database.exists()
    put_model(workspace, "model")
    fingerprint = understand(workspace, "model", 3)
    assert workspace.understood_by("model") == 3
    workspace.shelf.remove("model")
    assert workspace.understood_by("model") == 0
    assert not is_known(workspace, fingerprint)
    workspace.lock_for_writing()  # nobody holds it any more
    workspace.close()


def test_what_is_not_removed_is_not_forgotten(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_model(workspace, "model")
    fingerprint = understand(workspace, "model", 3)

    def refuse(model: str, _release: object) -> None:
        raise UserError(ErrorCode.MODEL_NOT_REMOVED, model=model, detail="in use")

    monkeypatch.setattr(workspace.models, "remove", refuse)
    with pytest.raises(UserError):
        workspace.shelf.remove("model")
    with workspace.open_library() as library:
        assert library.models.given_up(()) == []
    assert is_known(workspace, fingerprint)
    workspace.close()


def test_a_program_that_ended_in_between_forgets_when_it_starts(workspace: Workspace) -> None:
    folder = put_model(workspace, "model")
    put_model(workspace, "other")
    fingerprint, other = understand(workspace, "model", 3), understand(workspace, "other", 0)
    with workspace.open_library() as library, library.write():
        library.models.give_up("model")
        library.models.give_up("other")  # but its files did not go
    shutil.rmtree(folder)
    lane = workspace.open_indexing(
        on_progress=lambda _progress: None,
        on_change=lambda _change: None,
        on_error=lambda _error: None,
    )
    with workspace.open_library() as reader:
        lane.start()
        wait_until(lambda: reader.find_vectors(fingerprint) is None)
        assert reader.find_vectors(other) is not None
    assert lane.stop(30)
    workspace.close()


def test_who_still_works_with_a_removed_model_does_not_keep_what_it_understood(
    workspace: Workspace,
) -> None:
    folder = put_model(workspace, "model")
    fingerprint = understand(workspace, "model", 3)
    with workspace.open_library() as library:
        with workspace._removed.giving_up("model"):
            shutil.rmtree(folder)
        library.vectors(fingerprint, "model", 8)  # its embedder was asked for before
        assert workspace._removed.forget(library)
    assert not is_known(workspace, fingerprint)
    workspace.close()


@pytest.mark.parametrize("chosen", ["model", "gone", None])
def test_nobody_gets_a_model_that_is_being_removed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, chosen: str | None
) -> None:
    put_model(workspace, "model")
    choose(workspace, chosen)
    remove = ModelStore.remove
    given: list[ModelPackage | None] = []

    def look_and_remove(store: ModelStore, model: str, release: object) -> None:
        given.extend(workspace._in_use.others())
        try:
            given.append(workspace.package())
        except UserError:
            given.append(None)
        remove(store, model, release)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(ModelStore, "remove", look_and_remove)
        workspace.shelf.remove("model")
    assert given == [None]
    put_model(workspace, "model")
    choose(workspace, None)
    assert in_use(workspace) == "model"
    workspace.close()


def test_a_model_that_is_wanted_again_keeps_what_it_understood(workspace: Workspace) -> None:
    workspace._removed.want("of no library")
    put_model(workspace, "model")
    fingerprint = understand(workspace, "model", 3)
    with workspace.open_library() as library:
        with library.write():
            library.models.give_up("model")
        workspace._removed.want(fingerprint)
        assert library.models.given_up(()) == []
    workspace.close()


def test_the_lane_forgets_what_another_thread_removed(workspace: Workspace) -> None:
    folder = put_model(workspace, "model")
    fingerprint = understand(workspace, "model", 3)
    lane = workspace.open_indexing(
        on_progress=lambda _progress: None,
        on_change=lambda _change: None,
        on_error=lambda _error: None,
    )
    lane.start()
    with workspace.open_library() as reader:
        wait_until(lambda: workspace._indexing.lane_writes)
        workspace.shelf.remove("model")
        assert not folder.exists()
        wait_until(lambda: reader.find_vectors(fingerprint) is None)
    assert lane.stop(30)
    workspace.close()


def test_the_lane_keeps_the_lock_that_it_takes_while_a_model_is_removed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_model(workspace, "model")
    understand(workspace, "model", 3)
    lane = workspace.open_indexing(
        on_progress=lambda _progress: None,
        on_change=lambda _change: None,
        on_error=lambda _error: None,
    )
    forget = RemovedModels.forget

    def meanwhile(removed: RemovedModels, library: Library) -> bool:
        lane.start()
        wait_until(lambda: workspace._indexing._lane_holds)
        return forget(removed, library)

    with monkeypatch.context() as patched:
        patched.setattr(RemovedModels, "forget", meanwhile)
        workspace.shelf.remove("model")
    other = Workspace(workspace.paths)
    with pytest.raises(UserError) as caught:
        other.lock_for_writing()
    assert caught.value.code is ErrorCode.LIBRARY_BUSY_INDEXING
    assert lane.stop(30)
    other.lock_for_writing()
    other.close()
    workspace.close()


def test_another_program_that_writes_forgets_it_later(workspace: Workspace) -> None:
    put_model(workspace, "model")
    fingerprint = understand(workspace, "model", 3)
    other = Workspace(workspace.paths)
    other.lock_for_writing()
    workspace.shelf.remove("model")
    assert is_known(workspace, fingerprint)
    other.close()
    other.lock_for_writing()  # as if it had been started again
    assert not is_known(workspace, fingerprint)
    with other.open_library() as library:
        assert not other._removed.forget(library)
    other.close()
    workspace.close()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does to the library, where there is nothing to wait for."""
    pause = threading.Event()
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.01)

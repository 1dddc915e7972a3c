"""Which model is in use, what is asked of the disk for it, and who holds the lock."""

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from memoryhunter import models_at_work
from memoryhunter.config.paths import app_paths
from memoryhunter.config.settings import Settings
from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.packages import NEEDED_FILES, ModelPackage, write_manifest
from memoryhunter.workspace import Workspace
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
    folder = workspace.paths.models / model
    folder.mkdir(parents=True)
    for name in NEEDED_FILES:
        (folder / name).write_bytes(f"{model} {name}".encode())
    write_manifest(folder, FACTS | {"id": model}, NEEDED_FILES)
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
    (first / "text.onnx").unlink()
    assert problem(workspace) is ErrorCode.MODEL_DAMAGED
    shutil.rmtree(first)
    assert problem(workspace) is ErrorCode.MODEL_UNKNOWN
    choose(workspace, None)
    assert in_use(workspace) == "second"
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
    assert len(read) == 2
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
    assert device.reason.endswith("the model was installed without its original weights")
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

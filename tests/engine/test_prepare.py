"""The converter as it is used: in its child process, with real torch."""

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.prepare import (
    PreparationCancelledError,
    PrepareProgress,
    prepare_package,
)
from tests.engine.conftest import HubModels


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    return folder


def failure(source: Path, destination: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        prepare_package(source, destination)
    assert not active_children()
    assert not (destination / "model.json").exists()
    assert "\n" not in str(caught.value.values["detail"])
    return caught.value


def test_each_graph_is_as_small_as_it_may_be(
    int8_package: ModelPackage, mixed_package: ModelPackage
) -> None:
    assert int8_package.precision == "int8"
    assert int8_package.agreement["image_cosine_min"] >= 0.99
    assert int8_package.agreement["text_cosine_min"] >= 0.99
    assert mixed_package.precision == "fp32"
    assert mixed_package.agreement["image_int8_cosine_min"] < 0.99
    assert mixed_package.agreement["image_cosine_min"] >= 0.9999
    manifest = json.loads((mixed_package.folder / "model.json").read_text(encoding="utf-8"))
    assert manifest["text"]["precision"] == "int8"
    assert manifest["architecture"] == "chinese_clip"


def test_nothing_but_the_package_remains(
    int8_package: ModelPackage, mixed_package: ModelPackage
) -> None:
    for package in (int8_package, mixed_package):
        names = {path.name for path in package.folder.iterdir()}
        assert names == {"model.json", *package.files}
    assert "image.onnx.data" in mixed_package.files


def test_pickled_weights_become_safetensors(
    int8_package: ModelPackage, hub_models: HubModels
) -> None:
    assert (hub_models.pickled / "pytorch_model.bin").exists()
    tensors = load_file(int8_package.folder / "model.safetensors")
    assert tensors["text_projection.weight"].shape == (24, 32)
    assert {tensor.dtype for tensor in tensors.values()} == {np.dtype(np.float16)}


def test_what_was_measured_is_recorded(int8_package: ModelPackage) -> None:
    assert set(int8_package.measured) == {
        "images_per_second",
        "text_milliseconds",
        "image_fp32_to_int8",
        "text_fp32_to_int8",
    }
    assert all(value > 0 for value in int8_package.measured.values())


def test_code_in_a_pickle_does_not_run(
    hub_models: HubModels, tmp_path: Path, destination: Path
) -> None:
    trace = tmp_path / "ran"
    source = tmp_path / "malicious"
    shutil.copytree(hub_models.pickled, source)

    class Malicious:
        def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
            return os.mkdir, (str(trace),)

    (source / "pytorch_model.bin").write_bytes(pickle.dumps({"weight": Malicious()}))
    error = failure(source, destination)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert "other than tensors" in str(error.values["detail"])
    assert not trace.exists()


def test_shortened_weights_are_refused(
    hub_models: HubModels, tmp_path: Path, destination: Path
) -> None:
    source = tmp_path / "shortened"
    shutil.copytree(hub_models.pickled, source)
    weights = source / "pytorch_model.bin"
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    error = failure(source, destination)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert error.values["path"] == str(source)


def test_weights_of_another_model_are_refused(
    hub_models: HubModels, tmp_path: Path, destination: Path
) -> None:
    source = tmp_path / "other"
    shutil.copytree(hub_models.outliers, source)
    tensors = load_file(source / "model.safetensors")
    del tensors["text_projection.weight"]
    save_file(tensors, source / "model.safetensors", metadata={"format": "pt"})
    error = failure(source, destination)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert "text_projection.weight" in str(error.values["detail"])


def test_weights_of_another_width_are_refused(
    hub_models: HubModels, tmp_path: Path, destination: Path
) -> None:
    source = tmp_path / "wider"
    shutil.copytree(hub_models.outliers, source)
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    config["projection_dim"] = 25
    (source / "config.json").write_text(json.dumps(config), encoding="utf-8")
    error = failure(source, destination)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert "visual_projection.weight is (24, 32), not (25, 32)" in str(error.values["detail"])


@pytest.mark.parametrize("tower", ["vision_config", "text_config"])
def test_a_model_that_would_be_cut_short_is_refused(
    hub_models: HubModels, tmp_path: Path, destination: Path, tower: str
) -> None:
    source = tmp_path / "short"
    shutil.copytree(hub_models.outliers, source)
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    config[tower]["num_hidden_layers"] = 1
    (source / "config.json").write_text(json.dumps(config), encoding="utf-8")
    error = failure(source, destination)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert "the weights have 2 layers" in str(error.values["detail"])


def test_weights_that_are_not_numbers_are_refused(
    hub_models: HubModels, tmp_path: Path, destination: Path
) -> None:
    source = tmp_path / "broken"
    shutil.copytree(hub_models.outliers, source)
    tensors = load_file(source / "model.safetensors")
    tensors["visual_projection.weight"][:] = np.nan
    save_file(tensors, source / "model.safetensors", metadata={"format": "pt"})
    error = failure(source, destination)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert "not finite" in str(error.values["detail"])


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not ended by signals there")
def test_a_killed_child_is_a_failure(hub_models: HubModels, destination: Path) -> None:
    def kill(progress: PrepareProgress) -> None:
        if progress.step != "export-image":
            return
        (child,) = active_children()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(UserError) as caught:
        prepare_package(hub_models.pickled, destination, on_progress=kill)
    assert caught.value.code is ErrorCode.MODEL_PREPARATION_FAILED
    assert "SIGKILL" in str(caught.value.values["detail"])
    assert not active_children()


def test_cancelling_ends_the_child(hub_models: HubModels, destination: Path) -> None:
    steps: list[PrepareProgress] = []
    with pytest.raises(PreparationCancelledError):
        prepare_package(
            hub_models.pickled,
            destination,
            on_progress=steps.append,
            cancelled=lambda: bool(steps),
        )
    assert [step.step for step in steps] == ["read"]
    assert not active_children()


def test_an_error_of_the_caller_ends_the_child(hub_models: HubModels, destination: Path) -> None:
    def fail(progress: PrepareProgress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        prepare_package(hub_models.pickled, destination, on_progress=fail)
    assert not active_children()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB, where this user may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    order = [mount or "", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)]
    if mount is None or subprocess.run(order, check=False, capture_output=True).returncode:
        pytest.skip("needs to mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts a disk")
@pytest.mark.parametrize("free", [0, 30_000])
def test_a_disk_that_fills_up_is_named(hub_models: HubModels, small_disk: Path, free: int) -> None:
    partial = small_disk / "models" / "new"
    partial.mkdir(parents=True)
    (small_disk / "others").write_bytes(bytes(shutil.disk_usage(small_disk).free - free))
    with pytest.raises(UserError) as caught:
        prepare_package(hub_models.pickled, partial)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert caught.value.values["path"] == str(small_disk / "models")

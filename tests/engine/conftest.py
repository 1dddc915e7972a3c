"""Tiny real models, made once by torch in a process of its own, and a store with them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.store import ModelStore

REPOSITORY = Path(__file__).parents[2]


PROGRAM = """
import json, sys
from pathlib import Path
import numpy as np
from memoryhunter.engine.store import ModelStore
from memoryhunter.engine.onnx_engine import OnnxEmbedder

if __name__ == "__main__":
    package = ModelStore(Path(sys.argv[2])).install(Path(sys.argv[1]))
    embedder = OnnxEmbedder(package)
    pictures = embedder.embed_images(np.zeros((2, 32, 32, 3), dtype=np.uint8))
    texts = embedder.embed_texts(["猫"])
    unwanted = {"torch", "transformers", "onnx", "onnxscript", "PySide6"}
    print(json.dumps({
        "unwanted": sorted(unwanted & set(sys.modules)),
        "shapes": [pictures.shape, texts.shape],
    }))
"""


def environment() -> dict[str, str]:
    paths = os.pathsep.join([str(REPOSITORY / "app"), str(REPOSITORY)])
    return os.environ | {"PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}


@dataclass(frozen=True)
class Reference:
    """What transformers makes of a model's sample pictures and of the tricky texts."""

    pixels: NDArray[np.uint8]
    images: NDArray[np.float32]
    texts: NDArray[np.float32]
    ids: NDArray[np.int64]


@dataclass(frozen=True)
class HubModels:
    folder: Path

    @property
    def pickled(self) -> Path:
        """Weights in pytorch_model.bin; every graph can be int8."""
        return self.folder / "tiny-pickle"

    @property
    def outliers(self) -> Path:
        """Weights in model.safetensors; the image graph suffers too much from int8."""
        return self.folder / "tiny-outliers"

    def reference(self, name: str) -> Reference:
        with np.load(self.folder / f"{name}.npz") as arrays:
            return Reference(**{key: arrays[key] for key in arrays})


@pytest.fixture(scope="session")
def hub_models(tmp_path_factory: pytest.TempPathFactory) -> HubModels:
    folder = tmp_path_factory.mktemp("hub")
    subprocess.run(
        [sys.executable, "-m", "tests.engine.hub_models", str(folder)],
        check=True,
        capture_output=True,
        cwd=REPOSITORY,
        env=environment(),
    )
    return HubModels(folder)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    """A store that tests fill but do not spoil."""
    return ModelStore(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def int8_package(store: ModelStore, hub_models: HubModels) -> ModelPackage:
    return store.install(hub_models.pickled)


@pytest.fixture(scope="session")
def program(
    store: ModelStore, hub_models: HubModels, tmp_path_factory: pytest.TempPathFactory
) -> "subprocess.CompletedProcess[str]":
    """A program that installs the model with outliers into the store, and uses it."""
    script = tmp_path_factory.mktemp("program") / "program.py"
    script.write_text(PROGRAM, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(script), str(hub_models.outliers), str(store._folder)],
        check=False,
        capture_output=True,
        cwd=REPOSITORY,
        env=environment(),
        encoding="utf-8",
    )


@pytest.fixture(scope="session")
def mixed_package(store: ModelStore, program: "subprocess.CompletedProcess[str]") -> ModelPackage:
    assert program.returncode == 0, program.stderr
    return store.find("tiny-outliers")

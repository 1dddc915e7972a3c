"""The trained test model, installed once as people install a model, and pictures of shapes."""

from pathlib import Path

import pytest

from tests.models.shapes import Scene, Style, render
from tests.program import Program

MODEL_SOURCE = Path(__file__).parent.parent / "models" / "shapes-clip"

SHAPES = [
    Scene(count, colour, shape)
    for colour in ("red", "blue", "green")
    for shape in ("circle", "square", "triangle")
    for count in (1, 2, 3, 4)
]


def file_name(scene: Scene) -> str:
    """A name that tells a test what the picture shows, and the program nothing."""
    return f"{scene.count}-{scene.colour}-{scene.shape}.jpg"


def paint(scene: Scene, folder: Path, seed: int = 0) -> Path:
    """Write a scene as a photo of ordinary proportions."""
    path = folder / file_name(scene)
    path.parent.mkdir(parents=True, exist_ok=True)
    # From this seed on, pictures were never used in training.
    number = 20_000_000 + seed * 1000 + SHAPES.index(scene)
    render(scene, number, (640, 480), Style()).save(path, quality=90)
    return path


@pytest.fixture(scope="session")
def shapes_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the package made from the trained folder by `models install`."""
    program = Program(tmp_path_factory.mktemp("model home"))
    installed = program.ask("models", "install", MODEL_SOURCE)
    assert installed["in_use"]
    folder = program.home / "models" / str(installed["id"])
    assert folder.is_dir()
    return folder


@pytest.fixture
def program(tmp_path: Path, shapes_model: Path) -> Program:
    """Give a program with a fresh home and the test model."""
    return Program(tmp_path / "home", shapes_model)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Give a folder with one photo of each scene of `SHAPES`."""
    folder = tmp_path / "照片 photos"
    for scene in SHAPES:
        paint(scene, folder / scene.colour)
    return folder

"""What a benchmark works on: given by a person, or made in a temporary folder."""

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from memoryhunter.config.paths import app_paths
from memoryhunter.engine.packages import MANIFEST, ModelPackage, read_package
from memoryhunter.media.formats import is_photo_name
from memoryhunter.processes import start_child
from memoryhunter.workspace import Workspace
from tests.benchmarks.made_models import write_model
from tests.benchmarks.report import tell


@dataclass(frozen=True, slots=True)
class BenchmarkModel:
    """A model that is installed in `home`; `weights` are what torch reads."""

    home: Path
    package: ModelPackage
    weights: Path


def photos_in(folders: Sequence[Path], most: int | None = None) -> list[Path]:
    """List the pictures directly in the folders, sorted; `most` of each, spread over it."""
    found: list[Path] = []
    for folder in folders:
        paths = sorted(each for each in folder.iterdir() if is_photo_name(each.name))
        step = max(1, len(paths) // most) if most else 1
        found += paths[::step][:most]
    return found


def describe_photos(paths: Sequence[Path]) -> str:
    """Say how many JPEGs these are, and how large."""
    sizes = []
    for path in set(paths):
        with Image.open(path) as image:
            sizes.append(image.width * image.height / 1e6)
    megabytes = sum(path.stat().st_size for path in paths) / 1e6 / len(paths)
    return (
        f"{len(paths)} JPEGs ({len(sizes)} different) of {min(sizes):.1f} to {max(sizes):.1f}"
        f" megapixels, {megabytes:.1f} MB on average"
    )


def jpegs(paths: Sequence[Path]) -> list[Path]:
    """Give those whose name is that of a JPEG."""
    return [path for path in paths if path.suffix.lower() in {".jpg", ".jpeg"}]


def prepare_model(given: Path | None, size: str, scratch: Path) -> BenchmarkModel:
    """Install the model in the folder `given`, or a made one of `size`, in a home of its own.

    A package's folder is used where it lies. Raises what `ModelStore.install` raises.
    """
    home = scratch / "home"
    if given is not None and (given / MANIFEST).is_file():
        return BenchmarkModel(home, read_package(given), given)
    source = given
    if source is None:
        tell(f"making a random model ({size})")
        source = scratch / f"random-{size}"
        _in_a_child(source, size)
    tell("preparing the model as the program does")
    workspace = Workspace(app_paths(home))
    package = workspace.models.install(source)
    workspace.close()
    return BenchmarkModel(home, package, source)


def _in_a_child(folder: Path, size: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=write_model, args=(folder, size))
    start_child(process)
    process.join()
    if process.exitcode:
        raise RuntimeError(f"the model could not be made (exit status {process.exitcode})")

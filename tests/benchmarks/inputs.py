"""What a benchmark works on: given by a person, or made in a temporary folder."""

import multiprocessing
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from memoryhunter.config.paths import app_paths
from memoryhunter.engine.packages import MANIFEST, ModelPackage, read_package
from memoryhunter.engine.tuning import Tuning
from memoryhunter.media.formats import is_photo_name
from memoryhunter.processes import start_child
from memoryhunter.workspace import Workspace
from tests.benchmarks.made_models import write_model
from tests.benchmarks.report import tell


@dataclass(frozen=True, slots=True)
class BenchmarkModel:
    """A model that is installed in `home`; `weights` are what torch reads.

    `tuning` was measured on this computer and is kept in `home`, as after an installation.
    """

    home: Path
    package: ModelPackage
    weights: Path
    tuning: Tuning


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
    source = given
    if source is None:
        tell(f"making a random model ({size})")
        source = scratch / f"random-{size}"
        _in_a_child(source, size)
    with closing(Workspace(app_paths(home))) as workspace:
        if (source / MANIFEST).is_file():
            package = read_package(source)
        else:
            tell("preparing the model as the program does")
            package = workspace.models.install(source)
        tell("measuring how the cores are shared out best, as the program does")
        tuning, _kept = workspace.tune(package)
        return BenchmarkModel(home, package, source, tuning)


def describe_threads(tuning: Tuning) -> str:
    """Say how the cores are shared out."""
    threads = tuning.threads
    return (
        f"{threads.side_by_side} pictures side by side, {threads.per_picture} to each,"
        f" {threads.per_text} to a text (as measured)"
    )


def _in_a_child(folder: Path, size: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=write_model, args=(folder, size))
    start_child(process)
    process.join()
    if process.exitcode:
        raise RuntimeError(f"the model could not be made (exit status {process.exitcode})")

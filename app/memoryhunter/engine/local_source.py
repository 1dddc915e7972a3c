"""Finds the model in what a person points at: a folder, a file in it, or a folder around it."""

from collections.abc import Iterator
from pathlib import Path

from memoryhunter.engine import hub_files
from memoryhunter.engine.packages import MANIFEST
from memoryhunter.engine.prepare.hub_folder import invalid_source

# What people may point at in a model's folder, because it is what they see there.
_SIGNS = frozenset({MANIFEST, "tokenizer.json", *hub_files.ALL} - {"README.md"})
# A hub's own cache keeps a model two folders deep (snapshots/REVISION).
_DEEPEST = 2
_MOST_FOLDERS = 2000


def folder_of_model(path: Path) -> Path:
    """Give the folder of the model meant by `path`.

    That is `path` itself, the folder of the file it is, or the only model below it. Raises
    UserError MODEL_SOURCE_INVALID where there is none or more than one; what is in the folder
    is not checked.
    """
    try:
        if path.is_file():
            if path.name in _SIGNS or path.suffix == ".onnx":
                return path.parent
            raise invalid_source(path, "it is not one of a model's files")
        if not path.is_dir() or holds_model({each.name for each in path.iterdir()}):
            return path
        for depth in range(1, _DEEPEST + 1):
            found = [each for each in _below(path, depth) if _is_model(each)]
            if len(found) > 1:
                names = ", ".join(sorted(str(each.relative_to(path)) for each in found)[:5])
                raise invalid_source(path, f"it holds several models ({names}), choose one")
            if found:
                return found[0]
    except OSError as error:
        raise invalid_source(path, error.strerror or str(error)) from error
    return path


def holds_model(names: set[str]) -> bool:
    """Whether a folder with files of these names is that of a model."""
    return MANIFEST in names or hub_files.is_hub_layout(names)


def _is_model(folder: Path) -> bool:
    try:
        return holds_model({each.name for each in folder.iterdir()})
    except OSError:  # such as the system's own folders on a drive
        return False


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """Give the folders `depth` levels below, hidden ones not, and not without an end."""
    level = [folder]
    for _ in range(depth):
        level = [
            each
            for parent in level
            for each in _folders_in(parent)
            if not each.name.startswith(".")
        ][:_MOST_FOLDERS]
    yield from level


def _folders_in(folder: Path) -> list[Path]:
    try:
        return [each for each in folder.iterdir() if each.is_dir()]
    except OSError:
        return []

"""Takes the files of a model out of a .zip archive, and nothing else that may be in it."""

import json
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from memoryhunter.engine.disk import check_room
from memoryhunter.engine.local_source import WEIGHTS, holds_model
from memoryhunter.engine.manifest import ManifestError, Section
from memoryhunter.engine.packages import MANIFEST, is_plain_name
from memoryhunter.engine.prepare.hub_folder import invalid_source
from memoryhunter.engine.prepare.progress import CancelledCallback, PreparationCancelledError

_CHUNK = 1 << 20
_HUB_FILES = (
    "config.json",
    "preprocessor_config.json",
    "tokenizer_config.json",
    "vocab.txt",
    "README.md",
    *WEIGHTS,
)
# Far above anything that is offered; what promises more is no model.
_MOST_TEXT = 64 << 20
_MOST_BYTES = 64 << 30


def is_archive(path: Path) -> bool:
    """Whether this is a .zip archive. Weights are one inside, so the name counts too."""
    try:
        return path.suffix.lower() == ".zip" and path.is_file()
    except OSError:
        return False


def extract_model(archive: Path, destination: Path, cancelled: CancelledCallback | None) -> Path:
    """Write the files of the one model in `archive` into a new folder in `destination`; give it.

    The folder has the name it has in the archive, or the archive's. Raises UserError
    MODEL_SOURCE_INVALID and NOT_ENOUGH_SPACE, OSError for the disk, and
    PreparationCancelledError; the caller removes `destination` then.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            folder, members = _model_in(opened)
            _check_size(members, destination)
            target = destination / (folder.name or archive.stem)
            target.mkdir()
            for name, member in members.items():
                _write(opened, member, target / name, cancelled)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        # RuntimeError is what zipfile raises where a password is needed.
        raise invalid_source(archive, f"the archive cannot be read: {error}") from error
    except ManifestError as error:
        raise invalid_source(archive, str(error)) from error
    return target


def _model_in(archive: zipfile.ZipFile) -> tuple[PurePosixPath, Mapping[str, zipfile.ZipInfo]]:
    """Find the folder of the archive that is a model, and those of its files that are needed."""
    folders: dict[PurePosixPath, dict[str, zipfile.ZipInfo]] = defaultdict(dict)
    for member in archive.infolist():
        path = PurePosixPath(member.filename)
        if not member.is_dir() and is_plain_name(path.name):
            folders[path.parent][path.name] = member
    models = [folder for folder, files in folders.items() if holds_model(set(files))]
    if len(models) != 1:
        raise ManifestError(
            "the archive holds several models" if models else "the archive holds no model"
        )
    files = folders[models[0]]
    wanted = _HUB_FILES if MANIFEST not in files else _named_by(archive, files[MANIFEST])
    folder = models[0] if is_plain_name(models[0].name) else PurePosixPath()
    return folder, {name: files[name] for name in wanted if name in files}


def _named_by(archive: zipfile.ZipFile, manifest: zipfile.ZipInfo) -> tuple[str, ...]:
    if manifest.file_size > _MOST_TEXT:
        raise ManifestError(f"{MANIFEST} is too large")
    try:
        content = Section(json.loads(archive.read(manifest)))
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{MANIFEST} is not valid JSON: {error}") from None
    return (*content.section("files").names(), MANIFEST)


def _check_size(members: Mapping[str, zipfile.ZipInfo], destination: Path) -> None:
    total = sum(member.file_size for member in members.values())
    for name, member in members.items():
        if name.endswith((".json", ".txt", ".md")) and member.file_size > _MOST_TEXT:
            raise ManifestError(f"{name} is too large")
    if total > _MOST_BYTES:
        raise ManifestError("the archive holds more than a model can be")
    check_room(destination, 2 * total)  # the model that is made of it is no larger


def _write(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    target: Path,
    cancelled: CancelledCallback | None,
) -> None:
    # zipfile gives no more bytes than the member announces, and compares its checksum.
    with archive.open(member) as content, target.open("xb") as file:
        while chunk := content.read(_CHUNK):
            if cancelled is not None and cancelled():
                raise PreparationCancelledError
            file.write(chunk)

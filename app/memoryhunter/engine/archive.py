"""Takes the files of a model out of a .zip archive, and nothing else that may be in it."""

import contextlib
import json
import lzma
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from memoryhunter.engine import hub_files
from memoryhunter.engine.chunks import Check, chunks
from memoryhunter.engine.disk import check_room
from memoryhunter.engine.local_source import holds_model
from memoryhunter.engine.manifest import ManifestError, Section
from memoryhunter.engine.packages import MANIFEST, is_plain_name
from memoryhunter.engine.prepare.damage import why_damaged
from memoryhunter.engine.prepare.hub_folder import invalid_source

# What zipfile and the four decompressors raise for archives that are damaged, or are no such
# thing: ValueError also for names that are no text, OSError from bz2, RuntimeError where a
# password is needed, NotImplementedError for methods that Python does not know.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # of which NotImplementedError is one
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
)
# Far above anything that is offered; what promises more is no model.
_MOST_TEXT = 64 << 20
_MOST_BYTES = 64 << 30
_ENCRYPTED = 1  # the bit of a member's flags (APPNOTE.TXT, 4.4.4)


def is_archive(path: Path) -> bool:
    """Whether this is a .zip archive. Weights are one inside, so the name counts too."""
    try:
        return path.suffix.lower() == ".zip" and path.is_file()
    except OSError:
        return False


def extract_model(archive: Path, destination: Path, check: Check | None = None) -> Path:
    """Write the files of the one model in `archive` into a new folder in `destination`; give it.

    The folder has the name it has in the archive, or the archive's. Raises UserError
    MODEL_SOURCE_INVALID and NOT_ENOUGH_SPACE, OSError for the disk of `destination` only, and
    what `check` raises, which is called often; the caller removes `destination` then.
    """
    try:
        opened = _opened(archive)
        with opened:
            with _reading():
                folder, members = _model_in(opened)
            _check_size(members, destination)
            target = destination / (folder.name or archive.stem)
            target.mkdir()
            for name, member in members.items():
                _write(opened, member, target / name, check)
    except ManifestError as error:
        raise invalid_source(archive, str(error)) from error
    return target


def _opened(archive: Path) -> zipfile.ZipFile:
    with _reading():
        damage = why_damaged(archive)
    if damage is not None:
        raise ManifestError(damage)
    with _reading():
        return zipfile.ZipFile(archive)


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    """Let what is wrong with the archive be told from what is wrong with our own disk."""
    try:
        yield
    except _UNREADABLE as error:
        detail = str(error) or type(error).__name__
        raise ManifestError(f"the archive cannot be read: {detail}") from error


def _model_in(archive: zipfile.ZipFile) -> tuple[PurePosixPath, Mapping[str, zipfile.ZipInfo]]:
    """Find the folder of the archive that is a model, and those of its files that are needed."""
    folders: dict[PurePosixPath, dict[str, zipfile.ZipInfo]] = defaultdict(dict)
    for member in archive.infolist():
        path = PurePosixPath(member.filename)
        if not member.is_dir() and is_plain_name(path.name):
            folders[path.parent][path.name] = member
    models = [folder for folder, files in folders.items() if holds_model(set(files))]
    if len(models) > 1:
        raise ManifestError("the archive holds several models; unpack it and choose one")
    if not models:
        raise ManifestError(_why_no_model(list(folders.values())))
    files = folders[models[0]]
    if any(member.flag_bits & _ENCRYPTED for member in files.values()):
        raise ManifestError("the archive has a password; unpack it and choose its folder")
    wanted = hub_files.ALL if MANIFEST not in files else _named_by(archive, files[MANIFEST])
    folder = models[0] if is_plain_name(models[0].name) else PurePosixPath()
    return folder, {name: files[name] for name in wanted if name in files}


def _why_no_model(folders: Sequence[Mapping[str, zipfile.ZipInfo]]) -> str:
    if not folders:
        return "the archive is empty"
    some = [set(files) for files in folders if not set(files).isdisjoint(hub_files.SIGNS)]
    lacking = hub_files.missing(some[0]) if len(some) == 1 else None
    return "the archive holds no model" if lacking is None else f"in the archive {lacking}"


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
    check: Check | None,
) -> None:
    # zipfile gives no more bytes than the member announces, and compares its checksum.
    with _reading():
        content = archive.open(member)
    with content, target.open("xb") as file:
        for chunk in chunks(_Content(content), check):
            file.write(chunk)


class _Content:
    """A file of an archive, which raises ManifestError where the archive is damaged."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        with _reading():
            return self._file.read(size)

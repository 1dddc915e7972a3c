"""A model as a folder: its manifest `model.json`, read, written and checked.

Nothing here opens a graph: a package that reads well may still hold a graph that ONNX Runtime
refuses (`onnx_engine` reports that), or a file that was altered (`verify_package` finds it).
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.photo import PixelSpec
from memoryhunter.engine.chunks import Check, chunks
from memoryhunter.engine.hub_files import is_hub_layout
from memoryhunter.engine.manifest import ManifestError, Section
from memoryhunter.engine.names import is_model_id, shown_name

FORMAT_VERSION = 2
MANIFEST = "model.json"
IMAGE_GRAPH = "image.onnx"
TEXT_GRAPH = "text.onnx"
TOKENIZER = "tokenizer.json"
NEEDED_FILES = (IMAGE_GRAPH, TEXT_GRAPH, TOKENIZER)

# What a graph's weights may be kept as; a manifest naming anything else is from a newer program.
PRECISIONS = ("int8", "fp32")

# Weights and settings for a host that runs torch: they do not say where vectors lie.
_NOT_IN_FINGERPRINT = ("model.safetensors", "config.json")

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a package: the SHA-256 of its content in hexadecimal, and its size."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """What `model.json` says about the model in `folder`.

    `dimension` is the length of its vectors. `mean` and `std` are per RGB channel, for pixels
    scaled to 0..1. `max_tokens` counts the tokens of a text, the two marks around it included.
    `precision` is that of the picture graph, "int8" or "fp32"; the text graph may differ.
    `agreement` holds what was measured against the original weights when it was made.
    `measured` holds timings from the computer where it was made.
    `source_sha256` identifies the files the package was made from, "" where unknown.
    `names` are what people call it where that is not `name`, and `about` says in a line what it is
    good at, both by language ("en", "zh").
    """

    folder: Path
    id: str
    name: str
    dimension: int
    pixels: PixelSpec
    mean: Triple
    std: Triple
    max_tokens: int
    precision: str
    licence: str
    source: str
    files: Mapping[str, PackageFile] = field(hash=False)
    agreement: Mapping[str, float] = field(hash=False)
    measured: Mapping[str, float] = field(default_factory=dict, hash=False)
    source_sha256: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    about: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def fingerprint(self) -> str:
        """Identify the space its vectors lie in, as 32 hexadecimal digits.

        It covers everything that moves a vector: the graphs, the tokenizer and how pixels are
        prepared. Vectors of different fingerprints must never be compared.
        """
        parts = {
            "id": self.id,
            "files": {
                name: file.sha256
                for name, file in self.files.items()
                if name not in _NOT_IN_FINGERPRINT
            },
            "image": [self.pixels.size, self.pixels.resize, *self.mean, *self.std],
            "max_tokens": self.max_tokens,
        }
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def megabytes(self) -> float:
        """The size of its files on disk, in units of a million bytes."""
        return sum(file.bytes for file in self.files.values()) / 1e6


def read_package(folder: Path) -> ModelPackage:
    """Read the manifest of the package in `folder` and see that its files are there.

    Raises UserError MODEL_NOT_A_PACKAGE with a detail that says what is wrong. Contents are
    not hashed (a gigabyte takes seconds); `verify_package` does that.
    """
    try:
        package = _parse(folder, _load(folder))
        for name, file in package.files.items():
            _check_size(folder / name, file)
    except ManifestError as problem:
        raise UserError(
            ErrorCode.MODEL_NOT_A_PACKAGE, path=str(folder), detail=str(problem)
        ) from None
    return package


def verify_package(package: ModelPackage, check: Check | None = None) -> None:
    """Hash every file of the package; UserError MODEL_DAMAGED names the first that differs.

    `check` is called every few megabytes, and may raise to end it.
    """
    verify_files(package, package.files, check)


def verify_files(package: ModelPackage, names: Iterable[str], check: Check | None = None) -> None:
    """Hash these files of the package as `verify_package` does all of them."""
    try:
        for name in names:
            file = package.files[name]
            _check_size(package.folder / name, file)
            _check_content(package.folder / name, file, check)
    except (ManifestError, OSError) as problem:
        raise UserError(ErrorCode.MODEL_DAMAGED, model=package.id, detail=str(problem)) from problem


def write_manifest(folder: Path, facts: Mapping[str, object], file_names: tuple[str, ...]) -> None:
    """Write `model.json` into `folder`, which makes the folder a package; do this last.

    `facts` are the manifest's fields but for `format` and `files`, which are added here from
    the files named. Raises OSError, and ValueError when the outcome would not be readable.
    """
    files = {}
    for name in file_names:
        path = folder / name
        files[name] = {"sha256": sha256_of(path), "bytes": path.stat().st_size}
    manifest = {"format": FORMAT_VERSION, **facts, "files": files}
    try:
        _parse(folder, Section(manifest))
    except ManifestError as problem:
        raise ValueError(str(problem)) from problem
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    unfinished = folder / (MANIFEST + ".partial")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / MANIFEST)


def sha256_of(path: Path, check: Check | None = None) -> str:
    """Hash the content of a file, in hexadecimal; raises OSError, and what `check` raises."""
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        for chunk in chunks(file, check):
            found.update(chunk)
    return found.hexdigest()


def is_plain_name(name: str) -> bool:
    """Whether `name` is a file directly inside a folder, on every system."""
    return bool(name) and name not in {".", ".."} and not set(name) & set('/\\:*?"<>|\0')


def _load(folder: Path) -> Section:
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ManifestError(_why_no_manifest(folder)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{MANIFEST} cannot be read: {error}") from None
    try:
        return Section(json.loads(text))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ManifestError(f"{MANIFEST} is not valid JSON: {error}") from None


def _why_no_manifest(folder: Path) -> str:
    if not folder.is_dir():
        return "there is no such folder"
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError:
        names = set()
    if is_hub_layout(names):
        return f"no {MANIFEST}; it looks like a downloaded model that has yet to be installed"
    return f"no {MANIFEST}"


def _parse(folder: Path, manifest: Section) -> ModelPackage:
    version = manifest.integer("format")
    if version != FORMAT_VERSION:
        raise ManifestError(f"format {version} is not known (this program reads {FORMAT_VERSION})")
    image, text = manifest.section("image"), manifest.section("text")
    if not is_model_id(manifest.text("id")):
        raise ManifestError("the field id holds characters that an id cannot have")
    resize = image.text("resize", one_of=("squash",))
    return ModelPackage(
        folder=folder,
        id=manifest.text("id"),
        name=shown_name(manifest.text("name")) or manifest.text("id"),
        dimension=manifest.integer("dimension"),
        pixels=PixelSpec(size=image.integer("size"), resize=resize),
        mean=image.triple("mean"),
        std=image.triple("std", positive=True),
        max_tokens=text.integer("max_tokens"),
        precision=manifest.text("precision", one_of=PRECISIONS),
        licence=shown_name(manifest.text("licence")) or "unknown",
        source=manifest.text("source"),
        files=_files(manifest.section("files")),
        agreement=manifest.section("agreement").numbers(),
        measured=manifest.section("measured", optional=True).numbers(),
        source_sha256=manifest.text("source_sha256", default=""),
        names=_by_language(manifest.section("names", optional=True)),
        about=_by_language(manifest.section("about", optional=True)),
    )


def _by_language(section: Section) -> dict[str, str]:
    return {language: section.text(language) for language in section.names()}


def _files(section: Section) -> dict[str, PackageFile]:
    files = {}
    for name in section.names():
        if not is_plain_name(name):
            raise ManifestError(f"{name!r} is not a file of the package's own folder")
        entry = section.section(name)
        files[name] = PackageFile(entry.text("sha256"), entry.integer("bytes"))
    for name in NEEDED_FILES:
        if name not in files:
            raise ManifestError(f"{name} is not listed under files")
    return files


def _check_size(path: Path, file: PackageFile) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise ManifestError(f"{path.name} is missing") from None
    except OSError as error:
        raise ManifestError(f"{path.name} cannot be read: {error.strerror}") from None
    if size != file.bytes:
        raise ManifestError(f"{path.name} has {size} bytes instead of {file.bytes}")


def _check_content(path: Path, file: PackageFile, check: Check | None) -> None:
    if sha256_of(path, check) != file.sha256:
        raise ManifestError(f"{path.name} is not the file that was installed")

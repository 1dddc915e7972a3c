"""A model as it is downloaded from a model hub: what its files say, checked without torch."""

import dataclasses
import hashlib
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.chunks import Check
from memoryhunter.engine.hub_files import SETTINGS, WEIGHTS, missing
from memoryhunter.engine.packages import Triple, sha256_of
from memoryhunter.engine.prepare.damage import not_whole, why_damaged
from memoryhunter.engine.prepare.graph.shapes import PictureShape, TextShape
from memoryhunter.engine.prepare.hub_config import (
    InvalidError,
    picture_shape,
    read_json,
    text_shape,
    whole,
)
from memoryhunter.engine.prepare.hub_origin import Origin, names_itself, origin_of

# Raised whenever the converter makes other packages of the same files, so that installing
# again replaces what an older program made.
CONVERTER_VERSION = 2

ARCHITECTURE = "chinese_clip"
# CLIP's own pixel statistics, which every Chinese-CLIP repository states as well.
_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
_CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
# How torch.save's files begin: since torch 1.6 they are archives, before they were pickles.
_ARCHIVE, _OLD_PICKLE = b"PK", b"\x80"
_MARKS = ("[UNK]", "[CLS]", "[SEP]", "[PAD]")


@dataclass(frozen=True, slots=True)
class HubFolder:
    """The facts of a checked Chinese-CLIP folder.

    `weights` is the file to read them from.
    `source` is the hub's name for it, or that of its folder; with `names_itself` its files say so.
    """

    folder: Path
    id: str
    name: str
    dimension: int
    picture: PictureShape
    text: TextShape
    mean: Triple
    std: Triple
    vocabulary: tuple[str, ...]
    lowercase: bool
    weights: Path
    licence: str
    source: str
    names_itself: bool

    @property
    def image_size(self) -> int:
        """The pixels along a side of the pictures it reads."""
        return self.picture.size

    @property
    def max_tokens(self) -> int:
        """The most tokens of a text, the marks around it included."""
        return self.text.positions

    @property
    def origin(self) -> Origin:
        """What it is called, and where it is from."""
        return Origin(self.id, self.name, self.source, self.licence)

    def called(self, origin: Origin) -> "HubFolder":
        """Give the same model with another id, name and so on."""
        return dataclasses.replace(
            self, id=origin.id, name=origin.name, licence=origin.licence, source=origin.source
        )

    def fingerprint(self, check: Check | None = None) -> str:
        """Identify the files and the converter; reads all of them, a second a gigabyte or so.

        `check` is called every few megabytes, and may raise to end it. Raises UserError
        MODEL_SOURCE_INVALID.
        """
        return next(self.fingerprints(self.contents(check)))

    def contents(self, check: Check | None = None) -> str:
        """Say what is in the files, in lines; `check` and errors are as for `fingerprint`."""
        paths = [*(self.folder / name for name in SETTINGS), self.weights]
        try:
            parts = [f"{path.name} {sha256_of(path, check)}" for path in paths if path.is_file()]
        except OSError as error:
            raise invalid_source(self.folder, str(error)) from error
        return "\n".join(parts)

    def fingerprints(self, contents: str) -> Iterator[str]:
        """Give the fingerprint by this converter, then those by each older one."""
        for version in range(CONVERTER_VERSION, 0, -1):
            text = f"converter {version}\n{self.id}\n{contents}"
            yield hashlib.sha256(text.encode()).hexdigest()


def read_hub_folder(folder: Path, origin: Origin | None = None) -> HubFolder:
    """Read and check everything but the weights' contents.

    `origin` is what is known of it from elsewhere, and counts before what its files say.
    Raises UserError MODEL_SOURCE_INVALID with the path and a detail.
    """
    try:
        hub = _read(folder)
    except (InvalidError, OSError) as error:
        raise invalid_source(folder, str(error)) from None
    return hub if origin is None else hub.called(origin)


def invalid_source(folder: Path, detail: str) -> UserError:
    """Make the error for a folder that cannot be made into a package."""
    return UserError(ErrorCode.MODEL_SOURCE_INVALID, path=str(folder), detail=detail)


def _read(folder: Path) -> HubFolder:
    if not folder.is_dir():
        raise InvalidError("there is no such folder")
    if (lacking := missing({path.name for path in folder.iterdir() if path.is_file()})) is not None:
        raise InvalidError(lacking)
    for path in map(folder.joinpath, SETTINGS):
        _look_at(path)
    config = read_json(folder / "config.json")
    if config.get("model_type") != ARCHITECTURE:
        kind = config.get("model_type", "nothing")
        raise InvalidError(f"config.json describes {kind!r}, not a {ARCHITECTURE} model")
    picture, text = picture_shape(config), text_shape(config)
    vocabulary = _vocabulary(folder / "vocab.txt")
    if len(vocabulary) != text.words:
        raise InvalidError(
            f"vocab.txt has {len(vocabulary)} entries, config.json says {text.words}"
        )
    mean, std = _pixel_rules(folder / "preprocessor_config.json", picture.size)
    origin = origin_of(config, folder)
    return HubFolder(
        folder=folder,
        id=origin.id,
        name=origin.name,
        dimension=whole(config, "projection_dim", 512),
        picture=picture,
        text=text,
        mean=mean,
        std=std,
        vocabulary=vocabulary,
        lowercase=_lowercase(folder / "tokenizer_config.json"),
        weights=_weights(folder),
        licence=origin.licence,
        source=origin.source,
        names_itself=names_itself(config, folder),
    )


def _vocabulary(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        raise InvalidError(f"{path.name} is missing")
    try:
        # Entries are lines; some of them hold characters that splitlines() would split at.
        with path.open(encoding="utf-8", newline=None) as file:
            words = tuple(line.rstrip("\n") for line in file)
    except UnicodeDecodeError as error:
        raise InvalidError(f"{path.name} is not UTF-8: {error}") from None
    while words and not words[-1]:
        words = words[:-1]  # an editor's empty line at the end is no entry
    if missing := [mark for mark in _MARKS if mark not in words]:
        raise InvalidError(f"{path.name} lacks {', '.join(missing)}")
    return words


def _pixel_rules(path: Path, image_size: int) -> tuple[Triple, Triple]:
    if not path.is_file():
        return _CLIP_MEAN, _CLIP_STD
    rules = read_json(path)
    # Pictures are squashed, as Chinese-CLIP was trained; a model that was trained on cropped
    # pictures would see something else.
    if rules.get("do_center_crop"):
        raise InvalidError("preprocessor_config.json asks for a centre crop, which is not offered")
    size = rules.get("size", image_size)
    sizes = list(size.values()) if isinstance(size, dict) else [size]
    if not sizes or any(length != image_size for length in sizes):
        raise InvalidError(
            f"preprocessor_config.json gives the size {size}, config.json {image_size}"
        )
    mean = _triple(rules, "image_mean", _CLIP_MEAN)
    std = _triple(rules, "image_std", _CLIP_STD)
    if min(std) <= 0:
        raise InvalidError("image_std in preprocessor_config.json should be above 0")
    return mean, std


def _triple(rules: dict[str, Any], name: str, default: Triple) -> Triple:
    value = rules.get(name, default)
    try:
        red, green, blue = (float(number) for number in value)
    except (TypeError, ValueError, OverflowError):
        red = green = blue = math.nan
    if not all(map(math.isfinite, (red, green, blue))):
        raise InvalidError(f"{name} in preprocessor_config.json should be three numbers")
    return red, green, blue


def _lowercase(path: Path) -> bool:
    return bool(read_json(path).get("do_lower_case", True)) if path.is_file() else True


def _weights(folder: Path) -> Path:
    for name in WEIGHTS:
        path = folder / name
        if path.is_file():
            _look_at(path)
            if path.suffix == ".safetensors":
                _check_header(path)
            else:
                _check_pickle(path)
            return path
        if (folder / f"{name}.index.json").is_file():
            raise InvalidError(f"the weights are in several files ({name}.index.json); not offered")
    raise InvalidError(f"the weights are missing ({' or '.join(WEIGHTS)})")


def _look_at(path: Path) -> None:
    if path.is_file() and (damage := why_damaged(path)) is not None:
        raise InvalidError(damage)


def _check_header(path: Path) -> None:
    try:
        with safe_open(path, framework="numpy"):
            pass  # opening compares the header with the file's size
    except SafetensorError as error:
        raise InvalidError(not_whole(path, str(error).rpartition(": ")[2])) from None


def _check_pickle(path: Path) -> None:
    """See that the file begins, and as an archive also ends, as torch writes it."""
    with path.open("rb") as file:
        begins = file.read(2)
    if not zipfile.is_zipfile(path) if begins == _ARCHIVE else begins[:1] != _OLD_PICKLE:
        raise InvalidError(not_whole(path))

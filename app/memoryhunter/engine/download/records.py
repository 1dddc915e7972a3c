"""Small JSON files that outlive the program: what a file was, and what a part is of."""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from memoryhunter.engine.manifest import ManifestError, Section


@dataclass(frozen=True, slots=True)
class Known:
    """What the content of a file is known to be; None where nobody knows.

    `certain`: the catalogue or the hub states this very hash, or a model was made of the file.
    Without that it may be anything that a server took for the file, such as a half of it.
    """

    bytes: int | None = None
    sha256: str | None = None
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What a file was when it came whole, and from which source; `certain` as in `Known`."""

    bytes: int
    sha256: str
    source: str
    certain: bool


@dataclass(frozen=True, slots=True)
class PartOf:
    """What a part that is kept belongs to: the answer of a server, as far as it said.

    `validator` is the ETag or date by which the server knows that version again.
    """

    url: str
    validator: str | None
    bytes: int | None
    sha256: str | None


def load_came(path: Path) -> dict[str, Came]:
    """Read what files were when they came; empty where nothing is recorded or readable."""
    files = _read(path)
    try:
        return {name: _came(files.section(name)) for name in files.names()}
    except ManifestError:
        return {}


def save_came(path: Path, came: Mapping[str, Came]) -> None:
    """Record what files were when they came; raises OSError."""
    _write(path, {name: asdict(file) for name, file in came.items()})


def load_part(path: Path) -> PartOf | None:
    """Read what a part belongs to; None where that is not recorded or readable."""
    part = _read(path)
    try:
        return PartOf(
            url=part.text("url"),
            validator=part.text("validator") if "validator" in part.names() else None,
            bytes=part.integer("bytes") if "bytes" in part.names() else None,
            sha256=part.text("sha256") if "sha256" in part.names() else None,
        )
    except ManifestError:
        return None


def save_part(path: Path, part: PartOf) -> None:
    """Record what a part belongs to; raises OSError."""
    _write(path, {name: value for name, value in asdict(part).items() if value is not None})


def _came(file: Section) -> Came:
    return Came(
        file.integer("bytes"), file.text("sha256"), file.text("source"), file.flag("certain")
    )


def _read(path: Path) -> Section:
    with contextlib.suppress(OSError, ValueError, RecursionError, ManifestError):
        return Section(json.loads(path.read_text(encoding="utf-8")))
    return Section({})


def _write(path: Path, content: Mapping[str, object]) -> None:
    unfinished = path.with_name(path.name + ".new")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=2))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)

"""Where a hub folder is from, and under which licence, as far as its files say."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from memoryhunter.engine.manifest import ManifestError, Section
from memoryhunter.engine.names import is_model_id, model_id

_ORIGIN = "origin.json"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a model is called, and from where and under which licence it comes."""

    id: str
    name: str
    source: str
    licence: str


def write_origin(folder: Path, origin: Origin) -> None:
    """State the origin of the files in `folder`, which then counts; raises OSError.

    A hub's own files need not say what they are: that is known when they are downloaded.
    """
    text = json.dumps(asdict(origin), ensure_ascii=False, indent=2)
    (folder / _ORIGIN).write_text(text, encoding="utf-8")


def origin_of(config: dict[str, Any], folder: Path) -> Origin:
    """Find the origin of a hub folder whose config.json is given."""
    if (stated := _stated(folder / _ORIGIN)) is not None:
        return stated
    source, name = _source_and_name(config, folder)
    return Origin(model_id(name), name, source, licence_of(folder / "README.md"))


def names_itself(config: dict[str, Any], folder: Path) -> bool:
    """Whether the files say which model they are, and not only the name of their folder."""
    name = config.get("_name_or_path")
    return (folder / _ORIGIN).is_file() or (isinstance(name, str) and bool(model_id(name)))


def licence_of(path: Path) -> str:
    """Find `license:` in the front matter that model hubs want at the top of a README."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "unknown"
    front = re.match(r"\ufeff?---\s*\n(.*?)\n---\s*(\n|$)", text, re.DOTALL)
    found = re.search(r"^license:[ \t]*(\S.*?)\s*$", front[1], re.MULTILINE) if front else None
    return found[1].strip("\"'") or "unknown" if found else "unknown"


def _stated(path: Path) -> Origin | None:
    try:
        content = Section(json.loads(path.read_text(encoding="utf-8")))
        origin = Origin(**{name: content.text(name) for name in Origin.__slots__})
    except (OSError, ValueError, RecursionError, ManifestError):
        return None
    return origin if is_model_id(origin.id) else None


def _source_and_name(config: dict[str, Any], folder: Path) -> tuple[str, str]:
    """Find where the model is from ("OFA-Sys/chinese-clip-..."), and the last part of that."""
    stated = config.get("_name_or_path")
    for source in (stated if isinstance(stated, str) else "", _folder_name(folder)):
        name = re.split(r"[/\\]", source.rstrip("/\\"))[-1]
        if model_id(name):
            # A path says where somebody's disk had it, which is nobody's business.
            is_hub_name = re.fullmatch(r"[\w.-]+/[\w.-]+", source) is not None
            return (source if is_hub_name else name), name
    return "unknown", "chinese-clip"


def _folder_name(folder: Path) -> str:
    """Name the folder; the hub's own cache keeps models--OWNER--NAME/snapshots/REVISION."""
    folder = folder.resolve()
    cached = re.fullmatch(r"models--(.+?)--(.+)", folder.parent.parent.name)
    if folder.parent.name == "snapshots" and cached:
        return f"{cached[1]}/{cached[2]}"
    return folder.name

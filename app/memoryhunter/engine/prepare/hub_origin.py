"""Where a hub folder is from, and under which licence, as far as its files say."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memoryhunter.engine.names import model_id, shown_name

_NO_LETTERS = "chinese-clip"  # the id of a model whose name has none that an id can have
UNKNOWN = "unknown"  # a source or licence that the files do not tell


@dataclass(frozen=True, slots=True)
class Origin:
    """What a model is called, and from where and under which licence it comes."""

    id: str
    name: str
    source: str
    licence: str


def origin_of(config: dict[str, Any], folder: Path) -> Origin:
    """Find the origin of a hub folder whose config.json is given."""
    source, name = _source_and_name(config, folder)
    return Origin(model_id(name) or _NO_LETTERS, name, source, licence_of(folder / "README.md"))


def names_itself(config: dict[str, Any], folder: Path) -> bool:
    """Whether the files, or the cache of the hub, say which model they are.

    The name of a folder that a person made says nothing: they are called "model", or "usb".
    """
    name = config.get("_name_or_path")
    return (isinstance(name, str) and bool(model_id(name))) or "/" in _folder_name(folder)


def licence_of(path: Path) -> str:
    """Find `license:` in the front matter that model hubs want at the top of a README."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return UNKNOWN
    front = re.match(r"\ufeff?---\s*\n(.*?)\n---\s*(\n|$)", text, re.DOTALL)
    found = re.search(r"^license:[ \t]*(\S.*?)\s*$", front[1], re.MULTILINE) if front else None
    return shown_name(found[1].strip("\"'")) or UNKNOWN if found else UNKNOWN


def _source_and_name(config: dict[str, Any], folder: Path) -> tuple[str, str]:
    """Find where the model is from ("OFA-Sys/chinese-clip-..."), and the last part of that."""
    stated = config.get("_name_or_path")
    sources = (stated if isinstance(stated, str) else "", _folder_name(folder))
    named = [(shown_name(re.split(r"[/\\]", each.rstrip("/\\"))[-1]), each) for each in sources]
    # One of which an id can be made, else any: a folder may be called 模型.
    for name, source in sorted(named, key=lambda each: not model_id(each[0])):
        if name:
            # A path says where somebody's disk had it, which is nobody's business.
            is_hub_name = re.fullmatch(r"[\w.-]+/[\w.-]+", source) is not None
            return (source if is_hub_name else name), name
    return UNKNOWN, _NO_LETTERS


def _folder_name(folder: Path) -> str:
    """Name the folder; the hub's own cache keeps models--OWNER--NAME/snapshots/REVISION."""
    folder = folder.resolve()
    cached = re.fullmatch(r"models--(.+?)--(.+)", folder.parent.parent.name)
    if folder.parent.name == "snapshots" and cached:
        return f"{cached[1]}/{cached[2]}"
    return folder.name

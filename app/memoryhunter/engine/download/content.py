"""Whether a file that was downloaded can be what its name says, before anybody relies on it.

A server that announces a wrong length sends a part of a file that looks whole by its size. Both
ways in which weights are stored say how much there is of them, so that such a part is seen.
"""

import json
import zipfile
from pathlib import Path
from typing import BinaryIO

from memoryhunter.engine.manifest import ManifestError, Section

_LOOK = 4096
_ZIP = b"PK\x03\x04"
# What the library that reads safetensors allows (safetensors/src/tensor.rs, MAX_HEADER_SIZE).
_MOST_HEADER = 100_000_000
_PAGES = (b"<!doctype", b"<html", b"<head", b"<script", b"<?xml")


def is_page(start: bytes) -> bool:
    """Whether what begins like this is a web page.

    A network that wants a login first answers every request with a page of its own.
    """
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES)


def why_not(path: Path, name: str) -> str | None:
    """Say what is wrong with the content of `path`, meant to be the file `name`; None if nothing.

    Raises OSError.
    """
    with path.open("rb") as file:
        start = file.read(_LOOK)
    if not start:
        return "the file is empty"
    if is_page(start):
        return "it is a web page"
    return _why_not_inside(path, name, start)


def _why_not_inside(path: Path, name: str, start: bytes) -> str | None:
    if name.endswith(".json"):
        return _why_no_json(path)
    if name.endswith(".safetensors"):
        with path.open("rb") as file:
            return _why_no_safetensors(file, path.stat().st_size)
    # torch writes a zip archive; before 2019 it wrote a pickle, which begins with byte 0x80.
    if name.endswith(".bin") and start.startswith(_ZIP):
        return _why_no_zip(path)
    if name.endswith(".bin") and not start.startswith(b"\x80"):
        return "it holds no weights"
    return None


def _why_no_zip(path: Path) -> str | None:
    """Look at the list of contents, which is at the end and says where everything begins."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        return f"it is not whole: {error}"
    # zipfile reckons with something before the archive; here the archive is the file.
    first = min((member.header_offset for member in members), default=None)
    return None if first == 0 else "it is not whole: its contents are not where they should be"


def _why_no_safetensors(file: BinaryIO, size: int) -> str | None:
    """Compare the file's size with the one its header states (huggingface.co/docs/safetensors)."""
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(size - 8, _MOST_HEADER):
        return "it holds no weights"
    try:
        tensors = Section(json.loads(file.read(length)))
        names = [name for name in tensors.names() if name != "__metadata__"]
        ends = [tensors.section(name).span("data_offsets")[1] for name in names]
    except (ValueError, RecursionError, ManifestError) as error:
        return f"it holds no weights: {error}"
    announced = 8 + length + max(ends, default=0)
    return None if size == announced else f"it has {size} bytes, and should have {announced}"


def _why_no_json(path: Path) -> str | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        return f"it is not JSON: {error}"
    return None if isinstance(content, dict) else "it is not a JSON object"

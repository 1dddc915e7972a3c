"""Whether a file that was downloaded can be what its name says, before anybody relies on it."""

import json
from pathlib import Path

_LOOK = 4096
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
    if name.endswith(".json"):
        return _why_no_json(path)
    # torch writes a zip archive; before 2019 it wrote a pickle, which begins with byte 0x80.
    if name.endswith(".bin") and not start.startswith((b"PK\x03\x04", b"\x80")):
        return "it holds no weights"
    return None


def _why_no_json(path: Path) -> str | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        return f"it is not JSON: {error}"
    return None if isinstance(content, dict) else "it is not a JSON object"

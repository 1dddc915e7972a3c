"""`doctor`: whether everything the program needs is there and works."""

import argparse
import importlib.util
import logging
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import onnxruntime

from memoryhunter import __version__
from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.explain import explain
from memoryhunter.cli.model_check import check_model, machine, machine_lines, speed_lines
from memoryhunter.domain.errors import UserError
from memoryhunter.domain.failures import FileFailure
from memoryhunter.engine.graphics_check import check_graphics
from memoryhunter.library.connection import as_user_error
from memoryhunter.library.versions import database_versions
from memoryhunter.media.formats import FORMATS
from memoryhunter.media.prepare import PrepareRequest
from memoryhunter.media.samples import write_sample
from memoryhunter.media.workers import MediaPool
from memoryhunter.workspace import Workspace

# A library needs room to grow, and SQLite needs some to work in.
_LITTLE_SPACE_MB = 500
# A destroyed page makes many problems; the first ones tell enough.
_PROBLEMS_TOLD = 3

_logger = logging.getLogger(__name__)


def _configure(_parser: argparse.ArgumentParser) -> None:
    pass


def _run(workspace: Workspace, _options: argparse.Namespace) -> Document:
    checks = {
        "database": _database,
        "library": lambda: _library(workspace),
        "formats": _formats,
        "window": _window,
        "model": lambda: check_model(workspace),
        "graphics": lambda: _graphics(workspace),
        "disk": lambda: _disk(workspace),
    }
    results = {name: _check(check, workspace.paths.database) for name, check in checks.items()}
    device = workspace.device()  # after the checks, which may find that a card does not work
    return {
        "ok": all(each["ok"] for each in results.values()),
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "runtime": {
            "onnxruntime": onnxruntime.__version__,
            "providers": onnxruntime.get_available_providers(),
        },
        "device": {"name": device.name, "reason": device.reason},
        "machine": machine(),
        **results,
    }


def _check(check: Callable[[], dict[str, Any]], database: Path) -> dict[str, Any]:
    """Give what a check found, with "ok"; a check that fails says why under "problem"."""
    try:
        return {"ok": True, **check()}
    except UserError as error:
        return {"ok": False, "problem": explain(error)}
    except Exception as error:  # whatever is broken, the other checks are wanted too
        if (polite := as_user_error(error, database)) is not None:
            return {"ok": False, "problem": explain(polite)}
        _logger.warning("a check could not be finished", exc_info=True)
        return {"ok": False, "problem": f"{type(error).__name__}: {error}"}


def _database() -> dict[str, Any]:
    return {**database_versions()}


def _library(workspace: Workspace) -> dict[str, Any]:
    with workspace.open_library() as library:
        problems = library.quick_check()[:_PROBLEMS_TOLD]
        return {
            "ok": not problems,
            "path": str(workspace.paths.database),
            "photos": library.photos.count(),
            **({"problem": "; ".join(problems)} if problems else {}),
        }


def _formats() -> dict[str, Any]:
    """Read a small picture of every format, in a worker as for real photos."""
    broken = {}
    with tempfile.TemporaryDirectory() as folder, MediaPool(workers=1) as media:
        for each in FORMATS:
            path = Path(folder) / f"sample.{each.name}"
            try:
                write_sample(path, each.name)
                media.prepare(PrepareRequest(path, None, None)).result()
            except FileFailure as failure:
                broken[each.name] = f"{failure.reason.value} {failure.detail}".strip()
            except OSError as error:
                broken[each.name] = str(error)
    names = [each.name for each in FORMATS]
    return {"ok": not broken, "read": [each for each in names if each not in broken], **broken}


def _window() -> dict[str, Any]:
    """Look for Qt's parts without loading them."""
    found = importlib.util.find_spec("PySide6")
    if found is None or found.origin is None:
        return {"ok": False, "problem": "PySide6 is not installed"}
    plugins = Path(found.origin).parent
    platforms = sorted(
        each.stem.removeprefix("lib")
        for root in (plugins / "Qt" / "plugins", plugins / "plugins")
        for each in (root / "platforms").glob("*q*")
        if each.suffix in {".so", ".dll", ".dylib"}
    )
    return {"ok": bool(platforms), "platforms": platforms}


def _graphics(workspace: Workspace) -> dict[str, Any]:
    """Start the engine host, where pictures are computed by one, and time it."""
    try:
        embedder = workspace.embedder()
    except UserError:
        embedder = None  # told by the check of the model
    speed = check_graphics(embedder) if embedder is not None else None
    device = workspace.device()
    if speed is None:
        return {"used": False, "note": device.reason}
    if not speed.by_card:
        return {"ok": False, "used": False, "problem": device.reason}
    return {"used": True, "name": device.name, "images_per_second": speed.images_per_second}


def _disk(workspace: Workspace) -> dict[str, Any]:
    free = shutil.disk_usage(workspace.paths.data).free // 1_000_000
    return {"ok": free >= _LITTLE_SPACE_MB, "free_megabytes": free}


def _show(document: dict[str, Any]) -> Iterable[str]:
    yield f"MemoryHunter {document['version']}, Python {document['python']}, {document['system']}"
    yield f"Device: {document['device']['name']}; {document['device']['reason']}"
    yield from machine_lines(document["machine"])
    for name, found in document.items():
        if isinstance(found, dict) and "ok" in found:
            facts = ", ".join(
                f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
                for key, value in found.items()
                if key not in {"ok", "speed"}
            )
            yield f"{'good' if found['ok'] else 'BAD '}  {name}: {facts}"
            if "speed" in found:
                yield from speed_lines(found["speed"])
    yield "Everything works." if document["ok"] else "Something needs attention, see above."


DOCTOR = Command("doctor", "check that everything works", _configure, _run, _show)

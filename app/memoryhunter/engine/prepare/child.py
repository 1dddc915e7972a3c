"""The converter's process: its surroundings, and what it tells the parent.

This module is loaded by the parent as well, so the converter itself, which needs torch, is
imported by name and in the child only.
"""

import contextlib
import importlib
import os
import sys
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.disk import is_full
from memoryhunter.engine.prepare.hub_origin import Origin
from memoryhunter.engine.prepare.progress import PrepareProgress, PrepareStep, at_step
from memoryhunter.processes import settle_child

LOG_FILE = "preparation.log"

# Nothing may be fetched: the only download is the one the person asked for, and it is over.
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DISABLE_SAFETENSORS_CONVERSION": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # Progress bars hold a semaphore that Python complains about when the process is killed.
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}


@dataclass(frozen=True, slots=True)
class Done:
    """The package is complete."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The package cannot be made: the code and values of a UserError."""

    code: ErrorCode
    values: dict[str, str | int]


Message = PrepareProgress | Done | Failed


def run(
    source: Path,
    destination: Path,
    sender: "Connection[Message, Message]",
    origin: Origin | None,
) -> None:
    """Convert `source` into `destination`; the process's entry point."""
    settle_child()
    os.environ.update(_OFFLINE)
    _silence(destination / LOG_FILE)
    work = destination / "work"
    work.mkdir()
    sender.send(_outcome(source, destination, work, sender, origin))
    sender.close()


def _outcome(
    source: Path,
    destination: Path,
    work: Path,
    sender: "Connection[Message, Message]",
    origin: Origin | None = None,
) -> Done | Failed:
    try:
        sender.send(at_step(PrepareStep.READ))  # loading torch takes seconds
        converter = importlib.import_module("memoryhunter.engine.prepare.convert")
        converter.convert(source, destination, work, sender.send, origin)
    except UserError as error:
        return Failed(error.code, error.values)
    except MemoryError:
        return _failed(source, "there is not enough memory")
    except Exception as error:  # noqa: BLE001 (the process boundary: the parent must hear of it)
        if isinstance(error, OSError) and is_full(error):
            return Failed(ErrorCode.DISK_FULL, _disk(destination, error))
        with contextlib.suppress(OSError):  # the log may be on a full disk too
            traceback.print_exc()
        lines = str(error).strip().splitlines()
        return _failed(source, f"{type(error).__name__}: {lines[0] if lines else ''}".rstrip(": "))
    return Done()


def _disk(destination: Path, error: OSError) -> dict[str, str | int]:
    return {"path": str(destination.parent), "detail": error.strerror or str(error)}


def _failed(source: Path, detail: str) -> Failed:
    values: dict[str, str | int] = {"path": str(source), "detail": detail}
    return Failed(ErrorCode.MODEL_PREPARATION_FAILED, values)


def _silence(log: Path) -> None:
    """Send everything printed here to a file, also by native code, and also where no console is.

    The parent's standard output belongs to its one JSON document.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="replace", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="replace", closefd=False, buffering=1)

"""Runs the converter in a child process and answers for whatever becomes of it.

torch and transformers take 0.6 s of a stalled interpreter and a gigabyte of memory, cannot be
loaded after Qt on Windows (torch 2.9 and later), and may be killed for lack of memory: none of
that may touch the program itself.
"""

import logging
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.prepare import child
from memoryhunter.engine.prepare.hub_folder import read_hub_folder
from memoryhunter.engine.prepare.hub_origin import Origin
from memoryhunter.engine.prepare.progress import (
    CancelledCallback,
    PreparationCancelledError,
    ProgressCallback,
)
from memoryhunter.processes import start_child

_log = logging.getLogger(__name__)

# How often `cancelled` is asked, in seconds.
_PATIENCE = 0.1
# How long a child may take to end by itself once it has said that it is done, in seconds.
_FAREWELL = 20.0


def prepare_package(
    source: Path,
    destination: Path,
    on_progress: ProgressCallback | None = None,
    cancelled: CancelledCallback | None = None,
    origin: Origin | None = None,
) -> None:
    """Make a package in the empty folder `destination` of the hub folder `source`.

    `origin` is as for `read_hub_folder`.

    `on_progress` and `cancelled` are called in the calling thread. Raises UserError
    MODEL_SOURCE_INVALID, MODEL_PREPARATION_FAILED or DISK_FULL, and PreparationCancelledError;
    the caller removes `destination` then.
    """
    read_hub_folder(
        source, origin
    )  # most mistakes are found here, before seconds of starting torch
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=child.run,
        args=(source, destination, sender, origin),
        name="prepare-model",
        daemon=True,
    )
    try:
        start_child(process)
        sender.close()
        _follow(process, receiver, source, on_progress, cancelled or (lambda: False))
    finally:
        _end(process)
        receiver.close()
        _keep_log(destination / child.LOG_FILE)


def _follow(
    process: BaseProcess,
    receiver: "Connection[child.Message, child.Message]",
    source: Path,
    on_progress: ProgressCallback | None,
    cancelled: Callable[[], bool],
) -> None:
    """Pass on what the child says until it is done; raises what it failed with."""
    while True:
        if cancelled():
            raise PreparationCancelledError
        if not wait([receiver, process.sentinel], timeout=_PATIENCE):
            continue
        try:
            message = receiver.recv()
        except (EOFError, OSError):
            if cancelled():  # while it was being waited for, by what ended the child too
                raise PreparationCancelledError from None
            raise _died(process, source) from None
        match message:
            case child.Done():
                process.join(_FAREWELL)
                return
            case child.Failed(code, values):
                process.join(_FAREWELL)
                raise UserError(code, **values)
            case progress:
                if on_progress is not None:
                    on_progress(progress)


def _died(process: BaseProcess, source: Path) -> UserError:
    process.join(_FAREWELL)
    code = process.exitcode
    if code is not None and code < 0:
        detail = f"the preparing process was ended by {_signal_name(-code)}"
        if -code == getattr(signal, "SIGKILL", None):
            detail += ", perhaps for lack of memory"
    else:
        detail = f"the preparing process ended unexpectedly (status {code})"
    return UserError(ErrorCode.MODEL_PREPARATION_FAILED, path=str(source), detail=detail)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _end(process: BaseProcess) -> None:
    if process.pid is None:
        return  # it never started
    if process.is_alive():
        # Not terminate(): the child writes only into a folder that is thrown away, and a
        # native computation may hold a polite request up for minutes.
        process.kill()
    process.join()
    process.close()


def _keep_log(path: Path) -> None:
    """Move what the child printed, warnings of torch mostly, to this program's log."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        path.unlink()
    except OSError:
        return
    if text.strip():
        _log.debug("while preparing a model:\n%s", text[-20_000:])

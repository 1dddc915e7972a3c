"""What runs inside a media worker: one process that answers one request at a time.

The other end is `supervisor`. Nothing here knows photos; a request is a function and its argument.
"""

import os
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.processes import settle_child, step_back


@dataclass(frozen=True, slots=True)
class Request:
    """A call to make: `function` must be importable by name, `argument` picklable."""

    function: Callable[[Any], Any]
    argument: object


@dataclass(frozen=True, slots=True)
class Answer:
    """How the call ended: its result, or the exception it raised."""

    result: Any = None
    error: Exception | None = None


def serve(connection: Connection, memory_bytes: int, *, in_background: bool) -> None:
    """Answer the requests that arrive, until None arrives or the other end is closed."""
    _settle_in(memory_bytes)
    if in_background:
        step_back()
    while True:
        try:
            request = connection.recv()
        except EOFError:
            return
        if request is None:
            return
        connection.send(_answer(request))


def _answer(request: Request) -> Answer:
    """Make the call; whatever it raises is the answer."""
    try:
        return Answer(result=request.function(request.argument))
    except FileFailure as failure:
        return Answer(error=failure)
    except MemoryError:
        return Answer(error=FileFailure(FailureReason.OUT_OF_MEMORY))
    except Exception as error:  # noqa: BLE001 the parent raises it again, where it is seen
        # The traceback does not survive the journey; a note does.
        error.add_note(f"In the media worker:\n{traceback.format_exc()}")
        return Answer(error=error)


def _settle_in(memory_bytes: int) -> None:
    """Make this process a quiet child that cannot outlive its parent or eat the machine."""
    settle_child()
    # Pillow warns about odd files; those who could act on it are told by a FileFailure.
    warnings.simplefilter("ignore")
    _silence()
    _limit_memory(memory_bytes)


def _silence() -> None:
    """Keep what native libraries print (libtiff does) off the person's terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _limit_memory(memory_bytes: int) -> None:
    """Limit the address space: allocations beyond fail, and cost one photo.

    macOS accepts the limit and ignores it; Windows has none of this kind.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 exists on Unix only

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        allowed = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
        resource.setrlimit(resource.RLIMIT_AS, (allowed, most))

"""NVIDIA's driver, asked for its cards by a process of its own.

A driver in trouble may never answer, and nothing could take a thread back from it; who asks for the
state of the program would wait as well.
"""

import ctypes
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from memoryhunter.engine.card import Card, NoCard
from memoryhunter.engine.driver_library import Load, loaded
from memoryhunter.engine.pci_bus import has_display
from memoryhunter.processes import settle_child, start_child

Question = Callable[[], Card | NoCard]

_MAKER = 0x10DE  # NVIDIA's number on the PCI bus
_NO_DEVICE = 100  # CUDA_ERROR_NO_DEVICE of cuda.h
_LIBRARY = ("libcuda.so.1", "nvcuda.dll")

# A driver that is well answers within a second, also the first after the computer has started.
_SECONDS: Final = 10.0
_SECONDS_TO_END: Final = 2.0


def nvidia_card(load: Load) -> Card | NoCard:
    """Give the first card; takes half a second where the driver is, and 12 s if it hangs.

    `load` (ctypes.CDLL) is only tried here: loading the driver's library asks it nothing.
    """
    if loaded(load, *_LIBRARY) is not None:
        return ask_in_child(_ask)
    if has_display(_MAKER):
        reason = "there is an NVIDIA graphics card, but its driver is not installed"
        return NoCard(reason, in_trouble=True)
    return NoCard("no graphics card that can be used was found")


def ask_in_child(question: Question, seconds: float = _SECONDS) -> Card | NoCard:
    """Have a child process call `question`, which must be importable by its name."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_answer, args=(question, theirs), name="graphics driver", daemon=True
    )
    with ours:
        try:
            with theirs:
                start_child(process)
        except OSError as error:
            return _trouble(f"could not be asked ({error})")
        try:
            if not wait([ours, process.sentinel], seconds):
                return _trouble("does not answer")
            return _received(ours) or _trouble("crashed when it was asked for its cards")
        finally:
            process.kill()
            # Not for ever: one that waits for a driver may not be killed before that answers.
            process.join(_SECONDS_TO_END)


def ask_driver(load: Load) -> Card | NoCard:
    """Ask the driver, which `load` (ctypes.CDLL) loads; called in a process of its own."""
    driver = loaded(load, *_LIBRARY)
    if driver is None:
        return _trouble("does not load")
    count, device, name = ctypes.c_int(0), ctypes.c_int(0), ctypes.create_string_buffer(128)
    status = (
        driver.cuInit(0)
        or driver.cuDeviceGetCount(ctypes.byref(count))
        or (0 if count.value else _NO_DEVICE)
        or driver.cuDeviceGet(ctypes.byref(device), 0)
        or driver.cuDeviceGetName(name, len(name), device)
    )
    if status == _NO_DEVICE:
        reason = "NVIDIA's driver is installed, but finds no graphics card"
        return NoCard(reason, in_trouble=has_display(_MAKER))
    if status:
        return _trouble(f"does not work (its error number is {status})")
    return Card(name.value.decode("utf-8", "replace"), "cuda")


def _ask() -> Card | NoCard:
    return ask_driver(ctypes.CDLL)


def _answer(question: Question, connection: "Connection[Any, Any]") -> None:
    settle_child()
    connection.send(question())


def _received(connection: "Connection[Any, Any]") -> Card | NoCard | None:
    """Give the answer; None where the process ended without one."""
    try:
        answer: Card | NoCard | None = connection.recv() if connection.poll() else None
    except (EOFError, OSError):
        return None
    return answer


def _trouble(what: str) -> NoCard:
    return NoCard(f"NVIDIA's driver {what}", in_trouble=True)

"""Child processes that Ctrl-C does not reach and that do not outlive their parent.

Nor does the end of a terminal, which a terminal too tells the whole group.
"""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

_NICENESS = 10
# What a terminal sends to the parent and its children alike; the parent sees to it.
_OF_TERMINALS = {signal.SIGINT} if sys.platform == "win32" else {signal.SIGINT, signal.SIGHUP}
_BELOW_NORMAL_PRIORITY_CLASS = 0x4000  # winbase.h


def start_child(process: BaseProcess) -> None:
    """Start `process` (of a *spawn* context), deaf to a terminal until it runs our own code.

    In a terminal Ctrl-C reaches the whole group: a child that is still starting would print a
    traceback before anything of ours could prevent it. What our code in the child does first is
    `settle_child`.
    """
    with _interrupts_wait():
        process.start()


def settle_child() -> None:
    """Leave the terminal to the parent, and end this process as soon as the parent is gone."""
    for each in _OF_TERMINALS:
        signal.signal(each, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(
            target=_die_with, args=(parent.sentinel,), name="parent-watch", daemon=True
        ).start()


def step_back() -> None:
    """Let what people wait for go before this process, for good: it works in the background."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        with contextlib.suppress(OSError):  # a sandbox may forbid it, and it is a courtesy
            os.nice(_NICENESS)


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Let what a terminal sends wait until the end; processes started meanwhile are deaf to it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield  # Windows
        return
    # Starting the first child of a program starts this helper of multiprocessing too, which
    # (up to Python 3.12) ends with letting Ctrl-C through again, whatever was blocked before.
    from multiprocessing import resource_tracker  # noqa: PLC0415 exists on Unix only

    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_TERMINALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _die_with(sentinel: int) -> None:
    """End this process, whatever it is doing, when `sentinel` says that its parent is gone.

    Not by Linux' PR_SET_PDEATHSIG, which fires when the *thread* that started us ends.
    """
    wait([sentinel])
    os._exit(1)

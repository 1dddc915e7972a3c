"""Ctrl-C, and being asked to terminate, as a wish that the work itself sees to."""

import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from memoryhunter.indexing.control import Control


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt, as `memoryhunter.main` has put it off until now.

    Within the block somebody catches it; before and after it nobody does, and it would be seen
    as a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_DFL:  # it may be ignored, as where a shell put us in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def stopped_by_signals(
    control: Control, interrupt: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """End the work in an orderly way on Ctrl-C, when asked to terminate and without a terminal.

    `interrupt` is then called in a thread of its own: it frees the work from what it may wait for,
    and must not be called where the work itself was stopped short, amid whatever lock it held.
    """
    wishes: queue.SimpleQueue[bool] = queue.SimpleQueue()  # may be used in a signal's handler

    def stop(_number: int, _frame: FrameType | None) -> None:
        control.stop()
        wishes.put(True)

    def see_to_it() -> None:
        if wishes.get():
            interrupt()

    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    thread = threading.Thread(target=see_to_it, name="interrupts", daemon=True)
    thread.start()
    before = {each: signal.signal(each, stop) for each in _heard()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        wishes.put(False)
        thread.join()


def _heard() -> list[signal.Signals]:
    """Give the signals to hear: not those ignored on purpose, as `nohup` does."""
    signals = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32":
        signals.append(signal.SIGHUP)  # the terminal was closed
    return [each for each in signals if signal.getsignal(each) is not signal.SIG_IGN]

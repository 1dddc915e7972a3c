"""Ctrl-C, and being asked to terminate, as a wish that the work itself sees to."""

import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from memoryhunter.indexing.control import Control


@contextmanager
def stopped_by_signals(
    control: Control, interrupt: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """End the work in an orderly way on Ctrl-C and when asked to terminate.

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
    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        wishes.put(False)
        thread.join()

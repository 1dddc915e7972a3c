"""Ctrl-C, and being asked to terminate, as a wish that the work itself sees to."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from memoryhunter.indexing.control import Control


@contextmanager
def stopped_by_signals(control: Control) -> Iterator[None]:
    """End the work in an orderly way on Ctrl-C and when asked to terminate."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        control.stop()

    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

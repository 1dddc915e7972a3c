"""Fixtures for every test, and the rule that silence is the passing condition.

A warning in the program's log fails a test unless it asked for `caplog`; a thread or a child
process left running fails it too.
"""

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYSIDE6_OPTION_LAZY"] = "0"  # as in memoryhunter.main, for the reason told there
# Of the models that may have come with the program no test may depend; those that are about them
# name a folder of their own.
os.environ["MEMORYHUNTER_BUILT_IN"] = os.fspath(Path(__file__).parent / "no built-in models")

_SECONDS_TO_END = 3.0


@pytest.fixture(autouse=True)
def nothing_in_the_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on a warning or an error that the test did not expect."""
    handler = _Collector(logging.WARNING)
    logger = logging.getLogger("memoryhunter")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    if handler.messages and "caplog" not in request.fixturenames:
        pytest.fail("unexpected in the log: " + "; ".join(handler.messages))


class _Collector(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail when a thread or a child process outlives the test that started it."""
    threads, children = set(threading.enumerate()), len(multiprocessing.active_children())
    yield
    deadline = time.monotonic() + _SECONDS_TO_END
    while time.monotonic() < deadline:
        left = [each.name for each in set(threading.enumerate()) - threads if each.is_alive()]
        more = len(multiprocessing.active_children()) - children
        if not left and more <= 0:
            return
        time.sleep(0.01)
    pytest.fail(f"left running: threads {left}, {more} child processes")

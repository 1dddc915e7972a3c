"""The one bridge between the window and other threads.

A `Lane` is a long-lived worker thread that owns what it needs (a library connection, a search
service) and runs jobs one by one. Answers come back through the `Courier`, on the GUI thread.
No QObject is made or destroyed in a worker: workers see plain values and QImages only.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from time import monotonic, perf_counter
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from memoryhunter.domain.errors import UserError

Resource = TypeVar("Resource")
Answer = TypeVar("Answer")

SLICE_SECONDS = 0.008  # answers delivered in one go; then input and painting get their turn


class Courier(QObject):
    """Runs calls posted by any thread on the GUI thread, in order, a short slice at a time."""

    _posted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: deque[Callable[[], object]] = deque()
        self._armed = False
        self._closed = False
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._deliver)
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._posted.emit()  # here first, not in two workers at once: see `tile_image.touch_types`

    def post(self, call: Callable[[], object]) -> None:
        """Have `call` run on the GUI thread soon; safe from any thread."""
        if self._closed:
            return
        self._calls.append(call)
        if not self._armed:
            self._armed = True
            self._posted.emit()

    def close(self) -> None:
        """Drop what was posted and deliver nothing more."""
        self._closed = True
        self._rest.stop()
        self._calls.clear()

    def _deliver(self) -> None:
        self._armed = False
        deadline = perf_counter() + SLICE_SECONDS
        try:
            while self._calls and perf_counter() < deadline:
                self._calls.popleft()()
        finally:
            if self._calls:
                self._rest.start()


@dataclass(slots=True)
class _Job(Generic[Resource]):
    work: Callable[[Resource], Any]
    on_done: Callable[[Any], object]
    on_failed: Callable[[UserError], object]
    key: str | None


class Lane(Generic[Resource]):
    """A worker thread with a resource of its own, opened in the thread by the first job.

    `resource` gives a context manager; when opening fails, the job fails and the next job
    tries again. `polite` turns errors that are nobody's bug into a UserError.
    """

    def __init__(
        self,
        name: str,
        courier: Courier,
        resource: Callable[[], AbstractContextManager[Resource]],
        polite: Callable[[Exception], UserError | None] = lambda _error: None,
    ) -> None:
        self._courier = courier
        self._resource = resource
        self._polite = polite
        self._jobs: deque[_Job[Resource]] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"gui-{name}", daemon=True)
        self._thread.start()

    def submit(
        self,
        work: Callable[[Resource], Answer],
        on_done: Callable[[Answer], object],
        on_failed: Callable[[UserError], object],
        *,
        key: str | None = None,
    ) -> None:
        """Run `work` in the lane, then `on_done` or `on_failed` on the GUI thread.

        A job that still waits under the same `key` is replaced: only the latest counts.
        """
        job = _Job(work, on_done, on_failed, key)
        with self._changed:
            if key is not None:
                waiting = [kept for kept in self._jobs if kept.key != key]
                self._jobs.clear()
                self._jobs.extend(waiting)
            self._jobs.append(job)
            self._changed.notify()

    def stop(self) -> None:
        """Ask the thread to end after the job it is at; what waits is dropped."""
        with self._changed:
            self._stopping = True
            self._jobs.clear()
            self._changed.notify()

    def join(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the thread; say whether it ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        with ExitStack() as opened:
            resources: list[Resource] = []
            while (job := self._next()) is not None:
                try:
                    if not resources:
                        resources.append(opened.enter_context(self._resource()))
                    answer = job.work(resources[0])
                except UserError as error:
                    self._courier.post(partial(job.on_failed, error))
                except Exception as error:  # noqa: BLE001 - the job boundary
                    known = self._polite(error)
                    # Any other is a bug, and is seen on the GUI thread.
                    call = (
                        partial(_raise, error) if known is None else partial(job.on_failed, known)
                    )
                    self._courier.post(call)
                else:
                    self._courier.post(partial(job.on_done, answer))
                    del answer
                del job

    def _next(self) -> _Job[Resource] | None:
        with self._changed:
            while not self._jobs and not self._stopping:
                self._changed.wait()
            return None if self._stopping else self._jobs.popleft()


def join_all(joins: Iterable[Callable[[float], bool]], seconds: float) -> bool:
    """Call each with the time that is left of `seconds`; say whether all gave true.

    Many threads that hang are waited for as long as one.
    """
    deadline = monotonic() + seconds
    ended = [join(max(0.0, deadline - monotonic())) for join in joins]
    return all(ended)


def _raise(error: Exception) -> None:
    raise error

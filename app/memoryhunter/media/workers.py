"""The media workers: child processes that read photos, so that no photo can hurt the program.

A photo that crashes its decoder, hangs it or wants too much memory costs only itself. The
workers import neither Qt nor torch, as long as importing the program's `__main__` does not:
"spawn" imports it anew in each of them.
"""

import os
import threading
from concurrent.futures import CancelledError, Future
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from memoryhunter.domain.photo import FileStamp
from memoryhunter.media.decode import load_decoders
from memoryhunter.media.prepare import (
    PreparedPhoto,
    PrepareRequest,
    fingerprint_photo,
    prepare_photo,
)
from memoryhunter.media.supervisor import SupervisedWorker
from memoryhunter.media.worker import Request

# More workers than this wait for the disk, and each may hold a large photo in memory.
_MOST_WORKERS: Final = 4


class _Job(NamedTuple):
    request: Request
    future: Future[Any]


class MediaPool:
    """A few worker processes, each with a thread here that hands it photos and watches it.

    `workers` is their number, None for one a core but at most 4. `seconds_per_file` is how
    long one file may take. `memory_bytes` limits the address space of each worker (on Linux;
    macOS and Windows have no such limit). After `files_per_worker` files a worker is
    replaced, which bounds what a leaking decoder can hold. `in_background` is for work that
    nobody waits for: it goes behind a query and behind the window. Processes start at first use.

    Futures may be cancelled until a worker takes them up. Safe to use from any thread.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        seconds_per_file: float = 20.0,
        memory_bytes: int = 3 * 1024**3,
        files_per_worker: int = 500,
        in_background: bool = True,
    ) -> None:
        count = workers or min(_MOST_WORKERS, os.cpu_count() or 1)
        self._workers = [
            SupervisedWorker(
                first=Request(_load, None),
                seconds=seconds_per_file,
                memory_bytes=memory_bytes,
                requests=files_per_worker,
                in_background=in_background,
            )
            for _ in range(count)
        ]
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()  # guards the two below
        self._lanes: list[threading.Thread] = []
        self._closed = False

    @property
    def workers(self) -> int:
        """The number of processes."""
        return len(self._workers)

    def prepare(self, request: PrepareRequest) -> Future[PreparedPhoto]:
        """Have `prepare_photo` run in a worker.

        The future raises FileFailure, also for TOO_SLOW, OUT_OF_MEMORY and CRASHED; OSError
        where the thumbnail could not be written; WorkerStartError where no worker starts.
        """
        return self._submit(Request(prepare_photo, request))

    def fingerprint(self, path: Path) -> Future[tuple[FileStamp, str]]:
        """Have `fingerprint_photo` run in a worker; raises as `prepare` does."""
        return self._submit(Request(fingerprint_photo, path))

    def close(self) -> None:
        """Stop at once and leave no process; futures not done by now raise CancelledError."""
        with self._lock:
            self._closed = True
            lanes, self._lanes = self._lanes, []
        self._cancel_waiting()
        for worker in self._workers:
            worker.kill()
        for _ in lanes:
            self._jobs.put(None)
        for lane in lanes:
            lane.join()

    def __enter__(self) -> Self:
        """Give the pool itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the pool."""
        self.close()

    def _submit(self, request: Request) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the media pool is closed")
            if not self._lanes:
                self._lanes = [
                    threading.Thread(
                        target=self._run_lane, args=(worker,), name="media lane", daemon=True
                    )
                    for worker in self._workers
                ]
                for lane in self._lanes:
                    lane.start()
            self._jobs.put(_Job(request, future))
        return future

    def _run_lane(self, worker: SupervisedWorker) -> None:
        """Hand one worker the jobs it is free for, until None arrives."""
        while (job := self._jobs.get()) is not None:
            if job.future.set_running_or_notify_cancel():
                self._run(job, worker)
        worker.end()

    def _run(self, job: _Job, worker: SupervisedWorker) -> None:
        try:
            result = worker.call(job.request)
        except Exception as error:  # noqa: BLE001 the future carries it to who waits
            job.future.set_exception(CancelledError() if self._closed else error)
        else:
            job.future.set_result(result)

    def _cancel_waiting(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            if job is not None:
                job.future.cancel()


def _load(_: None) -> None:
    """Have everything imported that reading a photo needs; it may take long on a cold disk."""
    load_decoders()

"""One supervised worker process: started when needed, ended when it hangs, replaced when it dies.

pebble's pool was the first choice, but one worker that dies while idle (a system short of memory
picks any) breaks the whole pool: every photo in its queue fails, and it takes no other (5.2.3).
"""

import signal
import threading
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.media.worker import Answer, Request, serve
from memoryhunter.processes import start_child

# Starting takes 0.3 s here; a cold disk with a virus scanner takes many.
_SECONDS_TO_START: Final = 60.0

_SECONDS_TO_END: Final = 2.0


class WorkerStartError(RuntimeError):
    """A worker could not be started: the program or the machine is at fault, not a photo."""


class SupervisedWorker:
    """A child process with limits: seconds for a request, bytes of memory, requests in its life.

    `in_background` lets everything people wait for go before it. `first` is called in each new
    process while it starts: what it imports or loads counts for no other call.

    One thread calls; only `kill` may come from another.
    """

    def __init__(
        self,
        *,
        first: Request,
        seconds: float,
        memory_bytes: int,
        requests: int,
        in_background: bool,
    ) -> None:
        self._first = first
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._requests = requests
        self._in_background = in_background
        self._answered = 0
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._lock = threading.Lock()  # between starting a process and `kill`
        self._killed = False

    def call(self, request: Request) -> Any:
        """Have the worker make a call, and give its result; raises what the call raised.

        The clock runs while the call runs, not while a worker starts.

        Raises FileFailure (TOO_SLOW, CRASHED, or what the call raised), and WorkerStartError
        where there is no worker and none can be started.
        """
        process, connection = self._sent(request)
        if not wait([connection, process.sentinel], self._seconds):
            self._discard()
            raise FileFailure(FailureReason.TOO_SLOW, f"longer than {self._seconds:g} s")
        answer = self._received(process, connection)
        self._answered += 1
        if self._answered >= self._requests:
            self.end()
        if answer.error is not None:
            raise answer.error
        return answer.result

    def end(self) -> None:
        """Let the process finish by itself; a new one is started when one is needed again."""
        if self._connection is not None and self._process is not None:
            with suppress(OSError):
                self._connection.send(None)
            self._process.join(_SECONDS_TO_END)
        self._discard()

    def kill(self) -> None:
        """End the process now and start no other; a call under way raises soon."""
        with self._lock:
            self._killed = True
            process = self._process  # the calling thread may let go of it at any time
        if process is not None:
            process.kill()

    def _sent(self, request: Request) -> tuple[SpawnProcess, Connection]:
        """Pass the request to a living worker, a new one if the old one died while idle."""
        if self._process is not None and self._connection is not None and self._process.is_alive():
            with suppress(OSError):
                self._connection.send(request)
                return self._process, self._connection
        self._discard()
        try:
            process, connection = self._launched()
            connection.send(self._first)
            if not wait([connection, process.sentinel], _SECONDS_TO_START):
                raise TimeoutError(f"not ready after {_SECONDS_TO_START:g} s")
            ready: Answer = connection.recv()
            if ready.error is not None:
                raise WorkerStartError(f"{self._discard()} {ready.error}") from ready.error
            connection.send(request)
        except (EOFError, OSError) as error:
            ending = self._discard()
            raise WorkerStartError(f"{ending} {error}".strip()) from error
        self._answered = 0
        return process, connection

    def _launched(self) -> tuple[SpawnProcess, Connection]:
        # "spawn": the parent has threads and perhaps a window, which do not survive a fork().
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        with self._lock:
            if self._killed:
                raise WorkerStartError("the worker was told to end")
            process = context.Process(
                target=serve,
                args=(theirs, self._memory_bytes),
                kwargs={"in_background": self._in_background},
                name="media worker",
                daemon=True,
            )
            start_child(process)
            self._process, self._connection = process, ours
        theirs.close()
        return process, ours

    def _received(self, process: SpawnProcess, connection: Connection) -> Answer:
        """Take the answer; a process that died gives none, or half of one."""
        try:
            if connection.poll():
                answer: Answer = connection.recv()
                return answer
        except (EOFError, OSError):
            pass
        # The pipe closes before the exit code is known.
        process.join(_SECONDS_TO_END)
        raise FileFailure(FailureReason.CRASHED, self._discard())

    def _discard(self) -> str:
        """Make sure that the process is gone; gives how it ended, in words."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is None:
            return ""
        process.kill()
        # Not for ever: a process that waits for a dead network drive cannot be killed.
        process.join(_SECONDS_TO_END)
        code = process.exitcode or 0
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

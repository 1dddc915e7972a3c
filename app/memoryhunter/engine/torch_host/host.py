"""One engine host as the program sees it: a process that computes vectors, or says why not.

Every wait has a limit, after which the process is ended: a driver that hangs must cost no more
than the card.
"""

import contextlib
import signal
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.onnx_engine import unit_rows
from memoryhunter.engine.torch_host import child
from memoryhunter.engine.torch_host.agreement import agrees
from memoryhunter.engine.torch_host.messages import (
    Answer,
    Done,
    Failed,
    Load,
    Loaded,
    Measure,
    Measured,
    Open,
    Opened,
    Order,
    Request,
    Work,
)
from memoryhunter.engine.torch_host.ring import Ring, ring_shape
from memoryhunter.processes import start_child

T = TypeVar("T")
Rows = NDArray[np.float32]

# The program fills one slot while the host computes the other.
SLOTS: Final = 2
# So many pictures at once keep any card busy. What is handed over together has to be at least two
# slots, or copying would wait for computing and the other way round; and who collects pictures has
# no room for more than twice this (40 MB of 224 pixels), nor are they decoded any faster.
_MOST_AT_ONCE: Final = 128

# Tried in this order until one computes what the processor does. Half precision with the longer
# fraction first where it is fast; a model whose numbers are too large for it needs the other.
_PRECISIONS: Final = {
    "cuda": ("fp16", "bf16", "fp32"),
    "mps": ("fp16", "fp32"),
    "xpu": ("bf16", "fp32"),
    "cpu": ("fp32",),
}

_SECONDS_TO_END: Final = 2.0


class HostError(Exception):
    """The host has ended. `what` follows the device's name: "stopped answering".

    `lasting` is whether another one would end in the same way; `detail` is for the log.
    """

    def __init__(self, what: str, *, lasting: bool = False, detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.lasting = lasting
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds a host may take: for each step of its start, and for a slot of pictures.

    Starting reads gigabytes, from a disk that may be cold, and compiles for the card.
    """

    start: float = 120.0
    batch: float = 60.0


class TorchHost:
    """Starts, feeds and ends one process; one thread calls, only `kill` may come from others.

    `reference` gives the processor's vectors for `agreement.check_pictures`, unit length; it is
    called while the process starts. `precisions` is for tests, the device's own are the default.
    """

    def __init__(
        self,
        order: Order,
        reference: Callable[[], Rows],
        limits: Limits | None = None,
        precisions: tuple[str, ...] = (),
    ) -> None:
        self._order = order
        self._reference = reference
        self._limits = limits or Limits()
        self._precisions = precisions or _PRECISIONS[order.kind]
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._ring: Ring | None = None
        self._lock = threading.Lock()  # between starting a process and `kill`
        self._killed = False
        self.batch = 0  # pictures it computes at once, 0 until it was started
        self.precision = ""  # "fp16", "bf16" or "fp32", once it was started

    @property
    def started(self) -> bool:
        """Whether a process was started, and not ended from here."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """The process's number, None while there is none."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the process and see that it computes what the processor does.

        Raises HostError, and what `reference` raises; there is no process then.
        """
        try:
            self._launch()
            self.precision = self._agreed_precision()
            self._send(Measure(_MOST_AT_ONCE))
            self.batch = self._answer(Measured, self._limits.start).batch
            self._open_ring()
        except BaseException:
            self.end()
            raise

    def embed(self, pixels: NDArray[np.uint8]) -> Rows:
        """Compute (n, S, S, 3) into (n, D), not normalised; raises HostError, having ended it.

        A part is copied while another is computed, if there are `SLOTS` times `batch` or more.
        """
        try:
            return self._embed(pixels)
        except BaseException:  # an interrupted exchange cannot be taken up again either
            self.end()
            raise

    def end(self) -> None:
        """End the process, if there is one, which gives back the device's memory."""
        with self._lock:
            process, self._process = self._process, None
        connection, self._connection = self._connection, None
        ring, self._ring = self._ring, None
        if process is not None:
            process.kill()
            # Not for ever: one that waits for a driver may not be killed before that answers.
            process.join(_SECONDS_TO_END)
        if connection is not None:
            connection.close()
        if ring is not None:
            ring.forget_name()
            ring.close()

    def kill(self) -> None:
        """End the process now and start no other; a call under way raises HostError soon."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()

    def _launch(self) -> None:
        # "spawn": torch does not survive a fork(), nor do the program's threads.
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        self._connection = ours
        process = context.Process(
            target=child.run, args=(self._order, theirs), name="engine host", daemon=True
        )
        with self._lock, contextlib.closing(theirs):
            if self._killed:
                raise HostError("is not wanted any more", lasting=True)
            try:
                start_child(process)
            except OSError as error:
                what = f"could not be used: its process does not start ({child.one_line(error)})"
                raise HostError(what) from error
            self._process = process

    def _agreed_precision(self) -> str:
        """Load the weights in the first precision that gives the processor's vectors."""
        reference: Rows | None = None
        for precision in self._precisions:
            self._send(Load(precision))
            if reference is None:
                reference = self._reference()
            if agrees(unit_rows(self._answer(Loaded, self._limits.start).rows), reference):
                return precision
        raise HostError("did not compute what the processor computes", lasting=True)

    def _open_ring(self) -> None:
        order = self._order
        try:
            shape = ring_shape(SLOTS, self.batch, order.size, order.dimension)
            ring = self._ring = Ring.create(shape)
        except (OSError, MemoryError) as error:
            what = f"could not be used: {child.one_line(error)}"
            raise HostError(what, lasting=True) from error
        try:
            self._send(Open(ring.name, shape))
            self._answer(Opened, self._limits.start)
        finally:
            ring.forget_name()

    def _embed(self, pixels: NDArray[np.uint8]) -> Rows:
        ring = self._ring
        assert ring is not None, "started before use"  # noqa: S101 for the type checker
        rows = np.empty((len(pixels), self._order.dimension), dtype=np.float32)
        step = min(self.batch, ring.shape.pictures)
        free = deque(range(SLOTS))
        under_way: deque[tuple[int, slice]] = deque()
        for start in range(0, len(pixels), step):
            if not free:
                free.append(self._collect(under_way, rows))
            part = slice(start, min(start + step, len(pixels)))
            slot, count = free.popleft(), part.stop - part.start
            ring.pixels(slot)[:count] = pixels[part]
            self._send(Work(slot, count))
            under_way.append((slot, part))
        while under_way:
            self._collect(under_way, rows)
        return rows

    def _collect(self, under_way: "deque[tuple[int, slice]]", rows: Rows) -> int:
        """Take the vectors of the oldest slot; gives the slot, which is free now."""
        slot, part = under_way.popleft()
        done = self._answer(Done, self._limits.batch)
        assert self._ring is not None  # noqa: S101 for the type checker
        rows[part] = self._ring.rows(slot)[: part.stop - part.start]
        self.batch = done.batch
        return slot

    def _send(self, request: Request) -> None:
        assert self._connection is not None, "started before use"  # noqa: S101 for the type checker
        try:
            self._connection.send(request)
        except OSError:
            raise self._ending() from None

    def _answer(self, kind: type[T], seconds: float) -> T:
        process, connection = self._process, self._connection
        assert process is not None  # noqa: S101 for the type checker
        assert connection is not None  # noqa: S101
        if not wait([connection, process.sentinel], seconds):
            raise HostError("stopped answering", detail=f"for {seconds:g} s")
        # Also when the process is gone: its last words say why.
        answer: Answer | None = None
        with contextlib.suppress(EOFError, OSError):
            answer = connection.recv() if connection.poll() else None
        if answer is None:
            raise self._ending()
        if isinstance(answer, Failed):
            raise HostError(answer.what, lasting=answer.lasting, detail=answer.detail)
        assert isinstance(answer, kind), f"{answer} is no {kind.__name__}"  # noqa: S101
        return answer

    def _ending(self) -> HostError:
        """Say how the process ended; the pipe closes before that is known."""
        code: int | None = None
        if self._process is not None:
            self._process.join(_SECONDS_TO_END)
            code = self._process.exitcode
        how = f"status {code}"
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                how = signal.Signals(-code).name
        return HostError(f"stopped unexpectedly ({how})")

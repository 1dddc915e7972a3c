"""A tower on its device: as many pictures at once as pay, fewer where memory is short.

Engine host's process only.
"""

import contextlib
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from memoryhunter.engine.torch_host.memory_errors import says_out_of_memory
from memoryhunter.engine.torch_host.messages import Order

Tower = Callable[[torch.Tensor], torch.Tensor]
Wait = Callable[[], None]

_FIRST = 8
# Up to here a device that is quick enough always gains; a noisy timing must not end it so early.
_SURELY = 32
# Twice the pictures at once must give this much more in a second to be worth their memory.
_GAIN = 1.05
# Larger batches would make pausing and stopping slow.
_LONGEST_SECONDS = 0.5
# Of so many timings the best counts: whatever else runs only makes them longer.
_TIMINGS = 3


class OutOfDeviceMemoryError(Exception):
    """Not even one picture fits into the device's memory."""


class Runner:
    """Runs `tower`; `batch` is how many pictures it takes at once."""

    def __init__(self, tower: Tower, order: Order) -> None:
        self._tower = tower
        self._kind = order.kind
        self._device = torch.device(order.kind)
        self._shape = (order.size, order.size, 3)
        self._dimension = order.dimension
        # Streams and events: torch has one module for each maker of them.
        self._queue = {"cuda": torch.cuda, "xpu": getattr(torch, "xpu", None)}.get(order.kind)
        self.batch = _FIRST

    def rows(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Compute (n, S, S, 3) and wait for the vectors, (n, D)."""
        rows = torch.empty(len(pixels), self._dimension)
        self.launch(torch.from_numpy(pixels), rows)()
        array: NDArray[np.float32] = rows.numpy()
        return array

    def launch(self, pixels: torch.Tensor, rows: torch.Tensor) -> Wait:
        """Begin to compute `pixels` into `rows`, both in the processor's memory.

        Gives what waits until that is done. Where the device's memory is short, the batch is
        halved, for good; raises OutOfDeviceMemoryError when one picture is too much.
        """
        done = 0
        while done < len(pixels):
            part = slice(done, done + self.batch)
            if self._fits(pixels[part], rows[part]):
                done = min(part.stop, len(pixels))
            else:
                self._halve()
        if self._queue is None:
            return _nothing
        event = self._queue.Event()
        event.record()
        wait: Wait = event.synchronize
        return wait

    def measure(self, most: int) -> None:
        """Find the batch that pays most, up to `most`: doubled as long as it fits and gains."""
        best, rate = self.batch, 0.0
        size = _FIRST
        while size <= most:
            self.batch = size
            seconds = self._time(size)
            if self.batch < size:  # it did not fit
                best = min(best, self.batch) if rate == 0.0 else best
                break
            if size > _SURELY and size / seconds < rate * _GAIN:
                break
            best, rate = size, size / seconds
            if seconds > _LONGEST_SECONDS / 2:  # the next size would take too long
                break
            size *= 2
        self.batch = best
        self._give_back()

    def _time(self, size: int) -> float:
        """Give the seconds `size` pictures take; slow ones are timed once, cold as they are."""
        pixels = torch.zeros(size, *self._shape, dtype=torch.uint8)
        rows = torch.empty(size, self._dimension)
        best = float("inf")
        for timing in range(1 + _TIMINGS):  # the first warms up
            started = time.perf_counter()
            self.launch(pixels, rows)()
            seconds = time.perf_counter() - started
            if timing or seconds > _LONGEST_SECONDS:
                best = min(best, seconds)
            if seconds > _LONGEST_SECONDS:
                break
        return best

    def _fits(self, pixels: torch.Tensor, rows: torch.Tensor) -> bool:
        later = self._queue is not None
        try:
            there = pixels.to(self._device, non_blocking=later)
            rows.copy_(self._tower(there), non_blocking=later)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return False
        return True

    def _halve(self) -> None:
        # Not where the error is handled, whose traceback holds the tensors.
        self._give_back()
        if self.batch == 1:
            raise OutOfDeviceMemoryError
        self.batch //= 2

    def _give_back(self) -> None:
        """Return what torch keeps for itself to the device, once nothing computes any more."""
        if self._queue is not None:
            self._queue.synchronize()
            self._queue.empty_cache()
        elif self._kind == "mps":
            torch.mps.empty_cache()


def is_out_of_memory(error: Exception) -> bool:
    """Whether it says that memory is short; only some devices have a class for that."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return says_out_of_memory(str(error))


def pin(memory: NDArray[np.uint8], kind: str) -> bool:
    """Have CUDA copy from and to `memory` directly; without, it copies twice and waits."""
    if kind != "cuda":
        return False
    runtime = torch.cuda.cudart()
    if int(runtime.cudaHostRegister(memory.ctypes.data, memory.nbytes, 0)) == 0:
        return True
    # CUDA remembers the error, and torch would take it for that of whatever it does next.
    with contextlib.suppress(RuntimeError):
        torch.zeros(1, device=kind).add_(1)
    return False


def _nothing() -> None:
    pass

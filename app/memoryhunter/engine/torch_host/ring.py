"""The shared memory in which pixels go to the engine host and vectors come back.

It has a name only until both sides have it, so that nothing is left behind however a process
ends; in between, multiprocessing's resource tracker removes it.
"""

import shutil
import sys
from contextlib import suppress
from multiprocessing.shared_memory import SharedMemory

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.torch_host.messages import RingShape

_PAGE = 4096
# A slot of more than this gains nothing: it holds 440 pictures of 224 pixels, 190 of 336.
_SLOT_BYTES = 64 * 1024 * 1024
# Linux gives out more shared memory than there is, and kills who writes to it.
_LINUX_SHARED_MEMORY = "/dev/shm"  # noqa: S108 asked for its size


class Ring:
    """Slots of pixels and vectors. Views must not be kept longer than the ring."""

    def __init__(self, memory: SharedMemory, shape: RingShape) -> None:
        """Divide `memory`; see `create` and `attach`."""
        self._memory = memory
        self.shape = shape
        self._pixels = (shape.pictures, shape.size, shape.size, 3)
        self._rows = (shape.pictures, shape.dimension)

    @classmethod
    def create(cls, shape: RingShape) -> "Ring":
        """Make the memory; raises OSError where there is not enough."""
        return cls(SharedMemory(create=True, size=shape.slots * _slot_bytes(shape)), shape)

    @classmethod
    def attach(cls, name: str, shape: RingShape) -> "Ring":
        """Use the memory another process made."""
        return cls(SharedMemory(name), shape)

    @property
    def name(self) -> str:
        """What `attach` needs, as long as the memory has a name."""
        return self._memory.name

    @property
    def memory(self) -> NDArray[np.uint8]:
        """All of it, as bytes."""
        return np.ndarray((self._memory.size,), np.uint8, self._memory.buf)

    def pixels(self, slot: int) -> NDArray[np.uint8]:
        """Give a slot's pixels, uint8 (pictures, S, S, 3), shared with the other process."""
        start = slot * _slot_bytes(self.shape)
        return np.ndarray(self._pixels, np.uint8, self._memory.buf, offset=start)

    def rows(self, slot: int) -> NDArray[np.float32]:
        """Give a slot's vectors, float32 (pictures, D), shared with the other process."""
        start = slot * _slot_bytes(self.shape) + _pixel_bytes(self.shape)
        return np.ndarray(self._rows, np.float32, self._memory.buf, offset=start)

    def forget_name(self) -> None:
        """Keep the memory for those who have it, and from everybody else."""
        with suppress(FileNotFoundError):
            self._memory.unlink()

    def close(self) -> None:
        """Give the memory back; no view may be in use."""
        self._memory.close()


def ring_shape(slots: int, pictures: int, size: int, dimension: int) -> RingShape:
    """Give the shape that comes nearest to `pictures` a slot, within what memory there is.

    Raises MemoryError where not even one picture has room.
    """
    room = _SLOT_BYTES
    if sys.platform == "linux":
        with suppress(OSError):
            room = min(room, shutil.disk_usage(_LINUX_SHARED_MEMORY).free // (2 * slots))
    each = size * size * 3 + dimension * 4
    fitting = min(pictures, (room - 2 * _PAGE) // each)
    if fitting < 1:
        raise MemoryError("there is no shared memory")
    return RingShape(slots, fitting, size, dimension)


def _slot_bytes(shape: RingShape) -> int:
    return _pixel_bytes(shape) + _whole_pages(shape.pictures * shape.dimension * 4)


def _pixel_bytes(shape: RingShape) -> int:
    return _whole_pages(shape.pictures * shape.size * shape.size * 3)


def _whole_pages(size: int) -> int:
    return -(-size // _PAGE) * _PAGE

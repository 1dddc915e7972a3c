"""Files of gigabytes, read piece by piece, so that whoever waits can stop it."""

from collections.abc import Callable, Iterator
from typing import Protocol

_CHUNK = 4 << 20

# Called between two pieces; what it raises ends the reading.
Check = Callable[[], None]


class Readable(Protocol):
    """The part of a file that is needed."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes, none at the end."""
        ...


def chunks(file: Readable, check: Check | None = None) -> Iterator[bytes]:
    """Give the rest of `file` in pieces; `check` is called before each."""
    while chunk := file.read(_CHUNK):
        if check is not None:
            check()
        yield chunk

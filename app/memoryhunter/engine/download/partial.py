"""The part of a file that is already here, on disk and as a running hash."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from memoryhunter.engine.download.records import PartOf, load_part, save_part

_CHUNK = 1 << 20
# So that a power cut costs this much, and the end is not one long wait for the disk.
_FLUSH_EVERY = 64 << 20


class Partial:
    """The part of `target` that came so far; methods raise OSError.

    It lies beside it as NAME.part, with NAME.part.json saying what it belongs to. A part of
    which that is not known is worth nothing.
    """

    def __init__(self, target: Path) -> None:
        """Look at what is there."""
        self.target = target
        self.path = target.with_name(target.name + ".part")
        self._note = target.with_name(target.name + ".part.json")
        self.part_of = load_part(self._note)
        self.size = self._size() if self.part_of is not None else 0
        self._hash = hashlib.sha256()
        self._hashed = 0
        self._unflushed = 0

    def begin(self, part_of: PartOf) -> None:
        """Begin at the first byte, as a part of this."""
        self.discard()
        save_part(self._note, part_of)
        self.path.touch()
        self.part_of = part_of

    def discard(self) -> None:
        """Forget what is there."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
        self.part_of = None
        self.size = self._hashed = self._unflushed = 0
        self._hash = hashlib.sha256()

    def recount(self) -> None:
        """Look again how much there is: a full disk may have taken less than it was given."""
        self.size = self._size()

    @contextlib.contextmanager
    def open(self) -> Iterator[FileIO]:
        """Open it for `append`."""
        with self.path.open("ab", buffering=0) as file:
            yield file

    async def append(self, file: FileIO, chunk: bytes) -> None:
        """Add bytes at the end of what `open` gave."""
        rest = memoryview(chunk)
        while rest:
            rest = rest[file.write(rest) :]
        if self._hashed == self.size:
            self._hash.update(chunk)
            self._hashed += len(chunk)
        self.size += len(chunk)
        self._unflushed += len(chunk)
        if self._unflushed >= _FLUSH_EVERY:
            await _flush(file.fileno())
            self._unflushed = 0

    async def sha256(self) -> str:
        """Give the hash of what is there, in hexadecimal, reading what was not hashed yet."""
        if self._hashed > self.size:
            self._hash, self._hashed = hashlib.sha256(), 0
        with self.path.open("rb") as file:
            file.seek(self._hashed)
            while chunk := file.read(_CHUNK):
                self._hash.update(chunk)
                self._hashed += len(chunk)
                await asyncio.sleep(0)  # so that it can be cancelled
        return self._hash.hexdigest()

    async def finish(self) -> None:
        """Make what is there the file itself."""
        with self.path.open("rb+") as file:
            await _flush(file.fileno())
        self.path.replace(self.target)
        self._note.unlink(missing_ok=True)
        self.part_of = None

    def _size(self) -> int:
        with contextlib.suppress(FileNotFoundError):
            return self.path.stat().st_size
        return 0


async def _flush(handle: int) -> None:
    """Wait for the disk, aside: it may take seconds, and cancelling must not.

    The handle is doubled, so that one closed meanwhile is not somebody else's.
    """
    own = os.dup(handle)

    def flush() -> None:
        try:
            os.fsync(own)
        finally:
            os.close(own)

    await asyncio.get_running_loop().run_in_executor(None, flush)

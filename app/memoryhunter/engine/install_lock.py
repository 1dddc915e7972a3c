"""At most one installation at a time in a folder of models, across processes."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LOCK_FILE = ".install.lock"


@contextlib.contextmanager
def installation_lock(folder: Path) -> Iterator[bool]:
    """Hold the lock of `folder`; gives whether it was free. Raises OSError.

    The system drops the lock when the process ends, however it ends, so that no stale lock can
    stand in the way. The file stays: removing it would let two holders lock different files.
    """
    with (folder / LOCK_FILE).open("ab") as file:
        yield _lock(file)


def _lock(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 (exists on Windows only)

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 (exists elsewhere only)

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True

"""The lock by which one program at a time indexes a library."""

import threading
from pathlib import Path

from filelock import FileLock, Timeout

from memoryhunter.domain.errors import ErrorCode, UserError


class OneWriter:
    """What the program holds of the lock in the file at `path`; for any thread.

    All parts of the program share it, as long as each ends what it began.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(path, timeout=0, thread_local=False)
        self._turn = threading.Lock()  # a FileLock counts, but not for two threads at once

    def begin(self) -> None:
        """Become the one program that indexes.

        Raises `UserError` LIBRARY_BUSY_INDEXING if another is, HOME_UNUSABLE where the lock cannot
        be made; then there is nothing to end.
        """
        try:
            with self._turn:
                self._lock.acquire()
        except Timeout:
            raise UserError(ErrorCode.LIBRARY_BUSY_INDEXING) from None
        except OSError as error:
            raise UserError(
                ErrorCode.HOME_UNUSABLE, path=str(self._path), detail=error.strerror or str(error)
            ) from error

    def end(self) -> None:
        """Let another program index, once everybody has ended who began."""
        with self._turn:
            self._lock.release()

    def close(self) -> None:
        """Let another program index, whoever has not ended."""
        with self._turn:
            self._lock.release(force=True)

    def is_another(self) -> bool:
        """Whether another program indexes now; raises `UserError` as `begin` does."""
        if self._lock.is_locked:
            return False
        try:
            self.begin()
        except UserError as error:
            if error.code is not ErrorCode.LIBRARY_BUSY_INDEXING:
                raise
            return True
        self.end()
        return False

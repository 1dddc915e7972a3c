"""One lane's way into the library."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import apsw

from memoryhunter.library.connection import connect, world_errors, write
from memoryhunter.library.files import Files
from memoryhunter.library.folders import Folders
from memoryhunter.library.known_models import KnownModels
from memoryhunter.library.migrations import migrate
from memoryhunter.library.photos import Photos
from memoryhunter.library.vectors import Vectors, find_vectors, open_vectors

# Of 4 KB: each step holds up other writers for some 20 ms.
_PAGES_AT_ONCE = 1000


class Library:
    """Photos, files, folders and vectors through one connection, used by one lane at a time."""

    def __init__(self, path: Path) -> None:
        """Open the library at `path`, made or brought up to date first; raises `UserError`."""
        self.path = path
        self._db: apsw.Connection = connect(path)
        try:
            with world_errors(path):
                migrate(self._db)
        except BaseException:
            self._db.close()
            raise
        self.photos = Photos(self._db)
        self.files = Files(self._db)
        self.folders = Folders(self._db, self.files)
        self.models = KnownModels(self._db)

    def __enter__(self) -> Self:
        """Close at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    @contextmanager
    def write(self) -> Iterator[None]:
        """Run the block as one transaction: all of it, or nothing."""
        with write(self._db):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Run the block on the library as it is at its first look: nothing goes meanwhile."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def vectors(self, fingerprint: str, name: str, dimension: int) -> Vectors:
        """Give the vectors of a model for writing; its table is made when it is new."""
        if (found := find_vectors(self._db, fingerprint)) is not None:
            return found
        with self.write():
            return open_vectors(self._db, fingerprint, name, dimension)

    def find_vectors(self, fingerprint: str) -> Vectors | None:
        """Give the vectors of a model for reading, None when it never made any here."""
        return find_vectors(self._db, fingerprint)

    def shrink(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Give the room of what was deleted back to the disk, in steps, until `stopped`.

        A library made before this was possible keeps it for what is written next.
        """
        while not stopped() and (before := int(self._db.pragma("freelist_count"))):
            with self.write():
                # Every row it gives is a page less; reading none would free none.
                self._db.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
            if int(self._db.pragma("freelist_count")) == before:
                return

    def version(self) -> int:
        """Give a number that is another one after any connection has changed the library."""
        return int(self._db.pragma("data_version")) + self._db.total_changes()

    def quick_check(self) -> list[str]:
        """Look for damage in the file; give what was found, nothing when it is sound."""
        with world_errors(self.path):
            rows: list[Any] = self._db.execute("PRAGMA quick_check(20)").fetchall()
        return [text for (text,) in rows if text != "ok"]

    def close(self) -> None:
        """Give the connection back."""
        self._db.close()

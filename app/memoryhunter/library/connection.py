"""Opens the database the way the program needs it, and sorts its errors.

"The world is broken" (a full disk, a damaged file) becomes a `UserError`; every other database
error is a bug and passes through.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import sqlite_vec

from memoryhunter.domain.errors import ErrorCode, UserError

# "MHun" in ASCII: tells our files from other SQLite databases.
APPLICATION_ID = 0x4D48756E

_BUSY_MILLISECONDS = 15_000

_WORLD_IS_BROKEN: tuple[tuple[type[apsw.Error], ErrorCode], ...] = (
    (apsw.FullError, ErrorCode.DISK_FULL),
    (apsw.CorruptError, ErrorCode.LIBRARY_DAMAGED),
    (apsw.NotADBError, ErrorCode.LIBRARY_DAMAGED),
    (apsw.BusyError, ErrorCode.LIBRARY_LOCKED),
    (apsw.LockedError, ErrorCode.LIBRARY_LOCKED),
    (apsw.CantOpenError, ErrorCode.LIBRARY_UNAVAILABLE),
    (apsw.ReadOnlyError, ErrorCode.LIBRARY_UNAVAILABLE),
    (apsw.PermissionsError, ErrorCode.LIBRARY_UNAVAILABLE),
    (apsw.IOError, ErrorCode.LIBRARY_UNAVAILABLE),
)


def as_user_error(error: BaseException, path: Path) -> UserError | None:
    """Give the `UserError` for a database error that is nobody's bug, None for all others."""
    for kind, code in _WORLD_IS_BROKEN:
        if isinstance(error, kind):
            return UserError(code, path=str(path), detail=str(error))
    return None


@contextmanager
def world_errors(path: Path) -> Iterator[None]:
    """Raise database errors that are nobody's bug as a `UserError` naming `path`."""
    try:
        yield
    except apsw.Error as error:
        if (polite := as_user_error(error, path)) is not None:
            raise polite from error
        raise


def connect(path: Path) -> apsw.Connection:
    """Open the database at `path`, made if it is not there, with sqlite-vec loaded.

    The connection belongs to the lane that opens it. Raises `UserError` for what a person can
    mend: an unreadable folder, a file that is no database, a full disk.
    """
    with world_errors(path):
        connection = apsw.Connection(str(path))
        try:
            _configure(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def _configure(connection: apsw.Connection, path: Path) -> None:
    connection.set_busy_timeout(_BUSY_MILLISECONDS)
    if not _is_ours(connection):
        raise UserError(
            ErrorCode.LIBRARY_DAMAGED, path=str(path), detail="not a MemoryHunter library"
        )
    if not connection.pragma("page_count"):  # of a file that is there it cannot be changed
        connection.pragma("auto_vacuum", "incremental")  # room can be given back in steps
    # WAL lets the search lane read while the indexer writes. NORMAL cannot corrupt and may lose
    # the last commits at a power cut, which the next scan makes again; what a person made is
    # written with FULL. No mmap: it amplifies torn writes into damage.
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "normal")
    connection.pragma("foreign_keys", True)
    connection.pragma("temp_store", "memory")
    connection.pragma("mmap_size", 0)
    connection.enable_load_extension(True)
    connection.load_extension(sqlite_vec.loadable_path())
    connection.enable_load_extension(False)


def _is_ours(connection: apsw.Connection) -> bool:
    """Whether the file is a library, or empty and about to become one."""
    # In one transaction: another program may be making the library at this very moment.
    with connection:
        found = connection.pragma("application_id")
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    return bool(found == APPLICATION_ID or (found == 0 and tables == 0))


@contextmanager
def write(connection: apsw.Connection) -> Iterator[None]:
    """Run the block in one transaction: committed on success, rolled back otherwise.

    IMMEDIATE takes the writer's place at once, so that a transaction never fails halfway because
    another connection wrote in between.
    """
    with world_errors(Path(connection.filename)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # After a full disk or an I/O error SQLite has rolled back already.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

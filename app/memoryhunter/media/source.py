"""Opening photos: the one place where a file of the person's own is opened, for reading only."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from memoryhunter.domain.failures import TRANSIENT, FailureReason, FileFailure
from memoryhunter.domain.photo import FileStamp
from memoryhunter.media.formats import begins_like_photo


def open_photo(path: Path) -> BinaryIO:
    """Open a regular file for reading in binary.

    Never waits: a named pipe without a writer would block a plain open() for ever.
    Raises FileFailure: VANISHED, NO_PERMISSION, NOT_A_FILE, EMPTY or UNREADABLE.
    """
    # O_NONBLOCK, O_NOCTTY and O_CLOEXEC are missing on Windows, O_BINARY everywhere else.
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise _failure_to_open(path, error) from error
    # fdopen() closes the descriptor itself when it refuses a folder.
    try:
        file = os.fdopen(descriptor, "rb")
    except OSError as error:
        raise FileFailure(FailureReason.NOT_A_FILE) from error
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        file.close()
        raise FileFailure(FailureReason.NOT_A_FILE)
    if status.st_size == 0:
        file.close()
        raise FileFailure(FailureReason.EMPTY)
    return file


def looks_like_photo(path: Path) -> bool:
    """Whether a file's first bytes are those of a photo, for files whose name does not tell.

    Raises FileFailure (NO_PERMISSION or UNREADABLE) where nobody can tell.
    """
    try:
        with open_photo(path) as file:
            return begins_like_photo(file.read(32))
    except FileFailure as failure:
        if failure.reason in TRANSIENT:
            raise
        return False
    except OSError as error:
        raise unreadable(error) from error


def is_in_the_cloud(status: os.stat_result) -> bool:
    """Whether only the name and size of a file are on this disk: reading would download it.

    Windows: FILE_ATTRIBUTE_OFFLINE, _RECALL_ON_OPEN, _RECALL_ON_DATA_ACCESS. macOS: SF_DATALESS.
    """
    attributes: int = getattr(status, "st_file_attributes", 0)
    flags: int = getattr(status, "st_flags", 0)
    return bool(attributes & (0x1000 | 0x40000 | 0x400000) or flags & 0x40000000)


def stamp_of(file: BinaryIO) -> FileStamp:
    """Give the size and modification time of an open file."""
    status = os.fstat(file.fileno())
    return FileStamp(size=status.st_size, mtime_ns=status.st_mtime_ns)


def unreadable(error: OSError) -> FileFailure:
    """Give the failure for an error that the disk or the network reported while reading."""
    return FileFailure(FailureReason.UNREADABLE, _named(error))


def _failure_to_open(path: Path, error: OSError | ValueError) -> FileFailure:
    """Tell the reason from what the system said when it refused to open the file."""
    # ValueError is a NUL inside the name: no such file can exist.
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return FileFailure(FailureReason.VANISHED)
    # Windows calls opening a folder a lack of permission.
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return FileFailure(FailureReason.NOT_A_FILE)
    if isinstance(error, PermissionError):
        return FileFailure(FailureReason.NO_PERMISSION)
    # ENXIO: a socket, or a device that is not there. ENODEV: the same for some drivers.
    if error.errno in (errno.ENXIO, errno.ENODEV):
        return FileFailure(FailureReason.NOT_A_FILE)
    return unreadable(error)


def _named(error: OSError) -> str:
    """Give the error's symbol and sentence without the path that str() would add."""
    symbol = errno.errorcode.get(error.errno or 0, "OSError")
    return f"{symbol}: {error.strerror or 'no reason given'}"

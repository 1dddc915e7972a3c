"""What a disk says while models are fetched and made: there is no room, or it does not work."""

import errno
import shutil
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError

# EDQUOT: the person's share of the disk is used up. EFBIG: more than the file system, or a limit
# of the process, allows for one file.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def check_room(folder: Path, needed: int) -> None:
    """Raise UserError NOT_ENOUGH_SPACE unless `needed` bytes are free on the disk of `folder`.

    Raises OSError where the disk cannot be asked.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError(
            ErrorCode.NOT_ENOUGH_SPACE,
            path=str(folder),
            needed=-(-needed // 1_000_000),
            free=free // 1_000_000,
        )


def is_full(error: OSError) -> bool:
    """Whether the system refused because nothing more fits."""
    return error.errno in _FULL


def stopped_by_disk(path: Path, error: OSError) -> UserError:
    """Make the error for work on `path`, among the program's own files, that the disk refused."""
    code = ErrorCode.DISK_FULL if is_full(error) else ErrorCode.HOME_UNUSABLE
    return UserError(code, path=str(path), detail=error.strerror or str(error))

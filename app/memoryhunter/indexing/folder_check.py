"""Which folders can be watched."""

import stat
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError


def check_folder(path: Path, own: frozenset[Path]) -> Path:
    """Give the real place of a folder, links resolved.

    Raises `UserError` for what cannot be watched: no folder, or one of the program's `own`.
    """
    try:
        status = path.stat()
    # ValueError: a NUL in the name. Of the others, a folder that the system does not let us see
    # (no permission, a name too long, links in a circle) is none for us.
    except (OSError, ValueError) as error:
        raise UserError(ErrorCode.FOLDER_NOT_FOUND, path=str(path)) from error
    if not stat.S_ISDIR(status.st_mode):
        raise UserError(ErrorCode.NOT_A_FOLDER, path=str(path))
    real = path.resolve()
    if any(real.is_relative_to(each) for each in own):
        raise UserError(ErrorCode.FOLDER_HOLDS_OUR_FILES, path=str(path))
    return real

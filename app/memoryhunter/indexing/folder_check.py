"""Which folders can be watched."""

from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError


def check_folder(path: Path, own: frozenset[Path]) -> None:
    """Raise `UserError` for what cannot be watched: no folder, or one of the program's `own`."""
    if not path.exists():
        raise UserError(ErrorCode.FOLDER_NOT_FOUND, path=str(path))
    if not path.is_dir():
        raise UserError(ErrorCode.NOT_A_FOLDER, path=str(path))
    if any(path.is_relative_to(each) for each in own):
        raise UserError(ErrorCode.FOLDER_HOLDS_OUR_FILES, path=str(path))

"""Makes what a person points at ready to be installed: found in a folder, or unpacked."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.archive import extract_model, is_archive
from memoryhunter.engine.chunks import Check
from memoryhunter.engine.installation import stopped_by_system
from memoryhunter.engine.local_source import folder_of_model

_ROOM = ".given"


@contextlib.contextmanager
def given_model(path: Path, downloads: Path, check: Check | None = None) -> Iterator[Path]:
    """Give the folder of the model that `path` leads to, as `ModelStore.install` takes it.

    What has to be unpacked lies below `downloads` meanwhile; errors that name it there, of
    whoever works with it, name `path` instead, which is the place the person knows.

    `check` is called often while it is unpacked, and may raise. Raises UserError
    MODEL_SOURCE_INVALID, INSTALLATION_RUNNING, NOT_ENOUGH_SPACE, DISK_FULL or
    MODEL_PREPARATION_FAILED.
    """
    room = downloads / _ROOM
    with _alone(path, downloads):
        shutil.rmtree(room, ignore_errors=True)  # of a program that was ended
        try:
            yield _ready(path, room, check)
        except UserError as error:
            if not _names(error, room):
                raise
            about_disk = error.code in {ErrorCode.NOT_ENOUGH_SPACE, ErrorCode.DISK_FULL}
            known = str(downloads if about_disk else path)
            raise UserError(error.code, **(error.values | {"path": known})) from error
        finally:
            shutil.rmtree(room, ignore_errors=True)


def clear_given(downloads: Path) -> None:
    """Remove what an ended program unpacked, unless one is at work there; never fails."""
    if (downloads / _ROOM).exists():
        with contextlib.suppress(OSError), FileLock(downloads / f"{_ROOM}.lock", timeout=0):
            shutil.rmtree(downloads / _ROOM, ignore_errors=True)


@contextlib.contextmanager
def _alone(path: Path, downloads: Path) -> Iterator[None]:
    lock = FileLock(downloads / f"{_ROOM}.lock", timeout=0)
    try:
        downloads.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise UserError(ErrorCode.INSTALLATION_RUNNING) from None
    except OSError as error:
        raise stopped_by_system(path, downloads, error) from error
    try:
        yield
    finally:
        lock.release()


def _ready(path: Path, room: Path, check: Check | None) -> Path:
    try:
        if is_archive(path):
            room.mkdir()
            return extract_model(path, room, check)
        return folder_of_model(path)
    except OSError as error:
        raise stopped_by_system(path, room.parent, error) from error


def _names(error: UserError, room: Path) -> bool:
    """Whether the error names what is in `room`, which nobody knows."""
    path = error.values.get("path")
    return path is not None and Path(str(path)).is_relative_to(room)

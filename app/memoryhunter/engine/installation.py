"""The steps that bring a finished package to its place, such that stopping anywhere is safe.

A folder of models holds packages under their ids, and for a while `.partial-...` (unfinished,
or being deleted) and `.replaced-ID` (what a newer ID takes the place of). `.install.lock` is
held by the one process that changes them.
"""

import contextlib
import os
import shutil
from pathlib import Path

from filelock import FileLock

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.disk import is_full
from memoryhunter.engine.packages import MANIFEST, ModelPackage, read_package, verify_package
from memoryhunter.engine.prepare.progress import (
    CancelledCallback,
    PreparationCancelledError,
    PrepareStep,
    ProgressCallback,
    at_step,
)

_PARTIAL = ".partial-"
_REPLACED = ".replaced-"
_LOCK = ".install.lock"
_CHUNK = 4 << 20


def installation_lock(folder: Path) -> FileLock:
    """Give the lock of `folder`: entering it raises filelock's Timeout at once when it is held.

    The system drops it when its process ends, however it ends. Raises OSError where the folder
    cannot be written to; Timeout is an OSError too.
    """
    return FileLock(folder / _LOCK, timeout=0)


def copy_package(
    package: ModelPackage,
    destination: Path,
    on_progress: ProgressCallback | None,
    cancelled: CancelledCallback | None,
) -> None:
    """Copy the files that the manifest names, the manifest last, and verify the copy.

    Raises UserError MODEL_DAMAGED, PreparationCancelledError and OSError.
    """
    for step, names in (
        (PrepareStep.READ, list(package.files)),
        (PrepareStep.WRITE, [MANIFEST]),
    ):
        if on_progress is not None:
            on_progress(at_step(step))
        for name in names:
            _copy(package.folder / name, destination / name, cancelled)
    verify_package(read_package(destination))


def flush_to_disk(folder: Path) -> None:
    """Make sure that a power cut after this finds whole files; raises OSError."""
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def put_in_place(partial: Path, target: Path) -> None:
    """Rename `partial` to `target`, in whose place another package may be; raises OSError."""
    if target.exists():
        replaced = target.with_name(_REPLACED + target.name)
        target.rename(replaced)
        partial.rename(target)
        shutil.rmtree(replaced, ignore_errors=True)
    else:
        partial.rename(target)


def restore_replaced(folder: Path) -> None:
    """Bring a package back whose replacement was interrupted between the two renames."""
    if any(folder.glob(_REPLACED + "*")):
        with contextlib.suppress(OSError), installation_lock(folder):
            _restore(folder)


def clear_leftovers(folder: Path) -> None:
    """Remove what interrupted installations left; call it with the folder's lock held."""
    _restore(folder)
    for leftover in folder.glob(_PARTIAL + "*"):
        shutil.rmtree(leftover, ignore_errors=True)


def stopped_by_system(path: Path, folder: Path, error: OSError) -> UserError:
    """Make the error for work on `path` into `folder` that the system refused."""
    if is_full(error):
        return UserError(ErrorCode.DISK_FULL, path=str(folder))
    detail = error.strerror or str(error)
    return UserError(ErrorCode.MODEL_PREPARATION_FAILED, path=str(path), detail=detail)


def _restore(folder: Path) -> None:
    for replaced in folder.glob(_REPLACED + "*"):
        target = folder / replaced.name.removeprefix(_REPLACED)
        if target.exists():
            shutil.rmtree(replaced, ignore_errors=True)
        else:
            replaced.rename(target)


def _copy(source: Path, target: Path, cancelled: CancelledCallback | None) -> None:
    with source.open("rb") as original, target.open("xb") as copy:
        while chunk := original.read(_CHUNK):
            if cancelled is not None and cancelled():
                raise PreparationCancelledError
            copy.write(chunk)

"""The steps that bring a finished package to its place, such that stopping anywhere is safe.

A folder of models holds packages under their ids, and for a while `.partial-...` (unfinished,
or being deleted) and `.replaced-ID` (what a newer ID takes the place of). `.install.lock` is
held by the one process that changes them.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.chunks import Check, chunks
from memoryhunter.engine.disk import is_full
from memoryhunter.engine.packages import MANIFEST, ModelPackage, read_package, verify_package
from memoryhunter.engine.prepare.progress import PrepareStep, ProgressCallback, at_step

_PARTIAL = ".partial-"
_REPLACED = ".replaced-"
_LOCK = ".install.lock"
# On Windows a folder cannot be renamed while a file in it is open. An indexer notices within a
# second that its model is no longer the chosen one, and finishes its batch; a virus scanner
# takes about as long with files that are new.
_ATTEMPTS = 15
_SECONDS_BETWEEN = 0.2


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
    check: Check,
) -> None:
    """Copy the files that the manifest names, the manifest last, and verify the copy.

    Raises UserError MODEL_DAMAGED, OSError, and what `check` raises, which is called often.
    """
    for step, names in (
        (PrepareStep.READ, list(package.files)),
        (PrepareStep.WRITE, [MANIFEST]),
    ):
        if on_progress is not None:
            on_progress(at_step(step))
        for name in names:
            _copy(package.folder / name, destination / name, check)
    verify_package(read_package(destination), check)


def flush_to_disk(folder: Path) -> None:
    """Make sure that a power cut after this finds whole files; raises OSError."""
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def put_in_place(partial: Path, target: Path, release: Callable[[], object]) -> None:
    """Rename `partial` to `target`, in whose place another package may be.

    `release` is as for `move_away`. Raises UserError MODEL_NOT_REMOVED, and OSError.
    """
    if target.exists():
        replaced = target.with_name(_REPLACED + target.name)
        move_away(target, replaced, release)
        _rename(partial, target)
        shutil.rmtree(replaced, ignore_errors=True)
    else:
        _rename(partial, target)


def move_away(folder: Path, target: Path, release: Callable[[], object]) -> None:
    """Rename the folder of a model, which may be loaded at this moment.

    `release` unloads it in this program, and is called before each attempt, because the next
    search may have loaded it again. Raises UserError MODEL_NOT_REMOVED.
    """
    try:
        _rename(folder, target, release)
    except OSError as error:
        detail = error.strerror or str(error)
        raise UserError(ErrorCode.MODEL_NOT_REMOVED, model=folder.name, detail=detail) from error


def _rename(folder: Path, target: Path, before: Callable[[], object] = lambda: None) -> None:
    for _ in range(_ATTEMPTS - 1):
        before()
        try:
            folder.rename(target)
        except PermissionError:
            time.sleep(_SECONDS_BETWEEN)
        else:
            return
    before()
    folder.rename(target)


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


def clear_once_free(folder: Path) -> None:
    """Remove what an ended program left, unless one is at work there; never fails."""
    if any(folder.glob(_PARTIAL + "*")):
        with contextlib.suppress(OSError), installation_lock(folder):
            clear_leftovers(folder)


def stopped_by_system(path: Path, folder: Path, error: OSError) -> UserError:
    """Make the error for work on `path` into `folder` that the system refused."""
    detail = error.strerror or str(error)
    if is_full(error):
        return UserError(ErrorCode.DISK_FULL, path=str(folder), detail=detail)
    return UserError(ErrorCode.MODEL_PREPARATION_FAILED, path=str(path), detail=detail)


def _restore(folder: Path) -> None:
    for replaced in folder.glob(_REPLACED + "*"):
        target = folder / replaced.name.removeprefix(_REPLACED)
        if target.exists():
            shutil.rmtree(replaced, ignore_errors=True)
        else:
            replaced.rename(target)


def _copy(source: Path, target: Path, check: Check) -> None:
    with source.open("rb") as original, target.open("xb") as copy:
        for chunk in chunks(original, check):
            copy.write(chunk)

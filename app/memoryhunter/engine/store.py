"""The installed models: packages side by side in one folder, each under its id.

Not the list of models that could be downloaded: that is `catalogue`.
"""

import contextlib
import dataclasses
import logging
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import Timeout

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.chunks import Check
from memoryhunter.engine.disk import check_room
from memoryhunter.engine.installation import (
    clear_leftovers,
    clear_once_free,
    copy_package,
    flush_to_disk,
    installation_lock,
    move_away,
    put_in_place,
    restore_replaced,
    stopped_by_system,
)
from memoryhunter.engine.names import is_model_id
from memoryhunter.engine.packages import MANIFEST, ModelPackage, read_package, verify_package
from memoryhunter.engine.prepare import prepare_package
from memoryhunter.engine.prepare.hub_folder import HubFolder, invalid_source, read_hub_folder
from memoryhunter.engine.prepare.hub_origin import Origin
from memoryhunter.engine.prepare.progress import (
    CancelledCallback,
    PrepareStep,
    ProgressCallback,
    at_step,
    stop_if,
)

# Called with a package before its files are moved, so that nothing of it stays loaded.
ReleaseCallback = Callable[[ModelPackage], object]

_log = logging.getLogger(__name__)


class ModelStore:
    """The packages in `folder`, and those in `built_in`, which came with the program.

    Neither folder needs to exist. `built_in` is only read; an installed model hides a built-in
    one of the same id. Nothing is kept in memory: every call looks at the disk. The first one also
    removes what an installation left that was ended by force.
    """

    def __init__(self, folder: Path, built_in: Path | None = None) -> None:
        self._folder = folder
        self._built_in = built_in
        self._cleared = False

    def installed(self) -> list[ModelPackage]:
        """Give the packages that can be read, sorted by id; see `damaged` for the others."""
        return self._look()[0]

    def damaged(self) -> list[UserError]:
        """Give MODEL_NOT_A_PACKAGE with path and detail for each folder that cannot be read."""
        return self._look()[1]

    def state(self) -> tuple[object, ...]:
        """Give a value that is another one after a package was installed, replaced or removed.

        It costs a look at the folders, no reading: models are asked for at every keystroke.
        """
        return tuple(
            (folder.name, _changed(folder))
            for parent in (self._folder, self._built_in)
            for folder in _folders_in(parent)
        )

    def is_built_in(self, package: ModelPackage) -> bool:
        """Whether this package came with the program, and so stays."""
        return self.is_with_program(package.folder)

    def is_with_program(self, folder: Path) -> bool:
        """Whether a folder of a model, damaged or not, came with the program."""
        return self._built_in is not None and folder.parent == self._built_in

    def find(self, model: str) -> ModelPackage:
        """Give the package of an id, or of a path to a package's folder.

        Raises what `find_installed` raises, and UserError MODEL_NOT_A_PACKAGE for a folder that
        is no package.
        """
        try:
            return self.find_installed(model)
        except UserError as error:
            is_unknown = error.code is ErrorCode.MODEL_UNKNOWN
            if not (is_unknown and model.strip() and _is_folder(Path(model))):
                raise
        return read_package(Path(model))

    def find_installed(self, model: str) -> ModelPackage:
        """Give the installed package of an id.

        Raises UserError MODEL_UNKNOWN, also for a path, and MODEL_DAMAGED where the id is
        installed but cannot be read.
        """
        packages, problems = self._look()
        for package in packages:
            if package.id == model:
                return package
        for problem in problems:
            if Path(str(problem.values["path"])).name == model:
                detail = problem.values["detail"]
                raise UserError(ErrorCode.MODEL_DAMAGED, model=model, detail=detail)
        raise UserError(ErrorCode.MODEL_UNKNOWN, model=model)

    def install(
        self,
        source: Path,
        *,
        origin: Origin | None = None,
        on_progress: ProgressCallback | None = None,
        cancelled: CancelledCallback | None = None,
        try_out: Callable[[ModelPackage], object] | None = None,
        release: ReleaseCallback | None = None,
    ) -> ModelPackage:
        """Install a hub folder (converting it takes minutes) or a ready package's folder.

        A model of the same id is replaced, unless it was made from the same files and is
        intact, in which case it is returned. Whatever happens, no half package appears.
        `origin` says what a hub folder is, whatever its own files say. `try_out` gets the
        package before anybody can find it; what it raises ends the installation, but where it
        finds the installed one damaged, which is then replaced. `release` gets the package that
        is replaced.

        Raises UserError MODEL_SOURCE_INVALID, MODEL_PREPARATION_FAILED, MODEL_NOT_A_PACKAGE,
        MODEL_DAMAGED (the source's files do not match its manifest), MODEL_NOT_REMOVED (the one
        to be replaced), INSTALLATION_RUNNING, NOT_ENOUGH_SPACE or DISK_FULL, and
        PreparationCancelledError after `cancelled` gave true.
        """
        check = stop_if(cancelled)
        is_package = _is_package(source)
        if is_package:
            existing = self._same(read_package(source), on_progress, check)
        else:
            existing = self._made_from(read_hub_folder(source, origin), on_progress, check)
        if existing is not None and _runs(existing, try_out):
            return existing
        with self._working(source):
            check_room(self._folder, _least_bytes(source))
            partial = self._folder / f".partial-{uuid.uuid4().hex[:12]}"
            try:
                partial.mkdir()
                if is_package:
                    copy_package(read_package(source), partial, on_progress, check)
                else:
                    prepare_package(source, partial, on_progress, cancelled, origin)
                package = read_package(partial)
                if try_out is not None:
                    try_out(package)
                flush_to_disk(partial)
                target = self._folder / package.id
                put_in_place(partial, target, lambda: self._release(target, release))
            finally:
                shutil.rmtree(partial, ignore_errors=True)
            return read_package(self._folder / package.id)

    def remove(self, model: str, release: ReleaseCallback | None = None) -> None:
        """Delete the installed model of this id, after `release` got its package.

        Raises UserError MODEL_UNKNOWN for any other, MODEL_NOT_REMOVED and INSTALLATION_RUNNING.
        """
        named = [package.folder for package in self.installed() if package.id == model]
        ours = [folder for folder in named if folder.parent == self._folder]
        folder = ours[0] if ours else self._folder / model  # a damaged one is known by its folder
        if not is_model_id(model) or not folder.is_dir():
            raise UserError(ErrorCode.MODEL_UNKNOWN, model=model)
        with self._working(folder):
            # Renamed first, so that no half-deleted package can be met.
            leaving = self._folder / f".partial-{uuid.uuid4().hex[:12]}"
            move_away(folder, leaving, lambda: self._release(folder, release))
            shutil.rmtree(leaving, ignore_errors=True)

    def _look(self) -> tuple[list[ModelPackage], list[UserError]]:
        if not self._cleared:
            self._cleared = True
            clear_once_free(self._folder)
        restore_replaced(self._folder)
        packages: dict[str, ModelPackage] = {}
        problems = []
        for folder in [*_folders_in(self._folder), *_folders_in(self._built_in)]:
            try:
                package = read_package(folder)
            except UserError as problem:
                _log.info("skipped a model: %s", problem)
                problems.append(problem)
            else:
                packages.setdefault(package.id, package)
        return [packages[model] for model in sorted(packages)], problems

    def _release(self, folder: Path, release: ReleaseCallback | None) -> None:
        """Let go of the package in `folder`; one that cannot be read cannot be loaded either."""
        if release is not None:
            with contextlib.suppress(UserError):
                release(read_package(folder))

    def _same(
        self, package: ModelPackage, on_progress: ProgressCallback | None, check: Check
    ) -> ModelPackage | None:
        """Give the installed package that says and holds the very same, if it is intact."""
        for other in self.installed():
            if dataclasses.replace(other, folder=package.folder) == package:
                _tell_reading(on_progress)
                if _is_intact(other, check):
                    return other
        return None

    def _made_from(
        self, hub: HubFolder, on_progress: ProgressCallback | None, check: Check
    ) -> ModelPackage | None:
        """Give the installed package that was made from this hub folder, if it is intact."""
        for other in self.installed():
            if other.id == hub.id and other.source_sha256:
                _tell_reading(on_progress)
                if other.source_sha256 == hub.fingerprint(check) and _is_intact(other, check):
                    return other
        return None

    @contextlib.contextmanager
    def _working(self, path: Path) -> Iterator[None]:
        """Hold the folder's lock, with earlier leftovers cleared; turn OSError into UserError."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with installation_lock(self._folder):
                clear_leftovers(self._folder)
                yield
        except Timeout:
            raise UserError(ErrorCode.INSTALLATION_RUNNING) from None
        except OSError as error:
            raise stopped_by_system(path, self._folder, error) from error


def _folders_in(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    try:
        return sorted(
            entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")
        )
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        detail = error.strerror or str(error)
        raise UserError(ErrorCode.HOME_UNUSABLE, path=str(folder), detail=detail) from error


def _changed(folder: Path) -> int:
    """Give when files last came into the folder or left it, 0 where it has just gone."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long
        return False


def _is_package(source: Path) -> bool:
    try:
        return (source / MANIFEST).is_file()
    except OSError as error:
        raise invalid_source(source, error.strerror or str(error)) from error


def _least_bytes(source: Path) -> int:
    """Reckon what the package made of `source` takes at least; raises OSError."""
    if _is_package(source):
        return sum(file.bytes for file in read_package(source).files.values())
    # Of float32, half for the weights in float16 and a quarter for graphs in int8.
    return read_hub_folder(source).weights.stat().st_size * 3 // 4


def _tell_reading(on_progress: ProgressCallback | None) -> None:
    if on_progress is not None:
        on_progress(at_step(PrepareStep.READ))  # gigabytes may be compared


def _runs(package: ModelPackage, try_out: Callable[[ModelPackage], object] | None) -> bool:
    """Whether an installed package passes `try_out`; one whose manifest was altered does not."""
    try:
        if try_out is not None:
            try_out(package)
    except UserError as error:
        if error.code is not ErrorCode.MODEL_DAMAGED:
            raise
        return False
    return True


def _is_intact(package: ModelPackage, check: Check) -> bool:
    try:
        verify_package(package, check)
    except UserError:
        return False
    return True

"""Everything under one home, opened on demand: settings, library, models, thumbnails, lanes.

The command line and the window get one from `main` and find in it what they work with; it knows
how the packages below fit together, and nothing of either interface.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memoryhunter.config.paths import AppPaths
from memoryhunter.config.resources import built_in_models, catalogue_file
from memoryhunter.config.settings import Settings, device_wish, load_settings, save_settings
from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.photo import PixelSpec
from memoryhunter.domain.progress import Progress
from memoryhunter.engine.device import Device
from memoryhunter.engine.device_choice import DeviceChoice, choose_device
from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.open_embedder import check_runs
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.store import ModelStore
from memoryhunter.engine.tuning import Tuning
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.indexer import Indexer
from memoryhunter.indexing.lane import IndexingLane
from memoryhunter.indexing.one_writer import OneWriter
from memoryhunter.indexing_at_work import IndexingAtWork, IndexingCallbacks
from memoryhunter.library.library import Library
from memoryhunter.media.prepare import PrepareRequest
from memoryhunter.media.thumbnails import ThumbnailStore
from memoryhunter.media.workers import MediaPool
from memoryhunter.model_in_use import ModelInUse, Wish
from memoryhunter.model_shelf import Choice, ModelShelf
from memoryhunter.models_at_work import ModelsAtWork
from memoryhunter.removed_models import RemovedModels
from memoryhunter.search.service import SearchService
from memoryhunter.search.serving import ServingModel

_logger = logging.getLogger(__name__)


class Workspace:
    """One home of the program. Close it at the end."""

    def __init__(self, paths: AppPaths, model: str | None = None) -> None:
        """Make the home if it is new; `model` is used for this run in place of the chosen one.

        Raises `UserError` when the home cannot be used.
        """
        paths.make()
        self.paths = paths
        self.models = ModelStore(paths.models, built_in_models())
        self.thumbnails = ThumbnailStore(paths.thumbnails)
        self.asked_for = model
        self._in_use = ModelInUse(
            self.models, self._wish, lambda: _stamp(paths.settings), self._understood
        )
        self._changing_settings = threading.Lock()  # the window and an installation both do
        self._device: DeviceChoice | None = None
        self._choosing_device = threading.Lock()  # the search and indexing lanes both do
        self._removed = RemovedModels(paths.database, self.models)
        self._at_work = ModelsAtWork(
            self.package, self._in_use.others, self._device_choice, paths.tuning
        )
        self.shelf = ModelShelf(
            self.models,
            catalogue_file(),
            paths.downloads,
            Choice(self.package, self._choose),
            check=check_runs,
            measure=self._at_work.tune_once,
            release=self._at_work.release,
            giving_up=self._giving_up,
            want=lambda package: self._removed.want(package.fingerprint),
        )
        self._query_reader: MediaPool | None = None
        self._writer = OneWriter(paths.index_lock)
        self._indexing = IndexingAtWork(
            self._at_work,
            self._in_use,
            self._removed,
            self._writer,
            database=paths.database,
            thumbnails=paths.thumbnails,
            own=paths.own,
        )

    @property
    def settings(self) -> Settings:
        """What the person chose, as it is now: the window and a command may both change it."""
        return load_settings(self.paths.settings)

    def save_settings(self, settings: Settings) -> None:
        """Keep what the person chose."""
        save_settings(self.paths.settings, settings)

    def change_settings(self, change: Callable[[Settings], Settings]) -> None:
        """Change what the person chose, on top of the file as it is now.

        Threads of this program take turns; another program may have written it meanwhile.
        """
        with self._changing_settings:
            self.save_settings(change(self.settings))

    # The model

    def package(self) -> ModelPackage | None:
        """Give the model in use: asked for in this run, chosen, or what takes its place; or none.

        Raises `UserError` MODEL_UNKNOWN or MODEL_DAMAGED for one that was asked for or chosen
        and is not there or is no good, unless another one works in its place, and MODEL_DAMAGED
        where there are models and none of them is any good. Cheap.
        """
        package = self._in_use.package()
        if package is None and (damage := self._only_damaged()) is not None:
            raise damage
        return package

    def _only_damaged(self) -> UserError | None:
        """Give MODEL_DAMAGED of a model where no sound one is there to choose."""
        if self._in_use.others():
            return None
        for package in self.models.installed():
            return _damaged(package.id, "it cannot be run")
        for problem in self.models.damaged():
            return _damaged(Path(str(problem.values["path"])).name, problem.values["detail"])
        return None

    def trouble(self) -> UserError | None:
        """Give why the chosen model is not in use, though another one is; else None. Cheap."""
        return self._in_use.trouble()

    def understood_by(self, model: str) -> int:
        """Count the photos that a model of this id has understood; raises `UserError`.

        That is what is lost when it is removed (`shelf.remove`).
        """
        return self._removed.understood(model)

    @contextmanager
    def _giving_up(self, model: str) -> Iterator[None]:
        with self._in_use.leaving(model), self._removed.giving_up(model):
            yield
        self._indexing.forget_removed()

    def _wish(self) -> Wish:
        if self.asked_for is not None:
            return Wish(self.asked_for, must_be=True)
        return Wish(self.settings.model)

    def _understood(self, packages: Sequence[ModelPackage]) -> Mapping[str, int]:
        """Count the photos that each model has understood; of a library that is there."""
        if not self.paths.database.exists():
            return {}
        try:
            with self.open_library() as library:
                found = {
                    each.fingerprint: library.find_vectors(each.fingerprint) for each in packages
                }
                return {
                    fingerprint: vectors.count()
                    for fingerprint, vectors in found.items()
                    if vectors is not None
                }
        except UserError as error:  # whoever needs the library will tell
            _logger.info("photos understood cannot be counted: %s", error)
            return {}

    def _choose(self, change: Callable[[str | None], str | None]) -> None:
        def changed(settings: Settings) -> Settings:
            model = change(settings.model)
            return replace(settings, model=None if self._is_usual(model) else model)

        self.change_settings(changed)

    def _is_usual(self, model: str | None) -> bool:
        """Whether a model is in use without being chosen: the built-in one beside no other.

        Choosing it is no choice against a better one that is installed later.
        """
        installed = self.models.installed()
        return [each.id for each in installed] == [model] and self.models.is_built_in(installed[0])

    def embedder(self) -> Embedder | None:
        """Give what understands photos with the model in use; None without a model.

        It may be called from several lanes. Raises `UserError` as `package` does.
        """
        return self._at_work.for_photos()

    def embedder_instead_of(self, damaged: Embedder, error: UserError) -> Embedder | None:
        """Give what understands photos in place of one that raised MODEL_DAMAGED, if anything does.

        Raises `UserError` as `package` does.
        """
        self._in_use.note_damage(error)
        other = self.embedder()
        if other is None or other.package.fingerprint == damaged.package.fingerprint:
            return None
        return other

    def answering(self) -> ModelPackage | None:
        """Give the model that answers searches now, the one in use or one that serves meanwhile.

        None without one. Raises `UserError` as `package` does, and of the library.
        """
        if not self.paths.database.exists():
            return self.package()
        with self.open_library() as library:
            return self.serving(library).package()

    def serving(self, library: Library) -> ServingModel:
        """Give what tells, over `library`, which model answers searches."""
        return self._at_work.serving(library)

    def tune(self, package: ModelPackage) -> tuple[Tuning, bool]:
        """Measure for some seconds how this computer runs a model best; say if that is kept.

        It is not while another program indexes. Raises `UserError` MODEL_DAMAGED for a model that
        cannot be run.
        """
        return self._at_work.tune(package, self._writer.is_another)

    def interrupt(self) -> None:
        """End all models at once, so that nobody waits for one; call it from another thread."""
        self._at_work.close()

    def device(self) -> Device:
        """Say what computes pictures, or would, and why; starts nothing."""
        try:
            embedder = self.embedder()
        except UserError:  # of the model, not of the device
            embedder = None
        return embedder.device if embedder is not None else self._device_choice().device

    def _device_choice(self) -> DeviceChoice:
        # Once: cards do not come and go, and a wish holds from the next start.
        with self._choosing_device:
            if self._device is None:
                self._device = choose_device(device_wish(self.settings))
            return self._device

    # Lanes

    def open_library(self) -> Library:
        """Open the library for one lane; raises `UserError`."""
        return Library(self.paths.database)

    def open_search(self, library: Library) -> SearchService:
        """Give a search over `library` with the model in use, once it covers the library."""
        return SearchService(
            library,
            self._at_work.for_searches(library),
            self._read_pixels,
            note_damage=self._in_use.note_damage,
        )

    def lock_for_writing(self) -> None:
        """Become the one program that indexes, until `close`; raises `UserError` as `OneWriter`.

        What a program left that ended while a model was removed is deleted first.
        """
        self._writer.begin()
        if self.paths.database.exists():
            with self.open_library() as library:
                self._removed.forget(library)

    def open_indexer(
        self,
        library: Library,
        media: MediaPool,
        embedder: Embedder | None,
        *,
        control: Control,
        on_progress: Callable[[Progress], None],
        on_change: Callable[[LibraryChange], None],
    ) -> Indexer:
        """Give an indexer that writes through `library` and reads photos with `media`.

        Without an `embedder` photos are listed, and not understood.
        """
        return self._indexing.indexer(
            library, media, embedder, control=control, on_progress=on_progress, on_change=on_change
        )

    def open_indexing(
        self,
        *,
        on_progress: Callable[[Progress], None],
        on_change: Callable[[LibraryChange], None],
        on_error: Callable[[UserError], None],
    ) -> IndexingLane:
        """Give the lane that keeps the library in step; callbacks come in its thread."""
        return self._indexing.lane(IndexingCallbacks(on_progress, on_change, on_error))

    def close(self) -> None:
        """End what is still running, but for an indexing lane that could not be stopped in time.

        It may be writing, so it keeps the lock until it ends, or the process does.
        """
        if self._query_reader is not None:
            self._query_reader.close()
        self._at_work.close()
        if not self._indexing.lane_writes:
            self._writer.close()

    def _read_pixels(self, path: Path, spec: PixelSpec) -> NDArray[np.uint8]:
        # In a worker: a picture used as query may be as hostile as any other.
        if self._query_reader is None:
            self._query_reader = MediaPool(workers=1, in_background=False)
        prepared = self._query_reader.prepare(PrepareRequest(path, None, spec)).result()
        assert prepared.pixels is not None, "pixels were asked for"  # noqa: S101 for the type checker
        return prepared.pixels


def _damaged(model: str, detail: str | int) -> UserError:
    return UserError(ErrorCode.MODEL_DAMAGED, model=model, detail=detail)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Give what changes when a file is replaced, None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino

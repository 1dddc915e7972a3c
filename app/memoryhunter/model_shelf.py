"""The models a person can have and has: the catalogue and the installed ones, side by side."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.packages import ModelPackage, verify_package
from memoryhunter.engine.prepare.progress import CancelledCallback, PrepareProgress
from memoryhunter.engine.store import ModelStore


@dataclass(frozen=True, slots=True)
class WantedModel:
    """What to install: `model`, an id of the catalogue, or what is in `path`, or both.

    `path` is a folder as a model hub lays it out, a file of such a folder, a zip archive of
    one, or a ready package's folder; with `model` as well it must hold that model. `sources`
    are the names of the sources to try, in this order; empty for the catalogue's own order.
    """

    model: str | None = None
    path: Path | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model: on offer, installed, or both.

    `problem` says why an installed one cannot be used; `kept_bytes` is how much of a download
    that was stopped is kept.
    """

    id: str
    name: str
    dimension: int
    licence: str
    offer: Offer | None = None
    package: ModelPackage | None = None
    problem: UserError | None = None
    built_in: bool = False
    in_use: bool = False
    kept_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """Which model is searched with, as the settings keep it.

    `in_use` gives the package in use, None without one, and raises UserError for a chosen one
    that is no good. `change` applies a function to the chosen id (None: none is chosen), in one
    step that no other change comes between.
    """

    in_use: Callable[[], ModelPackage | None]
    change: Callable[[Callable[[str | None], str | None]], None]


InstallCallback = Callable[[DownloadProgress | PrepareProgress], None]


class ModelShelf:
    """The catalogue's models and the installed ones of `store`.

    `catalogue` is a file like resources/models.toml; downloads are kept below `downloads`
    until they are installed. Nothing is asked of the network but by `install`.
    """

    def __init__(self, store: ModelStore, catalogue: Path, downloads: Path, choice: Choice) -> None:
        """Read nothing yet."""
        self._store = store
        self._catalogue = catalogue
        self._downloads = downloads
        self._choice = choice

    def entries(self) -> list[ModelEntry]:
        """Give those on offer in the catalogue's order, then other installed ones by id."""
        in_use = self._in_use()
        return [
            ModelEntry(
                package.id,
                package.name,
                package.dimension,
                package.licence,
                package=package,
                built_in=self._store.is_built_in(package),
                in_use=package.id == in_use,
            )
            for package in self._store.installed()
        ]

    def install(
        self,
        wanted: WantedModel,
        on_progress: InstallCallback | None = None,
        cancelled: CancelledCallback | None = None,
    ) -> ModelPackage:
        """Install what is wanted, and search with it unless another model is in use.

        Raises UserError, and `PreparationCancelledError` after `cancelled` gave true; what was
        downloaded so far is kept for the next attempt.
        """
        if wanted.path is None:
            raise UserError(ErrorCode.MODEL_UNKNOWN, model=wanted.model or "")
        package = self._store.install(wanted.path, on_progress=on_progress, cancelled=cancelled)
        installed = {each.id for each in self._store.installed()}
        self._choice.change(lambda chosen: chosen if chosen in installed else package.id)
        return package

    def use(self, model: str) -> ModelPackage:
        """Search with the installed model of this id from now on; UserError if there is none."""
        package = self._store.find(model)
        self._choice.change(lambda _chosen: package.id)
        return package

    def verify(self, model: str) -> ModelPackage:
        """Compare the files of an installed model with what was installed; UserError if not."""
        package = self._store.find(model)
        verify_package(package)
        return package

    def remove(self, model: str) -> None:
        """Delete an installed model, and what was kept of its download; raises UserError."""
        self._store.remove(model)
        self._choice.change(lambda chosen: None if chosen == model else chosen)
        shutil.rmtree(self._downloads / model, ignore_errors=True)

    def _in_use(self) -> str | None:
        try:
            package = self._choice.in_use()
        except UserError:
            return None
        return package.id if package is not None else None

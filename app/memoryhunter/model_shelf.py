"""The models a person can have and has: the catalogue and the installed ones, side by side."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer, read_catalogue
from memoryhunter.engine.download.downloader import Downloader
from memoryhunter.engine.download.patience import Patience
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.given_model import clear_given, given_model
from memoryhunter.engine.given_origin import origin_of_given, origin_of_offer
from memoryhunter.engine.names import is_model_id
from memoryhunter.engine.packages import ModelPackage, verify_package
from memoryhunter.engine.prepare.hub_origin import Origin
from memoryhunter.engine.prepare.progress import (
    CancelledCallback,
    PrepareProgress,
    PrepareStep,
    at_step,
    stop_if,
    telling,
)
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

    `names` and `about` are as in `ModelPackage`. `problem` says why an installed one cannot be
    used; `kept_bytes` is how much of a download that was stopped is kept. `understood` counts the
    photos that would have to be understood anew if it were removed, as far as anybody counted;
    `answers` says, as far as anybody asked, that it answers searches until the one in use can.
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
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    about: Mapping[str, str] = field(default_factory=dict, hash=False)
    understood: int = 0
    answers: bool = False


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

    `catalogue` is a file like resources/models.toml; downloads are kept below `downloads` until
    they are installed. Nothing is asked of the network but by `install`.
    """

    def __init__(
        self,
        store: ModelStore,
        catalogue: Path,
        downloads: Path,
        choice: Choice,
        *,
        patience: Patience | None = None,
        check: Callable[[ModelPackage], object] = lambda _package: None,
        measure: Callable[[ModelPackage], object] | None = None,
        release: Callable[[ModelPackage], object] | None = None,
        giving_up: Callable[[str], AbstractContextManager[None]] = lambda _model: nullcontext(),
        want: Callable[[ModelPackage], object] = lambda _package: None,
    ) -> None:
        """Read nothing yet. `check` sees that a model can be run, and raises MODEL_DAMAGED.

        `measure` runs a model before it is installed; it raises UserError.
        `release` unloads a model, whose files are to be moved: Windows keeps them while they
        are in use. The files of a model are removed within `giving_up` of its id, which gives
        up what it understood and lets it take no other one's place; `want` of one that is
        installed or chosen takes that back.
        """
        self._store = store
        self._catalogue = catalogue
        self._downloads = downloads
        self._cleared = False
        self._downloader = Downloader(downloads, patience)
        self._choice = choice
        self._check = check
        self._measure = measure
        self._release = release
        self._giving_up = giving_up
        self._want = want

    def entries(self) -> list[ModelEntry]:
        """Give those that came with the program, those on offer as the catalogue has them, others.

        Those that came and the others are sorted by id.

        Raises UserError CATALOGUE_INVALID, and HOME_UNUSABLE where the models cannot be listed.
        """
        if not self._cleared:
            self._cleared = True
            clear_given(self._downloads)
        offers = {offer.id: offer for offer in read_catalogue(self._catalogue)}
        packages = {package.id: package for package in self._store.installed()}
        problems = {
            Path(str(problem.values["path"])).name: problem for problem in self._store.damaged()
        }
        folders = {model: Path(str(each.values["path"])) for model, each in problems.items()}
        folders |= {model: package.folder for model, package in packages.items()}
        came = sorted(
            model for model, folder in folders.items() if self._store.is_with_program(folder)
        )
        order = [*came, *offers, *sorted(folders)]
        in_use = self._in_use()
        return [
            self._entry(model, offers.get(model), packages.get(model), problems.get(model), in_use)
            for model in dict.fromkeys(order)
        ]

    def install(
        self,
        wanted: WantedModel,
        on_progress: InstallCallback | None = None,
        cancelled: CancelledCallback | None = None,
    ) -> ModelPackage:
        """Install what is wanted, and search with it unless another model is in use.

        It is measured before anybody can find it: one that is the only model is in use as soon
        as it is there, and photos beside the measurement would make it worthless. A model that
        turns out not to run is not installed.
        A model of the catalogue that is installed and intact is not downloaded again. Raises
        what `Downloader.download` and `ModelStore.install` raise, UserError MODEL_UNKNOWN for an
        id that is not on offer and MODEL_IS_ANOTHER for a path with another model, and
        `PreparationCancelledError` after `cancelled` gave true; what was downloaded so far is
        kept for the next attempt.
        """
        if wanted.path is not None:
            package = self._install_given(wanted.path, wanted.model, on_progress, cancelled)
        else:
            offer = self._offer(wanted.model or "")
            intact = self._intact(offer.id, on_progress, cancelled)
            package = intact or self._install_offer(offer, wanted.sources, on_progress, cancelled)
        self._want(package)
        installed = {each.id for each in self._store.installed()}
        # The first model is the one people want to search with.
        self._choice.change(lambda chosen: chosen if chosen in installed else package.id)
        return package

    def use(self, model: str) -> ModelPackage:
        """Search with the installed model of this id from now on.

        Raises UserError MODEL_UNKNOWN, and MODEL_DAMAGED for one that cannot be read or run.
        """
        package = self._store.find_installed(model)
        self._check(package)
        self._want(package)
        self._choice.change(lambda _chosen: package.id)
        return package

    def verify(self, model: str) -> ModelPackage:
        """Compare the files of an installed model with what was installed, and run it.

        Raises UserError MODEL_UNKNOWN, and MODEL_DAMAGED which names the first that differs.
        """
        package = self._store.find_installed(model)
        verify_package(package)
        self._check(package)
        return package

    def remove(self, model: str) -> None:
        """Delete an installed model, what it understood, and all that is kept of its download.

        If it was the chosen one, none is chosen any more: whatever takes its place does so before
        its files go. Raises UserError MODEL_UNKNOWN, MODEL_BUILT_IN, DOWNLOAD_RUNNING, and what
        `ModelStore.remove` and the library raise.
        """
        if not is_model_id(model):
            raise UserError(ErrorCode.MODEL_UNKNOWN, model=model)
        packages = [each for each in self._store.installed() if each.id == model]
        if any(self._store.is_built_in(each) for each in packages):
            raise UserError(ErrorCode.MODEL_BUILT_IN, model=model)
        forgotten = self._downloader.forget(model)
        was_chosen = False
        try:
            with self._giving_up(model):
                # First, so that nobody asks for one that is half gone.
                was_chosen = self._unchoose(model)
                self._store.remove(model, self._release)
        except UserError as error:
            if was_chosen:
                self._choice.change(lambda chosen: model if chosen is None else chosen)
            if not (forgotten and error.code is ErrorCode.MODEL_UNKNOWN):
                raise

    def _unchoose(self, model: str) -> bool:
        """Choose none where this one is chosen; say whether it was."""
        was: list[str | None] = []

        def unchoose(chosen: str | None) -> str | None:
            was.append(chosen)
            return None if chosen == model else chosen

        self._choice.change(unchoose)
        return was[-1] == model

    def _entry(
        self,
        model: str,
        offer: Offer | None,
        package: ModelPackage | None,
        problem: UserError | None,
        in_use: str | None,
    ) -> ModelEntry:
        described = offer or package
        folder = package.folder if package is not None else None
        if package is None and problem is not None:
            folder = Path(str(problem.values["path"]))
        return ModelEntry(
            id=model,
            name=described.name if described else model,
            dimension=described.dimension if described else 0,
            licence=described.licence if described else "",
            offer=offer,
            package=package,
            problem=problem if package is None else None,
            built_in=folder is not None and self._store.is_with_program(folder),
            in_use=package is not None and model == in_use,
            kept_bytes=self._downloader.kept_bytes(model),
            names=package.names if package is not None else {},
            about=package.about if package is not None else {},
        )

    def _offer(self, model: str) -> Offer:
        for offer in read_catalogue(self._catalogue):
            if offer.id == model:
                return offer
        raise UserError(ErrorCode.MODEL_UNKNOWN, model=model)

    def _intact(
        self,
        model: str,
        on_progress: InstallCallback | None,
        cancelled: CancelledCallback | None,
    ) -> ModelPackage | None:
        for package in self._store.installed():
            if package.id == model:
                if on_progress is not None:
                    on_progress(at_step(PrepareStep.READ))
                try:
                    verify_package(package, stop_if(cancelled))
                    self._try_out(package, on_progress, cancelled)
                except UserError as error:
                    if error.code is not ErrorCode.MODEL_DAMAGED:
                        raise
                    return None
                return package
        return None

    def _install_offer(
        self,
        offer: Offer,
        sources: tuple[str, ...],
        on_progress: InstallCallback | None,
        cancelled: CancelledCallback | None,
    ) -> ModelPackage:
        with self._downloader.only_one(offer.id):
            folder = self._downloader.download(offer, sources, on_progress, cancelled)
            try:
                package = self._install(folder, origin_of_offer(offer), on_progress, cancelled)
            except UserError as error:
                if error.code is ErrorCode.MODEL_SOURCE_INVALID:
                    self._refuse_download(offer.id, error)
                raise
            self._downloader.drop(offer.id)
            return package

    def _refuse_download(self, model: str, why: UserError) -> None:
        """Let go what was downloaded and is no model, or the next attempt would fail as this one.

        Raises UserError DOWNLOAD_DAMAGED with the sources that sent it. Where every file is what
        the catalogue or the hub says, nothing is deleted or raised.
        """
        if sources := self._downloader.distrust(model):
            raise UserError(
                ErrorCode.DOWNLOAD_DAMAGED,
                model=model,
                sources=", ".join(sources),
                detail=why.values["detail"],
            ) from why

    def _install_given(
        self,
        path: Path,
        model: str | None,
        on_progress: InstallCallback | None,
        cancelled: CancelledCallback | None,
    ) -> ModelPackage:
        offers = read_catalogue(self._catalogue)
        check = telling(on_progress, PrepareStep.READ, stop_if(cancelled))
        with given_model(path, self._downloads, check) as folder:
            origin = origin_of_given(folder, model, offers, self._store.installed(), check)
            return self._install(folder, origin, on_progress, cancelled)

    def _install(
        self,
        folder: Path,
        origin: Origin | None,
        on_progress: InstallCallback | None,
        cancelled: CancelledCallback | None,
    ) -> ModelPackage:
        return self._store.install(
            folder,
            origin=origin,
            on_progress=on_progress,
            cancelled=cancelled,
            try_out=lambda package: self._try_out(package, on_progress, cancelled),
            release=self._release,
        )

    def _try_out(
        self,
        package: ModelPackage,
        on_progress: InstallCallback | None,
        cancelled: CancelledCallback | None,
    ) -> None:
        stop_if(cancelled)()
        self._check(package)
        if self._measure is not None:
            if on_progress is not None:
                on_progress(at_step(PrepareStep.MEASURE))
            self._measure(package)

    def _in_use(self) -> str | None:
        try:
            package = self._choice.in_use()
        except UserError:
            return None
        return package.id if package is not None else None

"""The models at work: one understands new photos, one answers searches, mostly the same one.

It puts together the embedders, the measurement of this computer and the choice of the model to
search with. Which model is the chosen one is the workspace's to say.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.progress import ModelName, Progress
from memoryhunter.engine.device_choice import DeviceChoice
from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.embedders import Embedders, Purpose
from memoryhunter.engine.open_embedder import open_embedder
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.tuning import Tuning, measure
from memoryhunter.engine.tuning_file import TuningFile
from memoryhunter.library.library import Library
from memoryhunter.search.serving import Coverage, ServingModel

# A batch of pictures comes every second while there is work, so after a minute there is none.
_IDLE_SECONDS = 60.0

_logger = logging.getLogger(__name__)


class ModelsAtWork:
    """Gives embedders to all lanes; may be called from any thread."""

    def __init__(
        self,
        chosen: Callable[[], ModelPackage | None],
        installed: Callable[[], Sequence[ModelPackage]],
        device: Callable[[], DeviceChoice],
        tuning: Path,
    ) -> None:
        """`chosen` is the model in use; of `installed` any may answer until that one can.

        `device` gives what pictures are computed on; `tuning` is the file that measurements are
        kept in.
        """
        self._chosen = chosen
        self._installed = installed
        self._device = device
        self._tuning = TuningFile(tuning)
        self._embedders = Embedders(self._make)
        self._told_of: str = ""  # the graphics card that is known to have given up

    def for_photos(self) -> Embedder | None:
        """Give what understands photos, with the chosen model; None without one.

        Raises what `chosen` raises.
        """
        package = self._chosen()
        return None if package is None else self._embedders.give(Purpose.UNDERSTANDING, package)

    def for_searches(self, library: Library) -> Callable[[], Embedder | None]:
        """Give what gives, at each search over `library`, the embedder to search with."""
        serving = ServingModel(library, self._chosen, self._installed, is_sound=self._can_search)

        def embedder() -> Embedder | None:
            package = serving.package()
            return None if package is None else self._embedders.give(Purpose.SEARCHING, package)

        return embedder

    def serving(self, library: Library) -> ServingModel:
        """Give what tells, over `library`, which model answers searches; loads no model."""
        return ServingModel(library, self._chosen, self._installed)

    def still_answering(
        self, library: Library, embedder: Embedder | None
    ) -> Callable[[], Embedder | None]:
        """Give what gives the embedder that answers searches until the model of `embedder` can."""
        if embedder is None:
            return lambda: None
        package = embedder.package
        serving = self._until_complete(library, package)

        def stand_in() -> Embedder | None:
            answers = serving.package()
            if answers is None or answers.fingerprint == package.fingerprint:
                self._embedders.release(Purpose.CATCHING_UP)
                return None
            return self._embedders.give(Purpose.CATCHING_UP, answers)

        return stand_in

    def naming(
        self,
        on_progress: Callable[[Progress], None],
        library: Library,
        embedder: Embedder | None,
    ) -> Callable[[Progress], None]:
        """Give a callback that adds to progress with `embedder` which models are at work."""
        if embedder is None:
            return on_progress
        package = embedder.package
        serving = self._until_complete(library, package)
        coverage = Coverage(library, package)

        def tell(progress: Progress) -> None:
            answers = serving.package()
            told = replace(progress, model=_name_of(package))
            if answers is not None and answers.fingerprint != package.fingerprint:
                seen, photos = coverage.count()
                told = replace(told, serving=_name_of(answers), seen=seen, photos=photos)
            on_progress(told)

        return tell

    def tune(
        self, package: ModelPackage, is_disturbed: Callable[[], bool] = lambda: False
    ) -> tuple[Tuning, bool]:
        """Measure for some seconds how this computer runs a model best; say if that is kept.

        It is not where `is_disturbed`, asked before and after, says that other work slowed it.
        Raises `UserError` MODEL_DAMAGED for a model that cannot be run.
        """
        disturbed = is_disturbed()
        tuning = measure(package)
        if disturbed or is_disturbed():
            return tuning, False
        try:
            self._tuning.save(tuning)
        except OSError as error:  # a full disk: the usual threads do nearly as well
            _logger.info("the measurement could not be kept: %s", error)
            return tuning, False
        self._embedders.make_anew(package)
        return tuning, True

    def tune_once(self, package: ModelPackage) -> None:
        """Measure as `tune` does, unless that was done on this computer as it is now."""
        if self._tuning.find(package) is None:
            self.tune(package)

    def release(self, package: ModelPackage) -> None:
        """Unload a model, whose files are to be moved; whoever asks for it loads it again."""
        self._embedders.make_anew(package)

    def trouble(self, embedder: Embedder | None) -> UserError | None:
        """Give GRAPHICS_CARD_GAVE_UP once after that happened to `embedder`, else None."""
        device = embedder.device if embedder is not None else None
        if device is None or device.instead_of in {"", self._told_of}:
            return None
        self._told_of = device.instead_of
        return UserError(
            ErrorCode.GRAPHICS_CARD_GAVE_UP, card=device.instead_of, detail=device.reason
        )

    def unload_idle(self) -> None:
        """Give back the memory of what was not used for a while; cheap to call often."""
        self._embedders.unload_idle(_IDLE_SECONDS)

    def close(self) -> None:
        """End all models at once: whoever waits for one gets UserError INDEXING_INTERRUPTED."""
        self._embedders.close()

    def _until_complete(self, library: Library, package: ModelPackage) -> ServingModel:
        return ServingModel(library, lambda: package, self._installed, is_sound=self._can_search)

    def _make(self, package: ModelPackage) -> Embedder:
        tuning = self._tuning.find(package)
        threads = tuning.threads if tuning is not None else None
        return open_embedder(package, self._device(), threads)

    def _can_search(self, package: ModelPackage) -> bool:
        try:
            self._embedders.try_out(package, lambda embedder: embedder.embed_texts([""]))
        except UserError as error:
            _logger.info("%s cannot answer searches: %s", package.id, error)
            return False
        return True


def _name_of(package: ModelPackage) -> ModelName:
    return ModelName(package.name, package.names)

"""The indexer and its lane put together: a library, workers for photos, and the models at work.

It knows what each of them needs of the others; what they do is theirs.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import UserError
from memoryhunter.domain.progress import Progress
from memoryhunter.engine.embedder import Embedder
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.indexer import Indexer, IndexerParts
from memoryhunter.indexing.lane import IndexingLane, LaneParts
from memoryhunter.indexing.on_screen import OnScreen
from memoryhunter.indexing.one_writer import OneWriter
from memoryhunter.library.library import Library
from memoryhunter.media.workers import MediaPool
from memoryhunter.model_in_use import ModelInUse
from memoryhunter.models_at_work import ModelsAtWork
from memoryhunter.removed_models import RemovedModels

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexingCallbacks:
    """Whom a lane tells, in its own thread."""

    on_progress: Callable[[Progress], None]
    on_change: Callable[[LibraryChange], None]
    on_error: Callable[[UserError], None]


class IndexingAtWork:
    """Opens what indexes one home.

    `own` are the program's folders, which are never looked into.
    """

    def __init__(
        self,
        models: ModelsAtWork,
        in_use: ModelInUse,
        removed: RemovedModels,
        writer: OneWriter,
        *,
        database: Path,
        thumbnails: Path,
        own: frozenset[Path],
    ) -> None:
        self._models = models
        self._in_use = in_use
        self._removed = removed
        self._writer = writer
        self._database = database
        self._thumbnails = thumbnails
        self._own = own
        self.lane_writes = False  # from its first attempt until its end
        self._lane_holds = False  # the lock
        self._lane: IndexingLane | None = None

    def indexer(
        self,
        library: Library,
        media: MediaPool,
        embedder: Embedder | None,
        *,
        control: Control,
        on_progress: Callable[[Progress], None],
        on_change: Callable[[LibraryChange], None],
        on_screen: OnScreen | None = None,
    ) -> Indexer:
        """Give an indexer that writes through `library` and reads photos with `media`.

        Without an `embedder` photos are listed, and not understood.
        """
        parts = IndexerParts(
            library,
            media,
            embedder,
            self._thumbnails,
            self._own,
            self._models.unload_idle,
            self._models.still_answering(library, embedder),
            on_screen or OnScreen(),
        )
        return Indexer(parts, control=control, on_progress=on_progress, on_change=on_change)

    def lane(self, callbacks: IndexingCallbacks) -> IndexingLane:
        """Give the lane that keeps the library in step."""
        media = MediaPool()
        on_screen = OnScreen()

        def close() -> None:
            media.close()
            if self._lane_holds:
                self._lane_holds = False
                self._writer.end()
            self.lane_writes = False

        parts = LaneParts(
            self._open_library,
            lambda library, control: self._lane_indexer(
                library, media, control, callbacks, on_screen
            ),
            self._fingerprint,
            close,
            callbacks.on_change,
            lambda error: self._tell(error, callbacks),
            at_rest=self._models.unload_idle,
            interrupt=self._models.close,
            forget_removed=self._removed.forget,
            on_screen=on_screen,
        )
        self._lane = IndexingLane(parts, self._own)
        return self._lane

    def forget_removed(self) -> None:
        """Delete what removed models understood: in the lane, or here where there is none.

        While another program writes, it does so soon, or else when it starts the next time.
        """
        if self.lane_writes and self._lane is not None:
            self._lane.forget_removed()
            return
        try:
            self._writer.begin()
            try:
                with Library(self._database) as library:
                    self._removed.forget(library)
            finally:
                self._writer.end()  # the lane may have begun meanwhile
        except UserError as error:  # the model is removed all the same
            _logger.info("what it understood is deleted later: %s", error)

    # In the lane's thread

    def _open_library(self) -> Library:
        self.lane_writes = True  # also while it waits for another program
        if not self._lane_holds:
            self._writer.begin()
            self._lane_holds = True
        return Library(self._database)

    def _lane_indexer(
        self,
        library: Library,
        media: MediaPool,
        control: Control,
        callbacks: IndexingCallbacks,
        on_screen: OnScreen,
    ) -> Indexer:
        try:
            embedder = self._models.for_photos()
        except UserError as error:  # photos can be listed and looked at all the same
            callbacks.on_error(error)
            embedder = None
        if (why := self._in_use.trouble()) is not None:
            callbacks.on_error(why)  # another model works meanwhile
        named = self._models.naming(callbacks.on_progress, library, embedder)

        def tell(progress: Progress) -> None:
            named(progress)
            if (trouble := self._models.trouble(embedder)) is not None:
                callbacks.on_error(trouble)

        return self.indexer(
            library,
            media,
            embedder,
            control=control,
            on_progress=tell,
            on_change=callbacks.on_change,
            on_screen=on_screen,
        )

    def _tell(self, error: UserError, callbacks: IndexingCallbacks) -> None:
        """Tell of trouble; a model that turned out to be damaged is not tried again."""
        self._in_use.note_damage(error)
        callbacks.on_error(error)

    def _fingerprint(self) -> str | None:
        try:
            package = self._in_use.package()
        except UserError:
            return None
        return package.fingerprint if package is not None else None

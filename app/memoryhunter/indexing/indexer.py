"""Brings the library in step with the folders: one run of the indexing lane.

Work still to do is derived from the folders and the library, so a run may end at any moment, by
`Stopped` or by the power cord, and the next one continues. Nothing here knows threads beyond the
futures of the media workers.
"""

import logging
import queue
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.photo import PhotoId
from memoryhunter.domain.progress import Phase, Progress
from memoryhunter.engine.embedder import Embedder
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.embedding import EmbeddingQueue
from memoryhunter.indexing.on_screen import OnScreen
from memoryhunter.indexing.placing import Placed, Placing
from memoryhunter.indexing.progress import ProgressMeter
from memoryhunter.indexing.report import IndexSummary, RunReport
from memoryhunter.indexing.survey import Scope, Survey
from memoryhunter.indexing.understanding import Understanding
from memoryhunter.indexing.worklist import FileToRead, WorkList
from memoryhunter.library.files import KnownFile
from memoryhunter.library.library import Library
from memoryhunter.media.prepare import PreparedPhoto, PrepareRequest
from memoryhunter.media.supervisor import WorkerStartError
from memoryhunter.media.thumbnails import ThumbnailNotSavedError, ThumbnailStore
from memoryhunter.media.workers import MediaPool

_KEEP_MISSING_DAYS = 30
# Photos taken at once from those that still need a vector.
_BACKLOG_BLOCK = 1000
# Photos prepared while a batch is embedded.
_AHEAD = 8
# While pausing, how often to look for folders that were added or removed.
_PAUSE_SECONDS = 0.2

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexerParts:
    """What an indexer works with. Without an `embedder`, photos are read but not understood.

    `stand_in` gives the embedder that answers searches instead of that one, if another does;
    `between_batches` is called after each batch, and several times a second in a pause.
    `on_screen` says which photos are to be understood first.
    """

    library: Library
    media: MediaPool
    embedder: Embedder | None
    thumbnails: Path
    own: frozenset[Path]
    between_batches: Callable[[], None] = lambda: None
    stand_in: Callable[[], Embedder | None] = lambda: None
    on_screen: OnScreen = field(default_factory=OnScreen)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file being read, for this model; without one, it is only listed."""

    item: FileToRead
    model: EmbeddingQueue | None = None


class Indexer:
    """Runs in one thread, the only one that writes photos and vectors."""

    def __init__(
        self,
        parts: IndexerParts,
        *,
        control: Control | None = None,
        on_progress: Callable[[Progress], None] = lambda _progress: None,
        on_change: Callable[[LibraryChange], None] = lambda _change: None,
    ) -> None:
        """Call the callbacks in the indexer's thread; they must return soon."""
        self._parts = parts
        self._library = parts.library
        self._control = control or Control()
        self._report = RunReport(on_change)
        self._meter = ProgressMeter(on_progress)
        self._survey = Survey(parts.library, parts.own, self._control)
        self._placing = Placing(parts.library)
        self._understanding = Understanding(parts.library, parts.embedder, parts.stand_in)
        self._work = WorkList()
        self._seen: tuple[PhotoId, ...] | None = None  # on the screen, and given preference
        self._in_flight: dict[Future[Any], _Reading] = {}
        self._finished: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self._doubtful: set[PhotoId] = set()  # gone, unless a file being read turns out to be it
        self._maybe_moved: set[int] = set()  # sizes of files that are gone
        self._done = 0
        self._failed = 0
        self._swept = False

    def run(
        self, scopes: Collection[Scope], more: Callable[[], Collection[Scope]] = tuple
    ) -> IndexSummary:
        """Bring `scopes` up to date, then whatever `more` asks for meanwhile, then the backlog.

        Raises `Stopped` when asked to end; what was done until then is kept.
        """
        self._report.begin()
        self._done = 0
        self._understanding.restart()
        self._failed = self._library.photos.failed_count()
        self._meter.restart(self._failed)
        try:
            self._look_at(scopes)
            while self._step() or self._take_backlog():
                self._look_at(more())
            self._clean_up(scopes)
        except UserError:
            self._control.check()  # the model was closed so that nobody waits for it: no trouble
            raise
        finally:
            self._settle_doubtful()
            self._report.end()
            self._drop_in_flight()
            self._meter.enter(Phase.IDLE)
        return self.summary

    @property
    def summary(self) -> IndexSummary:
        """What the last run did, also one that was ended by an error."""
        return self._report.summary

    # What there is to do

    def _look_at(self, scopes: Collection[Scope]) -> None:
        if not scopes:
            return
        self._meter.enter(Phase.SCANNING)
        gone: list[KnownFile] = []
        for scope in scopes:
            seen = self._survey.look(scope, self._tell_scanned)
            if not seen.online:
                self._work.drop_folder(scope.folder_id)
            self._work.add(seen.to_read)
            self._report.returned(seen.returned, folders=seen.folder_changed)
            gone += seen.gone
        # A file of the same size may be the one that is gone, under its new name.
        sizes = self._work.sizes()
        self._confirm_gone(each.photo_id for each in gone if each.stamp.size not in sizes)
        self._doubtful |= {each.photo_id for each in gone if each.stamp.size in sizes}
        self._maybe_moved = self._library.files.missing_sizes()
        self._meter.enter(Phase.READING)

    def _tell_scanned(self, files: int) -> None:
        self._meter.count(done=files, total=0, failed=self._failed)

    def _take_backlog(self) -> bool:
        """Add some photos that still need a vector; false when none is left to try."""
        taken = self._understanding.take_backlog(_BACKLOG_BLOCK)
        if taken is None:
            return False
        self._add_known(*taken)
        self._seen = None  # more is known to be left now, some of it perhaps on the screen
        return True

    def _prefer_on_screen(self) -> None:
        """Let what is on the screen come first, as far as it still needs a vector."""
        ids = self._parts.on_screen.ids
        if ids is self._seen:
            return
        self._seen = ids
        for model, block in self._understanding.take(ids):
            self._add_known(model, block)
        self._work.prefer(ids)

    def _add_known(self, model: EmbeddingQueue, block: Sequence[PhotoId]) -> None:
        """Let known photos be read, but for those that have their vector or that of a copy."""
        photos = self._library.photos.get_many(block)
        roots = self._library.folders.paths()
        for photo in photos.values():
            self._control.check()
            if photo.content_hash and model.is_settled(photo.id, photo.content_hash):
                self._report.note(LibraryChange(updated=frozenset({photo.id})))
                continue
            root = roots[photo.folder_id]
            relative = photo.path.relative_to(root).as_posix()
            self._work.add([FileToRead(photo.folder_id, root, relative, photo.stamp, photo.id)])

    # Doing it

    def _step(self) -> bool:
        """Move the work on a little; false when nothing is left."""
        self._control.check()
        if self._control.paused and (self._work or self._in_flight):
            self._rest()
            return True
        self._fill_window()
        if not self._in_flight:
            self._embed()
            return bool(self._work)
        try:
            future = self._finished.get(timeout=0.1)
        except queue.Empty:
            self._control.check()
        else:
            self._finish(future)
        self._embed(only_full=True)
        self._report.announce()
        return True

    def _rest(self) -> None:
        self._embed()
        self._report.announce(now=True)
        self._meter.enter(Phase.PAUSED)
        self._control.wait_while_paused(_PAUSE_SECONDS)
        if not self._control.paused:
            self._meter.enter(Phase.READING)

    def _fill_window(self) -> None:
        # Enough to keep the workers busy while a batch is embedded (a large one is quick, by a
        # graphics card), little enough to forget.
        window = 2 * self._parts.media.workers + _AHEAD
        wanted = self._library.folders.paths()
        self._prefer_on_screen()
        while len(self._in_flight) < window and (item := self._work.pop()) is not None:
            if item.folder_id not in wanted:
                continue
            if item.photo_id is None and item.stamp.size in self._maybe_moved:
                self._submit(self._parts.media.fingerprint(item.path), _Reading(item))
            else:
                self._prepare(item)

    def _prepare(self, item: FileToRead) -> None:
        model = self._understanding.queue_for(item.photo_id)
        pixels = model.pixels if model is not None else None
        request = PrepareRequest(item.path, self._parts.thumbnails, pixels)
        self._submit(self._parts.media.prepare(request), _Reading(item, model))

    def _submit(self, future: Future[Any], reading: "_Reading") -> None:
        self._in_flight[future] = reading
        future.add_done_callback(self._finished.put)

    def _finish(self, future: Future[Any]) -> None:
        reading = self._in_flight.pop(future)
        item = reading.item
        try:
            result = future.result()
        except FileFailure as failure:
            self._fail(item, failure)
        except ThumbnailNotSavedError as error:
            raise UserError(
                ErrorCode.DISK_FULL, path=str(self._parts.thumbnails), detail=str(error)
            ) from error
        except (WorkerStartError, CancelledError):
            raise  # the machine is at fault, and no photo
        except Exception as error:  # the boundary of a file: whatever its decoder did, go on
            _logger.exception("reading %s failed", item.path)
            self._fail(item, FileFailure(FailureReason.CRASHED, type(error).__name__))
        else:
            if not isinstance(result, PreparedPhoto):
                stamp, content_hash = result
                placed = self._placing.move_here(item, stamp, content_hash)
                if placed is None:
                    self._prepare(item)
                    return
                self._count(placed)
            else:
                self._place(reading, result)
        self._done += 1
        self._meter.count(
            done=self._done,
            total=self._done + len(self._in_flight) + len(self._work) + self._understanding.left,
            failed=self._failed,
        )

    def _place(self, reading: "_Reading", prepared: PreparedPhoto) -> None:
        placed = self._placing.place(reading.item, prepared)
        if placed is None:
            return
        self._count(placed)
        model = reading.model
        if (
            model is not None
            and prepared.pixels is not None
            and not model.is_settled(placed.photo_id, prepared.content_hash)
        ):
            model.add(placed.photo_id, prepared.content_hash, prepared.pixels)

    def _fail(self, item: FileToRead, failure: FileFailure) -> None:
        if failure.reason is FailureReason.VANISHED:
            return  # the next look at the folder tells what became of it
        photo_id = self._placing.fail(item, failure)
        self._failed = self._library.photos.failed_count()
        if photo_id is not None:
            self._report.note(LibraryChange(removed=frozenset({photo_id})))

    def _embed(self, *, only_full: bool = False) -> None:
        seen = self._understanding.flush(only_full=only_full)
        if seen.photos or not only_full:
            self._parts.between_batches()
        self._report.seen(seen)

    # What became of it

    def _count(self, placed: Placed) -> None:
        if placed.kind == "moved":
            if placed.replaced is not None:
                self._confirm_gone({placed.replaced})
            self._doubtful.discard(placed.photo_id)
        self._report.placed(placed)

    def _settle_doubtful(self) -> None:
        self._confirm_gone(self._library.files.still_missing(self._doubtful))
        self._doubtful.clear()

    def _confirm_gone(self, ids: Iterable[PhotoId]) -> None:
        gone = frozenset(ids)
        self._doubtful -= gone
        self._report.gone(gone)

    def _clean_up(self, scopes: Collection[Scope]) -> None:
        """Forget what has been gone for long; once, delete the thumbnails nothing needs."""
        if all(each.below for each in scopes):
            return
        with self._library.write():
            self._library.files.forget_missing(_KEEP_MISSING_DAYS)
        if not self._swept:
            self._swept = True
            ThumbnailStore(self._parts.thumbnails).keep_only(self._library.files.contents())

    def _drop_in_flight(self) -> None:
        for future in self._in_flight:
            future.cancel()
        self._in_flight.clear()
        self._finished = queue.SimpleQueue()
        self._work = WorkList()

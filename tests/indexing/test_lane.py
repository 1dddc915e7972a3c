"""The lane follows real file-system events, edits and drives that come and go."""

import logging
import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.photo import PhotoId
from memoryhunter.indexing import lane as lane_module
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.indexer import Indexer
from memoryhunter.indexing.lane import IndexingLane, LaneParts
from memoryhunter.library.folders import Folders
from memoryhunter.library.library import Library
from memoryhunter.media.supervisor import WorkerStartError
from tests.fakes import ColourEmbedder
from tests.indexing.conftest import Bench, age

_PATIENCE = 60.0


class Living:
    """A lane at work over a bench, and what it said."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.said: queue.SimpleQueue[LibraryChange] = queue.SimpleQueue()
        self.errors: queue.SimpleQueue[UserError] = queue.SimpleQueue()
        self.busy = threading.Event()
        self.rested = threading.Event()
        self.removed = threading.Event()  # the model at work, as if the person had removed it
        self.troubles: queue.SimpleQueue[Exception] = queue.SimpleQueue()  # one for each round
        self.on_open: list[Callable[[], None]] = []  # called once each, as an indexer is opened
        bench.changes = _Passing(self.said.put)
        self.lane = IndexingLane(
            LaneParts(
                open_library=self._open,
                open_indexer=self._indexer,
                model=self._model,
                close=lambda: None,
                on_change=self.said.put,
                on_error=self.errors.put,
                at_rest=self.rested.set,
                forget_removed=self._forget_removed,
                on_screen=bench.on_screen,
            ),
            frozenset({bench.thumbnails}),
        )

    def _open(self) -> Library:
        if self.busy.is_set():
            self.busy.clear()
            raise UserError(ErrorCode.LIBRARY_BUSY_INDEXING)
        return Library(self.bench.library.path)

    def _indexer(self, library: Library, control: Control) -> Indexer:
        self.bench.library = library
        while self.on_open:
            self.on_open.pop()()
        return self.bench.indexer(control)

    def _forget_removed(self, library: Library, _stopped: Callable[[], bool]) -> bool:
        if not self.removed.is_set():
            return False
        self.removed.clear()
        with library.write():
            library.models.forget(self.bench.embedder.package.fingerprint)
        return True

    def _model(self) -> str:
        if not self.troubles.empty():
            raise self.troubles.get()
        return self.bench.embedder.package.fingerprint

    def wait_for(self, condition: Callable[[LibraryChange, Library], bool]) -> None:
        """Wait until the lane tells a change after which `condition` holds."""
        with Library(self.bench.library.path) as reader:
            while True:
                change = self.said.get(timeout=_PATIENCE)
                if condition(change, reader):
                    return

    def wait_for_names(self, *names: str) -> None:
        self.wait_for(lambda _change, library: _names(library) == sorted(names))


class _Passing(list[LibraryChange]):
    """A list that passes on what is appended to it."""

    def __init__(self, passed_to: Callable[[LibraryChange], None]) -> None:
        self._passed_to = passed_to

    def append(self, change: LibraryChange) -> None:
        self._passed_to(change)


def _names(library: Library) -> list[str]:
    photos = library.photos.get_many(library.photos.browse_ids())
    return sorted(photo.path.name for photo in photos.values())


@pytest.fixture
def living(bench: Bench) -> Iterator[Living]:
    path = bench.library
    alive = Living(bench)
    yield alive
    assert alive.lane.stop(_PATIENCE)
    bench.library = path


def test_files_come_change_move_and_go(living: Living) -> None:
    bench = living.bench
    bench.photo("first.png")
    living.lane.start()
    living.wait_for_names("first.png")
    bench.photo("second.png")
    living.wait_for_names("first.png", "second.png")
    (bench.root / "first.png").rename(bench.root / "renamed.png")
    living.wait_for_names("renamed.png", "second.png")
    (bench.root / "second.png").unlink()
    living.wait_for_names("renamed.png")
    assert bench.embedder.seen == 2


def test_whole_folders_come_and_move(living: Living, tmp_path: Path) -> None:
    bench = living.bench
    for number in range(4):
        bench.photo(f"trip/{number}.png")
    shutil.move(bench.root / "trip", tmp_path / "trip")
    living.lane.start()
    shutil.move(tmp_path / "trip", bench.root / "trip")
    living.wait_for_names("0.png", "1.png", "2.png", "3.png")
    (bench.root / "trip").rename(bench.root / "holiday")
    living.wait_for(
        lambda _change, library: library.photos.find(bench.root / "holiday" / "3.png") is not None
    )


def test_folders_are_added_and_removed_while_it_rests(living: Living, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    living.lane.start()
    living.bench.photo("a.png")
    living.wait_for_names("a.png")
    shutil.copytree(living.bench.root, other / "sub")
    living.lane.add_folders([other, tmp_path / "not there"])
    living.wait_for_names("a.png", "a.png")
    assert living.errors.get(timeout=_PATIENCE).code is ErrorCode.FOLDER_NOT_FOUND
    living.lane.remove_folder(living.bench.folder)
    living.wait_for_names("a.png")
    assert (living.bench.root / "a.png").exists()


def test_a_drive_is_unplugged_and_comes_back(living: Living, tmp_path: Path) -> None:
    bench = living.bench
    bench.photo("a.png")
    living.lane.start()
    living.wait_for_names("a.png")
    bench.root.rename(tmp_path / "unplugged")
    living.wait_for(lambda _change, library: not library.folders.all()[0].online)
    (tmp_path / "unplugged").rename(bench.root)
    living.wait_for(lambda _change, library: library.folders.all()[0].online)
    bench.photo("b.png")  # it is watched again
    living.wait_for_names("a.png", "b.png")


def test_another_program_indexes_first(living: Living) -> None:
    living.busy.set()
    living.bench.photo("a.png")
    living.lane.start()
    assert living.errors.get(timeout=_PATIENCE).code is ErrorCode.LIBRARY_BUSY_INDEXING
    assert living.rested.wait(_PATIENCE)  # what searches use can rest all the same
    living.wait_for_names("a.png")


def test_a_model_chosen_meanwhile_sees_every_photo(living: Living) -> None:
    living.bench.photo("a.png")
    living.lane.start()
    living.wait_for_names("a.png")
    second = ColourEmbedder("second")
    living.bench.embedder = second

    def seen(_change: LibraryChange, library: Library) -> bool:
        vectors = library.find_vectors(second.package.fingerprint)
        return vectors is not None and vectors.count() == 1

    living.wait_for(seen)


def test_work_for_a_model_that_nobody_wants_ends(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane_module, "_MODEL_SECONDS", 0.0)
    for number in range(60):
        living.bench.photo(f"{number}.png")
    first, second = living.bench.embedder, ColourEmbedder("second")

    def choose_another(_seen: int) -> None:
        living.bench.embedder = second

    first.on_seen = choose_another
    living.lane.start()

    def all_seen(_change: LibraryChange, library: Library) -> bool:
        vectors = library.find_vectors(second.package.fingerprint)
        return vectors is not None and vectors.count() == 60

    living.wait_for(all_seen)
    assert first.seen < 60


def test_it_says_when_it_rests(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane_module, "_DRIVES_SECONDS", 0.01)
    living.lane.start()
    for _ in range(2):
        assert living.rested.wait(_PATIENCE)
        living.rested.clear()


def test_stopping_is_quick_at_any_moment(living: Living) -> None:
    for number in range(50):
        living.bench.photo(f"{number}.png")
    living.lane.start()
    living.said.get(timeout=_PATIENCE)
    assert living.lane.stop(5.0)


def test_folders_can_be_added_while_paused(living: Living, tmp_path: Path) -> None:
    living.lane.pause()
    living.bench.photo("a.png")
    living.lane.start()
    (tmp_path / "other").mkdir()
    living.lane.add_folders([tmp_path / "other"])
    living.wait_for(lambda _change, library: len(library.folders.all()) == 2)
    living.lane.resume()
    living.wait_for_names("a.png")


def test_a_folder_replaced_by_another_is_watched_at_once(living: Living, tmp_path: Path) -> None:
    bench = living.bench
    bench.photo("a.png")
    living.lane.start()
    living.wait_for_names("a.png")
    bench.root.rename(tmp_path / "away")
    bench.photo("b.png")
    living.wait_for_names("b.png")
    bench.photo("c.png")  # it is watched again
    living.wait_for_names("b.png", "c.png")


def test_a_folder_deleted_and_made_again_is_watched(living: Living) -> None:
    bench = living.bench
    bench.photo("a.png")
    living.lane.start()
    living.wait_for_names("a.png")
    shutil.rmtree(bench.root)  # its inode number may be given to the next folder
    bench.photo("b.png")
    living.wait_for_names("b.png")
    bench.photo("c.png")
    living.wait_for_names("b.png", "c.png")


def test_a_folder_taken_over_is_watched_once(living: Living, tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    living.lane.start()
    living.lane.add_folders([inner])
    living.wait_for(lambda _change, library: inner in library.folders.paths().values())
    living.lane.add_folders([inner.parent])
    living.wait_for(lambda _change, library: inner not in library.folders.paths().values())
    living.bench.photo("a.png")
    living.wait_for_names("a.png")
    assert living.lane.stop(_PATIENCE)
    assert len(living.lane._roots) == len(living.lane._watcher._watched) == 2


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (RuntimeError("a bug"), ErrorCode.INDEXING_INTERRUPTED),
        (WorkerStartError("no memory"), ErrorCode.INDEXING_INTERRUPTED),
        (UserError(ErrorCode.MODEL_DAMAGED, model="m", detail="d"), ErrorCode.MODEL_DAMAGED),
        (apsw.BusyError("locked"), ErrorCode.LIBRARY_LOCKED),
    ],
)
def test_trouble_is_told_once_and_the_work_goes_on(
    living: Living,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
    code: ErrorCode,
) -> None:
    monkeypatch.setattr(lane_module, "_BACK_OFF_SECONDS", 0.05)
    living.bench.photo("a.png")
    for _ in range(3):
        living.troubles.put(trouble)
    living.lane.start()
    living.wait_for_names("a.png")
    assert living.errors.get(timeout=_PATIENCE).code is code
    assert living.errors.empty()
    (record,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert bool(record.exc_info) == (code is ErrorCode.INDEXING_INTERRUPTED)
    # After a time without trouble it is news again.
    living.troubles.put(trouble)
    living.lane.rescan()
    assert living.errors.get(timeout=_PATIENCE).code is code


def test_other_trouble_is_told_too(
    living: Living, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane_module, "_BACK_OFF_SECONDS", 0.05)
    living.troubles.put(RuntimeError("one"))
    living.troubles.put(RuntimeError("two"))
    living.lane.start()
    details = [living.errors.get(timeout=_PATIENCE).values["detail"] for _ in range(2)]
    assert details == ["RuntimeError: one", "RuntimeError: two"]


def test_a_run_that_fails_is_repeated(
    living: Living, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane_module, "_BACK_OFF_SECONDS", 0.05)
    real, troubles = Indexer.run, [ValueError("surprise")]

    def run(self: Indexer, *arguments: object) -> object:
        if troubles:
            raise troubles.pop()
        return real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Indexer, "run", run)
    living.bench.photo("a.png")
    living.lane.start()
    living.wait_for_names("a.png")
    assert living.errors.get(timeout=_PATIENCE).code is ErrorCode.INDEXING_INTERRUPTED


def test_folders_are_edited_while_nothing_else_works(
    living: Living, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    living.troubles.put(RuntimeError("broken"))
    living.troubles.put(RuntimeError("broken"))
    living.lane.start()
    living.errors.get(timeout=_PATIENCE)
    living.lane.add_folders([tmp_path / "other"])
    living.wait_for(lambda _change, library: len(library.folders.all()) == 2)


@pytest.mark.parametrize(
    ("method", "trouble"),
    [
        ("add", apsw.BusyError("locked")),
        ("add", RuntimeError("a bug")),
        ("paths", apsw.BusyError("locked")),
    ],
)
@pytest.mark.usefixtures("caplog")
def test_an_edit_that_fails_is_told(
    living: Living, monkeypatch: pytest.MonkeyPatch, method: str, trouble: Exception
) -> None:
    other = living.bench.root.with_name("other")
    other.mkdir()
    living.bench.photo("a.png")
    living.lane.start()
    living.wait_for_names("a.png")
    real, troubles = getattr(Folders, method), [trouble]

    def fails_once(self: Folders, *arguments: object) -> object:
        if troubles and threading.current_thread().name == "indexer":
            raise troubles.pop()
        return real(self, *arguments)

    monkeypatch.setattr(Folders, method, fails_once)
    living.lane.add_folders([other])
    expected = (
        ErrorCode.LIBRARY_LOCKED
        if isinstance(trouble, apsw.BusyError)
        else ErrorCode.INDEXING_INTERRUPTED
    )
    assert living.errors.get(timeout=_PATIENCE).code is expected
    living.lane.add_folders([other])
    living.wait_for(lambda _change, library: len(library.folders.all()) == 2)


def test_stopping_ends_a_back_off(living: Living, caplog: pytest.LogCaptureFixture) -> None:
    living.troubles.put(RuntimeError("broken"))
    living.lane.start()
    living.errors.get(timeout=_PATIENCE)
    assert living.lane.stop(5.0)


def test_vectors_that_go_in_the_middle_of_a_run_are_made_anew(living: Living) -> None:
    bench = living.bench
    for number in range(40):
        bench.photo(f"{number}.png")

    def remove(seen: int) -> None:
        if seen == 16:
            living.removed.set()
            living.lane.forget_removed()

    bench.embedder.on_seen = remove
    living.lane.start()
    fingerprint = bench.embedder.package.fingerprint

    def all_understood(_change: LibraryChange, library: Library) -> bool:
        vectors = library.find_vectors(fingerprint)
        return vectors is not None and vectors.number > 1 and vectors.count() == 40

    living.wait_for(all_understood)
    assert living.errors.empty()
    assert bench.embedder.seen >= 56


def test_a_model_can_be_removed_while_an_indexer_is_opened(living: Living) -> None:
    bench = living.bench
    bench.photo("a.png")

    def remove() -> None:
        living.removed.set()
        living.lane.forget_removed()

    living.on_open.append(remove)
    living.lane.start()

    def understood(_change: LibraryChange, library: Library) -> bool:
        vectors = library.find_vectors(bench.embedder.package.fingerprint)
        return vectors is not None and vectors.count() == 1

    living.wait_for(understood)
    assert living.errors.empty()


def test_another_model_sees_first_what_is_on_the_screen(living: Living) -> None:
    bench = living.bench
    for number in range(60):
        age(bench.photo(f"{number:02}.png"), number)
    bench.index()
    newest_first = bench.library.photos.browse_ids()
    shown, later = newest_first[-5:], newest_first[-20:-15]
    bench.embedder = ColourEmbedder("another")

    def scroll(seen: int) -> None:
        if seen >= 16:
            bench.embedder.on_seen = lambda _seen: None
            living.lane.look_at(later)

    bench.embedder.on_seen = scroll
    living.lane.look_at(shown)
    living.lane.start()
    order: list[PhotoId] = []

    def all_understood(_change: LibraryChange, library: Library) -> bool:
        order[:] = bench.order(library)
        return len(order) == 60

    living.wait_for(all_understood)
    assert set(shown) < set(order[:8])  # in the first batch
    assert set(order[:16]) - set(shown) < set(newest_first[:16])  # then the newest
    # What was being read already is not thrown away.
    assert set(later) < set(order[:48])
    assert set(newest_first[-15:-5]).isdisjoint(order[:48])

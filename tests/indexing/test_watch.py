"""Many events become few reports, in time."""

import errno
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from memoryhunter.indexing import watch
from memoryhunter.indexing.survey import Scope
from memoryhunter.indexing.watch import Watcher, outermost

_PATIENCE = 60.0
_NEVER = 1000.0


class Watched:
    """A watcher over a folder, and what it reported."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.reports: queue.SimpleQueue[list[Scope]] = queue.SimpleQueue()
        self._watcher: Watcher | None = None

    def watch(self, *, quiet: float, longest: float) -> Watcher:
        self._watcher = Watcher(self.reports.put, frozenset(), quiet, longest)
        self._watcher.start()
        return self._watcher

    def stop(self) -> None:
        if self._watcher is not None:
            self._watcher.stop()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.stop()


def test_a_burst_is_one_report(watched: Watched) -> None:
    watcher = watched.watch(quiet=1.0, longest=_NEVER)
    threads = set(threading.enumerate())
    for number in range(1000):
        watcher._note(1, watched.root, watched.root / str(number % 3))
    assert set(threading.enumerate()) == threads
    assert watched.reports.get(timeout=_PATIENCE) == [Scope(1, "0"), Scope(1, "1"), Scope(1, "2")]
    assert watched.reports.empty()


def test_a_burst_that_does_not_end_is_reported(watched: Watched) -> None:
    watcher = watched.watch(quiet=_NEVER, longest=0.1)
    for _ in range(2):
        deadline = time.monotonic() + _PATIENCE
        while watched.reports.empty() and time.monotonic() < deadline:
            watcher._note(1, watched.root, watched.root / "camera")
        assert watched.reports.get(timeout=0) == [Scope(1, "camera")]


def test_nothing_is_reported_after_the_end(watched: Watched) -> None:
    watcher = watched.watch(quiet=_NEVER, longest=_NEVER)
    watcher._note(1, watched.root, watched.root)
    watcher.stop()
    watcher._note(1, watched.root, watched.root)
    assert watched.reports.empty()


def test_a_watcher_that_was_never_started_can_be_stopped() -> None:
    Watcher(lambda _scopes: None, frozenset()).stop()


def test_very_many_folders_become_the_whole(watched: Watched) -> None:
    watcher = watched.watch(quiet=1.0, longest=_NEVER)
    for number in range(300):
        watcher._note(1, watched.root, watched.root / str(number))
    watcher._note(2, watched.root, watched.root / "few")
    assert watched.reports.get(timeout=_PATIENCE) == [Scope(1), Scope(2, "few")]


def test_very_many_folders_inside_one_stay_that_one(watched: Watched) -> None:
    watcher = watched.watch(quiet=1.0, longest=_NEVER)
    watcher._note(1, watched.root, watched.root / "trip")
    for number in range(300):
        watcher._note(1, watched.root, watched.root / "trip" / str(number))
        watcher._note(1, watched.root, watched.root / "later" / str(number % 150))
    watcher._note(1, watched.root, watched.root / "later")
    for number in range(100):
        watcher._note(1, watched.root, watched.root / str(number))
    scopes = watched.reports.get(timeout=_PATIENCE)
    assert len(scopes) == 102
    assert {Scope(1, "trip"), Scope(1, "later")} < set(scopes)


def test_what_happens_in_a_watched_folder_is_reported(watched: Watched) -> None:
    watcher = watched.watch(quiet=0.1, longest=_NEVER)
    folder = watched.root / "folder"
    folder.mkdir()
    assert watcher.watch(1, folder)
    assert not watcher.has_ended(1)
    (folder / "a.jpg").touch()
    assert watched.reports.get(timeout=_PATIENCE) == [Scope(1)]
    watcher.unwatch(1)
    assert not watcher.has_ended(1)  # it is not wanted


def test_a_system_that_allows_no_watching(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise OSError(errno.EMFILE, "inotify instance limit reached")

    monkeypatch.setattr(watch, "Observer", refuse)
    watcher = watched.watch(quiet=0.1, longest=_NEVER)
    assert not watcher.watch(1, watched.root)
    watcher.unwatch(1)
    assert "cannot watch folders" in caplog.text


def test_scopes_inside_others_are_left_out() -> None:
    scopes = {
        Scope(1, "a/b"),
        Scope(1, "a"),
        Scope(1, "ab"),
        Scope(2, "a/b"),
        Scope(3),
        Scope(3, "x"),
    }
    assert outermost(scopes) == [Scope(1, "a"), Scope(1, "ab"), Scope(2, "a/b"), Scope(3)]

"""Loads one picture after the other in a worker thread; only the latest one asked for counts."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from memoryhunter.domain.failures import FileFailure
from memoryhunter.gui.jobs import Courier, Lane, join_all
from memoryhunter.gui.viewer.pictures import Picture, load_picture, touch_types

Box = tuple[int, int]
LoadPicture = Callable[[Path, Box | None], Picture]


class PictureLoader:
    """Owns the viewer's worker thread, which lives from the first request until `stop`.

    Every request makes the earlier ones stale: those still waiting are never begun, and the
    answer of the one being worked on is dropped. A decoder cannot be interrupted.
    """

    def __init__(self, owner: QObject, load: LoadPicture = load_picture) -> None:
        touch_types()
        self._courier = Courier(owner)
        self._load = load
        self._lane: Lane[None] | None = None
        self._stopped: list[Lane[None]] = []
        self._generation = 0

    def request(
        self,
        path: Path,
        box: Box | None,
        on_loaded: Callable[[Picture], object],
        on_failed: Callable[[FileFailure], object],
    ) -> None:
        """Load `path` to fill `box`, or in full detail; one of the two is called later."""
        if self._lane is None:
            self._lane = Lane("viewer", self._courier, nullcontext)
        self._generation += 1
        answered = partial(self._answered, self._generation, on_loaded, on_failed)
        work = partial(_load, self._load, path, box)
        self._lane.submit(work, answered, _never, key="picture")

    def cancel(self) -> None:
        """Forget the request that is under way, if there is one."""
        self._generation += 1

    def stop(self) -> None:
        """Let the thread end after the picture it is at; the next request starts another."""
        self.cancel()
        if self._lane is not None:
            self._lane.stop()
            self._stopped = [lane for lane in self._stopped if not lane.join(0)]
            self._stopped.append(self._lane)
            self._lane = None

    def join(self, timeout: float) -> bool:
        """After `stop`, wait at most `timeout` seconds; say whether all threads have ended."""
        return join_all([lane.join for lane in self._stopped], timeout)

    def _answered(
        self,
        generation: int,
        on_loaded: Callable[[Picture], object],
        on_failed: Callable[[FileFailure], object],
        answer: Picture | FileFailure,
    ) -> None:
        if generation != self._generation:
            return
        if isinstance(answer, FileFailure):
            on_failed(answer)
        else:
            on_loaded(answer)


def _load(load: LoadPicture, path: Path, box: Box | None, _resource: None) -> Picture | FileFailure:
    try:
        return load(path, box)
    except FileFailure as failure:
        return failure


def _never(error: Exception) -> None:
    """See that loading a picture, which knows no coded errors, did not learn to raise one."""
    raise error

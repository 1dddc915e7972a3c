"""Counts the work and its pace."""

import time
from collections import deque
from collections.abc import Callable

from memoryhunter.domain.progress import Phase, Progress

# Long enough to be calm, short enough to follow a change of pace.
_WINDOW_SECONDS = 30.0
_ANNOUNCE_SECONDS = 0.2


class ProgressMeter:
    """Makes `Progress` snapshots and announces at most five a second, and every change of phase."""

    def __init__(
        self,
        announce: Callable[[Progress], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Call `announce` with each snapshot, in the thread that works."""
        self._announce = announce
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()
        self._announced = float("-inf")
        self._phase = Phase.IDLE
        self._done = self._total = self._failed = 0

    def enter(self, phase: Phase) -> None:
        """Begin a phase; announced at once."""
        if phase is not self._phase:
            if Phase.SCANNING in (phase, self._phase):
                self._done = self._total = 0  # files seen and files read are counted apart
            self._phase = phase
            self._marks.clear()
            self._tell()

    def restart(self, failed: int) -> None:
        """Begin counting anew; `failed` files of the library cannot be read."""
        self._done = self._total = 0
        self._failed = failed
        self._marks.clear()

    def count(self, *, done: int, total: int, failed: int) -> None:
        """Note where the work stands."""
        now = self._clock()
        self._done, self._total, self._failed = done, total, failed
        self._marks.append((now, done))
        while self._marks[0][0] < now - _WINDOW_SECONDS:
            self._marks.popleft()
        if now - self._announced >= _ANNOUNCE_SECONDS or done == total:
            self._tell()

    def _tell(self) -> None:
        self._announced = self._clock()
        pace = self._pace()
        left = (self._total - self._done) / pace if pace > 0 and self._total else None
        self._announce(Progress(self._phase, self._done, self._total, self._failed, pace, left))

    def _pace(self) -> float:
        if self._phase is not Phase.READING or len(self._marks) < 2:
            return 0.0
        (first, before), (last, after) = self._marks[0], self._marks[-1]
        return (after - before) / (last - first) if last > first else 0.0

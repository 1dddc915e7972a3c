"""How fast a download is and how long it will take, told a few times a second."""

import math
import time
from collections.abc import Callable

from memoryhunter.engine.download.progress import DownloadCallback, DownloadProgress

_SECONDS_BETWEEN = 0.25
# The speed shown is a mean in which a second ago counts about three times as much as four
# seconds ago: steady enough to read, and soon near zero when nothing comes.
_MEMORY_SECONDS = 3.0
# After so long without a byte any speed would be a memory, and any time left a guess.
_SILENCE_SECONDS = 5.0


class Pace:
    """Counts what comes and passes it on; `tick` is called often, and tells now and then.

    `received` bytes came over the network; `done_bytes` of `total_bytes` are here. `clock` gives
    seconds.
    """

    def __init__(
        self, on_progress: DownloadCallback | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Count from zero."""
        self.source = ""
        self.file = ""
        self.done_bytes = 0
        self.total_bytes = 0
        self._on_progress = on_progress
        self.received = 0
        self._speed: float | None = None
        self._clock = clock
        self._told = self._came = clock()
        self._received_then = 0

    def add(self, count: int) -> None:
        """Count bytes that came over the network just now."""
        self.received += count
        self._came = self._clock()
        self.done_bytes += count

    def tick(self) -> None:
        """Tell where things stand, if that was not done a moment ago."""
        now = self._clock()
        passed = now - self._told
        if passed < _SECONDS_BETWEEN or not self.source:
            return
        recent = (self.received - self._received_then) / passed
        weight = math.exp(-passed / _MEMORY_SECONDS)
        known = self._speed if self._speed is not None else recent
        self._speed = weight * known + (1 - weight) * recent
        self._told, self._received_then = now, self.received
        self.tell()

    def tell(self) -> None:
        """Tell where things stand now."""
        if self._on_progress is None:
            return
        waiting = self._clock() - self._came >= _SILENCE_SECONDS
        speed = 0.0 if waiting else self._speed or 0.0
        left = max(self.total_bytes - self.done_bytes, 0)
        self._on_progress(
            DownloadProgress(
                source=self.source,
                file=self.file,
                done_bytes=self.done_bytes,
                total_bytes=max(self.total_bytes, self.done_bytes),
                speed=speed,
                seconds_left=left / speed if speed >= 1 else None,
                waiting=waiting,
            )
        )

"""Pause and stop, as seen from the work that is to be paused or stopped."""

import threading


class Stopped(Exception):
    """The work was asked to stop; everything done so far is kept."""


class Control:
    """Shared by the one who works and the one who decides. All methods are safe in any thread."""

    def __init__(self) -> None:
        """Start neither paused nor stopped."""
        self._condition = threading.Condition()
        self._paused = False
        self._stopped = False

    @property
    def paused(self) -> bool:
        """Whether the work is asked to rest."""
        return self._paused

    @property
    def stopped(self) -> bool:
        """Whether the work is asked to end."""
        return self._stopped

    def pause(self) -> None:
        """Ask the work to rest at its next check."""
        with self._condition:
            self._paused = True

    def resume(self) -> None:
        """Let the work go on."""
        with self._condition:
            self._paused = False
            self._condition.notify_all()

    def stop(self) -> None:
        """Ask the work to end at its next check, even from a pause."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def check(self) -> None:
        """Raise `Stopped` when asked to end."""
        if self._stopped:
            raise Stopped

    def wait_while_paused(self, seconds: float) -> None:
        """Rest as long as asked to, `seconds` at most; raise `Stopped` when asked to end."""
        with self._condition:
            self._condition.wait_for(lambda: not self._paused or self._stopped, seconds)
        self.check()

    def wait(self, seconds: float) -> None:
        """Wait `seconds`; raise `Stopped` at once when asked to end."""
        with self._condition:
            self._condition.wait_for(lambda: self._stopped, seconds)
        self.check()

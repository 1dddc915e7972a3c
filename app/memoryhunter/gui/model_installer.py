"""Installs a model in a thread of its own, and tells how far it is."""

import threading
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from memoryhunter.domain.errors import UserError
from memoryhunter.engine.prepare.progress import PreparationCancelledError, PrepareProgress
from memoryhunter.gui.jobs import Courier, Lane
from memoryhunter.gui.services import InstallModel


class ModelInstaller(QObject):
    """One installation at a time; its thread lives from the first one until `stop`.

    Signals:
        progressed: a `PrepareProgress`.
        installed: it is there; `in_use` says whether searches use it.
        failed: it is not, for this reason (a UserError).
        cancelled: it was stopped as the person wished; nothing of it remains.
    """

    progressed = Signal(object)
    installed = Signal()
    failed = Signal(object)
    cancelled = Signal()

    def __init__(
        self, install: InstallModel, courier: Courier, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._install = install
        self._courier = courier
        self._lane: Lane[None] | None = None
        self._wish = threading.Event()  # to stop
        self._running = False
        self._in_use = False

    @property
    def running(self) -> bool:
        """Whether a model is being installed."""
        return self._running

    @property
    def in_use(self) -> bool:
        """Whether searches use the model installed last."""
        return self._in_use

    def install(self, source: Path) -> None:
        """Begin to install the model in `source`, unless one is being installed."""
        if self._running:
            return
        if self._lane is None:
            self._lane = Lane("model", self._courier, nullcontext)
        self._running = True
        self._wish.clear()
        self._lane.submit(partial(self._work, source), self._take, self._give_up)

    def cancel(self) -> None:
        """Ask the installation to stop; `cancelled` says when it did, unless it ended before."""
        self._wish.set()

    def stop(self) -> None:
        """Cancel for good."""
        self._wish.set()
        if self._lane is not None:
            self._lane.stop()

    def join(self, timeout: float) -> bool:
        """After `stop`, wait at most `timeout` seconds; say whether the thread has ended."""
        return self._lane is None or self._lane.join(timeout)

    def _work(self, source: Path, _resource: None) -> bool | None:
        """Run in the lane: give whether the model is in use, None when it was cancelled."""
        try:
            return self._install(source, self._tell, self._wish.is_set)
        except PreparationCancelledError:
            return None

    def _tell(self, progress: PrepareProgress) -> None:
        self._courier.post(partial(self.progressed.emit, progress))

    def _take(self, in_use: bool | None) -> None:
        self._running = False
        if in_use is None:
            self.cancelled.emit()
        else:
            self._in_use = in_use
            self.installed.emit()

    def _give_up(self, error: UserError) -> None:
        self._running = False
        self.failed.emit(error)

"""Installs a model in a thread of its own, and tells how far it is."""

import threading
from contextlib import nullcontext
from functools import partial

from PySide6.QtCore import QObject, Signal

from memoryhunter.domain.errors import UserError
from memoryhunter.engine.prepare.progress import PreparationCancelledError
from memoryhunter.gui.jobs import Courier, Lane
from memoryhunter.gui.models.progress_words import InstallProgress
from memoryhunter.gui.services import Models
from memoryhunter.model_shelf import WantedModel


class ModelInstaller(QObject):
    """One installation at a time; its thread lives from the first one until `stop`.

    Signals, each with the `WantedModel` first:
        started: the work has begun.
        progressed: it is at this `DownloadProgress` or `PrepareProgress`.
        ended: the work is over; what came of it follows, but after a bug.
        installed: it is there; the second value says whether searches use it.
        failed: it is not, for this reason (a UserError).
        cancelled: it was stopped as the person wished; what was downloaded is kept.
    """

    started = Signal(object)
    progressed = Signal(object, object)
    ended = Signal(object)
    installed = Signal(object, bool)
    failed = Signal(object, object)
    cancelled = Signal(object)

    def __init__(self, models: Models, courier: Courier, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._courier = courier
        self._lane: Lane[None] | None = None
        self._wish = threading.Event()  # to stop
        self._wanted: WantedModel | None = None
        self._last: InstallProgress | None = None

    @property
    def wanted(self) -> WantedModel | None:
        """What is being installed; None while nothing is."""
        return self._wanted

    @property
    def last(self) -> InstallProgress | None:
        """Where the installation under way, or the last one, was when it last told."""
        return self._last

    def install(self, wanted: WantedModel) -> None:
        """Begin to install it, unless something is being installed."""
        if self._wanted is not None:
            return
        if self._lane is None:
            self._lane = Lane("model-installation", self._courier, nullcontext)
        self._wanted = wanted
        self._last = None
        self._wish.clear()
        self._lane.submit(
            partial(self._work, wanted), partial(self._take, wanted), partial(self._fail, wanted)
        )
        self.started.emit(wanted)

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

    def _work(self, wanted: WantedModel, _resource: None) -> bool | None:
        """Run in the lane: give whether the model is in use, None when it was cancelled."""
        try:
            return self._models.install(wanted, partial(self._tell, wanted), self._wish.is_set)
        except PreparationCancelledError:
            return None
        finally:
            self._courier.post(partial(self._end, wanted))

    def _tell(self, wanted: WantedModel, progress: InstallProgress) -> None:
        self._courier.post(partial(self._pass_on, wanted, progress))

    def _pass_on(self, wanted: WantedModel, progress: InstallProgress) -> None:
        self._last = progress
        self.progressed.emit(wanted, progress)

    def _end(self, wanted: WantedModel) -> None:
        self._wanted = None
        self.ended.emit(wanted)

    def _take(self, wanted: WantedModel, in_use: bool | None) -> None:
        if in_use is None:
            self.cancelled.emit(wanted)
        else:
            self.installed.emit(wanted, in_use)

    def _fail(self, wanted: WantedModel, error: UserError) -> None:
        self.failed.emit(wanted, error)

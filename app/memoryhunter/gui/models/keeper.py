"""Lists, chooses, checks and removes models in a thread of its own."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from PySide6.QtCore import QObject, Signal, SignalInstance

from memoryhunter.domain.errors import UserError
from memoryhunter.gui.jobs import Courier, Lane
from memoryhunter.gui.services import Models
from memoryhunter.model_shelf import ModelEntry


class ModelKeeper(QObject):
    """What is done with models but for installing, which takes too long to wait behind.

    The thread lives from the first question until `stop`.

    Signals:
        listed: the models there are (a list of ModelEntry).
        looked: with each list: why the chosen model is not in use though another works in its
            place (a UserError), or None.
        unlisted: they could not be read, for this reason (a UserError).
        ended: what was asked of the model of this id is over; what came of it follows, but
            after a bug.
        used, verified, removed: it was done to the model of this id.
        failed: it was not, for this reason (id, UserError).
    """

    listed = Signal(list)
    looked = Signal(object)
    unlisted = Signal(object)
    ended = Signal(str)
    used = Signal(str)
    verified = Signal(str)
    removed = Signal(str)
    failed = Signal(str, object)

    def __init__(self, models: Models, courier: Courier, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._courier = courier
        self._lane: Lane[None] | None = None

    def read(self) -> None:
        """List the models anew."""
        self._open_lane().submit(self._entries, self._take, self.unlisted.emit, key="list")

    def use(self, model: str) -> None:
        """Search with this model from now on."""
        self._ask(model, self._models.use, self.used)

    def verify(self, model: str) -> None:
        """Compare its files with what was installed."""
        self._ask(model, self._models.verify, self.verified)

    def remove(self, model: str) -> None:
        """Delete it."""
        self._ask(model, self._models.remove, self.removed)

    def stop(self) -> None:
        """Ask the thread to end after what it is at."""
        if self._lane is not None:
            self._lane.stop()

    def join(self, timeout: float) -> bool:
        """After `stop`, wait at most `timeout` seconds; say whether the thread has ended."""
        return self._lane is None or self._lane.join(timeout)

    def _ask(self, model: str, work: Callable[[str], None], done: SignalInstance) -> None:
        def run(_resource: None) -> None:
            try:
                work(model)
            finally:
                self._courier.post(partial(self.ended.emit, model))

        self._open_lane().submit(run, lambda _: done.emit(model), partial(self._fail, model))

    def _entries(self, _resource: None) -> tuple[list[ModelEntry], UserError | None]:
        return self._models.entries(), self._models.trouble()

    def _take(self, found: tuple[list[ModelEntry], UserError | None]) -> None:
        entries, trouble = found
        self.listed.emit(entries)
        self.looked.emit(trouble)

    def _fail(self, model: str, error: UserError) -> None:
        self.failed.emit(model, error)

    def _open_lane(self) -> Lane[None]:
        if self._lane is None:
            self._lane = Lane("models", self._courier, nullcontext)
        return self._lane

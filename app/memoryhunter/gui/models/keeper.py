"""Lists, chooses, checks and removes models in a thread of its own."""

from contextlib import nullcontext
from functools import partial

from PySide6.QtCore import QObject, Signal

from memoryhunter.domain.errors import UserError
from memoryhunter.gui.jobs import Courier, Lane
from memoryhunter.gui.services import Models
from memoryhunter.model_shelf import ModelEntry


class ModelKeeper(QObject):
    """What is done with models but for installing, which takes too long to wait behind.

    The thread lives from the first question until `stop`.

    Signals:
        listed: the models there are (a list of ModelEntry).
        unlisted: they could not be read, for this reason (a UserError).
        used, verified, removed: it was done to the model of this id.
        failed: it was not, for this reason (id, UserError).
    """

    listed = Signal(list)
    unlisted = Signal(object)
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
        self._open_lane().submit(self._entries, self.listed.emit, self.unlisted.emit, key="list")

    def use(self, model: str) -> None:
        """Search with this model from now on."""
        self._open_lane().submit(
            lambda _: self._models.use(model),
            lambda _: self.used.emit(model),
            partial(self._fail, model),
        )

    def verify(self, model: str) -> None:
        """Compare its files with what was installed."""
        self._open_lane().submit(
            lambda _: self._models.verify(model),
            lambda _: self.verified.emit(model),
            partial(self._fail, model),
        )

    def remove(self, model: str) -> None:
        """Delete it."""
        self._open_lane().submit(
            lambda _: self._models.remove(model),
            lambda _: self.removed.emit(model),
            partial(self._fail, model),
        )

    def stop(self) -> None:
        """Ask the thread to end after what it is at."""
        if self._lane is not None:
            self._lane.stop()

    def join(self, timeout: float) -> bool:
        """After `stop`, wait at most `timeout` seconds; say whether the thread has ended."""
        return self._lane is None or self._lane.join(timeout)

    def _entries(self, _resource: None) -> list[ModelEntry]:
        return self._models.entries()

    def _fail(self, model: str, error: UserError) -> None:
        self.failed.emit(model, error)

    def _open_lane(self) -> Lane[None]:
        if self._lane is None:
            self._lane = Lane("models", self._courier, nullcontext)
        return self._lane

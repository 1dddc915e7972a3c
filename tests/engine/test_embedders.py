"""One embedder for each model at work, and none for the others."""

import gc
import threading
import weakref

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.embedders import Embedders, Purpose
from memoryhunter.engine.packages import ModelPackage
from tests.fakes import ColourEmbedder


class Noted(ColourEmbedder):
    def __init__(self, package: ModelPackage) -> None:
        super().__init__(package.id)
        self.unloaded = self.closed = 0
        self.idle: list[float] = []

    def unload(self) -> None:
        self.unloaded += 1

    def close(self) -> None:
        self.closed += 1

    def unload_idle(self, seconds: float) -> None:
        self.idle.append(seconds)


OLD, NEW = ColourEmbedder("old").package, ColourEmbedder("new").package


def give(embedders: Embedders, purpose: Purpose, package: ModelPackage) -> Noted:
    embedder = embedders.give(purpose, package)
    assert isinstance(embedder, Noted)
    return embedder


def test_one_model_has_one_embedder() -> None:
    embedders = Embedders(Noted)
    first = give(embedders, Purpose.UNDERSTANDING, OLD)
    assert give(embedders, Purpose.SEARCHING, OLD) is first
    assert give(embedders, Purpose.UNDERSTANDING, OLD) is first


def test_the_old_model_goes_with_its_last_use() -> None:
    embedders = Embedders(Noted)
    old = give(embedders, Purpose.SEARCHING, OLD)
    give(embedders, Purpose.UNDERSTANDING, OLD)
    new = give(embedders, Purpose.UNDERSTANDING, NEW)
    assert new is not old
    assert old.unloaded == 0
    assert give(embedders, Purpose.SEARCHING, NEW) is new
    assert (old.unloaded, new.unloaded) == (1, 0)
    embedders.unload_idle(60)
    assert (old.idle, new.idle) == ([60], [60])  # somebody may have used the old one since


def test_another_one_is_made_after_a_measurement_and_after_closing() -> None:
    embedders = Embedders(Noted)
    first = give(embedders, Purpose.SEARCHING, OLD)
    embedders.make_anew(OLD)
    embedders.make_anew(NEW)
    second = give(embedders, Purpose.SEARCHING, OLD)
    embedders.close()
    third = give(embedders, Purpose.SEARCHING, OLD)
    assert [first.unloaded, second.unloaded, third.unloaded] == [1, 0, 0]
    assert [first.closed, second.closed, third.closed] == [1, 1, 0]
    assert len({id(first), id(second), id(third)}) == 3


def test_nothing_waits_for_the_device_of_another_model() -> None:
    """To find it may take as long as a driver that hangs is given."""
    asked, found = threading.Event(), threading.Event()

    def make(package: ModelPackage) -> Noted:
        if package is NEW:
            asked.set()
            assert found.wait(60)
        return Noted(package)

    embedders = Embedders(make)
    old = give(embedders, Purpose.SEARCHING, OLD)
    made: list[Noted] = []
    lanes = [
        threading.Thread(target=lambda: made.append(give(embedders, Purpose.UNDERSTANDING, NEW)))
        for _ in range(2)
    ]
    for each in lanes:
        each.start()
    assert asked.wait(60)
    assert give(embedders, Purpose.SEARCHING, OLD) is old
    embedders.unload_idle(60)
    found.set()
    for each in lanes:
        each.join()
    assert made[0] is made[1]
    embedders.close()
    assert [old.closed, made[0].closed] == [1, 1]


def test_what_was_made_during_a_measurement_is_made_again() -> None:
    made: list[Noted] = []

    def make(package: ModelPackage) -> Noted:
        made.append(Noted(package))
        if len(made) == 1:
            embedders.make_anew(package)  # by another thread, as it were
        return made[-1]

    embedders = Embedders(make)
    assert give(embedders, Purpose.SEARCHING, OLD) is made[1]
    assert len(made) == 2


def test_one_that_was_dropped_is_forgotten_with_its_last_user() -> None:
    embedders = Embedders(Noted)
    lane = weakref.ref(give(embedders, Purpose.UNDERSTANDING, OLD))
    embedders.make_anew(OLD)
    gc.collect()
    assert lane() is None


def test_a_purpose_that_ended_holds_no_model() -> None:
    embedders = Embedders(Noted)
    old = give(embedders, Purpose.CATCHING_UP, OLD)
    new = give(embedders, Purpose.UNDERSTANDING, NEW)
    embedders.release(Purpose.CATCHING_UP)
    embedders.release(Purpose.CATCHING_UP)
    assert (old.unloaded, new.unloaded) == (1, 0)


def test_trying_a_model_disturbs_none_at_work() -> None:
    tried: list[Embedder] = []

    def trial(embedder: Embedder) -> None:
        tried.append(embedder)
        if embedder.package.id != "old":
            raise UserError(ErrorCode.MODEL_DAMAGED, model="another", detail="a test")

    embedders = Embedders(Noted)
    old = give(embedders, Purpose.SEARCHING, OLD)
    with pytest.raises(UserError):
        embedders.try_out(ColourEmbedder("new").package, trial)
    embedders.try_out(OLD, trial)
    assert tried[1] is old
    assert (old.unloaded, old.closed) == (0, 0)
    assert give(embedders, Purpose.SEARCHING, OLD) is old
    (new,) = [each for each in tried if isinstance(each, Noted) and each is not old]
    assert new.closed == 1

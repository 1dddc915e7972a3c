"""What NVIDIA's driver is asked, and what becomes of one that is in trouble."""

import ctypes
import os
import signal
import time
from collections.abc import Callable
from multiprocessing import active_children
from typing import Any

import pytest

from memoryhunter.engine import nvidia
from memoryhunter.engine.card import Card, NoCard
from memoryhunter.engine.nvidia import Question, ask_driver, ask_in_child, nvidia_card

CARD = Card("NVIDIA H100", "cuda")


class Driver:
    """What is asked of libcuda; `status` is what the named call answers."""

    def __init__(self, cards: tuple[str, ...] = (), **status: int) -> None:
        self._cards = cards
        self._status = status

    def load(self, _name: str) -> "Driver":
        return self

    def cuInit(self, _flags: int) -> int:  # noqa: N802 NVIDIA's name
        return self._status.get("init", 0)

    def cuDeviceGetCount(self, count: Any) -> int:  # noqa: N802
        count._obj.value = len(self._cards)
        return self._status.get("count", 0)

    def cuDeviceGet(self, device: Any, ordinal: int) -> int:  # noqa: N802
        device._obj.value = ordinal
        return 0

    def cuDeviceGetName(self, name: Any, length: int, device: Any) -> int:  # noqa: N802
        name.value = self._cards[device.value].encode()[: length - 1]
        return 0


def no_driver(name: str) -> ctypes.CDLL:
    raise OSError(name)


def test_nvidias_driver_is_asked_for_the_first_card() -> None:
    assert ask_driver(Driver(("NVIDIA H100", "NVIDIA A2")).load) == CARD


@pytest.mark.parametrize(
    ("load", "reason"),
    [
        (Driver().load, "finds no graphics card"),
        (Driver(("a",), init=100).load, "finds no graphics card"),
        (Driver(("a",), init=803).load, "does not work (its error number is 803)"),
        (Driver(("a",), count=3).load, "does not work (its error number is 3)"),
        (no_driver, "does not load"),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_a_driver_without_a_card_says_so(
    monkeypatch: pytest.MonkeyPatch, load: Callable[[str], Any], reason: str, there: bool
) -> None:
    monkeypatch.setattr(nvidia, "has_display", lambda _maker: there)
    found = ask_driver(load)
    assert isinstance(found, NoCard)
    assert found.reason.endswith(reason)
    assert found.in_trouble == (there or "finds" not in reason)


@pytest.mark.parametrize(
    ("there", "reason"), [(True, "its driver is not installed"), (False, "can be used was found")]
)
def test_without_a_driver_no_process_is_started(
    monkeypatch: pytest.MonkeyPatch, there: bool, reason: str
) -> None:
    monkeypatch.setattr(nvidia, "has_display", lambda _maker: there)
    monkeypatch.setattr(nvidia, "start_child", pytest.fail)
    found = nvidia_card(no_driver)
    assert isinstance(found, NoCard)
    assert found.reason.endswith(reason)
    assert found.in_trouble == there


def test_a_driver_is_never_asked_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Question] = []

    def answer(question: Question) -> Card:
        asked.append(question)
        return CARD

    monkeypatch.setattr(nvidia, "ask_in_child", answer)
    assert nvidia_card(Driver(init=999).load) == CARD  # its own answer would be another
    assert len(asked) == 1


def finds() -> Card | NoCard:
    return CARD


def hangs() -> Card | NoCard:
    time.sleep(1000)
    return CARD


def crashes() -> Card | NoCard:
    os.kill(os.getpid(), signal.SIGKILL)
    return CARD


@pytest.mark.parametrize(
    ("question", "seconds", "answer"),
    [
        (finds, 60, CARD),
        (hangs, 0.2, NoCard("NVIDIA's driver does not answer", in_trouble=True)),
        (
            crashes,
            60,
            NoCard("NVIDIA's driver crashed when it was asked for its cards", in_trouble=True),
        ),
    ],
)
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process")
def test_a_process_of_its_own_asks(
    question: Question, seconds: float, answer: Card | NoCard
) -> None:
    assert ask_in_child(question, seconds) == answer
    assert not active_children()

"""Which device is chosen, and what is said of it; no card is needed to know."""

import ctypes
from collections.abc import Callable
from typing import Any

import pytest

from memoryhunter.engine.device_choice import CPU, TORCH_CPU, choose_device, decide
from memoryhunter.engine.graphics_card import Card, NoCard, nvidia_card

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
    assert nvidia_card(Driver(("NVIDIA H100", "NVIDIA A2")).load) == CARD


@pytest.mark.parametrize(
    ("load", "reason"),
    [
        (Driver().load, "finds no graphics card"),
        (Driver(("a",), init=100).load, "finds no graphics card"),
        (Driver(("a",), init=803).load, "does not work (its error number is 803)"),
        (Driver(("a",), count=3).load, "does not work (its error number is 3)"),
    ],
)
def test_a_driver_without_a_card_says_so(load: Callable[[str], Any], reason: str) -> None:
    found = nvidia_card(load)
    assert isinstance(found, NoCard)
    assert found.reason.endswith(reason)


def test_a_card_without_a_driver_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    on_bus = "memoryhunter.engine.graphics_card._is_on_bus"
    for there, reason in ((True, "its driver is not installed"), (False, "can be used was found")):
        monkeypatch.setattr(on_bus, lambda _maker, there=there: there)
        found = nvidia_card(no_driver)
        assert isinstance(found, NoCard)
        assert reason in found.reason


@pytest.mark.parametrize(
    ("card", "builds", "kind", "said"),
    [
        (CARD, frozenset({"cuda"}), "cuda", "a graphics card was found"),
        (Card("Apple graphics", "mps"), frozenset({"mps"}), "mps", "was found"),
        (CARD, frozenset(), None, "NVIDIA H100 is not used: the installed PyTorch is not built"),
        (Card("Intel", "xpu"), frozenset({"cuda"}), None, "Intel is not used: the installed"),
        (CARD, None, None, "NVIDIA H100 is not used: PyTorch is not installed"),
        (NoCard("no card"), frozenset({"cuda"}), None, "; no card"),
    ],
)
def test_a_card_is_used_where_torch_can(
    card: Card | NoCard, builds: frozenset[str] | None, kind: str | None, said: str
) -> None:
    choice = decide(card, builds)
    assert choice.kind == kind
    assert said in choice.device.reason
    assert choice.device.name.startswith("GPU: " if kind else "CPU: ")


def test_wishes() -> None:
    assert choose_device(CPU).kind is None
    assert "settings ask" in choose_device(CPU).device.reason
    assert choose_device(TORCH_CPU).kind == "cpu"
    assert choose_device("nonsense") == choose_device("auto") == choose_device("gpu")

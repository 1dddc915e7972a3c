"""Which device is chosen, and what is said of it; no card is needed to know."""

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from memoryhunter.engine import graphics_card
from memoryhunter.engine.card import Card, NoCard
from memoryhunter.engine.device_choice import CPU, TORCH_CPU, choose_device, decide
from memoryhunter.engine.graphics_card import find_card, intel_card
from memoryhunter.engine.pci_bus import has_display

CARD = Card("NVIDIA H100", "cuda")
INTEL = Card("Intel graphics", "xpu")
NOT_THERE = NoCard("no graphics card that can be used was found")
HUNG = NoCard("NVIDIA's driver does not answer", in_trouble=True)


def no_library(name: str) -> ctypes.CDLL:
    raise OSError(name)


def test_a_display_is_seen_on_the_bus(tmp_path: Path) -> None:
    for name, kind, maker in (
        ("network", "0x020000", "0x8086"),
        ("display", "0x030200", "0x10de"),
        ("odd", "?", "0x1002"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "class").write_text(f"{kind}\n", encoding="ascii")
        (tmp_path / name / "vendor").write_text(f"{maker}\n", encoding="ascii")
    (tmp_path / "nothing").mkdir()
    assert has_display(0x10DE, tmp_path)
    assert not has_display(0x8086, tmp_path)
    assert not has_display(0x1002, tmp_path)
    assert not has_display(0x10DE, tmp_path / "no bus")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the driver alone tells")
@pytest.mark.parametrize(
    ("on_bus", "load", "found"),
    [(True, str, INTEL), (True, no_library, None), (False, str, None)],
)
def test_level_zero_alone_is_no_card(
    monkeypatch: pytest.MonkeyPatch,
    on_bus: bool,
    load: Callable[[str], object],
    found: Card | None,
) -> None:
    monkeypatch.setattr(graphics_card, "has_display", lambda _maker: on_bus)
    assert intel_card(load) == found


@pytest.mark.skipif(sys.platform == "darwin", reason="Apple's own comes first")
@pytest.mark.parametrize(
    ("nvidia", "intel", "found"),
    [
        (CARD, INTEL, CARD),
        (NOT_THERE, INTEL, INTEL),
        (NOT_THERE, None, NOT_THERE),
        (HUNG, INTEL, HUNG),
    ],
)
def test_nvidias_trouble_is_told_and_not_hidden_by_intels_graphics(
    monkeypatch: pytest.MonkeyPatch,
    nvidia: Card | NoCard,
    intel: Card | None,
    found: Card | NoCard,
) -> None:
    monkeypatch.setattr(graphics_card, "nvidia_card", lambda _load: nvidia)
    monkeypatch.setattr(graphics_card, "intel_card", lambda _load: intel)
    assert find_card() == found


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
    assert "asked for" not in choice.device.reason
    wished = decide(card, builds, wished_for=True)
    if kind is not None:
        assert wished == choice
    else:
        assert "; a graphics card was asked for, but " in wished.device.reason
        assert wished.device.reason.endswith(choice.device.reason.partition("; ")[2])


def test_wishes() -> None:
    assert choose_device(CPU).kind is None
    assert "settings ask" in choose_device(CPU).device.reason
    assert choose_device(TORCH_CPU).kind == "cpu"
    assert choose_device("nonsense") == choose_device("auto")
    wished = choose_device("gpu")
    assert wished.kind == choose_device("auto").kind
    assert (wished.kind is None) == ("was asked for, but" in wished.device.reason)

"""The choice between processor and graphics card, made before anything is started."""

from dataclasses import dataclass
from typing import Final

from memoryhunter.engine.card import Card, NoCard
from memoryhunter.engine.device import Device, processor
from memoryhunter.engine.graphics_card import find_card, torch_builds

AUTO: Final = "auto"
CPU: Final = "cpu"
GPU: Final = "gpu"
# For tests and for looking into the host where there is no card: the whole way, on the processor.
TORCH_CPU: Final = "torch-cpu"
WISHES: Final = (AUTO, CPU, GPU, TORCH_CPU)


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """Where pictures will be computed.

    `kind` is torch's name for the device a host computes on ("cuda", "mps", "xpu", "cpu"), None
    where ONNX Runtime does it on the processor. `device` says it in words.
    """

    kind: str | None
    device: Device


def choose_device(wish: str) -> DeviceChoice:
    """Choose for a wish: AUTO and GPU take a card that can be used, CPU takes none.

    Where GPU finds none, the processor's reason says that one was asked for. A wish nobody knows
    counts as AUTO. How long looking for a card takes: see `find_card`.
    """
    if wish == CPU:
        return DeviceChoice(None, processor("the settings ask for it"))
    if wish == TORCH_CPU:
        return DeviceChoice("cpu", Device("PyTorch on the processor", "asked for, for tests"))
    return decide(find_card(), torch_builds(), wished_for=wish == GPU)


def decide(
    card: Card | NoCard, builds: frozenset[str] | None, *, wished_for: bool = False
) -> DeviceChoice:
    """Choose, given what was found: a card or why there is none, and what torch is built for.

    `wished_for` is whether somebody asked for a card.
    """
    match card:
        case Card(name, kind) if builds is not None and kind in builds:
            return DeviceChoice(kind, Device(f"GPU: {name}", "a graphics card was found"))
        case Card(name):
            missing = (
                "PyTorch is not installed"
                if builds is None
                else "the installed PyTorch is not built for it (README.md tells which one is)"
            )
            why = f"{name} is not used: {missing}"
        case NoCard(reason):
            why = reason
    wish = "a graphics card was asked for, but " if wished_for else ""
    return DeviceChoice(None, processor(wish + why))

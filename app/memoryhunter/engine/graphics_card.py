"""Which graphics card could run a model, found without starting torch."""

import ctypes
import importlib.util
import platform
import sys
from pathlib import Path

from memoryhunter.engine.card import Card, NoCard
from memoryhunter.engine.driver_library import Load, loaded
from memoryhunter.engine.nvidia import nvidia_card
from memoryhunter.engine.pci_bus import has_display

# What a build of torch carries in its folder `lib`, and the name torch has for such devices.
_BUILD_LIBRARIES = {
    "libtorch_cuda.so": "cuda",
    "torch_cuda.dll": "cuda",
    "libtorch_xpu.so": "xpu",
    "torch_xpu.dll": "xpu",
}

_INTEL = 0x8086  # the maker's number on the PCI bus


def find_card() -> Card | NoCard:
    """Look for a card and its driver; takes half a second where NVIDIA's driver is.

    12 s where that driver hangs. One of NVIDIA's that is in trouble is told of, and not hidden by
    the Intel graphics that most processors have beside it.
    """
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return Card("Apple graphics", "mps")
    found = nvidia_card(ctypes.CDLL)
    if isinstance(found, Card) or found.in_trouble:
        return found
    return intel_card(ctypes.CDLL) or found


def intel_card(load: Load) -> Card | None:
    """Give Intel's card where there is one and Level Zero, which `load` (ctypes.CDLL) loads.

    On Linux the loader of Level Zero comes with other programs as well and says nothing alone.
    """
    if sys.platform == "linux" and not has_display(_INTEL):
        return None
    if loaded(load, "libze_loader.so.1", "ze_loader.dll") is None:
        return None
    return Card("Intel graphics", "xpu")


def torch_builds() -> frozenset[str] | None:
    """Give the kinds of device the installed torch is built for; None where there is no torch.

    Told by its files: a version without a suffix is built for CUDA on Linux and for processors
    on Windows.
    """
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return None
    if sys.platform == "darwin":
        return frozenset({"mps"})
    folder = Path(found.origin).parent / "lib"
    return frozenset(kind for name, kind in _BUILD_LIBRARIES.items() if (folder / name).is_file())

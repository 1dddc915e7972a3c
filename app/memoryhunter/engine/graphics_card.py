"""Which graphics card could run a model, found without starting torch."""

import ctypes
import importlib.util
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a build of torch carries in its folder `lib`, and the name torch has for such devices.
_BUILD_LIBRARIES = {
    "libtorch_cuda.so": "cuda",
    "torch_cuda.dll": "cuda",
    "libtorch_xpu.so": "xpu",
    "torch_xpu.dll": "xpu",
}

_NVIDIA = 0x10DE  # the maker's number on the PCI bus
_CUDA_NO_DEVICE = 100  # CUDA_ERROR_NO_DEVICE of cuda.h

Load = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card: its `name`, and its `kind` for torch ("cuda", "mps" or "xpu")."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class NoCard:
    """Why there is no card that can be used, in English, to stand after a semicolon."""

    reason: str


def find_card() -> Card | NoCard:
    """Look for a card and its driver; takes a tenth of a second where NVIDIA's driver is."""
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return Card("Apple graphics", "mps")
    found = nvidia_card(ctypes.CDLL)
    if isinstance(found, Card):
        return found
    if _loaded(ctypes.CDLL, "libze_loader.so.1", "ze_loader.dll") is not None:
        return Card("Intel graphics", "xpu")
    return found


def nvidia_card(load: Load) -> Card | NoCard:
    """Ask NVIDIA's driver, which `load` (ctypes.CDLL) loads, for the first card."""
    driver = _loaded(load, "libcuda.so.1", "nvcuda.dll")
    if driver is None:
        if _is_on_bus(_NVIDIA):
            return NoCard("there is an NVIDIA graphics card, but its driver is not installed")
        return NoCard("no graphics card that can be used was found")
    count, device, name = ctypes.c_int(0), ctypes.c_int(0), ctypes.create_string_buffer(128)
    status = (
        driver.cuInit(0)
        or driver.cuDeviceGetCount(ctypes.byref(count))
        or (0 if count.value else _CUDA_NO_DEVICE)
        or driver.cuDeviceGet(ctypes.byref(device), 0)
        or driver.cuDeviceGetName(name, len(name), device)
    )
    if status == _CUDA_NO_DEVICE:
        return NoCard("NVIDIA's driver is installed, but finds no graphics card")
    if status:
        return NoCard(f"NVIDIA's driver does not work (its error number is {status})")
    return Card(name.value.decode("utf-8", "replace"), "cuda")


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


def _loaded(load: Load, on_linux: str, on_windows: str) -> Any | None:
    try:
        return load(on_windows if sys.platform == "win32" else on_linux)
    except OSError:
        return None


def _is_on_bus(maker: int) -> bool:
    """Whether Linux sees a display controller (PCI class 3) of this maker."""
    for device in Path("/sys/bus/pci/devices").glob("*"):
        try:
            kind = int((device / "class").read_text(encoding="ascii"), 16) >> 16
            if kind == 3 and int((device / "vendor").read_text(encoding="ascii"), 16) == maker:
                return True
        except (OSError, ValueError):
            continue
    return False

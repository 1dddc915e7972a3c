"""What a measurement ran on, so that two of them can be compared."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from memoryhunter.engine.device import processor_name
from memoryhunter.engine.memory import system_megabytes
from memoryhunter.engine.processor import int8_support, processor_flags, usable_processors

# What torch's products gain by, beside what those of small integers do; Linux' names.
_OTHER_FLAGS = ("avx512f", "avx512_bf16", "amx_bf16")


def describe_machine(*packages: str) -> dict[str, str]:
    """Give names and values to print: processor, cores, memory, load, and versions."""
    return {
        "processor": processor_name(),
        "instructions": _instructions(),
        "usable cores": str(usable_processors()),
        "memory": _memory(),
        "load at the start": _load(),
        "system": f"{platform.platform()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {_version(name)}" for name in packages),
    }


def is_busy() -> bool:
    """Whether other programs already take more than half a core, by the last minute's load."""
    try:
        return os.getloadavg()[0] > 0.5
    except (AttributeError, OSError):
        return False  # Windows does not tell


def _instructions() -> str:
    names = [*int8_support(), *(flag for flag in _OTHER_FLAGS if flag in processor_flags())]
    return ", ".join(names) or "none of the faster ones, or unknown"


def _memory() -> str:
    megabytes = system_megabytes()
    return "unknown" if megabytes is None else f"{megabytes / 1000:.1f} GB"


def _load() -> str:
    try:
        return " ".join(f"{each:.2f}" for each in os.getloadavg())
    except (AttributeError, OSError):
        return "unknown"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"

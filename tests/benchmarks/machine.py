"""What a measurement ran on, so that two of them can be compared."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from memoryhunter.engine.device import processor_name

# What decides how fast 8-bit and 16-bit products are, by the names Linux gives them.
_INSTRUCTIONS = ("avx2", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_int8")


def describe_machine(*packages: str) -> dict[str, str]:
    """Give names and values to print: processor, cores, memory, load, and versions."""
    return {
        "processor": processor_name(),
        "instructions": _instructions(),
        "usable cores": str(usable_cores()),
        "memory": _memory(),
        "load at the start": _load(),
        "system": f"{platform.platform()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {_version(name)}" for name in packages),
    }


def usable_cores() -> int:
    """Count the processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_busy() -> bool:
    """Whether other programs already take more than half a core, by the last minute's load."""
    try:
        return os.getloadavg()[0] > 0.5
    except (AttributeError, OSError):
        return False  # Windows does not tell


def _instructions() -> str:
    try:
        content = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return "unknown"
    flags = next((line for line in content.splitlines() if line.startswith("flags")), "").split()
    return " ".join(name for name in _INSTRUCTIONS if name in flags) or "none of the faster ones"


def _memory() -> str:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return "unknown"
    return f"{pages * size / 1024**3:.1f} GiB"


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

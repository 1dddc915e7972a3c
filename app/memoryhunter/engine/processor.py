"""The processor of this computer: its name, its cores and what it has for small integers."""

import math
import os
import platform
import sys
from pathlib import Path, PurePosixPath

# What Linux calls the instructions that make int8 products fast, with the names people know:
# x86 (AVX-512 VNNI, AVX-VNNI, AMX) and ARM (dot products, int8 matrix products).
_INT8_FLAGS = {
    "avx2": "AVX2",
    "avx512_vnni": "AVX-512 VNNI",
    "avx_vnni": "AVX-VNNI",
    "amx_int8": "AMX",
    "asimddp": "dot products",
    "i8mm": "int8 matrix products",
}

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")
_NO_LIMIT = 1_000_000


def processor_model() -> str:
    """Name the processor as its maker does, where the system tells."""
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def usable_processors() -> int:
    """Count the processors this process may use, which taskset and containers limit.

    A part of one that a container may use counts as a whole one, as Java counts them.
    """
    if sys.platform == "linux":
        here = len(os.sched_getaffinity(0))
        return max(1, min(here, math.ceil(_container_limit())))
    return os.cpu_count() or 1


def int8_support() -> list[str]:
    """Name what the processor has for int8, the plainest first; empty where that is unknown."""
    flags = processor_flags()
    return [name for flag, name in _INT8_FLAGS.items() if flag in flags]


def processor_flags() -> frozenset[str]:
    """Give what the processor has, by Linux' names such as "avx2"; empty where that is unknown."""
    return frozenset((_cpuinfo("flags") or _cpuinfo("Features")).split())


def _container_limit() -> float:
    """Give how many processors' time this process may use (cgroup v2), or a very large number.

    Each group around the process may have a limit: "200000 100000" in `cpu.max` is the time in
    a period (microseconds) that two processors give, "max 100000" is none.
    """
    least = float(_NO_LIMIT)
    for group in _groups():
        quota, _, period = _text(_CGROUPS / group / "cpu.max").strip().partition(" ")
        if quota.isdecimal() and period.isdecimal() and int(period) > 0:
            least = min(least, int(quota) / int(period))
    return least


def _groups() -> list[PurePosixPath]:
    """Give the control groups of this process, relative to their root, the innermost first.

    A container sees its own group as the root.
    """
    lines = _text(_OWN_GROUP).splitlines()
    named = next((line.removeprefix("0::") for line in lines if line.startswith("0::")), "/")
    group = PurePosixPath(named.lstrip("/"))
    return [group, *group.parents]


def _text(path: Path) -> str:
    """Read one of the system's own small files, "" where it is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _cpuinfo(field: str) -> str:
    """Give a field of the first processor in Linux' own description, "" elsewhere."""
    lines = _text(Path("/proc/cpuinfo")).splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith(field))
    return next(named, "")

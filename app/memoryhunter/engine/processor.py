"""The processor of this computer: its name, its cores and what it has for small integers."""

import os
import platform
import sys
from pathlib import Path

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


def processor_model() -> str:
    """Name the processor as its maker does, where the system tells."""
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def usable_processors() -> int:
    """Count the processors this process may use, which containers and taskset limit."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def int8_support() -> list[str]:
    """Name what the processor has for int8, the plainest first; empty where that is unknown."""
    flags = processor_flags()
    return [name for flag, name in _INT8_FLAGS.items() if flag in flags]


def processor_flags() -> frozenset[str]:
    """Give what the processor has, by Linux' names such as "avx2"; empty where that is unknown."""
    return frozenset((_cpuinfo("flags") or _cpuinfo("Features")).split())


def _cpuinfo(field: str) -> str:
    """Give a field of the first processor in Linux' own description, "" elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    named = (line.partition(":")[2].strip() for line in lines if line.startswith(field))
    return next(named, "")

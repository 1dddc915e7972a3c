"""Which part of the computer understands the photos, and why."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import onnxruntime


@dataclass(frozen=True, slots=True)
class Device:
    """The device's `name`, and the `reason` it was chosen, in English."""

    name: str
    reason: str


def processor(why: str = "") -> Device:
    """Describe the processor; `why` says why no graphics card computes instead, if anything."""
    runs = f"ONNX Runtime {onnxruntime.__version__} runs the model on the processor"
    return Device(name=processor_name(), reason=f"{runs}; {why}" if why else runs)


def processor_name() -> str:
    """Name the processor, such as "CPU: AMD Ryzen 7 7840U (16 cores)"."""
    return f"CPU: {_model_name()} ({os.cpu_count() or 1} cores)"


def _model_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()

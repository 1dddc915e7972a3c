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


def current_device() -> Device:
    """Describe the device in use: always the processor, until graphics cards are supported."""
    cores = os.cpu_count() or 1
    return Device(
        name=f"CPU: {_processor_name()} ({cores} cores)",
        reason=f"ONNX Runtime {onnxruntime.__version__} runs the model on the processor;"
        " this version does not use graphics cards",
    )


def _processor_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()

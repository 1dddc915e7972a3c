"""Which part of the computer understands the photos, and why."""

import os
from dataclasses import dataclass

import onnxruntime

from memoryhunter.engine.processor import processor_model


@dataclass(frozen=True, slots=True)
class Device:
    """The device's `name`, and the `reason` it was chosen, in English.

    `instead_of` names a graphics card that gave up while it was used, "" where none did.
    """

    name: str
    reason: str
    instead_of: str = ""


def processor(why: str = "") -> Device:
    """Describe the processor; `why` says why no graphics card computes instead, if anything."""
    runs = f"ONNX Runtime {onnxruntime.__version__} runs the model on the processor"
    return Device(name=processor_name(), reason=f"{runs}; {why}" if why else runs)


def processor_name() -> str:
    """Name the processor, such as "CPU: AMD Ryzen 7 7840U (16 cores)"."""
    return f"CPU: {processor_model()} ({os.cpu_count() or 1} cores)"

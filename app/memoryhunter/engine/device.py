"""Which part of the computer understands the photos, and why."""

import os
from dataclasses import dataclass

import onnxruntime

from memoryhunter.engine.processor import processor_model


@dataclass(frozen=True, slots=True)
class Device:
    """The device's `name`, and the `reason` it was chosen, in English."""

    name: str
    reason: str


def current_device() -> Device:
    """Describe the device in use: always the processor, until graphics cards are supported."""
    cores = os.cpu_count() or 1
    return Device(
        name=f"CPU: {processor_model()} ({cores} cores)",
        reason=f"ONNX Runtime {onnxruntime.__version__} runs the model on the processor;"
        " this version does not use graphics cards",
    )

"""Towers that misbehave; named by tests and loaded by the host's process only."""

from collections.abc import Callable

import torch

from memoryhunter.engine.torch_host.messages import Order
from memoryhunter.engine.torch_host.tower import load_tower

Tower = Callable[[torch.Tensor], torch.Tensor]

HERE = __name__


def small_memory(order: Order, precision: str) -> Tower:
    """Four pictures fit, no more."""
    tower = load_tower(order, precision)

    def run(pixels: torch.Tensor) -> torch.Tensor:
        if len(pixels) > 4:
            raise torch.OutOfMemoryError("a test")
        return tower(pixels)

    return run


def memory_taken_by_others(order: Order, precision: str) -> Tower:
    """Any number fits while it is measured, which is done with black pictures."""
    tower = load_tower(order, precision)

    def run(pixels: torch.Tensor) -> torch.Tensor:
        if len(pixels) > 4 and pixels.any():
            raise RuntimeError("MPS backend out of memory (a test)")
        return tower(pixels)

    return run


def no_memory(order: Order, precision: str) -> Tower:
    def run(pixels: torch.Tensor) -> torch.Tensor:
        raise torch.OutOfMemoryError("a test")

    return run


def no_memory_for_weights(order: Order, precision: str) -> Tower:
    raise RuntimeError("CUDA error: out of memory\nCompile with ...")


def right_in_fp32(order: Order, precision: str) -> Tower:
    tower = load_tower(order, "fp32")
    if precision == "fp32":
        return tower
    if precision == "fp16":
        return lambda pixels: tower(pixels) * torch.inf
    return lambda pixels: tower(pixels.flip(0))


def broken_device(order: Order, precision: str) -> Tower:
    """Works until there are more pictures than the check and the measurement have."""
    tower = load_tower(order, precision)

    def run(pixels: torch.Tensor) -> torch.Tensor:
        if len(pixels) != 4 and pixels.any():
            raise RuntimeError("CUDA error: an illegal memory access was encountered\nmore")
        return tower(pixels)

    return run


def no_vector_for_white(order: Order, precision: str) -> Tower:
    tower = load_tower(order, precision)

    def run(pixels: torch.Tensor) -> torch.Tensor:
        rows = tower(pixels)
        rows[(pixels == 255).all(dim=(1, 2, 3))] = torch.inf
        return rows

    return run

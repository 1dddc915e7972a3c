"""Hosts on the processor, with tiny real models."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from memoryhunter.engine.device import Device
from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.onnx_engine import OnnxEmbedder
from memoryhunter.engine.open_embedder import reference_rows
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.torch_host.embedder import HostEmbedder
from memoryhunter.engine.torch_host.host import Limits, TorchHost
from memoryhunter.engine.torch_host.messages import TOWER, Order

CARD = Device("GPU: Test Card", "a graphics card was found")


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def order(package: ModelPackage, tower: str = TOWER) -> Order:
    return Order(
        folder=package.folder,
        kind="cpu",
        size=package.pixels.size,
        dimension=package.dimension,
        mean=package.mean,
        std=package.std,
        tower=tower,
    )


def make_host(
    package: ModelPackage,
    tower: str = TOWER,
    limits: Limits | None = None,
    precisions: tuple[str, ...] = (),
) -> TorchHost:
    if ":" not in tower:
        tower = f"tests.engine.torch_host.towers:{tower}"
    return TorchHost(
        order(package, tower),
        lambda: reference_rows(package),
        limits,
        precisions,
    )


def on_host(
    package: ModelPackage,
    host: TorchHost | None = None,
    *,
    worth_starting: int = 1,
    clock: Clock | None = None,
    processor: Embedder | None = None,
) -> HostEmbedder:
    return HostEmbedder(
        processor or OnnxEmbedder(package),
        host or make_host(package),
        CARD,
        worth_starting=worth_starting,
        clock=clock or Clock(),
    )


Opened = Callable[[HostEmbedder], HostEmbedder]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Close what a test opens, at its end."""
    with ExitStack() as stack:

        def keep(embedder: HostEmbedder) -> HostEmbedder:
            stack.callback(embedder.close)
            return embedder

        yield keep

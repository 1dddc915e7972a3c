"""What the engine host does with each message. Engine host's process only."""

import gc
import importlib
import traceback
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import cast

import torch

from memoryhunter.engine.torch_host.agreement import check_pictures
from memoryhunter.engine.torch_host.child import one_line
from memoryhunter.engine.torch_host.messages import (
    Answer,
    Done,
    Failed,
    Load,
    Loaded,
    Measure,
    Measured,
    Open,
    Opened,
    Order,
    Request,
    Work,
)
from memoryhunter.engine.torch_host.ring import Ring
from memoryhunter.engine.torch_host.runner import (
    OutOfDeviceMemoryError,
    Runner,
    Tower,
    is_out_of_memory,
    pin,
)
from memoryhunter.engine.torch_host.tower import WeightsError


def serve(order: Order, connection: Connection) -> None:
    """Answer messages until one fails or the pipe is closed, which raises EOFError."""
    try:
        with torch.inference_mode():
            _Service(order, connection).run()
    except OutOfDeviceMemoryError:
        connection.send(Failed("ran out of memory", lasting=True, detail=traceback.format_exc()))
    except (WeightsError, OSError) as error:
        if isinstance(error, (BrokenPipeError, ConnectionResetError)):
            raise
        what = f"could not be used: the model's weights cannot be read ({one_line(error)})"
        connection.send(Failed(what, lasting=True, detail=traceback.format_exc()))


class _Service:
    def __init__(self, order: Order, connection: Connection) -> None:
        self._order = order
        self._connection = connection
        self._runner: Runner | None = None
        self._ring: Ring | None = None
        # Under way on the device. While one is, the next is launched, so that the device never
        # waits for the other side of the pipe.
        self._under_way: deque[tuple[int, Callable[[], None]]] = deque()

    def run(self) -> None:
        while True:
            if self._under_way and not self._connection.poll():
                slot, wait = self._under_way.popleft()
                wait()
                self._send(Done(slot, self._loaded().batch))
            else:
                self._answer(self._connection.recv())

    def _answer(self, request: Request) -> None:
        match request:
            case Load(precision):
                self._load(precision)
            case Measure(most):
                self._loaded().measure(most)
                self._send(Measured(self._loaded().batch))
            case Open(name, shape):
                self._ring = Ring.attach(name, shape)
                pin(self._ring.memory, self._order.kind)
                self._send(Opened())
            case Work(slot, count):
                self._launch(slot, count)

    def _load(self, precision: str) -> None:
        self._runner = None  # first, for two at once may not fit
        gc.collect()
        self._runner = Runner(_tower(self._order, precision), self._order)
        self._send(Loaded(self._runner.rows(check_pictures(self._order.size))))

    def _launch(self, slot: int, count: int) -> None:
        ring = self._ring
        assert ring is not None, "memory comes before work"  # noqa: S101 for the type checker
        pixels = torch.from_numpy(ring.pixels(slot)[:count])
        rows = torch.from_numpy(ring.rows(slot)[:count])
        self._under_way.append((slot, self._loaded().launch(pixels, rows)))

    def _loaded(self) -> Runner:
        assert self._runner is not None, "weights come before work"  # noqa: S101 as above
        return self._runner

    def _send(self, answer: Answer) -> None:
        self._connection.send(answer)


def _tower(order: Order, precision: str) -> Tower:
    module, _, name = order.tower.partition(":")
    make = cast("Callable[[Order, str], Tower]", getattr(importlib.import_module(module), name))
    try:
        return make(order, precision)
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise OutOfDeviceMemoryError from error
        raise

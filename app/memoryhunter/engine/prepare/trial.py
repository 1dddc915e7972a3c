"""A model's first layers, tried out: that our graph is right, and which precision is faster.

A few layers tell both, for all layers are built in the same way, and cost a few per cent of
the memory and the time that the whole model would. Child process only.
"""

import statistics
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.onnx_engine import unit_rows
from memoryhunter.engine.onnx_graph import OnnxGraph
from memoryhunter.engine.prepare.check import EXACT_COSINE, Rows, cosines
from memoryhunter.engine.prepare.hub_folder import HubFolder
from memoryhunter.engine.prepare.sides import Side
from memoryhunter.engine.prepare.weights import Weights

# One layer like those in the middle, and the last, which is built differently.
_LAYERS = 2
# How long each precision is run to time it, in seconds.
_SECONDS = 0.5
# How much faster float32 has to be, as a ratio and in seconds: int8 takes a quarter of the
# memory, timings vary, and in a model so small that it saves less nobody waits for either.
_CLEARLY_FASTER, _NOTICED = 1.1, 0.0005


@dataclass(frozen=True, slots=True)
class Trial:
    """The seconds that one item takes in the first layers, in each precision."""

    fp32: float
    int8: float

    @property
    def preferred(self) -> str:
        """The precision to use as long as it agrees with the original."""
        faster = self.int8 > self.fp32 * _CLEARLY_FASTER and self.int8 > self.fp32 + _NOTICED
        return "fp32" if faster else "int8"


def try_out(hub: HubFolder, side: Side, weights: Weights, work: Path) -> Trial:
    """Build the first layers in both precisions, hold float32 against the original, time both.

    Raises UserError MODEL_SOURCE_INVALID, and MODEL_PREPARATION_FAILED where our graph does not
    compute what the original does; OSError.
    """
    layers = min(_LAYERS, side.layers)
    graphs = {}
    for precision in ("fp32", "int8"):
        path = work / f"{precision}-{side.graph}"
        side.build(weights, precision, path, layers)
        graphs[precision] = OnnxGraph(path, side.threads)
    rows, _ = run_all(graphs["fp32"], side)
    check_exact(hub, side, float(cosines(rows, side.originals(weights, layers)).min()))
    return Trial(**_timed(graphs, side))


def check_exact(hub: HubFolder, side: Side, cosine: float) -> None:
    """See that a float32 graph's vectors are the original's; MODEL_PREPARATION_FAILED if not."""
    if not cosine >= EXACT_COSINE:  # NaN is not
        detail = f"{side.graph} does not compute what the original does (cosine {cosine:.5f})"
        raise UserError(ErrorCode.MODEL_PREPARATION_FAILED, path=str(hub.folder), detail=detail)


def run_all(graph: OnnxGraph, side: Side) -> tuple[Rows, float]:
    """Run all samples as the engine runs them: unit vectors (n, D), and seconds per item."""
    start = time.perf_counter()
    with ThreadPoolExecutor(side.side_by_side) as pool:
        rows = list(pool.map(lambda item: graph.run(dict(item)), side.inputs))
    return unit_rows(np.concatenate(rows)), (time.perf_counter() - start) / len(rows)


def _timed(graphs: Mapping[str, OnnxGraph], side: Side) -> dict[str, float]:
    """Run the graphs in turn, so that both meet the same disturbances; medians in seconds."""
    seconds: dict[str, list[float]] = {name: [] for name in graphs}
    while min(map(sum, seconds.values())) < _SECONDS:
        item = side.inputs[len(seconds["int8"]) % len(side.inputs)]
        for name, graph in graphs.items():
            start = time.perf_counter()
            graph.run(dict(item))
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in seconds.items()}

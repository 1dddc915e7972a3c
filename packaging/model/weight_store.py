"""How weights are kept in a graph's file: as they are, or in fewer bits.

Large ones in 8 bits with a scale for each output, small ones, which are the first layers' and
whose errors all others inherit, in 16. ONNX Runtime turns both into float32 when it loads the
graph, so nothing is slower for it; the file is about a quarter as large.
"""

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.prepare.graph.writer import GraphWriter

Floats = NDArray[np.float32]

_LARGEST = 127
_SMALL = 100_000  # numbers
_FLOAT = 1  # ONNX's number for float32


class WeightStore:
    """Adds weights to a graph; every method gives the name of a float32 value."""

    def __init__(self, graph: GraphWriter, *, compact: bool) -> None:
        self._graph, self._compact = graph, compact

    def keep(self, weights: Floats, *, transposed: bool = False) -> str:
        """Give weights, the outputs first; turned around if `transposed`."""
        graph = self._graph
        if not self._compact:
            return graph.constant(np.ascontiguousarray(weights.T if transposed else weights))
        if weights.size < _SMALL:
            half = (weights.T if transposed else weights).astype(np.float16)
            return graph.node("Cast", graph.constant(np.ascontiguousarray(half)), to=_FLOAT)
        codes, scales = eight_bits(weights)
        if transposed:
            codes, scales = codes.T, scales.T
        numbers = graph.node("Cast", graph.constant(np.ascontiguousarray(codes)), to=_FLOAT)
        return graph.node("Mul", numbers, graph.constant(np.ascontiguousarray(scales)))

    def rows_of(self, table: Floats, numbers: str) -> str:
        """Give the rows of `table` that `numbers`, int64 (n,), name; a scale for each row."""
        graph = self._graph
        if not self._compact:
            return graph.node("Gather", graph.constant(table), numbers)
        codes, scales = eight_bits(table)
        taken = graph.node("Cast", graph.node("Gather", graph.constant(codes), numbers), to=_FLOAT)
        return graph.node("Mul", taken, graph.node("Gather", graph.constant(scales), numbers))


def eight_bits(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Round to multiples of a scale for each row of the first dimension: codes, scales."""
    largest = np.abs(weights).reshape(len(weights), -1).max(axis=1)
    scales = np.where(largest > 0, largest / _LARGEST, 1).astype(np.float32)
    scales = scales.reshape(-1, *[1] * (weights.ndim - 1))
    return np.rint(weights / scales).astype(np.int8), scales

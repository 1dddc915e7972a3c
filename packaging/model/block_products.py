"""Products with 4-bit weights, for the text trunk, whose weights are 4-bit numbers already."""

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.prepare.graph.products import Linear, Operand
from memoryhunter.engine.prepare.graph.writer import GraphWriter

_BLOCK = 32
_CENTRE = 8
# ONNX Runtime may round activations to 8 bits, as the trunk's own C program does: twice as fast.
_INT8_ACTIVATIONS = 4


class BlockProducts:
    """`Products` of blocks of 32 4-bit weights with a scale each (MatMulNBits)."""

    def __init__(self, graph: GraphWriter) -> None:
        self._graph = graph

    def operand(self, value: str) -> Operand:
        """See `Products.operand`."""
        return Operand(value)

    def product(self, operand: Operand, linear: Linear) -> str:
        """See `Products.product`; ValueError for weights that are not 4-bit numbers."""
        graph = self._graph
        codes, scales = to_blocks(linear.weight.T)
        packed = codes[:, 0::2] | codes[:, 1::2] << 4
        outputs, inputs = codes.shape
        product = graph.node(
            "MatMulNBits",
            operand.value,
            graph.constant(packed.reshape(outputs, inputs // _BLOCK, _BLOCK // 2)),
            graph.constant(scales.reshape(-1)),
            microsoft=True,
            K=inputs,
            N=outputs,
            bits=4,
            block_size=_BLOCK,
            accuracy_level=_INT8_ACTIVATIONS,
        )
        return graph.node("Add", product, graph.constant(linear.bias))

    def pixel_product(self, pixels: str, linear: Linear) -> str:
        """Not of a text graph."""
        raise NotImplementedError

    def rows_of(self, table: NDArray[np.float32], numbers: str) -> str:
        """See `Products.rows_of`: two weights in a byte."""
        graph = self._graph
        codes, scales = to_blocks(table)
        rows, width = codes.shape
        blocks = codes.reshape(rows, width // _BLOCK, 2, _BLOCK // 2)
        packed = blocks[:, :, 0] | blocks[:, :, 1] << 4
        taken = graph.node("Gather", graph.constant(packed.reshape(rows, -1)), numbers)
        both = graph.node("Cast", taken, to=1)
        sixteen = graph.constant(np.array(16, np.float32))
        high = graph.node("Floor", graph.node("Div", both, sixteen))
        low = graph.node("Sub", both, graph.node("Mul", high, sixteen))
        shape = graph.constant(np.array([-1, width // _BLOCK, 1, _BLOCK // 2]))
        halves = [graph.node("Reshape", half, shape) for half in (low, high)]
        centred = graph.node(
            "Sub",
            graph.node("Concat", *halves, axis=2),
            graph.constant(np.array(_CENTRE, np.float32)),
        )
        kept = graph.node("Gather", graph.constant(scales.astype(np.float16)), numbers)
        factors = graph.node(
            "Reshape",
            graph.node("Cast", kept, to=1),
            graph.constant(np.array([-1, width // _BLOCK, 1, 1])),
        )
        whole = graph.node("Mul", centred, factors)
        return graph.node("Reshape", whole, graph.constant(np.array([-1, width])))


def to_blocks(weights: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Find the 4-bit codes and scales (rows, blocks) that `weights` (rows, columns) are made of.

    In a block the number of the largest size is -8 times the scale (the rule of Q4_0).
    Raises ValueError for other weights.
    """
    rows, columns = weights.shape
    blocks = weights.reshape(rows, columns // _BLOCK, _BLOCK)
    at = np.abs(blocks).argmax(axis=2, keepdims=True)
    scales = np.take_along_axis(blocks, at, axis=2)[:, :, 0] / -_CENTRE
    divisor = np.where(scales == 0, 1, scales)[:, :, None]
    codes = np.clip(np.rint(blocks / divisor) + _CENTRE, 0, 15)
    if not np.allclose((codes - _CENTRE) * scales[:, :, None], blocks, rtol=1e-2, atol=1e-6):
        raise ValueError("these weights are not 4-bit numbers")
    return codes.astype(np.uint8).reshape(rows, columns), scales.astype(np.float32)

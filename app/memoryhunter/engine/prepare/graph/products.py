"""Products of activations with weights, in float32 or in 8 bits: the one thing that differs."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.prepare.graph.writer import GraphWriter
from memoryhunter.engine.prepare.half_weights import halved

Array = NDArray[np.float32]

# Weights are -64..64 of the -128..127 that 8 bits offer: processors without VNNI add two
# products of a weight and an activation (0..255) in 16 bits, and 2 * 255 * 64 just fits. With
# the full range they would saturate, and their vectors differ from those of other processors.
# A package may be carried to another computer, so this is not made to depend on this one.
_LARGEST = 64
# The middle of what a pixel may be.
_MIDDLE = 128


@dataclass(frozen=True, slots=True)
class Linear:
    """The weights of x @ weight + bias: (inputs, outputs) and (outputs,)."""

    weight: Array
    bias: Array

    def times(self, factor: float) -> "Linear":
        """Make what comes out `factor` times as large."""
        return Linear(self.weight * np.float32(factor), self.bias * np.float32(factor))

    def for_inputs_times(self, factor: float) -> "Linear":
        """Expect what goes in to be `factor` times as large."""
        return Linear(self.weight / np.float32(factor), self.bias)


class Products(Protocol):
    """Adds products to a graph. `operand` is what they take, made once of an activation."""

    def operand(self, value: str) -> "Operand":
        """Make an activation of shape (rows, inputs) ready to be multiplied, maybe repeatedly."""

    def product(self, operand: "Operand", linear: Linear) -> str:
        """Multiply: (rows, inputs) to (rows, outputs) float32."""

    def pixel_product(self, pixels: str, linear: Linear) -> str:
        """Multiply pixels, uint8 (rows, inputs), to (rows, outputs) float32."""

    def rows_of(self, table: Array, numbers: str) -> str:
        """Take the rows of a table that `numbers`, int64 (n,), name: (n, width) float32."""


@dataclass(frozen=True, slots=True)
class Operand:
    """An activation's values; in 8 bits, with scale and zero point."""

    value: str
    scale: str = ""
    zero: str = ""


class FloatProducts:
    """Products in float32, as the original model computes them."""

    def __init__(self, graph: GraphWriter) -> None:
        self._graph = graph

    def operand(self, value: str) -> Operand:
        """See `Products.operand`."""
        return Operand(value)

    def product(self, operand: Operand, linear: Linear) -> str:
        """See `Products.product`."""
        weight, bias = self._graph.constant(linear.weight), self._graph.constant(linear.bias)
        return self._graph.node("Gemm", operand.value, weight, bias)

    def pixel_product(self, pixels: str, linear: Linear) -> str:
        """See `Products.pixel_product`."""
        return self.product(Operand(self._graph.node("Cast", pixels, to=1)), linear)

    def rows_of(self, table: Array, numbers: str) -> str:
        """See `Products.rows_of`."""
        return self._graph.node("Gather", self._graph.constant(table), numbers)


class Int8Products:
    """Products of 8-bit numbers, summed in 32 bits.

    Activations are scaled as they come, from their smallest and largest value, which on
    ViT-B/16 was faster and closer to float32 (cosine 0.9997 against 0.994) than fixed ranges;
    weights have one scale for each output.
    """

    def __init__(self, graph: GraphWriter) -> None:
        self._graph = graph

    def operand(self, value: str) -> Operand:
        """See `Products.operand`."""
        return Operand(*self._graph.node_of_many("DynamicQuantizeLinear", [value], 3))

    def product(self, operand: Operand, linear: Linear) -> str:
        """See `Products.product`."""
        return self._multiply(operand, *quantise(linear.weight), linear.bias)

    def pixel_product(self, pixels: str, linear: Linear) -> str:
        """See `Products.pixel_product`. Pixels are 8-bit numbers: nothing is lost of them.

        The weights are taken twice, rounded, and what the rounding took from them, because an
        error here is in all that follows: it was a third of the whole model's. As fast as
        float32 on processors without VNNI, and three times as fast on others.
        """
        weight, scale = quantise(linear.weight)
        rest = linear.weight - weight * scale
        # Counted from the middle of their range, so that the rounding of weights does not add
        # up over what all pixels have in common.
        bias = linear.bias + _MIDDLE * linear.weight.sum(axis=0, dtype=np.float64)
        operand = Operand(
            pixels,
            self._graph.constant(np.array(1, dtype=np.float32)),
            self._graph.constant(np.array(_MIDDLE, dtype=np.uint8)),
        )
        coarse = self._multiply(operand, weight, scale, bias.astype(np.float32))
        fine = self._multiply(operand, *quantise(rest), np.zeros_like(linear.bias))
        return self._graph.node("Add", coarse, fine)

    def rows_of(self, table: Array, numbers: str) -> str:
        """See `Products.rows_of`. The table is kept in float16: half of the file."""
        kept = halved(table)
        rows = self._graph.node("Gather", self._graph.constant(kept), numbers)
        return self._graph.node("Cast", rows, to=1) if kept.dtype == np.float16 else rows

    def _multiply(
        self, operand: Operand, weight: NDArray[np.int8], scale: Array, bias: Array
    ) -> str:
        return self._graph.node(
            "MatMulIntegerToFloat",
            operand.value,
            self._graph.constant(weight),
            operand.scale,
            self._graph.constant(scale),
            operand.zero,
            "",
            self._graph.constant(bias),
            microsoft=True,
        )


def quantise(weight: Array) -> tuple[NDArray[np.int8], Array]:
    """Round (inputs, outputs) weights to whole multiples of a scale for each output, (outputs,)."""
    scale = np.abs(weight).max(axis=0) / np.float32(_LARGEST)
    scale = np.where(scale > 0, scale, np.float32(1))
    return np.rint(weight / scale).astype(np.int8), scale

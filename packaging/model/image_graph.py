"""The image trunk as ONNX nodes, and the numbers about a picture that heads are trained on.

The same nodes serve the caching of features and the finished graph, so that both see the same.
"""

from dataclasses import dataclass

import numpy as np
import torch
from image_trunk import MEAN, NATIVE_SIZE, SCALE, Block, Convolution, ImageTrunk
from numpy.typing import NDArray
from weight_store import WeightStore

from memoryhunter.engine.onnx_graph import IMAGE_INPUT
from memoryhunter.engine.prepare.graph.writer import GraphWriter

# What the program gives: the size of the pictures there are to learn from. Larger ones would be
# sharper than anything seen in training, which cost five points of recall at 10.
PICTURE_SIZE = 224

# Stages of which means and deviations are taken: 48, 120 and 208 channels.
_MIDDLE_STAGES = (2, 4, 5)
_CELLS = 4  # the colour grid has as many cells a side

GRID = 9  # cells a side of the last maps
LAST_CHANNELS = 208
TOP_CHANNELS = 1280

# Colours people have names for, in RGB, to which every pixel is assigned softly. The eleven
# basic ones of Berlin and Kay (1969), light and dark forms of some, and sky and skin.
COLOURS = np.array(
    [
        (20, 20, 20),
        (128, 128, 128),
        (240, 240, 240),  # black, grey, white
        (200, 30, 35),
        (235, 125, 30),
        (240, 215, 50),  # red, orange, yellow
        (50, 130, 50),
        (150, 190, 80),
        (30, 70, 35),  # green, light green, dark green
        (40, 80, 180),
        (130, 180, 225),
        (25, 35, 80),  # blue, sky, navy
        (120, 60, 150),
        (235, 140, 170),  # purple, pink
        (110, 70, 40),
        (205, 175, 145),
        (40, 170, 170),
        (120, 25, 35),  # brown, beige, teal, wine
    ],
    dtype=np.float32,
)
_SHARPNESS = 24.0  # how quickly a colour's share falls with the distance, in grey levels


@dataclass(frozen=True, slots=True)
class ImageParts:
    """Names of values in a graph: `pooled` (1, F), `last` (208, 81), `colours` (18, 81).

    And `logits` (1, 1000), which `pooled` holds as well.
    """

    pooled: str
    last: str
    colours: str
    logits: str


class ImageGraph:
    """Adds a trunk to a graph, one picture a run; `compact` keeps weights in 8 bits."""

    def __init__(self, graph: GraphWriter, trunk: ImageTrunk, *, compact: bool = False) -> None:
        self._graph = graph
        self._trunk = trunk
        self._weights = WeightStore(graph, compact=compact)

    def parts(self) -> ImageParts:
        """Add everything up to what heads read, from "pixels", uint8 (1, 224, 224, 3)."""
        graph = self._graph
        pixels = graph.node("Cast", graph.node("Transpose", IMAGE_INPUT, perm=[0, 3, 1, 2]), to=1)
        pixels = self._enlarged(pixels)
        scaled = graph.node(
            "Div", graph.node("Sub", pixels, self._number(MEAN)), self._number(SCALE)
        )
        x = self._convolution(scaled, self._trunk.stem)
        maps = []
        for stage in self._trunk.stages:
            for block in stage:
                x = self._block(x, block)
            maps.append(x)
        top = self._convolution(x, self._trunk.top)
        pooled, logits = self._of_top(top)
        for number in _MIDDLE_STAGES:
            pooled += self._moments(maps[number])
        pooled += self._colour_grid(pixels)
        last = self._reshaped(maps[5], LAST_CHANNELS, GRID * GRID)
        named = self._named_colours(pixels)
        rows = [self._reshaped(value, 1, -1) for value in pooled]
        return ImageParts(graph.node("Concat", *rows, axis=1), last, named, logits)

    def _of_top(self, top: str) -> tuple[list[str], str]:
        """Give root of mean and maximum of the top map, and what the classifier says, twice."""
        graph = self._graph
        mean = graph.node("GlobalAveragePool", top)
        flat = self._reshaped(mean, 1, TOP_CHANNELS)
        classes = self._trunk.classes
        logits = graph.node(
            "Gemm", flat, self._kept(classes.weight), self._constant(classes.bias), transB=1
        )
        most = graph.node("GlobalMaxPool", top)
        return [graph.node("Sqrt", mean), graph.node("Sqrt", most), logits], logits

    def _moments(self, value: str) -> list[str]:
        """Give mean and standard deviation of each channel, roots of their sizes."""
        graph = self._graph
        mean = graph.node("GlobalAveragePool", value)
        square = graph.node("GlobalAveragePool", graph.node("Mul", value, value))
        variance = graph.node("Sub", square, graph.node("Mul", mean, mean))
        positive = graph.node("Relu", variance)  # rounding may take it below 0
        deviation = graph.node("Sqrt", positive)
        rooted = graph.node(
            "Mul", graph.node("Sign", mean), graph.node("Sqrt", graph.node("Abs", mean))
        )
        return [rooted, graph.node("Sqrt", deviation)]

    def _colour_grid(self, pixels: str) -> list[str]:
        graph = self._graph
        cell = NATIVE_SIZE // _CELLS
        grid = graph.node("AveragePool", pixels, kernel_shape=[cell, cell], strides=[cell, cell])
        scaled = graph.node("Div", grid, self._number(255.0))
        _, deviation = self._moments(graph.node("Div", pixels, self._number(255.0)))
        return [scaled, deviation]

    def _named_colours(self, pixels: str) -> str:
        """Give the share of each named colour in each cell of the grid: (colours, 81).

        The squared distance to a colour is linear in the pixel, but for a part that is the same
        for all colours and falls out of the softmax.
        """
        graph = self._graph
        small = graph.node("AveragePool", pixels, kernel_shape=[4, 4], strides=[4, 4])
        factor = 1 / (2 * _SHARPNESS**2)
        weight = (2 * factor * COLOURS)[:, :, None, None].astype(np.float32)
        bias = (-factor * (COLOURS**2).sum(axis=1)).astype(np.float32)
        scores = graph.node(
            "Conv", small, graph.constant(weight), graph.constant(bias), kernel_shape=[1, 1]
        )
        shares = graph.node("Softmax", scores, axis=1)
        cells = graph.node("AveragePool", shares, kernel_shape=[7, 7], strides=[7, 7])
        return self._reshaped(cells, len(COLOURS), GRID * GRID)

    def _enlarged(self, pixels: str) -> str:
        """Bring (1, 3, 224, 224) to the trunk's own size, bicubic, by two products."""
        graph = self._graph
        matrix = graph.constant(cubic_matrix(PICTURE_SIZE, NATIVE_SIZE))
        across = graph.constant(cubic_matrix(PICTURE_SIZE, NATIVE_SIZE).T.copy())
        larger = graph.node("MatMul", graph.node("MatMul", matrix, pixels), across)
        return graph.node("Clip", larger, self._number(0.0), self._number(255.0))

    def _block(self, x: str, block: Block) -> str:
        inner = x
        if isinstance(block.widen, Convolution):
            inner = self._convolution(inner, block.widen)
        inner = self._convolution(self._convolution(inner, block.look), block.narrow)
        return self._graph.node("Add", x, inner) if block.keeps else inner

    def _convolution(self, x: str, layer: Convolution) -> str:
        graph = self._graph
        found = graph.node(
            "Conv",
            x,
            self._kept(layer.weight),
            self._constant(layer.bias),
            kernel_shape=[layer.kernel] * 2,
            strides=[layer.stride] * 2,
            group=layer.groups,
            auto_pad="SAME_UPPER",
        )
        if not layer.clipped:
            return found
        return graph.node("Clip", found, self._number(0.0), self._number(6.0))

    def _kept(self, weight: torch.Tensor) -> str:
        return self._weights.keep(weight.detach().numpy())

    def _constant(self, value: torch.Tensor) -> str:
        return self._graph.constant(value.detach().numpy())

    def _number(self, value: float) -> str:
        return self._graph.constant(np.array(value, dtype=np.float32))

    def _reshaped(self, value: str, *shape: int) -> str:
        return self._graph.node("Reshape", value, self._graph.constant(np.array(shape)))


def cubic_matrix(small: int, large: int) -> NDArray[np.float32]:
    """Give the (large, small) weights of bicubic enlargement, a = -0.5 as in Pillow."""
    matrix = np.zeros((large, small))
    for row in range(large):
        centre = (row + 0.5) * small / large - 0.5
        first = int(np.floor(centre)) - 1
        for column in range(first, first + 4):
            weight = _cubic(abs(centre - column))
            if 0 <= column < small:  # Pillow leaves out what is beyond the edge
                matrix[row, column] += weight
    return (matrix / matrix.sum(axis=1, keepdims=True)).astype(np.float32)


def _cubic(distance: float, a: float = -0.5) -> float:
    if distance < 1:
        return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    if distance < 2:
        return a * distance**3 - 5 * a * distance**2 + 8 * a * distance - 4 * a
    return 0.0

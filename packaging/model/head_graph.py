"""Heads, the phrase trunk and the names as ONNX nodes."""

import numpy as np
import torch
from heads import (
    ATTENTION_CLAMP,
    CLAMP,
    COLOUR_GAIN,
    SUMMARY_GAIN,
    Head,
    ImageHead,
    Standard,
    TextHead,
)
from image_graph import COLOURS, GRID, LAST_CHANNELS, ImageParts
from names import LIKELIEST, NameSpace
from numpy.typing import NDArray
from phrase_trunk import INNER, ORDERS, PhraseTrunk
from torch import nn
from weight_store import WeightStore

from memoryhunter.engine.prepare.graph.writer import GraphWriter

Floats = NDArray[np.float32]


class HeadGraph:
    """Adds what comes after the trunks; every method gives the name of a value."""

    def __init__(self, graph: GraphWriter, *, compact: bool = False) -> None:
        """`compact` keeps weights in 8 bits."""
        self._graph = graph
        self._weights = WeightStore(graph, compact=compact)

    def image_head(self, head: ImageHead, parts: ImageParts) -> str:
        """See `ImageHead.forward`: (1, outputs), unit length."""
        graph = self._graph
        colours = self._reshaped(parts.colours, 1, len(COLOURS), GRID * GRID)
        inputs = graph.node(
            "Concat", self._standard(head.standard, parts.pooled), self._summary(colours), axis=1
        )
        y = self.linear(inputs, head.head.first)
        cells = graph.node("Transpose", self._reshaped(parts.last, LAST_CHANNELS, -1), perm=[1, 0])
        cells = graph.node("Div", cells, self._constant(head.map_scale))
        tinted = graph.node(
            "Mul",
            graph.node("Transpose", parts.colours, perm=[1, 0]),
            self._number(COLOUR_GAIN),
        )
        values = graph.node("Concat", cells, tinted, axis=1)
        shares = graph.node("Softmax", self.linear(cells, head.questions), axis=0)
        looks = graph.node("MatMul", graph.node("Transpose", shares, perm=[1, 0]), values)
        clipped = self._clip(self._reshaped(looks, 1, -1), ATTENTION_CLAMP)
        seen = self._layer_norm(clipped, head.look_norm)
        return self._finish(graph.node("Add", y, self.linear(seen, head.looks)), head.head)

    def text_head(self, head: TextHead, features: str) -> str:
        """See `TextHead.forward`: (1, outputs), unit length, of (1, inputs)."""
        y = self.linear(self._standard(head.standard, features), head.head.first)
        return self._finish(y, head.head)

    def names_of_picture(self, space: NameSpace, logits: str) -> str:
        """See `NameSpace.of_pictures`: (1, K) of the classifier's (1, 1000)."""
        graph = self._graph
        most = graph.constant(np.array([LIKELIEST]))
        values, numbers = graph.node_of_many("TopK", [logits, most], 2, axis=1)
        shares = graph.node("Softmax", values, axis=1)
        flat = self._reshaped(numbers, -1)
        taken = graph.node("Gather", self._weights.keep(space.names), flat)
        return graph.node("LpNormalization", graph.node("MatMul", shares, taken), axis=1, p=2)

    def names_of_text(self, space: NameSpace, phrase: str) -> str:
        """See `NameSpace.of_texts`: (1, K) of the phrase trunk's (1, 512)."""
        graph = self._graph
        centred = graph.node("Sub", phrase, graph.constant(space.centre))
        unit = graph.node("LpNormalization", centred, axis=1, p=2)
        return graph.node("MatMul", unit, self._weights.keep(space.basis.T, transposed=True))

    def shortness(self, ids: str, full: float, limits: tuple[float, float]) -> str:
        """Give `full` over the number of `ids`, within limits: one number."""
        graph = self._graph
        count = graph.node("Cast", graph.node("Shape", ids), to=1)
        some = graph.node("Max", count, self._number(1.0))
        ratio = graph.node("Div", self._number(full), some)
        return graph.node("Clip", ratio, *(self._number(limit) for limit in limits))

    def phrase(self, trunk: PhraseTrunk, embedded: str) -> str:
        """See `PhraseTrunk`: (1, 512), unit length, of embeddings (tokens, 512) without marks."""
        graph, v = self._graph, trunk.values
        begin, end = (self._constant(mark[None]) for mark in (trunk.begin, trunk.end))
        x = graph.node("Concat", begin, embedded, end, axis=0)
        parts = [x]
        for n, before in ORDERS:
            wide = self._product(x, v[f"proj{n}"], v[f"proj_b{n}"])
            norm = self._norm(wide, v[f"ln_g{n}"], v[f"ln_b{n}"], trunk.epsilon)
            y = graph.node("Transpose", self._reshaped(norm, 1, -1, INNER), perm=[0, 2, 1])
            for step in ("1", "2"):
                weight = v[f"w{step}_{n}"].view(n, INNER, INNER).permute(2, 1, 0)
                grams = graph.node(
                    "Conv",
                    y,
                    self._weights.keep(weight.numpy()),
                    self._constant(v[f"b{step}_{n}"]),
                    kernel_shape=[n],
                    pads=[before, n - 1 - before],
                )
                y = graph.node("Add", y, graph.node("Relu", grams))
            rows = graph.node("Transpose", y, perm=[0, 2, 1])
            parts.append(self._reshaped(rows, -1, INNER))
        whole = self._norm(
            graph.node("Concat", *parts, axis=1), v["ln_g"], v["ln_b"], trunk.epsilon
        )
        mean = graph.node("ReduceMean", whole, axes=[0], keepdims=1)
        # The sum of the products over the root of their number, as mean times that root.
        count = graph.node("Slice", graph.node("Shape", x), *self._ends(0, 1))
        root = graph.node("Sqrt", graph.node("Cast", count, to=1))
        flat = graph.node("Mul", self._product(mean, v["cnn_W"], v["cnn_b"]), root)
        first = graph.node("Relu", self._matmul(flat, v["d0"]))
        y1 = graph.node(
            "Relu", graph.node("Add", self._matmul(flat, v["p1"]), self._matmul(first, v["d1"]))
        )
        y2 = graph.node("Relu", self._matmul(y1, v["d2"]))
        z = graph.node("Add", self._matmul(y1, v["p3"]), self._matmul(y2, v["d3"]))
        return graph.node("LpNormalization", graph.node("Tanh", z), axis=1, p=2)

    def rows_of(self, table: Floats, numbers: str) -> str:
        """Take rows of a table."""
        return self._weights.rows_of(table, numbers)

    def linear(self, value: str, layer: nn.Linear) -> str:
        """Add a Linear of torch."""
        weight = self._weights.keep(layer.weight.detach().numpy())
        return self._graph.node("Gemm", value, weight, self._constant(layer.bias), transB=1)

    def together(self, values: list[tuple[str, float]]) -> str:
        """Put vectors with their weights side by side: (1, D)."""
        weighted = [
            self._graph.node("Mul", value, self._number(weight)) for value, weight in values
        ]
        return self._graph.node("Concat", *weighted, axis=1)

    def _finish(self, x: str, head: Head) -> str:
        graph = self._graph
        inner = self.linear(self._layer_norm(x, head.norm), head.inner)
        outer = self.linear(graph.node("Gelu", inner, microsoft=True), head.outer)
        last = self.linear(self._layer_norm(graph.node("Add", x, outer), head.last_norm), head.last)
        return graph.node("LpNormalization", last, axis=1, p=2)

    def _summary(self, colours: str) -> str:
        """See `heads._summary`, of (1, K, 81)."""
        graph = self._graph
        grid = self._reshaped(colours, 1, len(COLOURS), GRID, GRID)
        middle = graph.node(
            "Slice", grid, *(graph.constant(np.array(n)) for n in ([2, 2], [7, 7], [2, 3]))
        )
        parts = [
            graph.node("Sqrt", graph.node("ReduceMean", colours, axes=[2], keepdims=0)),
            graph.node("ReduceMax", colours, axes=[2], keepdims=0),
            graph.node("Sqrt", graph.node("ReduceMean", middle, axes=[2, 3], keepdims=0)),
        ]
        return graph.node("Mul", graph.node("Concat", *parts, axis=1), self._number(SUMMARY_GAIN))

    def _standard(self, standard: Standard, value: str) -> str:
        graph = self._graph
        centred = graph.node("Sub", value, self._constant(standard.mean))
        scaled = graph.node("Mul", centred, self._constant(standard.scale))
        return self._clip(scaled, CLAMP)

    def _layer_norm(self, value: str, norm: nn.LayerNorm) -> str:
        return self._norm(value, norm.weight, norm.bias, norm.eps)

    def _norm(self, value: str, scale: torch.Tensor, shift: torch.Tensor, epsilon: float) -> str:
        return self._graph.node(
            "LayerNormalization",
            value,
            self._constant(scale),
            self._constant(shift),
            axis=-1,
            epsilon=epsilon,
        )

    def _product(self, value: str, weight: torch.Tensor, bias: torch.Tensor) -> str:
        return self._graph.node("Add", self._matmul(value, weight), self._constant(bias))

    def _matmul(self, value: str, weight: torch.Tensor) -> str:
        """Multiply with weights (inputs, outputs)."""
        kept = self._weights.keep(weight.numpy().T, transposed=True)
        return self._graph.node("MatMul", value, kept)

    def _clip(self, value: str, most: float) -> str:
        return self._graph.node("Clip", value, self._number(-most), self._number(most))

    def _constant(self, value: torch.Tensor) -> str:
        return self._graph.constant(value.detach().numpy().astype(np.float32))

    def _number(self, value: float) -> str:
        return self._graph.constant(np.array(value, dtype=np.float32))

    def _reshaped(self, value: str, *shape: int) -> str:
        return self._graph.node("Reshape", value, self._graph.constant(np.array(shape)))

    def _ends(self, *numbers: int) -> list[str]:
        return [self._graph.constant(np.array([number])) for number in numbers]

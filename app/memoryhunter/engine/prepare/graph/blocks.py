"""The parts that both towers are made of, added to a graph.

Inside a graph a token is a row: activations have the shape (tokens, width). A graph reads one
picture or one text a run, so that nobody's vector depends on who came with it.
"""

from dataclasses import dataclass

import numpy as np

from memoryhunter.engine.prepare.graph.activations import ACTIVATIONS
from memoryhunter.engine.prepare.graph.products import Linear, Operand, Products
from memoryhunter.engine.prepare.graph.shapes import TowerShape
from memoryhunter.engine.prepare.graph.writer import GraphWriter
from memoryhunter.engine.prepare.weights import Weights


@dataclass(frozen=True, slots=True)
class AttentionNames:
    """What the four products of a layer's attention are called in the weights."""

    query: str
    key: str
    value: str
    out: str


class Blocks:
    """Adds the layer norms, attentions and MLPs of one tower.

    Sums and layer norms are nodes of their own: ONNX Runtime's SkipLayerNormalization, which is
    both, took five times as long (15.6 instead of 3.0 ms a picture for ViT-B/16). Its
    MultiHeadAttention took as long as the four nodes it stands for, and 2.3 ms longer than
    these, which read queries, keys and values from where they lie.
    """

    def __init__(
        self, graph: GraphWriter, weights: Weights, products: Products, shape: TowerShape
    ) -> None:
        self._graph = graph
        self._weights = weights
        self._products = products
        self._shape = shape

    def operand(self, value: str) -> Operand:
        """Make (rows, inputs) ready to be multiplied; see `Products.operand`."""
        return self._products.operand(value)

    def norm(self, value: str, name: str) -> str:
        """Add the layer norm `name`."""
        scale, shift = (self._weights.read(f"{name}.{part}") for part in ("weight", "bias"))
        return self._graph.node(
            "LayerNormalization",
            value,
            self._graph.constant(scale),
            self._graph.constant(shift),
            axis=-1,
            epsilon=self._shape.epsilon,
        )

    def sum(self, first: str, second: str) -> str:
        """Add two activations."""
        return self._graph.node("Add", first, second)

    def class_token(self, value: str) -> str:
        """Keep the first row, which is all that is read after the last attention."""
        ends = (self._graph.constant(np.array([number])) for number in (0, 1, 0))
        return self._graph.node("Slice", value, *ends)

    def attention(self, asking: Operand, known: Operand, names: AttentionNames) -> str:
        """Let the tokens of `asking` attend to those of `known`."""
        heads, inner, width = self._shape.heads, self._shape.head_width, self._shape.width
        queries, keys, values = (
            self._reshaped(self._product(operand, name), -1, heads, inner)
            for operand, name in ((asking, names.query), (known, names.key), (known, names.value))
        )
        scores = self._graph.node(
            "FusedMatMul",
            queries,
            keys,
            microsoft=True,
            transBatchA=1,  # taken as (heads, tokens, head width), without being moved
            transBatchB=1,
            transB=1,
            alpha=inner**-0.5,
        )
        shares = self._graph.node("Softmax", scores, axis=-1)
        mixed = self._graph.node("FusedMatMul", shares, values, microsoft=True, transBatchB=1)
        moved = self._graph.node("Transpose", mixed, perm=[1, 0, 2])
        return self._product(self.operand(self._reshaped(moved, -1, width)), names.out)

    def class_attention(self, asking: Operand, known: str, names: AttentionNames) -> str:
        """Let one token attend to `known`, (tokens, width): the same with less work.

        The query goes through the keys' weights instead of all tokens through them, and the
        mix of tokens through the values' weights, for q . (K t) = (q K) . t. The keys' bias
        raises all scores alike, which Softmax ignores; the values' bias comes out of any mix,
        whose shares sum to 1, as it is. In float32, being a few rows. It pays where tokens are
        many, for the weights are read as a whole: 2 % of ViT-B/16's time.
        """
        heads, inner, width = self._shape.heads, self._shape.head_width, self._shape.width
        query = self._reshaped(self._product(asking, names.query), heads, 1, inner)
        keys = self._weights.read(f"{names.key}.weight").reshape(heads, inner, width)
        question = self._graph.node("MatMul", query, self._graph.constant(keys))
        scores = self._graph.node(
            "FusedMatMul",
            self._reshaped(question, heads, width),
            known,
            microsoft=True,
            transB=1,
            alpha=inner**-0.5,
        )
        mixed = self._graph.node("MatMul", self._graph.node("Softmax", scores, axis=-1), known)
        values = self._weights.read(f"{names.value}.weight").reshape(heads, inner, width)
        apart = self._graph.node(
            "MatMul",
            self._reshaped(mixed, heads, 1, width),
            self._graph.constant(values.transpose(0, 2, 1)),
        )
        bias = self._graph.constant(self._weights.read(f"{names.value}.bias"))
        value = self.sum(self._reshaped(apart, 1, width), bias)
        return self._product(self.operand(value), names.out)

    def mlp(self, value: str, first: str, second: str) -> str:
        """Add the two products of a layer's MLP with the activation function between them."""
        activation = ACTIVATIONS[self._shape.activation]
        stretched = self._linear(first).times(activation.stretch)
        inner = self._graph.node(
            activation.operator,
            self._products.product(self.operand(value), stretched),
            microsoft=activation.microsoft,
            **activation.attributes,
        )
        outer = self._linear(second).for_inputs_times(activation.stretch)
        return self._products.product(self.operand(inner), outer)

    def projection(self, value: str, name: str) -> str:
        """Multiply the one row that is left with the weights `name`, in float32."""
        weight = self._weights.read(f"{name}.weight").T
        return self._graph.node("MatMul", value, self._graph.constant(weight))

    def _product(self, operand: Operand, name: str) -> str:
        return self._products.product(operand, self._linear(name))

    def _linear(self, name: str) -> Linear:
        """Read the weights of torch's Linear `name`, which keeps them as (outputs, inputs)."""
        return Linear(self._weights.read(f"{name}.weight").T, self._weights.read(f"{name}.bias"))

    def _reshaped(self, value: str, *shape: int) -> str:
        return self._graph.node("Reshape", value, self._graph.constant(np.array(shape)))

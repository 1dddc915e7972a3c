"""The text trunk as ONNX nodes: pieces' numbers to the mean state after the last layer.

Built of the same parts as the program's own graphs; a text is run on its own, without padding.
"""

import numpy as np
from numpy.typing import NDArray
from text_trunk import TextTrunkFile, weights_of

from memoryhunter.engine.onnx_graph import TEXT_INPUT
from memoryhunter.engine.prepare.graph.blocks import AttentionNames, Blocks
from memoryhunter.engine.prepare.graph.products import Products
from memoryhunter.engine.prepare.graph.shapes import TowerShape
from memoryhunter.engine.prepare.graph.writer import GraphWriter

MOST_TOKENS = 64


class TrunkWeights:
    """The trunk's tensors by the names under which `Blocks` asks for them."""

    def __init__(self, trunk: TextTrunkFile) -> None:
        self._trunk = trunk

    def read(self, name: str) -> NDArray[np.float32]:
        """Give a tensor, such as "l0.q.weight" (outputs, inputs) or "l0.aln.bias"."""
        name = name.replace(".weight", ".w").replace(".bias", ".b")
        if name in self._trunk.blocks:
            return weights_of(self._trunk.blocks[name])
        return self._trunk.tensors[name]


class TextGraph:
    """Adds the trunk to a graph; `products` decides in which numbers it multiplies."""

    def __init__(self, graph: GraphWriter, trunk: TextTrunkFile, products: Products) -> None:
        self._graph, self._trunk, self._products = graph, trunk, products
        shape = TowerShape(
            trunk.width, trunk.inner, trunk.layers, trunk.heads, "gelu", trunk.epsilon
        )
        self._blocks = Blocks(graph, TrunkWeights(trunk), products, shape)  # type: ignore[arg-type]

    def last_state(self, table: NDArray[np.float32]) -> str:
        """Add the trunk over the embeddings `table` (pieces, 384); give (tokens, 384)."""
        graph, blocks = self._graph, self._blocks
        ids = self.ids()
        words = self._products.rows_of(table, ids)
        places = self._trunk.tensors["emb.pos"].reshape(-1, self._trunk.width)
        places = places[:MOST_TOKENS] + self._trunk.tensors["emb.type"][: self._trunk.width]
        first = graph.constant(np.array([0]))
        taken = graph.node("Slice", graph.constant(places), first, graph.node("Shape", ids), first)
        total = blocks.norm(graph.node("Add", words, taken), "emb.ln")
        for number in range(self._trunk.layers):
            operand = blocks.operand(total)
            names = AttentionNames(*(f"l{number}.{part}" for part in ("q", "k", "v", "ao")))
            attended = blocks.attention(operand, operand, names)
            total = blocks.norm(blocks.sum(total, attended), f"l{number}.aln")
            inner = blocks.mlp(total, f"l{number}.fi", f"l{number}.fo")
            total = blocks.norm(blocks.sum(total, inner), f"l{number}.oln")
        return total

    def ids(self) -> str:
        """Give the pieces' numbers, int64 (tokens,)."""
        return self._graph.node("Reshape", TEXT_INPUT, self._graph.constant(np.array([-1])))

    def mean(self, state: str) -> str:
        """Give the mean over the tokens, (1, 384)."""
        return self._graph.node("ReduceMean", state, axes=[0], keepdims=1)

"""The text tower, a BERT: "input_ids" int64 (1, t) to "embedding" float32 (1, D).

There is no attention mask: a text is run on its own, without padding.
"""

import numpy as np

from memoryhunter.engine.onnx_graph import OUTPUT, TEXT_INPUT
from memoryhunter.engine.prepare.graph.blocks import AttentionNames, Blocks
from memoryhunter.engine.prepare.graph.products import Products
from memoryhunter.engine.prepare.graph.shapes import TextShape
from memoryhunter.engine.prepare.graph.writer import GraphWriter
from memoryhunter.engine.prepare.weights import Weights

_EMBEDDINGS = "text_model.embeddings"


def build_text_tower(
    graph: GraphWriter, weights: Weights, products: Products, shape: TextShape
) -> None:
    """Build and save the tower; raises UserError MODEL_SOURCE_INVALID (by `weights`), OSError."""
    blocks = Blocks(graph, weights, products, shape.tower)
    total = blocks.norm(_embedded(graph, weights, products, shape), f"{_EMBEDDINGS}.LayerNorm")
    last = shape.tower.layers - 1
    for number in range(shape.tower.layers):
        known = blocks.operand(total)
        if number == last:
            total = blocks.class_token(total)
        asking = blocks.operand(total) if number == last else known
        attended = blocks.attention(asking, known, _attention(number))
        total = blocks.sum(total, attended)
        total = blocks.norm(total, _layer(number, "attention.output.LayerNorm"))
        inner = blocks.mlp(
            total, _layer(number, "intermediate.dense"), _layer(number, "output.dense")
        )
        total = blocks.norm(blocks.sum(total, inner), _layer(number, "output.LayerNorm"))
    embedding = blocks.projection(total, "text_projection")
    graph.save({TEXT_INPUT: (np.int64, [1, "tokens"])}, (OUTPUT, embedding))


def _embedded(graph: GraphWriter, weights: Weights, products: Products, shape: TextShape) -> str:
    """Look up words and their places, and add them: (tokens, width)."""
    ids = graph.node("Reshape", TEXT_INPUT, graph.constant(np.array([-1])))
    table = weights.read(f"{_EMBEDDINGS}.word_embeddings.weight")
    words = products.rows_of(table, ids)
    places = weights.read(f"{_EMBEDDINGS}.position_embeddings.weight")[: shape.positions]
    # Words of one sentence are all of the first kind.
    kind = weights.read(f"{_EMBEDDINGS}.token_type_embeddings.weight")[0]
    first = graph.constant(np.array([0]))
    taken = graph.node(
        "Slice", graph.constant(places + kind), first, graph.node("Shape", ids), first
    )
    return graph.node("Add", words, taken)


def _attention(number: int) -> AttentionNames:
    query, key, value = (
        _layer(number, f"attention.self.{part}") for part in ("query", "key", "value")
    )
    return AttentionNames(query, key, value, _layer(number, "attention.output.dense"))


def _layer(number: int, part: str) -> str:
    return f"text_model.encoder.layer.{number}.{part}"

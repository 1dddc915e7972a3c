"""The picture tower, a ViT: "pixels" uint8 (1, S, S, 3) to "embedding" float32 (1, D)."""

from dataclasses import dataclass

import numpy as np

from memoryhunter.engine.onnx_graph import IMAGE_INPUT, OUTPUT
from memoryhunter.engine.packages import Triple
from memoryhunter.engine.prepare.graph.blocks import AttentionNames, Blocks
from memoryhunter.engine.prepare.graph.products import Linear, Products
from memoryhunter.engine.prepare.graph.shapes import PictureShape
from memoryhunter.engine.prepare.graph.writer import GraphWriter
from memoryhunter.engine.prepare.weights import Weights

_EMBEDDINGS = "vision_model.embeddings"


@dataclass(frozen=True, slots=True)
class PixelStatistics:
    """The mean and the deviation, per RGB channel, that pixels of 0..1 are scaled by."""

    mean: Triple
    std: Triple


def build_image_tower(
    graph: GraphWriter,
    weights: Weights,
    products: Products,
    shape: PictureShape,
    pixels: PixelStatistics,
) -> None:
    """Build and save the tower; raises UserError MODEL_SOURCE_INVALID (by `weights`), OSError."""
    blocks = Blocks(graph, weights, products, shape.tower)
    patches = products.pixel_product(_patches(graph, shape), _patch_weights(weights, pixels))
    total = blocks.norm(_placed(graph, weights, patches), "vision_model.pre_layrnorm")
    for number in range(shape.tower.layers - 1):
        known = blocks.operand(blocks.norm(total, _layer(number, "layer_norm1")))
        attended = blocks.attention(known, known, _attention(number))
        total = _with_mlp(blocks, blocks.sum(total, attended), number)
    last = shape.tower.layers - 1
    normed = blocks.norm(total, _layer(last, "layer_norm1"))
    asking = blocks.operand(blocks.class_token(normed))
    attended = blocks.class_attention(asking, normed, _attention(last))
    total = _with_mlp(blocks, blocks.sum(blocks.class_token(total), attended), last)
    pooled = blocks.norm(total, "vision_model.post_layernorm")
    embedding = blocks.projection(pooled, "visual_projection")
    graph.save({IMAGE_INPUT: (np.uint8, [1, shape.size, shape.size, 3])}, (OUTPUT, embedding))


def _patches(graph: GraphWriter, shape: PictureShape) -> str:
    """Cut pixels into patches while they are single bytes: uint8 (patches, patch * patch * 3)."""
    grid, patch = shape.grid, shape.patch
    value = IMAGE_INPUT
    if grid * patch != shape.size:
        ends = ([0, 0], [grid * patch] * 2, [1, 2])
        value = graph.node("Slice", value, *(graph.constant(np.array(end)) for end in ends))
    value = graph.node("Reshape", value, graph.constant(np.array([grid, patch, grid, patch * 3])))
    value = graph.node("Transpose", value, perm=[0, 2, 1, 3])
    return graph.node("Reshape", value, graph.constant(np.array([grid**2, patch**2 * 3])))


def _patch_weights(weights: Weights, pixels: PixelStatistics) -> Linear:
    """Make the patch embedding a product with pixels of 0..255, their scaling folded in."""
    kernel = weights.read(f"{_EMBEDDINGS}.patch_embedding.weight").astype(np.float64)
    mean, std = np.array(pixels.mean), np.array(pixels.std)
    weight = np.einsum("ocyx,c->yxco", kernel, 1 / (255 * std))
    bias = np.einsum("ocyx,c->o", kernel, -mean / std)
    outputs = len(bias)
    return Linear(weight.reshape(-1, outputs).astype(np.float32), bias.astype(np.float32))


def _placed(graph: GraphWriter, weights: Weights, patches: str) -> str:
    """Put the class token before the patches, and add to each what stands for its place."""
    places = weights.read(f"{_EMBEDDINGS}.position_embedding.weight")
    token = weights.read(f"{_EMBEDDINGS}.class_embedding") + places[0]
    placed = graph.node("Add", patches, graph.constant(places[1:]))
    return graph.node("Concat", graph.constant(token[None]), placed, axis=0)


def _with_mlp(blocks: Blocks, total: str, number: int) -> str:
    normed = blocks.norm(total, _layer(number, "layer_norm2"))
    inner = blocks.mlp(normed, _layer(number, "mlp.fc1"), _layer(number, "mlp.fc2"))
    return blocks.sum(total, inner)


def _attention(number: int) -> AttentionNames:
    query, key, value, out = (
        _layer(number, f"self_attn.{part}_proj") for part in ("q", "k", "v", "out")
    )
    return AttentionNames(query, key, value, out)


def _layer(number: int, part: str) -> str:
    return f"vision_model.encoder.layers.{number}.{part}"

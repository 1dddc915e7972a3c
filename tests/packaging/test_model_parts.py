"""The parts of the program that makes the built-in model, as far as they need no weights."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from block_products import to_blocks
from head_graph import HeadGraph
from heads import HeadShape, ImageHead, TextHead
from image_graph import COLOURS, LAST_CHANNELS, ImageGraph, ImageParts, cubic_matrix
from image_trunk import ImageTrunk
from numpy.typing import NDArray
from PIL import Image
from swaps import swap_colour, swap_number
from tags import find_tags
from weight_store import eight_bits

from memoryhunter.engine.onnx_graph import IMAGE_INPUT, OUTPUT
from memoryhunter.engine.prepare.graph.writer import GraphWriter

Floats = NDArray[np.float32]


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(7)


def run(path: Path, inputs: dict[str, NDArray[np.generic]]) -> Floats:
    found: Floats = onnxruntime.InferenceSession(str(path)).run([OUTPUT], inputs)[0]
    return found


def test_four_bit_weights_are_found_again(chance: np.random.Generator) -> None:
    codes = chance.integers(0, 16, (6, 64)).astype(np.uint8)
    codes[:, ::32] = 0  # the largest number of a block is -8 times the scale
    scales = chance.uniform(0.01, 1, (6, 2)).astype(np.float32)
    weights = (codes.astype(np.float32) - 8) * np.repeat(scales, 32, axis=1)
    found, factors = to_blocks(weights)
    assert (found == codes).all()
    assert np.allclose(factors, scales)


def test_other_weights_are_refused(chance: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="4-bit"):
        to_blocks(chance.normal(size=(4, 64)).astype(np.float32))


def test_eight_bits_are_near(chance: np.random.Generator) -> None:
    weights = chance.normal(size=(5, 3, 4)).astype(np.float32)
    codes, scales = eight_bits(weights)
    assert codes.dtype == np.int8
    assert np.abs(codes * scales - weights).max() <= scales.max() / 2 + 1e-6


def test_enlarging_is_pillows(chance: np.random.Generator) -> None:
    small = chance.integers(0, 256, (32, 32)).astype(np.float32)
    matrix = cubic_matrix(32, 40)
    pillow = Image.fromarray(small, "F").resize((40, 40), Image.Resampling.BICUBIC)
    assert np.allclose(matrix @ small @ matrix.T, np.asarray(pillow), atol=1e-2)


@pytest.mark.parametrize(
    ("caption", "kept"),
    [("一只黑狗在草地上", "在草地上"), ("A red car", "car"), ("穿红色衣服的人", "衣服的人")],
)
def test_a_colour_is_swapped(chance: np.random.Generator, caption: str, kept: str) -> None:
    other = swap_colour(caption, chance)
    assert other is not None
    assert other != caption
    assert kept in other


@pytest.mark.parametrize("caption", ["红绿灯旁的行人", "白天的街道", "A dog runs", "黑人在唱歌"])
def test_what_is_no_colour_stays(chance: np.random.Generator, caption: str) -> None:
    assert swap_colour(caption, chance) is None


def test_a_count_is_swapped(chance: np.random.Generator) -> None:
    assert swap_number("两只狗", chance) in {"一只狗", "三只狗", "四只狗"}
    assert swap_number("Two dogs", chance) in {"Three dogs", "Four dogs"}
    assert swap_number("狗在跑", chance) is None


def test_words_count_when_two_captions_say_them() -> None:
    sure, unsure, none = ["a black dog", "dogs run"], ["a dog", "a cat"], ["a cat", "cats"]
    tagged = find_tags([sure] * 12 + [unsure] + [none])
    column = [tag.name for tag in tagged.tags].index("dog")
    assert tagged.shown[:, column].tolist() == [1] * 12 + [0, -1]
    assert "black dog" in [tag.name for tag in tagged.tags]


@pytest.fixture
def trunk() -> ImageTrunk:
    torch.manual_seed(3)
    made = ImageTrunk()
    for weight in made.parameters():
        torch.nn.init.normal_(weight, std=0.1 if weight.ndim > 1 else 0.01)
    return made.eval()


def test_the_trunk_as_a_graph_is_the_trunk(
    trunk: ImageTrunk, tmp_path: Path, chance: np.random.Generator
) -> None:
    with GraphWriter(tmp_path / "image.onnx") as graph:
        parts = ImageGraph(graph, trunk).parts()
        graph.save({IMAGE_INPUT: (np.uint8, [1, 224, 224, 3])}, (OUTPUT, parts.logits))
    pixels = chance.integers(0, 256, (1, 224, 224, 3)).astype(np.uint8)
    matrix = torch.from_numpy(cubic_matrix(224, 260))
    with torch.inference_mode():
        seen = matrix @ torch.from_numpy(pixels).permute(0, 3, 1, 2).float() @ matrix.T
        top = trunk.upper(trunk.lower(seen.clamp(0, 255))[-1])
        expected = trunk.classes(top.mean(dim=(2, 3))).numpy()
    assert np.allclose(run(tmp_path / "image.onnx", {IMAGE_INPUT: pixels}), expected, atol=1e-3)


def test_heads_as_graphs_are_the_heads(tmp_path: Path) -> None:
    torch.manual_seed(5)
    image = ImageHead(HeadShape(20, 32, 16, 0.5, 0.5), LAST_CHANNELS, len(COLOURS), 3, 0.5).eval()
    text = TextHead(HeadShape(24, 32, 16, 0.5, 0.5)).eval()
    pooled, words = torch.randn(1, 20), torch.randn(1, 24)
    last, colours = torch.randn(1, LAST_CHANNELS, 81), torch.rand(1, len(COLOURS), 81)
    inputs = {
        "pooled": pooled.numpy(),
        "last": last[0].numpy(),
        "colours": colours[0].numpy(),
        "words": words.numpy(),
    }
    path = tmp_path / "heads.onnx"
    with GraphWriter(path) as graph:
        heads = HeadGraph(graph)
        parts = ImageParts("pooled", "last", "colours", "")
        both = heads.together(
            [(heads.image_head(image, parts), 1.0), (heads.text_head(text, "words"), 0.5)]
        )
        graph.save(
            {name: (np.float32, list(value.shape)) for name, value in inputs.items()},
            (OUTPUT, both),
        )
    with torch.inference_mode():
        expected = torch.cat([image(pooled, last, colours), 0.5 * text(words)], dim=1).numpy()
    assert np.allclose(run(path, inputs), expected, atol=1e-5)

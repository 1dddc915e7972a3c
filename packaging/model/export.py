"""Writes the two graphs, the tokenizer and the manifest: the package."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from block_products import BlockProducts
from examples import PHRASE_GAIN
from features import MARKS
from gathering import Trunks
from head_graph import HeadGraph
from image_graph import PICTURE_SIZE, ImageGraph
from image_trunk import MEAN, SCALE
from names import NameSpace
from text_graph import MOST_TOKENS, TextGraph
from text_trunk import weights_of
from training import Pair

from memoryhunter.engine.onnx_graph import IMAGE_INPUT, OUTPUT, TEXT_INPUT
from memoryhunter.engine.packages import (
    IMAGE_GRAPH,
    MANIFEST,
    TEXT_GRAPH,
    TOKENIZER,
    write_manifest,
)
from memoryhunter.engine.prepare.graph.products import FloatProducts, Products
from memoryhunter.engine.prepare.graph.writer import GraphWriter

ID = "quick-zh-en"
# How much the names of the classifier count beside the heads, as a part of the vectors' length;
# and how much more where a text is short, less where it is long: a word may be such a name, a
# sentence is more than one. Between these factors it is so many tokens over the text's.
NAMES_SHARE = 0.28
_FULL_TOKENS, _LEAST_FACTOR, _MOST_FACTOR = 4.0, 0.5, 2.5

_NAMES = {"en": "Quick built-in model", "zh": "内置快速模型"}
_ABOUT = {
    "en": "Small and fast, with no download. Good at scenes, animals, people and what they do, "
    "food and everyday things; less sure of colours, counts and fine detail.",
    "zh": "小巧快速，无需下载。擅长场景、动物、人物及其活动、食物和日常物品；"
    "对颜色、数量和细节把握较差。",
}


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the graphs are made of."""

    trunks: Trunks
    pairs: list[Pair]
    names: NameSpace


def check_target(folder: Path) -> None:
    """Raise ValueError unless `folder`, which will be emptied, may be: for what is in it."""
    if folder.name != ID:
        raise ValueError(f"the package's folder must be called {ID}")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise ValueError(f"{folder} holds something else than a model")


def write_graphs(model: Model, folder: Path, *, compact: bool = True) -> None:
    """Write both graphs, and nothing else into `folder`; without `compact` in float32."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _write_image(model, folder / IMAGE_GRAPH, compact=compact)
    _write_text(model, folder / TEXT_GRAPH, compact=compact)


def _write_image(model: Model, path: Path, *, compact: bool) -> None:
    with GraphWriter(path) as graph:
        parts = ImageGraph(graph, model.trunks.image, compact=compact).parts()
        heads = HeadGraph(graph, compact=compact)
        values = [(heads.image_head(pair.image, parts), 1.0) for pair in model.pairs]
        names = heads.names_of_picture(model.names, parts.logits)
        embedding = heads.together(_weighted(values, names))
        shape: list[int | str] = [1, PICTURE_SIZE, PICTURE_SIZE, 3]
        graph.save({IMAGE_INPUT: (np.uint8, shape)}, (OUTPUT, embedding))


def _write_text(model: Model, path: Path, *, compact: bool) -> None:
    trunks = model.trunks
    with GraphWriter(path) as graph:
        products: Products = BlockProducts(graph) if compact else FloatProducts(graph)
        text = TextGraph(graph, trunks.text, products)
        table = weights_of(trunks.text.blocks["emb.word"])[trunks.kept]
        state = text.mean(text.last_state(table))
        heads = HeadGraph(graph, compact=compact)
        ends = [graph.constant(np.array([number])) for number in (MARKS - 1, -1, 0)]
        content = graph.node("Slice", text.ids(), *ends)
        phrase = heads.phrase(trunks.phrase, heads.rows_of(trunks.phrase_table.numpy(), content))
        gain = graph.constant(np.array(PHRASE_GAIN, np.float32))
        features = graph.node("Concat", state, graph.node("Mul", phrase, gain), axis=1)
        values = [(heads.text_head(pair.text, features), 1.0) for pair in model.pairs]
        factor = heads.shortness(content, _FULL_TOKENS, (_LEAST_FACTOR, _MOST_FACTOR))
        names = graph.node("Mul", heads.names_of_text(model.names, phrase), factor)
        embedding = heads.together(_weighted(values, names))
        graph.save({TEXT_INPUT: (np.int64, [1, "tokens"])}, (OUTPUT, embedding))


def _weighted(heads: list[tuple[str, float]], names: str) -> list[tuple[str, float]]:
    share = 1 / len(heads) ** 0.5
    return [*((value, share) for value, _ in heads), (names, NAMES_SHARE)]


def write_package(model: Model, folder: Path, agreement: dict[str, float]) -> None:
    """Write the whole package into `folder`, which is emptied first."""
    write_graphs(model, folder)
    model.trunks.tokenizer.save(str(folder / TOKENIZER))
    names = tuple(sorted(path.name for path in folder.iterdir()))
    outputs = sum(pair.image.head.last.out_features for pair in model.pairs)
    facts = {
        "id": ID,
        "name": _NAMES["en"],
        "names": _NAMES,
        "about": _ABOUT,
        "dimension": outputs + model.names.basis.shape[1],
        "image": {
            "size": PICTURE_SIZE,
            "resize": "squash",
            "mean": [MEAN / 255] * 3,
            "std": [SCALE / 255] * 3,
        },
        "text": {"max_tokens": MOST_TOKENS},
        "precision": "int8",
        "licence": "Apache-2.0 AND MIT",
        "source": "packaging/model",
        "agreement": agreement,
        "measured": {},
    }
    write_manifest(folder, facts, names)

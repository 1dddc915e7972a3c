"""How well a trained folder finds pictures of combinations it was never trained on.

Each of the 72 held-out (count, colour, shape) combinations is drawn once per condition; each is
then asked for in words, and the answer is right when its picture comes first among the 72.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import BertTokenizer, ChineseCLIPModel
from transformers.utils import logging

from tests.models.captions import plain_phrase
from tests.models.pool import normalised, squash
from tests.models.shapes import (
    LANGUAGES,
    Language,
    Query,
    Scene,
    Style,
    combinations,
    random_scene,
    render,
)

Vectors = NDArray[np.float32]
FIRST_SEED = 10_000_000
"""Rendering seeds from here on are never used in training."""
TEXT_TOKENS = 52
"""Longest text in tokens, as in Chinese-CLIP."""

CONDITIONS: dict[str, tuple[tuple[int, int] | None, Style | None]] = {
    "varied": (None, None),
    "plain 400x400": ((400, 400), Style()),
    "jagged 640x480": ((640, 480), Style(antialias=False)),
    "jpeg 300x200": ((300, 200), Style(jpeg_quality=75)),
    "jpeg 200x300": ((200, 300), Style(jpeg_quality=75)),
    "grey 1200x800": ((1200, 800), Style(background=(215, 215, 215))),
}
"""Picture sizes (width, height) and styles; None draws them from the seed."""


class Encoder:
    """The two towers of a saved folder, giving unit vectors, one row per input."""

    def __init__(self, folder: Path) -> None:
        logging.disable_progress_bar()  # which would leave a thread behind
        self.model = ChineseCLIPModel.from_pretrained(folder)
        self.model.train(False)
        self.tokenizer = BertTokenizer.from_pretrained(folder)
        self.side = picture_side(self.model)

    @torch.no_grad()
    def pictures(self, images: Sequence[Image.Image]) -> Vectors:
        """(n, projection) unit vectors of pictures of any size."""
        pixels = np.stack([squash(image, self.side) for image in images])
        inputs = torch.from_numpy(normalised(pixels))
        return _unit(self.model.get_image_features(pixel_values=inputs).pooler_output)

    @torch.no_grad()
    def texts(self, texts: Sequence[str]) -> Vectors:
        """(n, projection) unit vectors of texts."""
        tokens = self.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=TEXT_TOKENS,
            return_tensors="pt",
        )
        output = self.model.get_text_features(
            input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]
        )
        return _unit(output.pooler_output)


def held_out_accuracy(folder: Path | str, seed: int = 0) -> dict[str, float]:
    """Share of right first answers per language ("zh", "en"), and per condition ("zh varied").

    Takes a few seconds.  Other seeds draw other sizes, places, layouts and styles.
    """
    encoder = Encoder(Path(folder))
    triples = combinations(held=True)
    queries = [Query(*triple) for triple in triples]
    words = {
        language: encoder.texts([plain_phrase(query, language) for query in queries])
        for language in LANGUAGES
    }
    figures: dict[str, float] = {}
    for number, (name, (size_px, style)) in enumerate(CONDITIONS.items()):
        first = FIRST_SEED + (seed * len(CONDITIONS) + number) * len(triples)
        vectors = encoder.pictures(
            [
                render(held_out_scene(triple, first + k), first + k, size_px, style)
                for k, triple in enumerate(triples)
            ]
        )
        for language in LANGUAGES:
            figures[f"{language} {name}"] = first_right(words[language], vectors)
    for language in LANGUAGES:
        figures[language] = float(
            np.mean([figures[f"{language} {name}"] for name in CONDITIONS], dtype=np.float64)
        )
    return figures


def held_out_scene(triple: tuple[int, str, str], seed: int) -> Scene:
    """A scene of this combination with a size and position drawn from the seed."""
    return random_scene(random.Random(seed), triple)


def picture_side(model: ChineseCLIPModel) -> int:
    """Width and height in pixels that the model's pictures are squashed to."""
    vision = model.config.vision_config
    side = getattr(vision, "image_size", None)
    if not isinstance(side, int):
        raise TypeError("the model does not say how large its pictures are")
    return side


def first_right(texts: Vectors, pictures: Vectors) -> float:
    """Share of rows of `texts` whose nearest picture has the same row number."""
    nearest = (texts @ pictures.T).argmax(axis=1)
    return float((nearest == np.arange(len(texts))).mean())


def report(figures: dict[str, float], languages: Sequence[Language] = LANGUAGES) -> str:
    """The figures as a small table."""
    lines = [f"{'held-out, first answer right':30}" + "".join(f"{x:>8}" for x in languages)]
    for name in [*CONDITIONS, ""]:
        shares = [figures[f"{language} {name}".strip()] for language in languages]
        lines.append(f"{name or 'mean':30}" + "".join(f"{share:8.1%}" for share in shares))
    return "\n".join(lines)


def _unit(vectors: torch.Tensor) -> Vectors:
    unit: Vectors = torch.nn.functional.normalize(vectors.float(), dim=-1).numpy()
    return unit

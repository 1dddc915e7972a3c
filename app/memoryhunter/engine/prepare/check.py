"""How well a converted graph agrees with the original. Child process only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from memoryhunter.engine.onnx_engine import unit_rows
from memoryhunter.engine.onnx_graph import IMAGE_INPUT, TEXT_INPUTS, OnnxGraph
from memoryhunter.engine.packages import IMAGE_GRAPH, TEXT_GRAPH
from memoryhunter.engine.pixel_scale import PixelScale
from memoryhunter.engine.prepare.hub_folder import HubFolder
from memoryhunter.engine.prepare.samples import SENTENCES, sample_pictures
from memoryhunter.engine.processor import usable_processors
from memoryhunter.engine.text_tokens import TextTokens

Rows = NDArray[np.float32]
Inputs = list[dict[str, NDArray[np.float32] | NDArray[np.int64]]]

# An export computes the same in another order: a float32 graph must agree to this.
EXACT_COSINE = 0.9999
# The quality promised for the fast path.
INT8_COSINE = 0.99
# Cosines say little where all vectors are much alike (random or tiny models), so the order of
# the pictures must survive as well; see `_ranking_agreement`.
INT8_RANKING = 0.9


@dataclass(frozen=True, slots=True)
class Agreement:
    """The cosines with the original vectors over the samples, and how alike pictures rank."""

    cosine_min: float
    cosine_median: float
    ranking: float

    @property
    def good_enough_for_int8(self) -> bool:
        """Whether the quantised graph may be used."""
        return self.cosine_min >= INT8_COSINE and self.ranking >= INT8_RANKING


class Samples:
    """Sample pictures and sentences as a model's graphs read them, one item a run."""

    def __init__(self, hub: HubFolder, tokenizer: Path) -> None:
        """`tokenizer` is the path of the model's tokenizer.json."""
        scale = PixelScale(hub.mean, hub.std)
        pictures = sample_pictures(hub.image_size)
        tokens = TextTokens(tokenizer, hub.max_tokens)
        batches = [tokens.encode([sentence]) for sentence in SENTENCES]
        self.images: Inputs = [
            {IMAGE_INPUT: scale(pictures[index : index + 1])} for index in range(len(pictures))
        ]
        self.texts: Inputs = [
            dict(zip(TEXT_INPUTS, (batch.input_ids, batch.attention_mask), strict=True))
            for batch in batches
        ]


class Originals:
    """The vectors the original model gives for the samples, to hold graphs against."""

    def __init__(self, samples: Samples, towers: Mapping[str, torch.nn.Module]) -> None:
        """Run the torch towers, named by the file names of the graphs that replace them."""
        self._inputs = {IMAGE_GRAPH: samples.images, TEXT_GRAPH: samples.texts}
        self._rows = {name: _torch_rows(towers[name], self._inputs[name]) for name in towers}

    @property
    def are_finite(self) -> bool:
        """Whether every sample has a vector."""
        return all(np.isfinite(rows).all() for rows in self._rows.values())

    def agreement(self, name: str, graph: Path) -> Agreement:
        """Measure the graph at `graph`, which stands for the tower called `name`."""
        session = OnnxGraph(graph, usable_processors())
        outputs = [session.run(dict(item)) for item in self._inputs[name]]
        converted = self._rows | {name: unit_rows(np.concatenate(outputs))}
        cosines = np.sum(converted[name] * self._rows[name], axis=1)
        if not np.isfinite(cosines).all():
            return Agreement(cosine_min=-1.0, cosine_median=-1.0, ranking=-1.0)
        return Agreement(
            cosine_min=float(cosines.min()),
            cosine_median=float(np.median(cosines)),
            ranking=_ranking_agreement(_scores(converted), _scores(self._rows)),
        )


def _torch_rows(tower: torch.nn.Module, inputs: Inputs) -> Rows:
    with torch.inference_mode():
        rows = [
            tower(**{name: torch.from_numpy(value) for name, value in item.items()}).numpy()
            for item in inputs
        ]
    return unit_rows(np.concatenate(rows))


def _scores(rows: Mapping[str, Rows]) -> Rows:
    """Score every picture for every text: (texts, pictures)."""
    return rows[TEXT_GRAPH] @ rows[IMAGE_GRAPH].T


def _ranking_agreement(scores: Rows, reference: Rows) -> float:
    """Give Spearman's rank correlation over the pictures, -1 to 1, the mean of all texts."""
    ranks = scores.argsort(axis=1).argsort(axis=1)
    wanted = reference.argsort(axis=1).argsort(axis=1)
    pictures = scores.shape[1]
    squares = np.sum((ranks - wanted) ** 2, axis=1)
    return float(np.mean(1 - 6 * squares / (pictures * (pictures**2 - 1))))

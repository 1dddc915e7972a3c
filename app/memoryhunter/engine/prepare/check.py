"""How well a graph agrees with the original: on which samples, by which measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.onnx_graph import IMAGE_INPUT, TEXT_INPUT
from memoryhunter.engine.prepare.hub_folder import HubFolder
from memoryhunter.engine.prepare.samples import SENTENCES, sample_pictures
from memoryhunter.engine.text_tokens import TextTokens

Rows = NDArray[np.float32]
Inputs = list[dict[str, NDArray[np.uint8] | NDArray[np.int64]]]

# Our graphs compute the same in another order: in float32 they must agree to this.
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
        tokens = TextTokens(tokenizer, hub.max_tokens)
        self.pictures = [picture[None] for picture in sample_pictures(hub.image_size)]
        self.texts = [tokens.encode([sentence]).input_ids for sentence in SENTENCES]

    def image_inputs(self) -> Inputs:
        """Give what the picture graph reads."""
        return [{IMAGE_INPUT: picture} for picture in self.pictures]

    def text_inputs(self) -> Inputs:
        """Give what the text graph reads."""
        return [{TEXT_INPUT: ids} for ids in self.texts]


def cosines(rows: Rows, reference: Rows) -> Rows:
    """Compare unit vectors pair by pair: (n,), NaN where there is no vector."""
    compared: Rows = np.sum(rows * reference, axis=1)
    return compared


def agreement(name: str, rows: Rows, originals: Mapping[str, Rows]) -> Agreement:
    """Compare the unit vectors `rows` with those that `originals` has under `name`.

    `originals` holds the vectors of all samples, pictures under "image", sentences under "text".
    """
    compared = cosines(rows, originals[name])
    if not np.isfinite(compared).all():
        return Agreement(cosine_min=-1.0, cosine_median=-1.0, ranking=-1.0)
    return Agreement(
        cosine_min=float(compared.min()),
        cosine_median=float(np.median(compared)),
        ranking=_ranking_agreement(_scores({**originals, name: rows}), _scores(originals)),
    )


def _scores(rows: Mapping[str, Rows]) -> Rows:
    """Score every picture for every text: (texts, pictures)."""
    return rows["text"] @ rows["image"].T


def _ranking_agreement(scores: Rows, reference: Rows) -> float:
    """Give Spearman's rank correlation over the pictures, -1 to 1, the mean of all texts."""
    ranks = scores.argsort(axis=1).argsort(axis=1)
    wanted = reference.argsort(axis=1).argsort(axis=1)
    pictures = scores.shape[1]
    squares = np.sum((ranks - wanted) ** 2, axis=1)
    return float(np.mean(1 - 6 * squares / (pictures * (pictures**2 - 1))))

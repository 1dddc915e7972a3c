"""The features and texts that heads learn from, in memory, and the batches drawn from them."""

from dataclasses import dataclass

import numpy as np
import torch
from features import COLOURED, LAST, POOLED
from image_graph import COLOURS, GRID, LAST_CHANNELS
from numpy.typing import NDArray
from pictures import Picture
from prompts import Prompts
from tags import Tagged

# The phrase trunk's vectors have unit length, the text trunk's are about 16 times as long.
PHRASE_GAIN = 16.0

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sight:
    """Features of some pictures: pooled (n, F), last (n, 208, 81), colours (n, 18, 81) float32."""

    pooled: torch.Tensor
    last: torch.Tensor
    colours: torch.Tensor


class Views:
    """Features of the same pictures in several forms; (n, FEATURES) float16 each."""

    def __init__(self, forms: list[NDArray[np.float16]]) -> None:
        self._forms = [np.array(form) for form in forms]  # drawn from at random: in memory

    def __len__(self) -> int:
        """Count the forms."""
        return len(self._forms)

    def see(self, form: int, which: Numbers) -> Sight:
        """Give the features of some pictures in one form."""
        return sight_of(self._forms[form][which])


def sight_of(rows: NDArray[np.float16]) -> Sight:
    """Take rows (n, FEATURES) apart."""
    values = torch.from_numpy(rows).float()
    pooled, last, colours = values.split([POOLED, LAST, COLOURED], dim=1)
    return Sight(
        pooled,
        last.unflatten(1, (LAST_CHANNELS, GRID * GRID)),
        colours.unflatten(1, (len(COLOURS), GRID * GRID)),
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """Features (n, 896) float32 of captions in both languages, five a picture, and of prompts."""

    chinese: torch.Tensor
    english: torch.Tensor
    prompts: torch.Tensor


@dataclass(frozen=True, slots=True)
class Made:
    """Pictures that were made: features, label, whether held out, number of the one it was of.

    `origin` is -1 for one that was drawn.
    """

    views: Views
    labels: list[str]
    held_out: NDArray[np.bool_]
    origin: Numbers


@dataclass(frozen=True, slots=True)
class Examples:
    """Everything there is to learn from and judge by.

    `caption_row` gives for each picture with captions its place among the captions' pictures.
    """

    pictures: list[Picture]
    caption_row: Numbers
    views: Views
    made: Made
    texts: Texts
    prompts: Prompts
    tagged: Tagged

    @property
    def captioned(self) -> Numbers:
        """The pictures with captions to learn from."""
        return self._where(labelled=False, held_out=False)

    @property
    def judged(self) -> Numbers:
        """The pictures with captions that are held out."""
        return self._where(labelled=False, held_out=True)

    @property
    def labelled(self) -> Numbers:
        """The pictures with labels to learn from."""
        return self._where(labelled=True, held_out=False)

    @property
    def judged_labelled(self) -> Numbers:
        """The pictures with labels that are held out."""
        return self._where(labelled=True, held_out=True)

    def _where(self, *, labelled: bool, held_out: bool) -> Numbers:
        return np.array(
            [
                number
                for number, picture in enumerate(self.pictures)
                if bool(picture.label) == labelled and picture.held_out == held_out
            ]
        )

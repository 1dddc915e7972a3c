"""Decides which ranked photos are worth showing, from the scores of the one query alone.

Scores of CLIP models move from query to query, so no fixed threshold works. The background, the
photos that have nothing to do with the query, is nearly all of a library: its middle is the
median, and what counts is how far a score stands out of it towards the best one. This rule is a
simple beginning; it cannot yet say "nothing like that here".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Shares of the way from the median score to the best one, chosen by eye on the test model's
# shapes: 0.5 keeps photos that match in part, 0.8 those that match as well as the best.
_SHOWN = 0.5
_CERTAIN = 0.8
# Equal vectors may differ in the last bits of their scores, depending on their place in memory.
_ROUNDING = 1e-5


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Scores from `shown` on are worth showing; from `certain` on they surely match."""

    shown: float
    certain: float


def cutoff(scores: NDArray[np.float32]) -> Cutoff:
    """Draw the line through the scores of all photos, float32 (n,), n at least 1, in any order."""
    best, middle = float(scores.max()), float(np.median(scores))
    return Cutoff(
        shown=middle + _SHOWN * (best - middle) - _ROUNDING,
        certain=middle + _CERTAIN * (best - middle) - _ROUNDING,
    )

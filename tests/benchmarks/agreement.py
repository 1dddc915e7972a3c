"""How well our way from a file to a vector agrees with the reference's, picture by picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.contender import Contender
from tests.benchmarks.report import tell

_PART = 32
_WORST = 5


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cosines, float64 (n,), in the order of `paths`.

    `whole`: ours against the reference that reads correctly. `pixels` is the decoding's part of
    it (the reference's model on our pixels), `engine` the model's (our model against the
    reference's, both on our pixels). `literal`: ours against a reference that neither turns
    photos upright nor converts their colours.
    """

    paths: Sequence[Path]
    whole: NDArray[np.float64]
    pixels: NDArray[np.float64]
    engine: NDArray[np.float64]
    literal: NDArray[np.float64]

    def document(self) -> dict[str, Any]:
        """Give the figures, with the worst pictures by name."""
        worst = np.argsort(self.whole)[:_WORST]
        return {
            "path_cosine_count": len(self.paths),
            **_summary("path", self.whole),
            **_summary("path_pixels", self.pixels),
            **_summary("path_engine", self.engine),
            **_summary("literal", self.literal),
            "path_worst": [
                {"path": str(self.paths[at]), "cosine": round(float(self.whole[at]), 5)}
                for at in worst
            ],
        }


def measure_agreement(ours: Contender, reference: Contender, paths: Sequence[Path]) -> Agreement:
    """Embed every file both ways; all of them must be readable."""
    parts = []
    for first in range(0, len(paths), _PART):
        tell(f"comparing vectors: {first} of {len(paths)}")
        parts.append(_part(ours, reference, paths[first : first + _PART]))
    whole, pixels, engine, literal = np.concatenate(parts, axis=1)
    return Agreement(paths, whole, pixels, engine, literal)


def _part(ours: Contender, reference: Contender, paths: Sequence[Path]) -> NDArray[np.float64]:
    found = ours.ask("vectors", paths)
    on_our_pixels = reference.ask("vectors_of", ours.ask("pixels", paths))
    correct = reference.ask("vectors", paths)
    literal = reference.ask("literal_vectors", paths)
    return np.stack(
        [
            _cosines(found, correct),
            _cosines(on_our_pixels, correct),
            _cosines(found, on_our_pixels),
            _cosines(found, literal),
        ]
    )


def _cosines(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.float64]:
    cosines: NDArray[np.float64] = np.sum(ours.astype(np.float64) * theirs, axis=1)
    return cosines


def _summary(name: str, cosines: NDArray[np.float64]) -> dict[str, float]:
    return {
        f"{name}_cosine_median": round(float(np.median(cosines)), 6),
        f"{name}_cosine_min": round(float(cosines.min()), 6),
    }

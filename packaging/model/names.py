"""What the image trunk's classifier names, in the space of the phrase trunk.

The classifier knows a thousand things better than any head can learn them from a picture or two
of each: the names it finds most likely are mixed by their likelihood, and the query is compared
with that mixture. After Norouzi et al. (2014), "Zero-shot learning by convex combination of
semantic embeddings".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Names that are mixed: those after the tenth carry next to nothing.
LIKELIEST = 10
# Directions of the names' space that are kept.
KEPT = 192

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class NameSpace:
    """Where pictures and texts are compared by what the classifier names.

    `names` (1000, K) were unit vectors before the projection; `centre` (512,) is taken from a
    text's vector, `basis` (512, K) brings it to the same directions.
    """

    names: Floats
    centre: Floats
    basis: Floats

    def of_pictures(self, logits: Floats) -> Floats:
        """Give (n, K) of the classifier's (n, 1000)."""
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        likeliest = np.argsort(-shares, axis=1)[:, :LIKELIEST]
        kept = np.take_along_axis(shares, likeliest, axis=1)
        kept /= kept.sum(axis=1, keepdims=True)
        mixed = np.einsum("nk,nkd->nd", kept, self.names[likeliest])
        return unit(mixed)

    def of_texts(self, phrases: Floats) -> Floats:
        """Give (n, K) of the phrase trunk's (n, 512); shorter than 1 where names say little."""
        return unit(phrases - self.centre) @ self.basis


def name_space(chinese: Floats, english: Floats) -> NameSpace:
    """Make the space of the phrase trunk's vectors of the names, (1000, 512) each."""
    centre = (chinese.mean(axis=0) + english.mean(axis=0)) / 2
    both = unit(unit(chinese - chinese.mean(axis=0)) + unit(english - english.mean(axis=0)))
    _, _, directions = np.linalg.svd(both, full_matrices=False)
    basis = directions[:KEPT].T.copy()
    return NameSpace(both @ basis, centre, basis)


def unit(rows: Floats) -> Floats:
    """Bring rows to unit length."""
    found: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return found.astype(np.float32)

"""Whether the device computes what the processor does: a card that is wrong must not be used."""

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.prepare.samples import sample_pictures

# What PRODUCT promises of the fast path; an int8 graph, which may be the one compared with, takes
# up to 0.01 of it for itself.
_MEDIAN_COSINE = 0.99
_LEAST_COSINE = 0.97


def check_pictures(size: int) -> NDArray[np.uint8]:
    """Give 4 pictures, one of each kind of sample, as uint8 (4, size, size, 3)."""
    return sample_pictures(size)[:4]


def agrees(rows: NDArray[np.float32], reference: NDArray[np.float32]) -> bool:
    """Compare rows of unit length, both (n, D); rows of NaN agree with nothing."""
    if rows.shape != reference.shape:
        return False
    cosines = np.sum(rows * reference, axis=1)
    return bool(np.median(cosines) >= _MEDIAN_COSINE and cosines.min() >= _LEAST_COSINE)

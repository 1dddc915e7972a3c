"""The figures of retrieval: at which place the right answer comes, and how often near the top.

The protocol is that of Chinese-CLIP (arXiv:2211.01335) on Flickr30K-CN, which is CLIP's: every
caption is asked of all pictures, and every picture of all captions, where any of its own captions
is a right answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Scores that differ by less are the same score: they are float32 sums of some 500 products, whose
# last bits (6e-8 near 1) depend on the order of summation, and so on where in the matrix a row is.
TIE = 3e-7

# How many scores are held at once; 40,000 captions by 8,000 pictures would be 1.3 GB.
_BLOCK = 4_000_000

Vectors = NDArray[np.float32]
Owners = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Places:
    """Where each query's right answers stand, one entry per query, int64 (n,).

    `before` counts the wrong answers that score higher than the best right one, `tied` the wrong
    ones that score the same, and `right` the right ones that score the same, itself included.
    """

    before: NDArray[np.int64]
    tied: NDArray[np.int64]
    right: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recall:
    """`r1`, `r5` and `r10`: percent of queries whose right answer is among the first so many.

    `median_rank` and `mean_rank` are of the rank of the best right answer; the first has rank 1.
    """

    r1: float
    r5: float
    r10: float
    median_rank: float
    mean_rank: float


def places(
    queries: Vectors, query_owners: Owners, answers: Vectors, answer_owners: Owners
) -> Places:
    """Compare every query with every answer: (n, D) and (m, D), unit length.

    An answer is right for a query of the same owner, a number that names the picture; each query
    needs at least one. Scores are computed block by block, so memory does not grow with n x m.
    """
    rows = max(1, _BLOCK // max(1, len(answers)))
    parts = [
        _places(
            queries[first : first + rows] @ answers.T,
            query_owners[first : first + rows, np.newaxis] == answer_owners,
        )
        for first in range(0, len(queries), rows)
    ]
    before, tied, right = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Places(before, tied, right)


def _places(
    scores: Vectors, is_right: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    best = np.where(is_right, scores, -np.inf).max(axis=1, keepdims=True)
    higher = scores > best + TIE
    tied = ~higher & (scores >= best - TIE)
    return (
        (higher & ~is_right).sum(axis=1),
        (tied & ~is_right).sum(axis=1),
        (tied & is_right).sum(axis=1),
    )


def recall(found: Places) -> Recall:
    """Sum places up; at least one query.

    Answers with the same score stand in random order, and the figures are what is to be expected
    then: a model that gives all pictures one vector earns what guessing earns, neither all (as
    with "1 + the number scored higher") nor nothing. Without ties it is the usual definition.
    """
    # Of t wrong and r right answers in random order the first right one comes, on average,
    # behind t / (r + 1) wrong ones.
    ranks = 1 + found.before + found.tied / (found.right + 1)
    r1, r5, r10 = (float(_among_first(found, count).mean() * 100) for count in (1, 5, 10))
    return Recall(r1, r5, r10, float(np.median(ranks)), float(ranks.mean()))


def _among_first(found: Places, count: int) -> NDArray[np.float64]:
    """Give the chance, 0 to 1 for each query, that a right answer is among the first `count`."""
    missed = np.ones(len(found.before))
    for place in range(count):
        # Before this place stand the better ones and `drawn` of the tied, all of them wrong.
        drawn = place - found.before
        left = found.tied + found.right - drawn
        wrong = np.maximum(found.tied - drawn, 0) / np.maximum(left, 1)
        missed = np.where(drawn < 0, missed, missed * wrong)
    chances: NDArray[np.float64] = 1 - missed
    return chances

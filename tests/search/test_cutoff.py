"""Which photos are worth showing."""

import numpy as np
import pytest

from memoryhunter.search.cutoff import cutoff


def test_photos_that_stand_out_are_shown() -> None:
    background = np.random.default_rng(0).normal(0.2, 0.02, 1000)
    scores = np.concatenate([background, [0.45, 0.44, 0.35]]).astype(np.float32)
    line = cutoff(scores)
    assert (scores >= line.certain).sum() == 2
    assert (scores >= line.shown).sum() == 3


@pytest.mark.parametrize("scores", [[0.3], [0.3, 0.3, 0.3], [-0.2, -0.1]])
def test_the_best_is_always_shown(scores: list[float]) -> None:
    values = np.array(scores, np.float32)
    line = cutoff(values)
    assert values.max() >= line.certain >= line.shown


def test_copies_are_judged_alike() -> None:
    scores = np.float32(0.523469) + np.array([0, 1e-7, -1e-7, 6e-8], np.float32)
    line = cutoff(scores)
    assert (scores >= line.certain).all()


def test_only_distances_count() -> None:
    scores = np.random.default_rng(1).normal(size=50).astype(np.float32)
    shifted = cutoff(scores + 3)
    assert shifted.shown == pytest.approx(cutoff(scores).shown + 3, abs=1e-5)

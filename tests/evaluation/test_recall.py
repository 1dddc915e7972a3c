"""The figures of retrieval, against a count by hand and a brute force one."""

from itertools import permutations

import numpy as np
import pytest

from memoryhunter.evaluation import recall as module
from memoryhunter.evaluation.recall import Owners, Places, Recall, Vectors, places, recall
from tests.builders import unit_vectors


def brute_force(
    queries: Vectors, query_owners: Owners, answers: Vectors, answer_owners: Owners
) -> Recall:
    """The same from the definition: sort, look for the first right answer."""
    ranks = []
    for query, owner in zip(queries, query_owners, strict=True):
        scores = [float(np.dot(query, answer)) for answer in answers]
        order = sorted(range(len(scores)), key=lambda at: -scores[at])
        right = [place for place, at in enumerate(order, 1) if answer_owners[at] == owner]
        ranks.append(right[0])
    r1, r5, r10 = (100 * sum(rank <= k for rank in ranks) / len(ranks) for k in (1, 5, 10))
    return Recall(r1, r5, r10, float(np.median(ranks)), float(np.mean(ranks)))


def close(found: Recall, expected: Recall) -> bool:
    return all(
        getattr(found, name) == pytest.approx(getattr(expected, name))
        for name in ("r1", "r5", "r10", "median_rank", "mean_rank")
    )


@pytest.fixture
def captioned() -> tuple[Vectors, Owners, Vectors, Owners]:
    """40 pictures with 1 to 5 captions each, which lie near their pictures."""
    pictures = unit_vectors(40, 16, seed=1)
    owners = np.repeat(np.arange(40), np.arange(40) % 5 + 1)
    sentences = pictures[owners] + 0.9 * unit_vectors(len(owners), 16, seed=2)
    sentences /= np.linalg.norm(sentences, axis=1, keepdims=True)
    return sentences, owners, pictures, np.arange(40)


@pytest.mark.parametrize("block", [1, 200, 4_000_000])
def test_both_ways_as_by_brute_force(
    captioned: tuple[Vectors, Owners, Vectors, Owners],
    block: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_BLOCK", block)
    sentences, owners, pictures, own = captioned
    for way in ((sentences, owners, pictures, own), (pictures, own, sentences, owners)):
        found = recall(places(*way))
        assert close(found, brute_force(*way))
        assert 0 < found.r1 < found.r10 <= 100


@pytest.mark.parametrize(("before", "tied", "right"), [(0, 3, 1), (2, 3, 2), (0, 5, 2), (4, 0, 1)])
def test_ties_count_as_any_order_of_them_would(before: int, tied: int, right: int) -> None:
    ranks = [
        before + order.index(True) + 1
        for order in permutations([True] * right + [False] * tied)  # each as likely
    ]
    found = recall(Places(np.array([before]), np.array([tied]), np.array([right])))
    for share, count in ((found.r1, 1), (found.r5, 5), (found.r10, 10)):
        assert share == pytest.approx(100 * np.mean([rank <= count for rank in ranks]))
    assert found.mean_rank == pytest.approx(np.mean(ranks))


def test_one_vector_for_everything_earns_what_guessing_earns() -> None:
    same = np.repeat(unit_vectors(1, 512), 100, axis=0)
    own = np.arange(100)
    found = recall(places(same, own, same, own))
    assert close(found, Recall(1.0, 5.0, 10.0, 50.5, 50.5))


def test_captions_of_the_same_picture_do_not_stand_in_each_others_way() -> None:
    picture = np.array([[1, 0]], np.float32)
    captions = np.array([[0.6, 0.8], [0.8, 0.6], [0.9, np.sqrt(0.19)]], np.float32)
    found = places(picture, np.array([0]), captions, np.array([0, 1, 0]))
    assert (found.before.tolist(), found.tied.tolist(), found.right.tolist()) == ([0], [0], [1])

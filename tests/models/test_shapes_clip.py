"""The test model deserves to be trusted: it finds combinations it was never trained on."""

from pathlib import Path

import pytest

from tests.models.held_out import held_out_accuracy
from tests.models.shapes import combinations

MODEL = Path(__file__).parent / "shapes-clip"


def test_held_out_combinations_are_found_first_in_both_languages() -> None:
    found = held_out_accuracy(MODEL)
    assert found["zh"] >= 0.95
    assert found["en"] >= 0.95


def test_what_is_held_out_was_never_trained_on() -> None:
    held, seen = set(combinations(held=True)), set(combinations(held=False))
    assert not held & seen
    assert (len(held), len(seen)) == (72, 168)
    for part in range(3):  # every count, colour and shape was seen, in other company
        assert {each[part] for each in held} <= {each[part] for each in seen}


@pytest.mark.parametrize("name", ["config.json", "vocab.txt", "preprocessor_config.json"])
def test_the_folder_is_laid_out_as_by_a_hub(name: str) -> None:
    assert (MODEL / name).is_file()
    assert sum(each.stat().st_size for each in MODEL.iterdir()) < 5_000_000

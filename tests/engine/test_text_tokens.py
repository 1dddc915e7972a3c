from pathlib import Path

import numpy as np
import pytest

from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.text_tokens import TextTokens, TokenizerError
from tests.engine.conftest import HubModels
from tests.engine.texts import MALFORMED, TRICKY


@pytest.fixture
def tokens(int8_package: ModelPackage) -> TextTokens:
    return TextTokens(int8_package.folder / "tokenizer.json", int8_package.max_tokens)


def test_tokens_are_those_of_transformers(tokens: TextTokens, hub_models: HubModels) -> None:
    wanted = hub_models.reference("tiny-pickle").ids
    assert len(np.unique(wanted)) > 60  # the vocabulary is really used
    for text, row in zip(TRICKY, wanted, strict=True):
        assert tokens.encode([text]).input_ids[0].tolist() == row[row > 0].tolist(), text


def test_texts_are_padded_to_the_longest(tokens: TextTokens) -> None:
    batch = tokens.encode(["猫", "", "海边的日落"])
    assert batch.input_ids.shape == batch.attention_mask.shape == (3, 7)
    assert batch.input_ids.dtype == batch.attention_mask.dtype == np.int64
    assert batch.attention_mask.sum(axis=1).tolist() == [3, 2, 7]
    assert (batch.input_ids[batch.attention_mask == 0] == 0).all()


def test_long_texts_end_with_the_closing_mark(tokens: TextTokens) -> None:
    ids = tokens.encode(["猫" * 500]).input_ids
    assert ids.shape == (1, 52)
    assert ids[0, -1] == tokens.encode([""]).input_ids[0, -1]


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_texts_are_encoded(tokens: TextTokens, text: str) -> None:
    assert tokens.encode([text]).input_ids.shape[1] >= 2


def test_a_split_surrogate_pair_is_joined(tokens: TextTokens) -> None:
    joined = tokens.encode(["猫\ud83d\ude00"]).input_ids
    np.testing.assert_array_equal(joined, tokens.encode(["猫😀"]).input_ids)


def test_no_texts_give_no_rows(tokens: TextTokens) -> None:
    assert tokens.encode([]).input_ids.shape == (0, 0)


def test_a_bad_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TokenizerError, match=r"tokenizer\.json"):
        TextTokens(tmp_path / "tokenizer.json", 52)

"""Typed text, whatever was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memoryhunter.search.text import normalise


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  海边的日落 ", "海边的日落"),
        ("ＲＥＤ　ｃａｒ", "RED car"),
        ("red\n\tcar", "red car"),
        ("a\x00b\ud800c", "a b c"),
        ("", ""),
        ("①", "1"),
    ],
)
def test_forms_are_folded(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_nothing_raises_and_twice_is_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    once.encode("utf-8")

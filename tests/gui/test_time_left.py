"""How long work will still take, in words."""

import pytest

from memoryhunter.gui.time_left import TimeLeft


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3, "less than a minute left"),
        (70, "1 minute(s) left"),
        (3_600, "60 minute(s) left"),
        (20_000, "6 hour(s) left"),
    ],
)
def test_time_left_is_rough(seconds: float, text: str) -> None:
    assert TimeLeft().text(seconds) == text

"""How an installation and long work are told."""

import math

import pytest

from memoryhunter.cli.installing import download_sentence
from memoryhunter.cli.terminal import duration
from memoryhunter.engine.download.progress import DownloadProgress


@pytest.mark.parametrize(
    ("bytes_a_second", "told"),
    [
        (12_300_000, "12.3 MB a second"),
        (999_999, "1.0 MB a second"),
        (999_400, "999 KB a second"),
        (40_000, "40 KB a second"),
        (20, "20 bytes a second"),
    ],
)
def test_a_slow_line_has_a_speed_too(bytes_a_second: float, told: str) -> None:
    assert told in download_sentence(_progress(bytes_a_second))


def test_a_line_that_stands_still_has_none() -> None:
    assert "a second" not in download_sentence(_progress(0.3))


def _progress(speed: float) -> DownloadProgress:
    return DownloadProgress("hf", "weights", 0, 753_000_000, speed, 753_000_000 / speed)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (5, "5 s"),
        (600, "10 min"),
        (7200, "2.0 h"),
        (200_000, "more than a day"),
        (math.inf, "more than a day"),
        (math.nan, "more than a day"),
    ],
)
def test_lengths_of_time(seconds: float, told: str) -> None:
    assert duration(seconds) == told

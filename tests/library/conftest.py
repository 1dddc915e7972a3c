"""A library in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from memoryhunter.library.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db") as opened:
        yield opened

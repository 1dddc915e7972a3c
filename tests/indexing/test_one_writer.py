"""The lock by which one program at a time indexes, shared by the parts of a program."""

from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.indexing.one_writer import OneWriter


def test_it_is_held_until_everybody_has_ended_who_began(tmp_path: Path) -> None:
    writer, other = OneWriter(tmp_path / "lock"), OneWriter(tmp_path / "lock")
    writer.begin()
    writer.begin()
    writer.end()
    assert not writer.is_another()
    assert other.is_another()
    with pytest.raises(UserError) as caught:
        other.begin()
    assert caught.value.code is ErrorCode.LIBRARY_BUSY_INDEXING
    writer.end()
    other.begin()
    assert writer.is_another()
    other.end()


def test_closing_ends_it_for_everybody(tmp_path: Path) -> None:
    writer, other = OneWriter(tmp_path / "lock"), OneWriter(tmp_path / "lock")
    writer.begin()
    writer.begin()
    writer.close()
    other.begin()
    other.close()
    other.close()

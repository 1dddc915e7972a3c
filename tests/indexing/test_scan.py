"""Comparing a folder with the library."""

from pathlib import Path

import pytest

from memoryhunter.domain.photo import FileStamp
from memoryhunter.indexing.scan import Found, compare, is_reachable, walk
from memoryhunter.indexing.survey import Scope
from memoryhunter.indexing.watch import outermost
from memoryhunter.library.files import KnownFile

STAMP = FileStamp(1, 2)


def known(photo_id: int, stamp: FileStamp = STAMP, *, missing: bool = False) -> KnownFile:
    return KnownFile(photo_id, stamp, missing)


def test_new_changed_gone_and_returned_files() -> None:
    found = Found({"new.jpg": STAMP, "same.jpg": STAMP, "changed.jpg": STAMP, "back.jpg": STAMP})
    difference = compare(
        found,
        [
            ("same.jpg", known(1)),
            ("changed.jpg", known(2, FileStamp(9, 2))),
            ("gone.jpg", known(3)),
            ("back.jpg", known(4, missing=True)),
            ("long gone.jpg", known(5, missing=True)),
        ],
    )
    assert set(difference.to_read) == {"new.jpg", "changed.jpg"}
    assert [each.photo_id for each in difference.gone] == [3]
    assert difference.returned == [4]


@pytest.mark.parametrize(("folder", "gone"), [("a", [2]), ("", []), ("ab", [1, 2])])
def test_what_cannot_be_listed_is_not_gone(folder: str, gone: list[int]) -> None:
    found = Found({}, [folder])
    difference = compare(found, [("a/1.jpg", known(1)), ("b/2.jpg", known(2))])
    assert [each.photo_id for each in difference.gone] == gone


def test_a_walk_below_a_folder_that_is_gone_finds_nothing(tmp_path: Path) -> None:
    found = walk(tmp_path, "not/there", frozenset())
    assert (found.files, found.unreadable) == ({}, [])


def test_what_was_the_top_of_a_drive_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    assert is_reachable(tmp_path, was_mount=False, known=1000)
    assert not is_reachable(tmp_path, was_mount=True, known=0)
    assert not is_reachable(tmp_path / "not there", was_mount=False, known=0)


def test_scopes_inside_others_are_left_out() -> None:
    scopes = {
        Scope(1, "a/b"),
        Scope(1, "a"),
        Scope(1, "ab"),
        Scope(2, "a/b"),
        Scope(3),
        Scope(3, "x"),
    }
    assert set(outermost(scopes)) == {Scope(1, "a"), Scope(1, "ab"), Scope(2, "a/b"), Scope(3)}

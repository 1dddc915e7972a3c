"""Only folders of the person's own can be watched."""

import os
from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.indexing.folder_check import check_folder


def refusal(path: Path, *own: Path) -> ErrorCode:
    with pytest.raises(UserError) as caught:
        check_folder(path, frozenset(own))
    return caught.value.code


def test_a_folder_is_welcome_under_its_real_name(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    assert check_folder(tmp_path / "sub" / "..", frozenset()) == tmp_path.resolve()


def test_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file") is ErrorCode.NOT_A_FOLDER
    for name in ("nothing", "file/below", "n" * 300, "a\0b"):
        assert refusal(tmp_path / name) is ErrorCode.FOLDER_NOT_FOUND


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    assert refusal(tmp_path / "circle") is ErrorCode.FOLDER_NOT_FOUND


def test_a_folder_behind_a_closed_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", refuse)
    assert refusal(tmp_path) is ErrorCode.FOLDER_NOT_FOUND


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_our_own_folders(tmp_path: Path) -> None:
    own = (tmp_path / "own").resolve()
    (own / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to(own)
    for path in (own, own / "sub", tmp_path / "link"):
        assert refusal(path, own) is ErrorCode.FOLDER_HOLDS_OUR_FILES

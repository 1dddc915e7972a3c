"""Settings survive, and damaged ones do not keep people out."""

import json
from pathlib import Path

import pytest

from memoryhunter.config.paths import app_paths
from memoryhunter.config.settings import Settings, load_settings, save_settings
from memoryhunter.domain.errors import ErrorCode, UserError


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    chosen = Settings(model="chinese-clip", language="zh_CN", thumbnail_size=240)
    save_settings(path, chosen)
    assert load_settings(path) == chosen
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


def test_defaults_where_there_are_none(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == Settings()


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b'"text"'])
def test_damaged_settings_are_put_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert load_settings(path) == Settings()
    assert (tmp_path / "settings.json.damaged").read_bytes() == content


def test_values_of_the_wrong_kind_and_unknown_ones_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"thumbnail_size": "huge", "model": 7, "new": 1, "language": "en"}))
    assert load_settings(path) == Settings(language="en")


def test_everything_is_under_the_home(tmp_path: Path) -> None:
    paths = app_paths(tmp_path / "home")
    paths.make()
    for place in (paths.database, paths.models, paths.thumbnails, paths.settings, paths.logs):
        assert place.is_relative_to(tmp_path / "home")


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError) as raised:
        app_paths(tmp_path / "file" / "home").make()
    assert raised.value.code is ErrorCode.HOME_UNUSABLE

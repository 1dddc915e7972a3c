"""Settings survive, and damaged ones do not keep people out."""

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from memoryhunter.config.logs import start_logging, stop_logging
from memoryhunter.config.paths import app_paths
from memoryhunter.config.settings import Settings, device_wish, load_settings, save_settings
from memoryhunter.domain.errors import ErrorCode, UserError


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    chosen = Settings(model="chinese-clip", language="zh_CN", thumbnail_size=240)
    save_settings(path, chosen)
    assert load_settings(path) == chosen
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


def test_defaults_where_there_are_none(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == Settings()


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b"[]", b"\xff\xfe", b'"text"'])
def test_damaged_settings_are_put_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert load_settings(path) == Settings()
    assert (tmp_path / "settings.json.damaged").read_bytes() == content


def test_values_of_the_wrong_kind_and_unknown_ones_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"thumbnail_size": "huge", "model": 7, "new": 1, "language": "en"}))
    assert load_settings(path) == Settings(language="en")


def test_a_failed_save_leaves_the_old_settings_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, Settings(language="en"))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError) as raised:
        save_settings(path, Settings(language="zh_CN"))
    assert raised.value.code is ErrorCode.HOME_UNUSABLE
    assert load_settings(path) == Settings(language="en")
    assert [each.name for each in tmp_path.iterdir()] == ["settings.json"]


def test_the_environment_wishes_for_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEMORYHUNTER_DEVICE", raising=False)
    assert device_wish(Settings()) == "auto"
    assert device_wish(Settings(device="cpu")) == "cpu"
    monkeypatch.setenv("MEMORYHUNTER_DEVICE", "gpu")
    assert device_wish(Settings(device="cpu")) == "gpu"


def refused(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reading and replacing files fail so often, as Windows does for a moment."""
    for name in ("read_text", "replace"):
        left = [times]
        work = getattr(Path, name)

        def attempt(
            path: Path,
            *arguments: object,
            left: list[int] = left,
            work: Callable[..., object] = work,
            **named: object,
        ) -> object:
            if left[0]:
                left[0] -= 1
                raise PermissionError(13, "Permission denied")
            return work(path, *arguments, **named)

        monkeypatch.setattr(Path, name, attempt)


def test_settings_being_replaced_are_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(2, monkeypatch)
    save_settings(tmp_path / "settings.json", Settings(language="en"))
    assert load_settings(tmp_path / "settings.json") == Settings(language="en")


def test_settings_nobody_may_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(1000, monkeypatch)
    with pytest.raises(UserError) as raised:
        load_settings(tmp_path / "settings.json")
    assert raised.value.code is ErrorCode.HOME_UNUSABLE


def test_a_log_another_program_holds_is_written_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_names: object) -> None:
        raise PermissionError(13, "Permission denied")  # as Windows does while it is open

    monkeypatch.setattr(os, "rename", refuse)
    logger = logging.getLogger("memoryhunter.test")
    handler = start_logging(tmp_path)
    try:
        logger.info("x" * 1_000_000)
        logger.info("the last word")
    finally:
        stop_logging(handler)
    assert "the last word" in (tmp_path / "memoryhunter.log").read_text(encoding="utf-8")


def test_what_a_library_warns_of_goes_to_the_log_and_not_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    handler = start_logging(tmp_path)
    try:
        logging.getLogger("watchdog.observers").error("called when inactive")
    finally:
        stop_logging(handler)
    assert "called when inactive" in (tmp_path / "memoryhunter.log").read_text(encoding="utf-8")
    assert "called when inactive" not in capfd.readouterr().err


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

import errno
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from PySide6 import QtDBus
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from memoryhunter.gui.jobs import Courier, Lane
from memoryhunter.gui.reveal import Place, Revealer, explorer_arguments, look, show


class FolderOpener(QObject):
    """Takes the place of the system for file: addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []
        # The stubs ask for bytes, which are refused.
        QDesktopServices.setUrlHandler("file", self, "open")  # type: ignore[arg-type]

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def opener(qapp: QApplication) -> Iterator[FolderOpener]:
    yield FolderOpener()
    QDesktopServices.unsetUrlHandler("file")


def test_a_file_that_is_gone_shows_the_nearest_folder(opener: FolderOpener, tmp_path: Path) -> None:
    show(look(tmp_path / "2023" / "海边, 日落" / "a.jpg"))
    assert opener.opened == [tmp_path]


def test_a_disk_that_does_not_answer_keeps_nobody_waiting(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    shown: list[Place] = []

    def slow(path: Path) -> Place:
        assert threading.current_thread() is not threading.main_thread()
        assert answers.wait(10)
        return Place(path, True, path.parent)

    monkeypatch.setattr("memoryhunter.gui.reveal.look", slow)
    monkeypatch.setattr("memoryhunter.gui.reveal.show", shown.append)
    lane = Lane[None]("disks", Courier(), nullcontext)
    Revealer(lane)(Path("/net/a.jpg"))
    assert shown == []
    answers.set()
    qtbot.waitUntil(lambda: len(shown) == 1)
    lane.stop()
    assert lane.join(5)


def test_a_disk_that_answers_with_an_error_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(_path: Path) -> bool:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(Path, "is_dir", stale)
    monkeypatch.setattr(Path, "exists", stale)
    assert look(tmp_path / "a.jpg") == Place(tmp_path / "a.jpg", False, None)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="other systems have no D-Bus")
def test_without_a_session_bus_the_folder_opens(
    opener: FolderOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a developer's own desktop a real file manager would answer.
    nowhere = QtDBus.QDBusConnection("nowhere")
    monkeypatch.setattr(QtDBus.QDBusConnection, "sessionBus", lambda: nowhere)
    folder = tmp_path / "海边, 日落 #1"
    folder.mkdir()
    photo = folder / "a b,%20.jpg"
    photo.touch()
    show(look(photo))
    assert opener.opened == [folder]


def test_explorer_gets_its_quotes_around_the_path_only(tmp_path: Path) -> None:
    photo = tmp_path / "我的 照片, 2023" / "a.jpg"
    assert explorer_arguments(photo) == f'/select,"{photo}"'

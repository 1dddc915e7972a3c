import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6 import QtDBus
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from memoryhunter.gui.reveal import explorer_arguments, reveal


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
    reveal(tmp_path / "2023" / "海边, 日落" / "a.jpg")
    assert opener.opened == [tmp_path]


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
    reveal(photo)
    assert opener.opened == [folder]


def test_explorer_gets_its_quotes_around_the_path_only(tmp_path: Path) -> None:
    photo = tmp_path / "我的 照片, 2023" / "a.jpg"
    assert explorer_arguments(photo) == f'/select,"{photo}"'

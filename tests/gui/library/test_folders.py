"""Folders: the first run, the panel, dropping, removing."""

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialogButtonBox,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.gui.library.folder_list import COUNT_ROLE
from memoryhunter.gui.session import Session
from tests.gui.conftest import StartSession
from tests.gui.fakes import FakeWorld

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def empty_world(world: FakeWorld) -> FakeWorld:
    world.library.folders.paths.clear()
    world.library.photos.shelf.clear()
    return world


def child(session: Session, kind: type[W], name: str) -> W:
    found = session.window.findChild(kind, name)
    assert isinstance(found, kind)
    return found


def items(session: Session) -> list[QListWidgetItem]:
    folders = child(session, QListWidget, "folderList")
    return [folders.item(row) for row in range(folders.count())]


def click_folder(qtbot: QtBot, session: Session, row: int) -> None:
    folders = child(session, QListWidget, "folderList")
    place = folders.visualItemRect(items(session)[row]).center()
    qtbot.mouseClick(folders.viewport(), Qt.MouseButton.LeftButton, pos=place)


def drop(session: Session, paths: list[Path]) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle = session.window.rect().center()
    enter = QDragEnterEvent(
        middle,
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QGuiApplication.sendEvent(session.window, enter)
    assert enter.isAccepted()
    assert enter.dropAction() == Qt.DropAction.CopyAction
    assert child(session, QWidget, "dropHighlight").isVisible()
    event = QDropEvent(
        middle.toPointF(),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QGuiApplication.sendEvent(session.window, event)
    return event


def test_without_folders_the_first_run_page_is_shown(
    qtbot: QtBot, empty_world: FakeWorld, start: StartSession
) -> None:
    session = start()
    page = child(session, QWidget, "firstRunPage")
    qtbot.waitUntil(page.isVisible)
    assert not session.window.search.isVisible()


def test_with_folders_there_is_no_first_run_page(session: Session) -> None:
    assert not child(session, QWidget, "firstRunPage").isVisible()


def test_what_goes_wrong_on_the_first_run_is_told_there(
    qtbot: QtBot, empty_world: FakeWorld, start: StartSession, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    empty_world.bad_folders[gone] = UserError(ErrorCode.FOLDER_NOT_FOUND, path=str(gone))
    session = start()
    qtbot.waitUntil(child(session, QWidget, "firstRunPage").isVisible)
    session.library.add_folders([gone])
    qtbot.waitUntil(session.window.notice.isVisible)
    assert str(gone) in session.window.notice.accessibleName()


def test_choosing_a_folder_on_the_first_run_opens_the_library(
    qtbot: QtBot, empty_world: FakeWorld, start: StartSession, tmp_path: Path
) -> None:
    session = start()
    qtbot.waitUntil(child(session, QWidget, "firstRunPage").isVisible)
    qtbot.mouseClick(child(session, QPushButton, "chooseFolders"), Qt.MouseButton.LeftButton)
    dialog = child(session, QFileDialog, "folderDialog")
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.filesSelected.emit([str(tmp_path)])
    dialog.close()
    qtbot.waitUntil(session.window.search.isVisible)
    assert empty_world.library.folders.paths == {1: tmp_path}


def test_the_suggested_folder_is_taken_with_one_click(
    qtbot: QtBot, empty_world: FakeWorld, start: StartSession, tmp_path: Path
) -> None:
    session = start()
    session.window.first_run.suggest(tmp_path)
    button = child(session, QPushButton, "usePictures")
    assert tmp_path.name in button.text()
    qtbot.waitUntil(child(session, QWidget, "firstRunPage").isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: empty_world.library.folders.paths == {1: tmp_path})


def test_dropped_folders_are_added(
    qtbot: QtBot, empty_world: FakeWorld, start: StartSession, tmp_path: Path
) -> None:
    session = start()
    event = drop(session, [tmp_path])
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction
    assert not child(session, QWidget, "dropHighlight").isVisible()
    qtbot.waitUntil(lambda: empty_world.library.folders.paths == {1: tmp_path})


def test_dropped_files_are_left_alone_with_a_hint(
    qtbot: QtBot, session: Session, world: FakeWorld, tmp_path: Path
) -> None:
    file = tmp_path / "one.jpg"
    file.write_bytes(b"")
    drop(session, [file])
    qtbot.waitUntil(session.window.notice.isVisible)
    assert len(world.library.folders.paths) == 2


def test_dragging_text_or_leaving_shows_nothing(session: Session) -> None:
    data = QMimeData()
    data.setText("cat")
    enter = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter.ignore()
    QGuiApplication.sendEvent(session.window, enter)
    assert not enter.isAccepted()
    QGuiApplication.sendEvent(session.window, QDragLeaveEvent())
    assert not child(session, QWidget, "dropHighlight").isVisible()


def test_a_folder_that_cannot_be_added_is_explained(
    qtbot: QtBot, session: Session, world: FakeWorld, tmp_path: Path
) -> None:
    world.bad_folders[tmp_path] = UserError(ErrorCode.FOLDER_HOLDS_OUR_FILES, path=str(tmp_path))
    session.library.add_folders([tmp_path])
    qtbot.waitUntil(session.window.notice.isVisible)
    assert tmp_path.name in session.window.notice._text.text()
    assert len(world.library.folders.paths) == 2


def test_the_panel_lists_folders_with_counts(session: Session) -> None:
    assert [(item.text(), item.data(COUNT_ROLE)) for item in items(session)] == [
        ("All photos", 30),
        ("Sea", 20),
        ("Town", 10),
    ]


def test_an_offline_folder_says_so(qtbot: QtBot, world: FakeWorld, start: StartSession) -> None:
    world.library.folders.offline.add(2)
    session = start()
    qtbot.waitUntil(lambda: len(items(session)) == 3)
    assert "not connected" in items(session)[2].data(Qt.ItemDataRole.AccessibleTextRole)


def test_clicking_a_folder_narrows_the_grid_and_later_searches(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    click_folder(qtbot, session, 2)
    qtbot.waitUntil(lambda: session.model.rowCount() == 10)
    assert session.window.chips.isVisible()
    qtbot.keyClicks(session.window.search, "cat")
    qtbot.waitUntil(lambda: bool(world.search.asked))
    assert len(world.search.asked[-1].filters) == 1
    cross = session.window.chips._folder._button
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert session.search.question.folder is None
    assert items(session)[0].isSelected()


def test_removing_asks_first_and_says_that_files_stay(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    click_folder(qtbot, session, 1)
    qtbot.keyClick(child(session, QListWidget, "folderList"), Qt.Key.Key_Delete)
    box = child(session, QMessageBox, "removeFolderDialog")
    assert "not touched" in box.informativeText()
    cancel = box.button(QMessageBox.StandardButton.Cancel)
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert len(world.library.folders.paths) == 2


def test_removing_forgets_the_folder_and_its_photos(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    click_folder(qtbot, session, 1)
    qtbot.waitUntil(lambda: session.model.rowCount() == 20)
    qtbot.keyClick(child(session, QListWidget, "folderList"), Qt.Key.Key_Delete)
    box = child(session, QMessageBox, "removeFolderDialog")
    qtbot.mouseClick(button_of(box, QMessageBox.ButtonRole.AcceptRole), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.model.rowCount() == 10)
    assert list(world.library.folders.paths) == [2]
    assert session.search.question.folder is None


def test_all_photos_cannot_be_removed(qtbot: QtBot, session: Session) -> None:
    click_folder(qtbot, session, 0)
    qtbot.keyClick(child(session, QListWidget, "folderList"), Qt.Key.Key_Delete)
    assert session.window.findChild(QMessageBox, "removeFolderDialog") is None


def test_removing_the_last_folder_leads_back_to_the_first_run_page(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    session.library.remove_folder(1)
    session.library.remove_folder(2)
    qtbot.waitUntil(child(session, QWidget, "firstRunPage").isVisible)


def button_of(box: QMessageBox, role: QMessageBox.ButtonRole) -> QAbstractButton:
    buttons = box.findChild(QDialogButtonBox)
    assert buttons is not None
    return next(button for button in box.buttons() if box.buttonRole(button) == role)

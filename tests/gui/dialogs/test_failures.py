from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from memoryhunter.domain.failures import FailureReason
from memoryhunter.domain.photo import FailedFile
from memoryhunter.gui.dialogs.failures import FailuresDialog
from memoryhunter.gui.messages import failure_text

FAILED = [
    FailedFile(Path("/照片/a.jpg"), FailureReason.DAMAGED, "image file is truncated"),
    FailedFile(Path("/照片/b, c.heic"), FailureReason.NO_PERMISSION, ""),
]


@pytest.fixture
def revealed() -> list[Path]:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, revealed: list[Path]) -> FailuresDialog:
    dialog = FailuresDialog(FAILED, show_in_folder=revealed.append)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot deletes it
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def table(dialog: FailuresDialog) -> QTableView:
    found = dialog.findChild(QTableView)
    assert isinstance(found, QTableView)
    return found


def button(dialog: FailuresDialog, text: str) -> QPushButton:
    return next(button for button in dialog.findChildren(QPushButton) if button.text() == text)


def click_row(dialog: FailuresDialog, row: int, *, double: bool = False) -> None:
    view = table(dialog)
    place = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    if double:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_it_lists_file_folder_reason_and_detail(dialog: FailuresDialog) -> None:
    model = table(dialog).model()
    assert dialog.objectName() == "failuresDialog"
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(2)]
    assert rows[0][0] == "a.jpg"
    assert rows[0][1:] == [
        str(Path("/照片")),
        failure_text(FailureReason.DAMAGED),
        "image file is truncated",
    ]
    assert rows[1][2] == failure_text(FailureReason.NO_PERMISSION)


def test_a_selected_file_can_be_shown_in_its_folder(
    dialog: FailuresDialog, revealed: list[Path]
) -> None:
    show = button(dialog, "Show in folder")
    assert not show.isEnabled()
    click_row(dialog, 1)
    assert show.isEnabled()
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    assert revealed == [FAILED[1].path]


def test_a_double_click_shows_the_file_too(dialog: FailuresDialog, revealed: list[Path]) -> None:
    click_row(dialog, 0, double=True)
    assert revealed == [FAILED[0].path]


def test_the_list_can_be_copied_for_a_spreadsheet(dialog: FailuresDialog) -> None:
    QTest.mouseClick(button(dialog, "Copy list"), Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 3
    assert lines[0].startswith("File\t")
    assert lines[1].split("\t")[0] == "a.jpg"
    assert all(line.count("\t") == 3 for line in lines)


def test_the_menu_of_a_row_copies_it(dialog: FailuresDialog, qtbot: QtBot) -> None:
    click_row(dialog, 1)
    table(dialog).customContextMenuRequested.emit(QPoint(10, 10))
    menu = dialog.findChild(QMenu)
    assert isinstance(menu, QMenu)
    copy = next(action for action in menu.actions() if action.text() == "Copy selected rows")
    copy.trigger()
    menu.close()
    assert "b, c.heic" in QGuiApplication.clipboard().text()
    assert "a.jpg" not in QGuiApplication.clipboard().text()


def test_enter_does_not_copy_and_escape_closes(dialog: FailuresDialog, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("mine")
    QTest.keyClick(table(dialog), Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "mine"
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_ten_thousand_files_open_quickly_and_no_file_is_fine(qtbot: QtBot) -> None:
    many = FailuresDialog(FAILED * 5_000, show_in_folder=print)
    none = FailuresDialog([], show_in_folder=print)
    for dialog in (many, none):
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
    assert table(many).model().rowCount() == 10_000
    assert any("Every file was read" in label.text() for label in none.findChildren(QLabel))
    assert not button(none, "Copy list").isEnabled()

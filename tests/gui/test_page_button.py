"""Enter on the buttons of the window's pages."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from memoryhunter.gui.grid.empty_page import EmptyPage
from memoryhunter.gui.library.first_run import FirstRunPage
from memoryhunter.gui.theme import Theme


def named(page: QWidget, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_press_the_buttons_of_pages(qtbot: QtBot, theme: Theme, key: Qt.Key) -> None:
    empty, first = EmptyPage(theme), FirstRunPage(theme)
    qtbot.addWidget(empty)
    qtbot.addWidget(first)
    for page, name, signal in (
        (empty, "emptyPrimary", empty.primary_pressed),
        (empty, "emptyButton", empty.button_pressed),
        (first, "chooseFolders", first.choose_wanted),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(named(page, name), key)

"""Finding photos like another one, and coming back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from memoryhunter.domain.query import Hit
from memoryhunter.gui.session import Session
from tests.gui.fakes import FakeWorld


@pytest.fixture(autouse=True)
def answers(world: FakeWorld) -> None:
    world.search.answers = {"cat": [Hit(7, 0.5, certain=True), Hit(8, 0.5, certain=True)]}
    world.search.similar = [Hit(8, 1.0, certain=True), Hit(1, 0.9, certain=True)]


def click_tile(qtbot: QtBot, session: Session, row: int, button: Qt.MouseButton) -> None:
    grid = session.window.grid
    place = grid.visualRect(session.model.index(row)).center()
    qtbot.mouseClick(grid.viewport(), button, pos=place)


def find_similar_from_menu(qtbot: QtBot, session: Session, row: int) -> None:
    click_tile(qtbot, session, row, Qt.MouseButton.LeftButton)
    session.window.grid.menu_wanted.emit(session.window.mapToGlobal(session.window.rect().center()))
    menu = session.window.findChild(QMenu, "photoMenu")
    assert isinstance(menu, QMenu)
    assert menu.isVisible()
    names = [action.objectName() for action in menu.actions() if not action.isSeparator()]
    assert names == ["openPhoto", "findSimilar", "reveal", "copyPath"]
    place = menu.actionGeometry(menu.actions()[1]).center()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)


def search_cat(qtbot: QtBot, session: Session) -> None:
    qtbot.keyClicks(session.window.search, "cat")
    qtbot.waitUntil(lambda: session.model.ids == (7, 8))


def test_the_menu_finds_similar_and_shows_a_chip(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    search_cat(qtbot, session)
    find_similar_from_menu(qtbot, session, 1)
    qtbot.waitUntil(lambda: session.model.ids == (8, 1))
    assert world.search.asked[-1].similar_to == 8
    assert session.window.search.text() == ""
    chips = session.window.chips
    assert chips.objectName() == "filterChips"
    assert chips.isVisible()


def test_leaving_by_the_chip_brings_the_text_back(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    search_cat(qtbot, session)
    find_similar_from_menu(qtbot, session, 0)
    qtbot.waitUntil(lambda: session.model.ids == (8, 1))
    cross = session.window.chips._similar.findChild(QToolButton)
    assert isinstance(cross, QToolButton)
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.model.ids == (7, 8))
    assert session.window.search.text() == "cat"
    assert not session.window.chips.isVisible()


def test_escape_leaves_similar_then_the_text_then_the_folder(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    session.search.set_folder(1)
    search_cat(qtbot, session)
    find_similar_from_menu(qtbot, session, 0)
    qtbot.waitUntil(lambda: session.model.ids == (8, 1))
    grid = session.window.grid
    session.window.activateWindow()
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert session.search.question.similar_to is None
    assert session.search.question.text == "cat"
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert session.search.question.text == ""
    assert session.search.question.folder == 1
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert session.search.question.folder is None


def test_words_typed_beside_a_similar_photo_are_combined_and_stay(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    find_similar_from_menu(qtbot, session, 0)
    qtbot.keyClicks(session.window.search, "red")
    qtbot.waitUntil(lambda: [query.text for query in world.search.asked[-1:]] == ["red"])
    assert world.search.asked[-1].similar_to == 30
    session.search.leave_similar()
    assert session.window.search.text() == "red"

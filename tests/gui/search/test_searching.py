"""Typing in the field, as people do it, over fakes."""

import threading

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.query import Hit
from memoryhunter.gui.session import Session
from tests.gui.conftest import StartSession
from tests.gui.fakes import FakeWorld


@pytest.fixture(autouse=True)
def answers(world: FakeWorld) -> None:
    world.search.answers = {
        "海": [Hit(3, 0.5, certain=True), Hit(4, 0.4, certain=True), Hit(9, 0.2, certain=False)],
        "海边": [Hit(3, 0.6, certain=True)],
        "cat": [Hit(7, 0.5, certain=True)],
    }


def type_text(qtbot: QtBot, session: Session, text: str) -> None:
    if text.isascii():
        qtbot.keyClicks(session.window.search, text)
    else:
        compose(session, "", commit=text)  # no keyboard has these keys


def summary(session: Session) -> str:
    label = session.window.findChild(QLabel, "resultSummary")
    assert isinstance(label, QLabel)
    return label.text()


def compose(session: Session, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QCoreApplication.sendEvent(session.window.search, event)


def test_typing_shows_the_answer_and_says_how_many(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    type_text(qtbot, session, "海")
    qtbot.waitUntil(lambda: session.model.ids == (3, 4, 9))
    assert "2" in summary(session)
    assert "1" in summary(session)
    assert not session.model.tile(0).possible
    assert session.model.tile(2).possible


def test_fast_typing_asks_once(qtbot: QtBot, session: Session, world: FakeWorld) -> None:
    type_text(qtbot, session, "cat")
    qtbot.waitUntil(lambda: session.model.ids == (7,))
    assert [query.text for query in world.search.asked] == ["cat"]


def test_enter_asks_at_once(qtbot: QtBot, session: Session, world: FakeWorld) -> None:
    type_text(qtbot, session, "cat")
    qtbot.keyClick(session.window.search, Qt.Key.Key_Return)
    assert session.search.question.text == "cat"


def test_a_late_answer_to_an_old_question_is_dropped(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.search.held["海"] = threading.Event()
    type_text(qtbot, session, "海")
    qtbot.waitUntil(lambda: [query.text for query in world.search.asked] == ["海"])
    shown = QSignalSpy(session.search.answered)
    type_text(qtbot, session, "边")
    qtbot.waitUntil(lambda: session.search.question.text == "海边")
    world.search.held["海"].set()
    qtbot.waitUntil(lambda: session.model.ids == (3,))
    assert shown.count() == 1


def test_the_grid_keeps_its_photos_until_the_answer_comes(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.search.held["cat"] = threading.Event()
    before = session.model.ids
    type_text(qtbot, session, "cat")
    qtbot.waitUntil(lambda: bool(world.search.asked))
    assert session.model.ids == before
    world.search.held["cat"].set()
    qtbot.waitUntil(lambda: session.model.ids == (7,))


def test_composing_asks_nothing_until_it_is_committed(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    changed = QSignalSpy(session.window.search.textChanged)
    for preedit in ("h", "ha", "hai"):
        compose(session, preedit)
    assert changed.count() == 0
    assert not session.search._debounce.isActive()
    compose(session, "", commit="海")
    qtbot.waitUntil(lambda: session.model.ids == (3, 4, 9))
    assert [query.text for query in world.search.asked] == ["海"]


def test_escape_clears_the_text_and_shows_everything(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    type_text(qtbot, session, "cat")
    qtbot.waitUntil(lambda: session.model.ids == (7,))
    qtbot.keyClick(session.window.search, Qt.Key.Key_Escape)
    assert session.window.search.text() == ""
    qtbot.waitUntil(lambda: session.model.rowCount() == 30)


def test_clearing_while_an_answer_is_on_its_way_drops_it(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.search.held["cat"] = threading.Event()
    type_text(qtbot, session, "cat")
    qtbot.waitUntil(lambda: bool(world.search.asked))
    session.window.search.clear()
    with qtbot.waitSignal(session.search.answered):
        world.search.held["cat"].set()
    assert session.model.rowCount() == 30


def test_spaces_are_no_question(qtbot: QtBot, session: Session, world: FakeWorld) -> None:
    type_text(qtbot, session, "  ")
    assert not session.search._debounce.isActive()
    assert session.search.question.is_browsing


def test_no_results_are_explained_and_can_be_left(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    type_text(qtbot, session, "unicorn")
    qtbot.waitUntil(lambda: session.window.pages.currentWidget() is session.window.empty)
    assert "No photos like this" in summary(session)
    qtbot.mouseClick(session.window.empty._button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.window.pages.currentWidget() is session.window.grid)
    assert session.window.search.text() == ""


def test_without_a_model_browsing_goes_on_and_the_page_says_what_to_do(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.search.error = UserError(ErrorCode.NO_MODEL)
    type_text(qtbot, session, "cat")
    qtbot.waitUntil(lambda: session.window.pages.currentWidget() is session.window.empty)
    assert "model" in session.window.empty._title.text()
    qtbot.keyClick(session.window.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: session.window.pages.currentWidget() is session.window.grid)
    assert session.model.rowCount() == 30


def test_another_error_is_told_in_its_own_words(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.search.error = UserError(ErrorCode.MODEL_DAMAGED, model="tiny", detail="")
    type_text(qtbot, session, "cat")
    qtbot.waitUntil(lambda: session.window.pages.currentWidget() is session.window.empty)
    assert "tiny" in session.window.empty._text.text()


@pytest.mark.parametrize(
    "error",
    [
        UserError(ErrorCode.MODEL_DAMAGED, model="tiny", detail=""),
        UserError(ErrorCode.MODEL_UNKNOWN, model="tiny"),
        UserError(ErrorCode.MODEL_NOT_A_PACKAGE, path="/m/tiny", detail=""),
    ],
)
def test_what_a_model_puts_right_leads_to_the_models(
    qtbot: QtBot, session: Session, world: FakeWorld, error: UserError
) -> None:
    world.search.error = error
    type_text(qtbot, session, "cat")
    primary = session.window.empty._primary
    qtbot.waitUntil(primary.isVisible)
    qtbot.mouseClick(primary, Qt.MouseButton.LeftButton)
    assert session.model_dialog.isVisible()


def test_a_search_that_worked_before_works_again_after_an_error(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.search.error = UserError(ErrorCode.NO_MODEL)
    type_text(qtbot, session, "cat")
    qtbot.waitUntil(lambda: session.window.pages.currentWidget() is session.window.empty)
    world.search.error = None
    session.search.refresh_now()
    qtbot.waitUntil(lambda: session.model.ids == (7,))


def test_an_unreadable_library_is_told(start: StartSession, qtbot: QtBot, world: FakeWorld) -> None:
    world.library_error = UserError(ErrorCode.LIBRARY_DAMAGED, path="/x/library.db", detail="")
    session = start()
    qtbot.waitUntil(lambda: session.window.pages.currentWidget() is session.window.empty)
    assert "library.db" in session.window.empty._text.text()


def test_letters_typed_over_the_grid_begin_a_search(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    session.window.grid.setFocus()
    qtbot.keyClick(session.window.grid, "c")
    assert session.window.search.text() == "c"
    assert session.window.search.hasFocus()


def test_composing_over_the_grid_goes_into_the_field(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    grid = session.window.grid
    grid.setFocus()
    assert grid.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    QCoreApplication.sendEvent(grid, QInputMethodEvent("hai", []))
    assert grid.hasFocus()
    event = QInputMethodEvent("", [])
    event.setCommitString("海")
    QCoreApplication.sendEvent(grid, event)
    assert session.window.search.hasFocus()
    qtbot.waitUntil(lambda: session.model.ids == (3, 4, 9))


def test_down_goes_from_the_field_to_the_grid(qtbot: QtBot, session: Session) -> None:
    qtbot.keyClick(session.window.search, Qt.Key.Key_Down)
    assert session.window.grid.hasFocus()


def test_results_follow_the_library_without_jumping(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    type_text(qtbot, session, "海")
    qtbot.waitUntil(lambda: session.model.ids == (3, 4, 9))
    session.window.grid.setCurrentIndex(session.model.index(1))
    world.search.answers["海"].insert(0, Hit(25, 0.9, certain=True))
    session.search._research.setInterval(1)
    session.search.refresh()
    qtbot.waitUntil(lambda: session.model.ids == (25, 3, 4, 9))
    assert session.window.grid.currentIndex().row() == 2

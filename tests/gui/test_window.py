"""The window as a whole: opening, remembering, problems and closing."""

import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from memoryhunter.gui.dialogs.problem import ProblemHook
from memoryhunter.gui.session import Session
from tests.gui.conftest import StartSession
from tests.gui.fakes import FakeWorld

NAMES = {
    "searchField",
    "photoGrid",
    "resultSummary",
    "folderPanel",
    "filterChips",
    "indexProgress",
    "pauseButton",
    "photoViewer",
    "firstRunPage",
}


def test_the_widgets_have_their_contracted_names(session: Session) -> None:
    found = {widget.objectName() for widget in session.window.findChildren(QWidget)}
    assert found >= NAMES


def test_everything_that_takes_the_keyboard_has_a_name_for_screen_readers(
    session: Session,
) -> None:
    nameless = [
        widget.objectName() or type(widget).__name__
        for widget in session.window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not (isinstance(widget, QPushButton) and widget.text())
    ]
    assert nameless == []


def test_coming_back_to_the_window_loads_what_searching_needs(
    session: Session, qtbot: QtBot, qapp: QApplication, world: FakeWorld
) -> None:
    qtbot.waitUntil(lambda: world.search.warmed > 0)
    before = world.search.warmed
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: world.search.warmed == before + 1)


def test_closing_ends_every_thread_and_gives_the_library_back(
    start: StartSession, qtbot: QtBot, world: FakeWorld
) -> None:
    before = set(threading.enumerate())
    session = start()
    qtbot.waitUntil(lambda: session.model.rowCount() == 30)
    assert set(threading.enumerate()) > before
    session.window.close()
    assert set(threading.enumerate()) == before
    assert world.indexing.stopped
    assert world.library.open == 0


def test_the_windows_vanish_before_any_thread_is_waited_for(
    session: Session, monkeypatch: pytest.MonkeyPatch, world: FakeWorld
) -> None:
    seen: list[tuple[bool, bool]] = []

    def stop(_timeout: float | None = None) -> bool:
        seen.append((session.window.isVisible(), session.viewer.isVisible()))
        return True

    session.commands.open(0)
    assert session.viewer.isVisible()
    monkeypatch.setattr(world.indexing, "stop", stop)
    session.window.close()
    assert seen
    assert set(seen) == {(False, False)}


def test_threads_that_hang_are_asked_together_and_waited_for_once(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    world: FakeWorld,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("memoryhunter.gui.session.STOP_SECONDS", 0.05)
    gate = threading.Event()
    lanes = (session.lanes.library, session.lanes.search, session.lanes.disks)
    begun = threading.Barrier(len(lanes) + 1)

    def hang(_resource: object) -> None:
        begun.wait(5)
        gate.wait(10)

    for lane in lanes:
        lane.submit(hang, print, print)
    begun.wait(5)
    waits: list[float] = []

    def stop(timeout: float | None = None) -> bool:
        waits.append(-1.0 if timeout is None else timeout)
        return False

    monkeypatch.setattr(world.indexing, "stop", stop)
    with caplog.at_level("WARNING"):
        session.window.close()
    assert "did not end" in caplog.text
    assert waits[0] == 0  # asked first, without waiting
    assert 0 <= waits[-1] <= 0.05
    gate.set()
    assert session.lanes.join(5)


def test_size_panel_and_thumbnails_are_remembered(
    start: StartSession, qtbot: QtBot, world: FakeWorld
) -> None:
    session = start()
    session.window.resize(760, 640)
    session.window.zoom.setValue(260)
    session.window.actions_.folder_panel.trigger()
    session.window.close()
    again = start()
    assert again.window.size() == session.window.size()
    assert again.window.zoom.value() == 260
    assert not again.window.folders.isVisible()


def test_ctrl_f_goes_to_the_search_field(qtbot: QtBot, session: Session) -> None:
    session.window.grid.setFocus()
    qtbot.keyClick(session.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert session.window.search.hasFocus()


def test_tab_goes_from_the_field_to_the_grid(qtbot: QtBot, session: Session) -> None:
    session.window.search.setFocus()
    qtbot.keyClick(session.window.search, Qt.Key.Key_Tab)
    assert session.window.grid.hasFocus()


def test_an_unexpected_error_is_shown_with_a_report_to_copy(qtbot: QtBot, session: Session) -> None:
    logged: list[type[BaseException]] = []
    hook = ProblemHook(session.lanes.courier, session.window)
    hook._before = lambda kind, _error, _trace: logged.append(kind)
    try:
        raise ValueError("spilt milk")  # noqa: TRY301 - a traceback is wanted
    except ValueError:
        hook._take(*sys.exc_info())
    qtbot.waitUntil(lambda: session.window.findChild(QDialog, "problemDialog") is not None)
    dialog = session.window.findChild(QDialog, "problemDialog")
    assert isinstance(dialog, QDialog)
    copy = next(button for button in dialog.findChildren(QPushButton) if "Copy" in button.text())
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "spilt milk" in QGuiApplication.clipboard().text()
    assert logged == [ValueError]
    dialog.close()


def test_the_window_is_never_larger_than_the_screen(session: Session) -> None:
    window = session.window
    window.resize(5000, 4000)
    place = window.place()
    window.resize(800, 500)
    window.restore_place(place)
    room = window.screen().availableGeometry().size()
    assert window.width() <= max(room.width(), window.minimumWidth())
    assert window.height() <= max(room.height(), window.minimumHeight())


def test_the_question_goes_with_the_last_folder(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    session.window.search.setText("sea")
    session.search.ask_now()
    session.window.folders.remove_confirmed.emit(1)
    session.window.folders.remove_confirmed.emit(2)
    qtbot.waitUntil(session.window.first_run.isVisible)
    assert session.window.search.text() == ""
    assert session.search.question.is_browsing

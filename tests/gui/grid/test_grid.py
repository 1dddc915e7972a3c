"""The grid under mouse, keyboard and a growing library."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget
from pytestqt.qtbot import QtBot

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.gui.grid.details import PhotoDetails
from memoryhunter.gui.jobs import Courier, Lane
from memoryhunter.gui.services import LibraryReader
from memoryhunter.gui.session import Session
from tests.gui.conftest import StartSession
from tests.gui.fakes import FakeLibrary, FakeWorld, photo


def place_of(session: Session, row: int) -> QPoint:
    return session.window.grid.visualRect(session.model.index(row)).center()


def click(
    qtbot: QtBot,
    session: Session,
    row: int,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    viewport = session.window.grid.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, modifier, place_of(session, row))


def selected(session: Session) -> list[int]:
    return session.window.grid.selected_rows()


def wheel(session: Session, turn: int, modifiers: Qt.KeyboardModifier) -> None:
    viewport = session.window.grid.viewport()
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle,
        viewport.mapToGlobal(middle),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QGuiApplication.sendEvent(viewport, event)


def test_photos_are_browsed_newest_first(session: Session) -> None:
    assert session.model.ids == tuple(range(30, 0, -1))
    assert session.window.summary.text().startswith("30 ")


def test_what_is_on_the_screen_is_told(qtbot: QtBot, session: Session, world: FakeWorld) -> None:
    told = world.indexing.on_screen
    grid = session.window.grid

    def visible() -> list[int]:
        return [session.model.photo_id(row) for row in grid.visible_rows()]

    qtbot.waitUntil(lambda: bool(told) and told[-1] == visible())
    assert told[-1][0] == 30
    grid.set_tile_edge(400)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: told[-1] == visible())
    assert told[-1][-1] == 1
    assert 30 not in told[-1]
    with qtbot.assertNotEmitted(grid.dwelt, wait=400):
        session.model.refresh(LibraryChange(updated=frozenset({1})))
    session.search.set_folder(1)
    qtbot.waitUntil(lambda: told[-1] == visible() and max(told[-1]) == 20)


def test_click_shift_and_ctrl_select_as_in_a_file_manager(qtbot: QtBot, session: Session) -> None:
    click(qtbot, session, 1)
    click(qtbot, session, 7, Qt.KeyboardModifier.ShiftModifier)
    assert selected(session) == [1, 2, 3, 4, 5, 6, 7]
    click(qtbot, session, 3, Qt.KeyboardModifier.ControlModifier)
    assert selected(session) == [1, 2, 4, 5, 6, 7]
    click(qtbot, session, 0)
    assert selected(session) == [0]


def test_a_rubber_band_selects_what_it_touches(qtbot: QtBot, session: Session) -> None:
    grid = session.window.grid
    viewport = grid.viewport()
    start = QPoint(4, 4)
    end = place_of(session, grid.layout_.columns + 1)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, start + QPoint(30, 30))
    qtbot.mouseMove(viewport, end)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    columns = grid.layout_.columns
    assert selected(session) == [0, 1, columns, columns + 1]


def test_arrows_move_by_tile_and_line_and_shift_extends(qtbot: QtBot, session: Session) -> None:
    grid = session.window.grid
    click(qtbot, session, 0)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().row() == 1 + grid.layout_.columns
    qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert len(selected(session)) == 2
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.currentIndex().row() == 29
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().row() == 29
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert grid.currentIndex().row() == 0
    qtbot.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(selected(session)) == 30


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_keys_open_the_viewer(qtbot: QtBot, session: Session, key: Qt.Key) -> None:
    click(qtbot, session, 2)
    qtbot.keyClick(session.window.grid, key)
    assert session.viewer.isVisible()
    assert session.viewer.current_id() == 28


def test_a_double_click_opens_the_viewer(qtbot: QtBot, session: Session) -> None:
    click(qtbot, session, 4)
    viewport = session.window.grid.viewport()
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place_of(session, 4))
    viewer = session.window.findChild(QWidget, "photoViewer")
    assert isinstance(viewer, QWidget)
    assert viewer.isVisible()
    assert session.viewer.current_id() == 26


def test_the_path_can_be_copied(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: session.model.photo(1) is not None)
    click(qtbot, session, 1)
    session.window.actions_.copy_path.trigger()
    assert QGuiApplication.clipboard().text() == str(photo(29, 2).path)


def test_commands_for_photos_need_a_selection(qtbot: QtBot, session: Session) -> None:
    assert not session.window.actions_.find_similar.isEnabled()
    click(qtbot, session, 0)
    assert session.window.actions_.find_similar.isEnabled()


def test_ctrl_and_wheel_slider_and_keys_change_the_size(qtbot: QtBot, session: Session) -> None:
    slider = session.window.findChild(QSlider, "zoomSlider")
    assert isinstance(slider, QSlider)
    before = slider.value()
    wheel(session, 120, Qt.KeyboardModifier.ControlModifier)
    assert slider.value() == before + 20
    wheel(session, -120, Qt.KeyboardModifier.ControlModifier)
    assert slider.value() == before
    slider.setValue(300)
    assert session.window.grid.layout_.edge > 250
    session.window.actions_.smaller.trigger()
    assert slider.value() == 280


def test_a_plain_wheel_scrolls(session: Session) -> None:
    wheel(session, -120, Qt.KeyboardModifier.NoModifier)
    assert session.window.grid.verticalOffset() > 0


def test_thumbnails_come_for_what_is_visible(qtbot: QtBot, session: Session) -> None:
    visible = session.window.grid.visible_rows()
    qtbot.waitUntil(lambda: all(session.model.tile(row).pixmap for row in visible))


def test_selection_and_current_photo_survive_new_photos(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    click(qtbot, session, 1)
    click(qtbot, session, 3, Qt.KeyboardModifier.ControlModifier)
    world.indexing.add_photos(1, [31, 32, 33])
    qtbot.waitUntil(lambda: session.model.rowCount() == 33)
    assert selected(session) == [4, 6]
    assert session.window.grid.currentIndex().row() == 6


def test_selection_survives_when_everything_is_shuffled(
    qtbot: QtBot, session: Session, world: FakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memoryhunter.gui.grid.rows.MANY_RUNS", 0)
    click(qtbot, session, 1)
    world.indexing.add_photos(1, [31])
    qtbot.waitUntil(lambda: session.model.rowCount() == 31)
    assert [session.model.photo_id(row) for row in selected(session)] == [29]


def test_the_scrolled_grid_stays_where_it_is_while_photos_come_in(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    grid = session.window.grid
    session.window.zoom.setValue(300)
    grid.verticalScrollBar().setValue(350)
    first = grid.visible_rows().start
    top, photo_id = grid.visualRect(session.model.index(first)).top(), session.model.photo_id(first)
    world.indexing.add_photos(1, list(range(31, 31 + 3 * grid.layout_.columns)))
    qtbot.waitUntil(lambda: session.model.rowCount() > 30)
    row = session.model.row_of(photo_id)
    assert row is not None
    assert grid.visualRect(session.model.index(row)).top() == top


def test_a_grid_at_its_top_shows_new_photos_coming_in(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.indexing.add_photos(1, [31])
    qtbot.waitUntil(lambda: session.model.rowCount() == 31)
    assert session.window.grid.verticalOffset() == 0


def test_the_first_visible_photo_stays_when_the_window_is_resized(
    qtbot: QtBot, session: Session
) -> None:
    grid = session.window.grid
    session.window.zoom.setValue(300)
    grid.verticalScrollBar().setValue(700)
    first = grid.visible_rows().start
    session.window.resize(800, 600)
    assert first in grid.visible_rows()


def test_tiles_say_their_name_to_screen_readers(qtbot: QtBot, session: Session) -> None:
    index = session.model.index(0)
    qtbot.waitUntil(lambda: session.model.photo(0) is not None)
    assert index.data(Qt.ItemDataRole.DisplayRole) == "photo-30.jpg"
    assert "photo-30.jpg" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_photos_that_leave_the_library_leave_the_grid(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.indexing.tell(lambda: world.indexing.remove_folder(2))
    qtbot.waitUntil(lambda: session.model.rowCount() == 20)


def test_a_library_without_any_facts_yet_still_paints(
    qtbot: QtBot, start: StartSession, world: FakeWorld, tmp_path: Path
) -> None:
    for number in range(1, 31):
        (tmp_path / f"{number:032x}.png").unlink()
    session = start()
    qtbot.waitUntil(lambda: session.model.rowCount() == 30 and session.model.photo(0) is not None)
    session.window.grid.selectionModel().select(
        session.model.index(0), QItemSelectionModel.SelectionFlag.Select
    )
    assert not session.window.grid.grab().isNull()


def take_offline(world: FakeWorld, folder: int) -> None:
    """Play that the drive of a folder is gone, as the indexing lane tells it: without ids."""
    shelf = world.library.photos.shelf
    for number, kept in list(shelf.items()):
        if kept.folder_id == folder:
            shelf[number] = replace(kept, online=False)
    world.library.folders.offline.add(folder)
    world.indexing.tell(lambda: world.indexing.on_change(LibraryChange(folders=True)))


def picture_of(session: Session, row: int) -> QImage:
    rect = session.window.grid.visualRect(session.model.index(row))
    return session.window.grid.viewport().grab(rect).toImage()


def test_a_drive_that_goes_gives_its_photos_the_badge(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    qtbot.waitUntil(lambda: all(session.model.tile(row).pixmap for row in (0, 10)))
    before, other = picture_of(session, 0), picture_of(session, 10)
    take_offline(world, 2)
    tile = session.model.tile
    qtbot.waitUntil(lambda: (photo := tile(0).photo) is not None and not photo.online)
    assert picture_of(session, 0) != before
    assert (photo := tile(10).photo) is not None
    assert photo.online
    assert picture_of(session, 10) == other


def test_the_viewer_learns_that_its_photo_went_offline(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    qtbot.waitUntil(lambda: session.model.photo(1) is not None)
    session.commands.open(0)
    take_offline(world, 2)
    says = session.viewer._notice
    qtbot.waitUntil(lambda: "not connected" in says.text())
    session.viewer._actions.next.trigger()
    qtbot.waitUntil(lambda: "not connected" in says.text())
    assert session.viewer.current_id() == 29


def test_facts_read_while_they_change_are_read_again(qtbot: QtBot) -> None:
    library = FakeLibrary()
    library.add_folder(Path("/photos/Sea"), [1])
    held = threading.Event()

    @contextmanager
    def slow() -> Iterator[LibraryReader]:
        assert held.wait(10)
        yield library

    lane = Lane[LibraryReader]("library", Courier(), slow)
    details = PhotoDetails(lane)
    details.arrived.connect(lambda: details.want([1]))
    details.want([1])
    details.forget_all()
    held.set()
    qtbot.waitUntil(lambda: details.get_current(1) is not None)
    assert library.photos.asked == 2
    lane.stop()
    assert lane.join(5)


def test_a_thumbnail_of_rows_that_have_gone_meanwhile_changes_the_others(
    qtbot: QtBot, session: Session
) -> None:
    model = session.model
    qtbot.waitUntil(lambda: bool(model._rows_showing))
    model.show([model.photo_id(0)])
    model._rows_showing = {"shared": [0, 5]}  # until the grid looks at the rows there are now
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    session.thumbnails.arrived.emit("shared")
    assert changed == [0]


def test_the_viewer_begins_with_the_thumbnail_read_elsewhere(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []

    def read(_path: Path) -> QImage:
        readers.append(threading.current_thread())
        image = QImage(400, 300, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.green)
        return image

    monkeypatch.setattr("memoryhunter.gui.photo_commands.load_preview", read)
    qtbot.waitUntil(lambda: session.model.photo(0) is not None)
    session.commands.open(0)
    canvas = session.viewer._canvas
    qtbot.waitUntil(lambda: bool(canvas._versions))
    assert threading.main_thread() not in readers
    assert canvas.grab().toImage().pixelColor(canvas.rect().center()) == Qt.GlobalColor.green

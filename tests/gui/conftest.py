"""A window at work over fakes, and the rule that no thread outlives it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from memoryhunter.config.resources import resources_folder
from memoryhunter.gui.session import Session
from memoryhunter.gui.theme import Theme, apply_theme
from tests.gui.fakes import FakeWorld, photo

StartSession = Callable[[], Session]


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return apply_theme(qapp, resources_folder() / "icons")


@pytest.fixture
def world(tmp_path: Path) -> FakeWorld:
    """A library with thirty photos in two folders, and their thumbnails."""
    world = FakeWorld(tmp_path)
    world.library.add_folder(Path("/photos/Sea"), range(1, 21))
    world.library.add_folder(Path("/photos/Town"), range(21, 31))
    for number in range(1, 31):
        image = QImage(64, 48, QImage.Format.Format_RGB32)
        image.fill(QColor.fromHsv(number * 11, 200, 200))
        image.save(str(world.thumbnail_path(photo(number).content_hash or "")))
    return world


@pytest.fixture
def start(qtbot: QtBot, theme: Theme, world: FakeWorld) -> Iterator[StartSession]:
    """Open the window over `world`; afterwards it is closed and no thread may be left."""
    before = set(threading.enumerate())
    sessions: list[Session] = []

    def begin() -> Session:
        session = Session(world.services(), theme)
        sessions.append(session)
        session.start()
        qtbot.addWidget(session.window)
        qtbot.waitExposed(session.window)
        return session

    yield begin
    for event in world.search.held.values():
        event.set()
    for session in sessions:
        session.window.close()
    assert set(threading.enumerate()) <= before


@pytest.fixture
def session(start: StartSession, world: FakeWorld, qtbot: QtBot) -> Session:
    """A window that shows all photos of `world`."""
    session = start()
    qtbot.waitUntil(lambda: session.model.rowCount() == len(world.library.photos.shelf))
    return session

"""What is told about indexing, and pausing it."""

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from memoryhunter.domain.photo import FailedFile
from memoryhunter.domain.progress import ModelName, Phase, Progress
from memoryhunter.gui.library.progress_bar import IndexProgress
from memoryhunter.gui.session import Session
from memoryhunter.gui.theme import Theme
from tests.gui.conftest import StartSession
from tests.gui.fakes import FakeWorld, photo

NEW, OLD = ModelName("New"), ModelName("Old")
READING = Progress(Phase.READING, 312, 1_024, 3, 6.2, 118.0)


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale("en_US"))


def tell(world: FakeWorld, progress: Progress) -> None:
    world.indexing.tell(lambda: world.indexing.on_progress(progress))


def test_idle_shows_nothing(session: Session) -> None:
    assert not session.window.progress.isVisible()


def test_reading_tells_how_far_how_fast_and_how_long(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    tell(world, READING)
    bar = session.window.findChild(QWidget, "indexProgress")
    assert isinstance(bar, QWidget)
    qtbot.waitUntil(bar.isVisible)
    assert session.window.progress._label.text() == (
        "Sorting 312 of 1,024 · 6 photos/s · 2 minute(s) left"
    )
    tell(world, Progress())
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_the_button_pauses_and_goes_on(qtbot: QtBot, session: Session, world: FakeWorld) -> None:
    tell(world, READING)
    button = session.window.findChild(QToolButton, "pauseButton")
    assert isinstance(button, QToolButton)
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert world.indexing.paused
    tell(world, Progress(Phase.PAUSED, 312, 1_024))
    qtbot.waitUntil(lambda: button.accessibleName() == "Resume")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not world.indexing.paused


def test_failures_are_a_link_to_their_list(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.library.photos.failed = [FailedFile(photo(1).path, "damaged", "")]
    tell(world, Progress(failed=1))
    qtbot.waitUntil(session.window.failures.isVisible)
    qtbot.mouseClick(session.window.failures, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.window.findChild(QDialog, "failuresDialog") is not None)
    dialog = session.window.findChild(QDialog, "failuresDialog")
    assert isinstance(dialog, QDialog)
    dialog.close()


def test_failures_of_earlier_are_told_from_the_start(
    qtbot: QtBot, start: StartSession, world: FakeWorld
) -> None:
    world.library.photos.failed = [FailedFile(photo(1).path, "damaged", "")]
    window = start().window
    qtbot.waitUntil(window.failures.isVisible)
    assert window.failures.text().startswith("1 ")
    assert not window.progress.isVisible()


def test_failures_stay_after_a_run_that_met_none(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.library.photos.failed = [FailedFile(photo(1).path, "damaged", "")]
    for _ in range(2):
        with qtbot.waitSignal(session.library.progress_changed):
            tell(world, Progress(Phase.READING, 5, 10, failed=1))
        assert session.window.failures.isVisible()
        with qtbot.waitSignal(session.library.failed_counted):
            tell(world, Progress())
        assert session.window.failures.isVisible()
    world.library.photos.failed = []
    tell(world, Progress())
    qtbot.waitUntil(lambda: not session.window.status.isVisible())


def test_many_snapshots_are_told_a_few_times_a_second(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    seen: list[Progress] = []
    session.library.progress_changed.connect(seen.append)
    for done in range(200):
        tell(world, Progress(Phase.READING, done, 200))
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].done == 199)
    assert len(seen) <= 3


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(Phase.SCANNING), "Looking through folders…"),
        (Progress(Phase.SCANNING, 1_500), "Looking through folders · 1,500 file(s)"),
        (Progress(Phase.PAUSED, 5, 10), "Paused · 5 of 10"),
        (Progress(Phase.READING, 5, 10, 0, 0.4), "Sorting 5 of 10 · 0.4 photos/s"),
        (Progress(Phase.READING, 5, 10, model=NEW, serving=OLD), "Changing to New · 5 of 10"),
        (Progress(Phase.READING, 0, 0, model=NEW, serving=OLD), "Changing to New"),
        (
            Progress(Phase.READING, 5, 10, model=NEW, serving=OLD, seen=1204, photos=4423),
            "Changing to New · 1,204 of 4,423",
        ),
        (Progress(Phase.READING), "Sorting photos…"),
        (
            Progress(Phase.READING, 5, 10, model=ModelName("New" * 20), serving=OLD),
            "Changing to NewNewNewNewNewNewNewNe… · 5 of 10",
        ),
        (Progress(), ""),
    ],
)
def test_each_phase_has_its_words(theme: Theme, progress: Progress, text: str) -> None:
    assert IndexProgress(theme).text(progress) == text


def test_how_far_a_new_model_is(theme: Theme) -> None:
    bar = IndexProgress(theme)
    quick = ModelName("Quick", {"en": "Quick built-in model"})
    bar.show_progress(Progress(Phase.READING, 5, 10, model=NEW, serving=quick))
    assert "until “New” has seen every photo" in bar._label.toolTip()
    progress = Progress(Phase.READING, 5, 10, model=NEW, serving=quick, seen=1204, photos=4423)
    bar.show_progress(progress)
    assert bar._label.toolTip() == (
        "“New” has seen 1,204 of 4,423 photos. Until then “Quick built-in model” answers."
    )

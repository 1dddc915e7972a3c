"""Installing a model without a terminal: choosing, watching, stopping, and what comes of it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.query import Hit
from memoryhunter.engine.prepare.progress import PrepareStep, at_step
from memoryhunter.gui.dialogs.model import ModelDialog
from memoryhunter.gui.session import Session
from tests.gui.fakes import FakeWorld

SOURCE = Path("/downloads/chinese-clip")


@pytest.fixture(autouse=True)
def let_go(world: FakeWorld) -> Iterator[None]:
    yield
    world.models.go_on.set()


@pytest.fixture
def dialog(session: Session) -> ModelDialog:
    session.window.actions_.install_model.trigger()
    dialog = session.window.findChild(ModelDialog, "modelDialog")
    assert isinstance(dialog, ModelDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    return dialog


def state(dialog: ModelDialog) -> str:
    label = dialog.findChild(QLabel, "modelState")
    assert isinstance(label, QLabel)
    return label.text()


def button(dialog: ModelDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def press(qtbot: QtBot, dialog: ModelDialog, name: str) -> None:
    qtbot.mouseClick(button(dialog, name), Qt.MouseButton.LeftButton)


def choose(qtbot: QtBot, dialog: ModelDialog) -> None:
    press(qtbot, dialog, "chooseModel")
    chooser = dialog.findChild(QFileDialog, "modelFolderDialog")
    assert isinstance(chooser, QFileDialog)
    chooser.filesSelected.emit([str(SOURCE)])
    chooser.close()


def test_it_says_where_the_model_comes_from_as_text_to_copy(dialog: ModelDialog) -> None:
    label = dialog.findChild(QLabel, "modelSource")
    assert isinstance(label, QLabel)
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    for part in (
        "OFA-Sys/chinese-clip-vit-base-patch16",
        "AI-ModelScope/chinese-clip-vit-base-patch16",
        "config.json, preprocessor_config.json, vocab.txt, pytorch_model.bin",
    ):
        assert part in label.text()


def test_without_a_model_the_page_leads_to_it_and_the_search_is_asked_again(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.search.error = UserError(ErrorCode.NO_MODEL)
    world.search.answers["cat"] = [Hit(7, 0.5, certain=True)]
    qtbot.keyClicks(session.window.search, "cat")
    primary = session.window.findChild(QPushButton, "emptyPrimary")
    assert isinstance(primary, QPushButton)
    qtbot.waitUntil(primary.isVisible)
    assert "memoryhunter models" not in session.window.empty._text.text()
    qtbot.mouseClick(primary, Qt.MouseButton.LeftButton)
    dialog = session.model_dialog
    assert dialog.isVisible()
    choose(qtbot, dialog)
    qtbot.waitUntil(lambda: world.models.sources == [SOURCE])
    world.search.error = None
    world.models.go_on.set()
    qtbot.waitUntil(lambda: session.model.ids == (7,))
    assert "installed" in state(dialog)
    assert threading.main_thread() not in world.models.threads


def test_it_tells_the_steps_in_plain_words(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.told = [at_step(step) for step in PrepareStep]
    seen: list[str] = []
    dialog._installer.progressed.connect(lambda _: seen.append(state(dialog)))
    choose(qtbot, dialog)
    bar = dialog.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    qtbot.waitUntil(lambda: bar.value() == 5)
    assert bar.isVisible()
    assert bar.maximum() == 6
    assert len(set(seen)) == len(PrepareStep)
    assert not any(step in text for step in PrepareStep for text in seen if "-" in step)
    assert not button(dialog, "chooseModel").isVisible()


def test_it_can_be_stopped_and_begun_again(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    choose(qtbot, dialog)
    press(qtbot, dialog, "cancelModel")
    qtbot.waitUntil(lambda: state(dialog) == "Nothing was installed.")
    world.models.go_on.set()
    choose(qtbot, dialog)
    qtbot.waitUntil(lambda: "installed" in state(dialog) and "Nothing" not in state(dialog))
    assert len(world.models.sources) == 2


def test_what_went_wrong_is_said_in_the_dialog(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.error = UserError(ErrorCode.MODEL_SOURCE_INVALID, path=str(SOURCE), detail="")
    world.models.go_on.set()
    choose(qtbot, dialog)
    qtbot.waitUntil(lambda: str(SOURCE) in state(dialog))
    assert button(dialog, "chooseModel").isVisible()


def test_a_closed_dialog_lets_the_work_go_on_and_the_window_tells_the_end(
    qtbot: QtBot, session: Session, dialog: ModelDialog, world: FakeWorld
) -> None:
    choose(qtbot, dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    session.window.actions_.install_model.trigger()
    assert button(dialog, "cancelModel").isVisible()
    press(qtbot, dialog, "closeModel")
    world.models.in_use = False
    world.models.go_on.set()
    qtbot.waitUntil(session.window.notice.isVisible)
    assert "chosen before" in session.window.notice.accessibleName()


def test_closing_the_window_stops_an_installation(
    qtbot: QtBot, session: Session, dialog: ModelDialog, world: FakeWorld
) -> None:
    choose(qtbot, dialog)
    qtbot.waitUntil(lambda: bool(world.models.threads))
    session.window.close()
    assert not dialog.isVisible()
    assert not world.models.threads[0].is_alive()

"""The page of models over a real home: importing, checking and removing a real model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from memoryhunter.config.paths import app_paths
from memoryhunter.config.resources import resources_folder
from memoryhunter.gui.application import services_of
from memoryhunter.gui.models.dialog import ModelDialog
from memoryhunter.gui.session import Session
from memoryhunter.gui.theme import apply_theme
from memoryhunter.workspace import Workspace
from tests.gui.models.hands import card, drop, press, state

_MS = 30_000


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(app_paths(tmp_path / "home"))
    yield workspace
    workspace.close()


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, workspace: Workspace) -> Iterator[ModelDialog]:
    session = Session(services_of(workspace), apply_theme(qapp, resources_folder() / "icons"))
    session.start()
    qtbot.addWidget(session.window)
    session.window.actions_.models.trigger()
    yield session.model_dialog
    session.window.close()


def test_a_model_is_imported_checked_and_removed(
    qtbot: QtBot, page: ModelDialog, workspace: Workspace, shapes_model: Path
) -> None:
    model = shapes_model.name
    drop(page, shapes_model)
    qtbot.waitUntil(lambda: page.list.card(model) is not None, timeout=_MS)
    qtbot.waitUntil(lambda: "is installed" in state(card(page, model)), timeout=_MS)
    assert card(page, model).entry.in_use
    assert workspace.settings.model == model
    press(qtbot, card(page, model), "verifyModel")
    qtbot.waitUntil(lambda: "as they were" in state(card(page, model)), timeout=_MS)
    graph = workspace.paths.models / model / "text.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"!")
    press(qtbot, card(page, model), "verifyModel")
    qtbot.waitUntil(lambda: "damaged" in state(card(page, model)), timeout=_MS)
    press(qtbot, card(page, model), "removeModel")
    box = page.findChild(QMessageBox, "removeModelDialog")
    assert isinstance(box, QMessageBox)
    accept = QMessageBox.ButtonRole.AcceptRole
    next(each for each in box.buttons() if box.buttonRole(each) == accept).click()
    qtbot.waitUntil(lambda: page.list.card(model) is None, timeout=_MS)
    assert workspace.models.installed() == []
    assert workspace.settings.model is None


def test_a_folder_that_is_no_model_is_refused_in_plain_words(
    qtbot: QtBot, page: ModelDialog, workspace: Workspace, tmp_path: Path
) -> None:
    holiday = tmp_path / "holiday"
    holiday.mkdir()
    drop(page, holiday)
    qtbot.waitUntil(lambda: "not a complete" in state(page.list.importing), timeout=_MS)
    assert workspace.models.installed() == []

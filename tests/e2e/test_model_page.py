"""The page of models over a real home: importing, checking, removing; a download from a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from memoryhunter.config.paths import app_paths
from memoryhunter.config.resources import CATALOGUE_VARIABLE, resources_folder
from memoryhunter.gui.application import services_of
from memoryhunter.gui.models.dialog import ModelDialog
from memoryhunter.gui.session import Session
from memoryhunter.gui.theme import apply_theme
from memoryhunter.workspace import Workspace
from tests.e2e.conftest import MODEL_SOURCE
from tests.e2e.test_models import CATALOGUE, WEIGHTS
from tests.engine.download.server import FileServer, Manner
from tests.gui.models.hands import button, card, drop, press, state, texts

_MS = 30_000


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """Have a school's server with the test model, and its catalogue instead of the program's."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with FileServer().running() as running:
        catalogue = tmp_path / "mirror.toml"
        catalogue.write_text(CATALOGUE.format(address=running.address), encoding="utf-8")
        monkeypatch.setenv(CATALOGUE_VARIABLE, str(catalogue))
        for path in MODEL_SOURCE.iterdir():
            running.files[f"/lab/shapes/{path.name}"] = path.read_bytes()
        yield running


@pytest.fixture
def workspace(tmp_path: Path, server: FileServer) -> Iterator[Workspace]:
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
    remove(qtbot, page, model)
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


def test_a_download_is_watched_stopped_kept_and_deleted(
    qtbot: QtBot, page: ModelDialog, workspace: Workspace, server: FileServer
) -> None:
    half = len(server.files[WEIGHTS]) // 2
    server.always[WEIGHTS] = Manner(stall_after=half)
    qtbot.waitUntil(lambda: page.list.card("shapes") is not None, timeout=_MS)
    assert "For shapes." in texts(card(page, "shapes"))
    press(qtbot, card(page, "shapes"), "installButton")
    qtbot.waitUntil(lambda: state(card(page, "shapes")).startswith("school · "), timeout=_MS)
    assert server.stalled.wait(10)
    press(qtbot, card(page, "shapes"), "cancelModel")
    qtbot.waitUntil(lambda: "is kept for next time" in state(card(page, "shapes")), timeout=_MS)
    again = button(card(page, "shapes"), "installButton")
    qtbot.waitUntil(lambda: again.text() == "Continue", timeout=_MS)
    assert any("% downloaded" in text for text in texts(card(page, "shapes")))
    remove(qtbot, page, "shapes")
    qtbot.waitUntil(lambda: again.text() == "Install", timeout=_MS)
    assert workspace.shelf.entries()[0].kept_bytes == 0


def test_a_server_without_the_model_is_told_in_plain_words(
    qtbot: QtBot, page: ModelDialog, server: FileServer
) -> None:
    server.files.clear()
    qtbot.waitUntil(lambda: page.list.card("shapes") is not None, timeout=_MS)
    press(qtbot, card(page, "shapes"), "installButton")
    qtbot.waitUntil(lambda: "another source" in state(card(page, "shapes")), timeout=_MS)
    assert "school" in state(card(page, "shapes"))
    assert button(card(page, "shapes"), "installButton").text() == "Try again"


def remove(qtbot: QtBot, page: ModelDialog, model: str) -> None:
    """Remove a model, and mean it."""
    press(qtbot, card(page, model), "removeModel")
    box = page.findChild(QMessageBox, "removeModelDialog")
    assert isinstance(box, QMessageBox)
    accept = QMessageBox.ButtonRole.AcceptRole
    next(each for each in box.buttons() if box.buttonRole(each) == accept).click()

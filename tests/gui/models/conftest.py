"""The page of models, opened as people open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from memoryhunter.gui.i18n import install_translators
from memoryhunter.gui.models.dialog import ModelDialog
from memoryhunter.gui.session import Session
from tests.gui.fakes import FakeWorld

LANGUAGES = Path(__file__).resolve().parents[3] / "resources" / "i18n"


@pytest.fixture(autouse=True)
def let_go(world: FakeWorld) -> Iterator[None]:
    yield
    world.models.go_on.set()


@pytest.fixture
def dialog(qtbot: QtBot, session: Session, world: FakeWorld) -> ModelDialog:
    """The page, with the models of `world` in it."""
    session.window.actions_.models.trigger()
    dialog = session.window.findChild(ModelDialog, "modelDialog")
    assert isinstance(dialog, ModelDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    qtbot.waitUntil(lambda: len(dialog.list.cards) == len(world.models.shelf))
    return dialog


@pytest.fixture
def english(qapp: QApplication) -> Iterator[None]:
    """Let the window count in English."""
    with speaking(qapp, "en"):
        yield


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    """Let the window speak Chinese."""
    with speaking(qapp, "zh_CN"):
        yield


@contextmanager
def speaking(app: QApplication, language: str) -> Iterator[None]:
    before = QLocale()
    installed = install_translators(app, LANGUAGES, language)
    QLocale.setDefault(QLocale(language))
    yield
    QLocale.setDefault(before)
    for translator in installed:
        QCoreApplication.removeTranslator(translator)

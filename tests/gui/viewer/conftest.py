from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from memoryhunter.gui.theme import Theme, apply_theme

ICONS = Path(__file__).resolve().parents[3] / "resources" / "icons"


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = apply_theme(qapp, ICONS)
    yield theme
    shiboken6.delete(theme)
    qapp.setStyleSheet("")

"""What a person does to the page of models, and reads on it."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from memoryhunter.gui.models.card import ModelCard
from memoryhunter.gui.models.dialog import ModelDialog

LEFT = Qt.MouseButton.LeftButton


def card(dialog: ModelDialog, model: str) -> ModelCard:
    """Give the card of a model."""
    found = dialog.list.card(model)
    assert found is not None
    return found


def button(widget: QWidget, name: str) -> QPushButton:
    """Give a button."""
    found = widget.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def press(qtbot: QtBot, widget: QWidget, name: str) -> None:
    """Click a button as soon as it can be clicked."""
    found = button(widget, name)
    assert found.isVisible()
    qtbot.waitUntil(found.isEnabled)
    qtbot.mouseClick(found, LEFT)


def state(widget: QWidget) -> str:
    """Read what a card says about work."""
    label = widget.findChild(QLabel, "modelState")
    assert isinstance(label, QLabel)
    return label.text()


def texts(widget: QWidget) -> list[str]:
    """Read everything on a card."""
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


def progress_bar(widget: QWidget) -> QProgressBar:
    """Give the bar of a card."""
    found = widget.findChild(QProgressBar)
    assert isinstance(found, QProgressBar)
    return found


def drop(target: QWidget, *paths: Path) -> bool:
    """Drop files on a widget; say whether it takes them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, keys, place = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier, QPoint(60, 60)
    takes = target.acceptDrops()  # what Qt itself goes by
    if takes:
        QApplication.sendEvent(target, QDragEnterEvent(place, copy, data, LEFT, keys))
        QApplication.sendEvent(target, QDropEvent(QPointF(place), copy, data, LEFT, keys))
    return takes

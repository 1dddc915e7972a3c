"""Drives the real window as a person would, in a process of its own; prints what it saw as JSON.

Arguments: HOME MODEL FOLDER. It drops FOLDER on the window, types Chinese, asks for similar photos
with a right-click, opens a photo with a double-click, lets a file come and go, and closes.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget

from memoryhunter.main import main

_SECONDS = 60.0
_NO_KEYS = Qt.KeyboardModifier.NoModifier
_LEFT = Qt.MouseButton.LeftButton

Steps = Iterator[Callable[[], bool]]


def named(name: str) -> Any:
    """Find a widget by its object name, None when there is none."""
    for top in QApplication.topLevelWidgets():
        if top.objectName() == name:
            return top
        if (found := top.findChild(QWidget, name)) is not None:
            return found
    return None


def is_visible(name: str) -> bool:
    found = named(name)
    return found is not None and found.isVisible()


def names() -> list[str]:
    """Give the file names in the grid, "" for what is not known yet."""
    model = named("photoGrid").model()
    return [str(model.index(row, 0).data() or "") for row in range(model.rowCount())]


def press(widget: QWidget, key: int, text: str = "") -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.postEvent(widget, QKeyEvent(kind, key, _NO_KEYS, text))


def drop(folder: Path, window: QWidget) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    copy = Qt.DropAction.CopyAction
    place = QPoint(200, 200)
    QApplication.sendEvent(window, QDragEnterEvent(place, copy, data, _LEFT, _NO_KEYS))
    QApplication.sendEvent(window, QDropEvent(QPointF(place), copy, data, _LEFT, _NO_KEYS))


def open_menu() -> QMenu | None:
    return next(
        (
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, QMenu) and each.isVisible()
        ),
        None,
    )


def middle_of(row: int) -> QPoint:
    grid = named("photoGrid")
    place: QPoint = grid.visualRect(grid.model().index(row, 0)).center()
    return place


def drive(folder: Path, seen: dict[str, Any]) -> Steps:
    """Act step by step; each condition given is waited for before the next step."""
    yield lambda: is_visible("firstRunPage")
    window = named("firstRunPage").window()
    assert isinstance(window, QMainWindow)
    drop(folder, window)
    yield lambda: len(names()) == 36 and not is_visible("indexProgress")
    seen["browsing"] = named("resultSummary").text()
    yield from search(seen)
    yield from find_similar(seen)
    yield from view(seen)
    shutil.copyfile(folder / "red" / "1-red-circle.jpg", folder / "new.jpg")
    yield lambda: len(names()) == 37
    (folder / "new.jpg").unlink()
    yield lambda: len(names()) == 36
    seen["followed"] = True
    window.close()


def search(seen: dict[str, Any]) -> Steps:
    field = named("searchField")
    field.setFocus()
    for character in "三个红色的圆":
        press(field, 0, character)
    yield lambda: field.text() == "三个红色的圆" and 0 < len(names()) < 36 and all(names())
    seen["found"] = names()
    seen["summary"] = named("resultSummary").text()


def find_similar(seen: dict[str, Any]) -> Steps:
    viewport, place = named("photoGrid").viewport(), middle_of(0)
    QTest.mouseClick(viewport, _LEFT, _NO_KEYS, place)
    mouse = QContextMenuEvent.Reason.Mouse
    QApplication.postEvent(
        viewport, QContextMenuEvent(mouse, place, viewport.mapToGlobal(place), _NO_KEYS)
    )
    yield lambda: open_menu() is not None
    menu = open_menu()
    assert menu is not None
    seen["menu"] = [each.text() for each in menu.actions() if each.text()]
    similar = next(each for each in menu.actions() if "imilar" in each.text())
    before = names()
    menu.setActiveAction(similar)
    press(menu, Qt.Key.Key_Return)
    yield lambda: is_visible("filterChips") and names() != before and all(names())
    seen["similar"] = names()
    press(named("searchField"), Qt.Key.Key_Escape)
    yield lambda: not is_visible("filterChips")
    seen["back"] = named("searchField").text()
    press(named("searchField"), Qt.Key.Key_Escape)
    yield lambda: len(names()) == 36 and all(names()[:4])


def view(seen: dict[str, Any]) -> Steps:
    viewport, place = named("photoGrid").viewport(), middle_of(2)
    QTest.mouseClick(viewport, _LEFT, _NO_KEYS, place)  # what a double click begins with
    QTest.mouseDClick(viewport, _LEFT, _NO_KEYS, place)
    yield lambda: is_visible("photoViewer")
    seen["viewer"] = True
    press(named("photoViewer"), Qt.Key.Key_Escape)
    yield lambda: not is_visible("photoViewer")


def with_a_person(steps: Steps, seen: dict[str, Any]) -> Callable[[], int]:
    """Give an event loop in which somebody takes `steps`."""
    run_events = QApplication.exec

    def exec_() -> int:
        condition: Callable[[], bool] = lambda: True  # noqa: E731 the first step waits for nothing
        since = time.monotonic()
        timer = QTimer()

        def go_on() -> None:
            nonlocal condition, since
            if condition():
                condition, since = next(steps, lambda: False), time.monotonic()
            elif time.monotonic() - since > _SECONDS:
                seen["stuck_after"] = list(seen)
                QCoreApplication.exit(1)

        timer.timeout.connect(go_on)
        timer.start(20)
        try:
            return run_events()
        finally:
            timer.stop()

    return exec_


if __name__ == "__main__":
    home, model, photos = sys.argv[1:]
    told: dict[str, Any] = {}
    loop = with_a_person(drive(Path(photos), told), told)
    QApplication.exec = staticmethod(loop)  # type: ignore[method-assign]
    told["status"] = main(["--home", home, "--model", model])
    told["loaded"] = sorted({name.partition(".")[0] for name in sys.modules})
    print(json.dumps(told))

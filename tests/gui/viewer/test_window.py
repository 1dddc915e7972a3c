import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.photo import Photo, PhotoId
from memoryhunter.gui.messages import failure_text
from memoryhunter.gui.theme import Theme
from memoryhunter.gui.viewer.pictures import Picture
from memoryhunter.gui.viewer.window import PhotoViewer
from tests.gui.fakes import photo


class Pictures:
    """Answers the viewer's worker; a path in `held` waits for its event."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.threads: set[threading.Thread] = set()
        self.held: dict[str, threading.Event] = {}
        self.failing: dict[str, FailureReason] = {}

    def load(self, path: Path, box: tuple[int, int] | None) -> Picture:
        self.threads.add(threading.current_thread())
        self.asked.append((path.name, box is None))
        if path.name in self.held:
            assert self.held[path.name].wait(10)
        if path.name in self.failing:
            raise FileFailure(self.failing[path.name])
        size = QSize(4000, 3000)
        if box is not None:
            size.scale(QSize(*box), Qt.AspectRatioMode.KeepAspectRatio)
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(QColor("blue"))
        return Picture(image, 4000, 3000, complete=box is None)


class Album:
    """Photos by id; those in `unread` are not at hand yet."""

    def __init__(self, count: int) -> None:
        self.photos: dict[PhotoId, Photo] = {}
        self.ids = range(count)
        self.unread: set[PhotoId] = set()
        for number in range(min(count, 10)):
            made = photo(number)
            assert made.facts is not None
            self.photos[number] = replace(made, facts=replace(made.facts, width=4000, height=3000))

    def photo_of(self, photo_id: PhotoId) -> Photo | None:
        return None if photo_id in self.unread else self.photos.get(photo_id)


@pytest.fixture
def pictures() -> Pictures:
    return Pictures()


@pytest.fixture
def revealed() -> list[Path]:
    return []


@pytest.fixture
def viewer(
    qtbot: QtBot, theme: Theme, pictures: Pictures, revealed: list[Path]
) -> Iterator[PhotoViewer]:
    viewer = PhotoViewer(theme, load=pictures.load, show_in_folder=revealed.append)
    qtbot.addWidget(viewer)
    viewer.resize(1000, 700)
    yield viewer
    for event in pictures.held.values():
        event.set()
    viewer.close()
    assert viewer.join(10)
    assert not any(thread.is_alive() for thread in pictures.threads)


@pytest.fixture
def album() -> Album:
    return Album(5)


def thumbnail(colour: str = "red") -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def centre(viewer: PhotoViewer) -> QColor:
    return viewer._canvas.grab().toImage().pixelColor(viewer._canvas.rect().center())


def labels(viewer: PhotoViewer) -> set[str]:
    return {label.text() for label in viewer.findChildren(QLabel) if label.isVisible()}


def wait_sharp(qtbot: QtBot, viewer: PhotoViewer) -> None:
    qtbot.waitUntil(lambda: viewer._canvas.is_sharp)


def press(viewer: PhotoViewer, key: Qt.Key) -> None:
    QTest.keyClick(viewer, key)


def test_the_preview_is_there_first_and_the_sharp_picture_follows(
    viewer: PhotoViewer, album: Album, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.held["photo-2.jpg"] = threading.Event()
    viewer.show_photos(album.ids, 2, album.photo_of)
    viewer.give_preview(2, thumbnail())
    assert viewer.isVisible()
    assert centre(viewer) == QColor("red")
    assert {"photo-2.jpg", "3 / 5"} <= labels(viewer)
    pictures.held["photo-2.jpg"].set()
    wait_sharp(qtbot, viewer)
    assert centre(viewer) == QColor("blue")
    assert pictures.asked == [("photo-2.jpg", False)]


def test_pictures_are_decoded_off_the_gui_thread(
    viewer: PhotoViewer, album: Album, pictures: Pictures, qtbot: QtBot
) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 0, album.photo_of)
    wait_sharp(qtbot, viewer)
    press(viewer, Qt.Key.Key_Right)
    wait_sharp(qtbot, viewer)
    assert len(pictures.threads) == 1
    assert threading.main_thread() not in pictures.threads


def test_keys_go_through_the_photos_and_stop_at_the_ends(
    viewer: PhotoViewer, album: Album, qtbot: QtBot
) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 0, album.photo_of)
    for key, expected in (
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Space, 2),
        (Qt.Key.Key_End, 4),
        (Qt.Key.Key_Right, 4),
        (Qt.Key.Key_Backspace, 3),
        (Qt.Key.Key_Home, 0),
    ):
        press(viewer, key)
        assert viewer.current_id() == expected, key
    assert "1 / 5" in labels(viewer)


def test_a_hundred_thousand_photos_open_as_quickly_as_one(
    viewer: PhotoViewer, qtbot: QtBot
) -> None:
    album = Album(100_000)
    viewer.show_photos(album.ids, 3, album.photo_of)
    wait_sharp(qtbot, viewer)
    assert f"4 / {QLocale().toString(100_000)}" in labels(viewer)


def test_paging_quickly_decodes_only_where_it_ends(
    viewer: PhotoViewer, album: Album, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.held["photo-0.jpg"] = threading.Event()
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 0, album.photo_of)
    qtbot.waitUntil(lambda: pictures.asked == [("photo-0.jpg", False)])
    for _ in range(4):
        press(viewer, Qt.Key.Key_Right)
    pictures.held["photo-0.jpg"].set()
    wait_sharp(qtbot, viewer)
    assert pictures.asked == [("photo-0.jpg", False), ("photo-4.jpg", False)]


def test_all_pixels_are_loaded_when_zoomed_in(
    viewer: PhotoViewer, album: Album, pictures: Pictures, qtbot: QtBot
) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 0, album.photo_of)
    wait_sharp(qtbot, viewer)
    press(viewer, Qt.Key.Key_1)
    assert viewer._canvas.placement is not None
    assert viewer._canvas.placement.percent == 100
    assert "100%" in viewer._actions.actual_size.iconText()
    wait_sharp(qtbot, viewer)
    assert pictures.asked[-1] == ("photo-0.jpg", True)
    press(viewer, Qt.Key.Key_Plus)
    assert viewer._canvas.placement.percent == pytest.approx(125)
    press(viewer, Qt.Key.Key_Minus)
    assert viewer._canvas.placement.percent == pytest.approx(100)
    press(viewer, Qt.Key.Key_0)
    assert viewer._canvas.placement.fitted
    assert len(pictures.asked) == 2


def test_an_unreadable_file_says_why_over_its_thumbnail(
    viewer: PhotoViewer, album: Album, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.failing["photo-1.jpg"] = FailureReason.DAMAGED
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 1, album.photo_of)
        viewer.give_preview(1, thumbnail())
    sentence = failure_text(FailureReason.DAMAGED)
    qtbot.waitUntil(lambda: sentence in labels(viewer))
    assert centre(viewer) == QColor("red")
    press(viewer, Qt.Key.Key_Right)
    assert sentence not in labels(viewer)
    wait_sharp(qtbot, viewer)


def test_an_offline_photo_shows_its_preview_and_is_not_read(
    viewer: PhotoViewer, album: Album, pictures: Pictures
) -> None:
    album.photos[1] = replace(album.photos[1], online=False)
    viewer.show_photos(album.ids, 1, album.photo_of)
    viewer.give_preview(1, thumbnail())
    assert any("not connected" in text for text in labels(viewer))
    assert centre(viewer) == QColor("red")
    assert not viewer._actions.reveal.isEnabled()
    assert pictures.asked == []


def test_a_photo_that_is_not_at_hand_is_asked_for(
    viewer: PhotoViewer, album: Album, qtbot: QtBot
) -> None:
    album.unread = {3}
    with qtbot.waitSignal(viewer.photo_wanted, check_params_cb=lambda wanted: wanted == 3):
        viewer.show_photos(album.ids, 3, album.photo_of)
        viewer.give_preview(3, thumbnail())
    viewer.give_photo(2, album.photos[2])  # of a photo that was shown before
    assert "photo-2.jpg" not in labels(viewer)
    viewer.give_photo(3, album.photos[3])
    assert "photo-3.jpg" in labels(viewer)
    wait_sharp(qtbot, viewer)


def test_a_photo_that_is_gone_says_so(viewer: PhotoViewer, album: Album) -> None:
    viewer.show_photos(album.ids, 3, album.photo_of)
    viewer.give_photo(3, None)
    assert any("not in the library" in text for text in labels(viewer))
    assert not viewer._actions.similar.isEnabled()


def test_an_unchanged_photo_keeps_its_zoom(viewer: PhotoViewer, album: Album, qtbot: QtBot) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 3, album.photo_of)
    press(viewer, Qt.Key.Key_1)
    viewer.give_photo(3, replace(album.photos[3]))
    assert viewer._canvas.placement is not None
    assert viewer._canvas.placement.percent == 100


def test_thumbnails_of_the_neighbours_bridge_the_wait(
    viewer: PhotoViewer, album: Album, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.held["photo-1.jpg"] = threading.Event()
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 0, album.photo_of)
    with qtbot.waitSignal(viewer.preview_wanted, check_params_cb=lambda it: it.id == 1):
        press(viewer, Qt.Key.Key_Right)
    viewer.give_preview(0, thumbnail("green"))  # of the photo before
    viewer.give_preview(1, thumbnail("yellow"))
    assert centre(viewer) == QColor("yellow")


def test_a_preview_that_comes_late_leaves_the_sharp_picture_and_the_zoom(
    viewer: PhotoViewer, album: Album, qtbot: QtBot
) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 2, album.photo_of)
    wait_sharp(qtbot, viewer)
    press(viewer, Qt.Key.Key_1)
    viewer.give_preview(2, thumbnail())
    assert centre(viewer) == QColor("blue")
    assert viewer._canvas.placement is not None
    assert viewer._canvas.placement.percent == 100


def test_find_similar_closes_the_viewer_and_asks(
    viewer: PhotoViewer, album: Album, qtbot: QtBot
) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 2, album.photo_of)
    with qtbot.waitSignal(viewer.find_similar_requested, check_params_cb=lambda it: it == 2):
        press(viewer, Qt.Key.Key_S)
    assert not viewer.isVisible()


def test_the_file_can_be_shown_in_its_folder(
    viewer: PhotoViewer, album: Album, revealed: list[Path], qtbot: QtBot
) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 2, album.photo_of)
    press(viewer, Qt.Key.Key_R)
    assert revealed == [album.photos[2].path]


def test_escape_leaves_full_screen_first_and_then_closes(
    viewer: PhotoViewer, album: Album, qtbot: QtBot
) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 2, album.photo_of)
    press(viewer, Qt.Key.Key_F)
    assert viewer.isFullScreen()
    assert viewer._canvas.height() == viewer.height()
    press(viewer, Qt.Key.Key_Escape)
    assert not viewer.isFullScreen()
    assert viewer._canvas.height() < viewer.height()
    with qtbot.waitSignal(viewer.closed):
        press(viewer, Qt.Key.Key_Escape)
    assert viewer.current_id() is None


def test_the_bar_hides_in_full_screen_until_the_mouse_moves(
    viewer: PhotoViewer, album: Album, qtbot: QtBot
) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos(album.ids, 2, album.photo_of)
    press(viewer, Qt.Key.Key_F11)
    QTest.mouseMove(viewer._canvas, QPoint(20, 20))
    assert viewer._bar.isVisible()
    viewer._bar_timer.timeout.emit()
    assert not viewer._bar.isVisible()
    assert viewer._canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    QTest.mouseMove(viewer._canvas, QPoint(60, 60))
    assert viewer._bar.isVisible()
    assert viewer._canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_it_says_when_a_photo_takes_its_time(
    viewer: PhotoViewer, album: Album, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.held["photo-0.jpg"] = threading.Event()
    viewer.show_photos(album.ids, 0, album.photo_of)
    qtbot.waitUntil(lambda: any("Opening" in text for text in labels(viewer)))
    pictures.held["photo-0.jpg"].set()
    wait_sharp(qtbot, viewer)
    assert not any("Opening" in text for text in labels(viewer))


def test_closing_while_a_picture_is_decoded_leaves_nothing_behind(
    viewer: PhotoViewer, album: Album, pictures: Pictures, qapp: QApplication, qtbot: QtBot
) -> None:
    pictures.held["photo-0.jpg"] = threading.Event()
    viewer.show_photos(album.ids, 0, album.photo_of)
    viewer.give_preview(0, thumbnail())
    qtbot.waitUntil(lambda: bool(pictures.asked))
    viewer.close()
    assert viewer._canvas.placement is None
    pictures.held["photo-0.jpg"].set()
    assert viewer.join(10)
    qapp.processEvents()
    assert viewer._canvas.placement is None
    assert not viewer._slow_timer.isActive()


def test_it_can_be_opened_again(viewer: PhotoViewer, album: Album, qtbot: QtBot) -> None:
    viewer.show_photos(album.ids, 0, album.photo_of)
    viewer.close()
    viewer.show_photos(album.ids, 1, album.photo_of)
    wait_sharp(qtbot, viewer)
    assert "photo-1.jpg" in labels(viewer)


def test_nothing_to_show_is_no_error(viewer: PhotoViewer, qtbot: QtBot) -> None:
    with qtbot.waitActive(viewer):
        viewer.show_photos([], 0, Album(0).photo_of)
    press(viewer, Qt.Key.Key_Right)
    press(viewer, Qt.Key.Key_S)

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from memoryhunter.gui.grid.thumbnail_loader import ThumbnailLoader
from memoryhunter.gui.grid.tile_image import load_tile
from memoryhunter.gui.jobs import Courier, Lane

EDGE = 40
TILE = EDGE * EDGE * 4


class Shelf:
    """A folder of thumbnails that notes the order in which they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        for number in range(20):
            image = QImage(64, 48, QImage.Format.Format_RGB32)
            image.fill(0xFF336699)
            image.save(str(folder / f"{number}.png"))

    def path(self, content: str) -> Path:
        self.asked.append(content)
        return self.folder / f"{content}.png"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture
def lane(qtbot: QtBot) -> Iterator[Lane[None]]:
    lane = Lane[None]("thumbnails", Courier(), nullcontext)
    yield lane
    lane.stop()
    assert lane.join(5)


def loader(lane: Lane[None], shelf: Shelf, capacity: int = 1_000_000) -> ThumbnailLoader:
    made = ThumbnailLoader([lane], shelf.path, capacity=capacity)
    made.set_edge(EDGE)
    return made


def names(*numbers: int) -> list[str]:
    return [str(number) for number in numbers]


def test_what_is_wanted_arrives(qtbot: QtBot, lane: Lane[None], shelf: Shelf) -> None:
    thumbnails = loader(lane, shelf)
    with qtbot.waitSignal(thumbnails.arrived, check_params_cb=lambda content: content == "3"):
        thumbnails.want(names(3))
    pixmap = thumbnails.pixmap("3")
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (EDGE, EDGE)


def test_wishes_made_earlier_are_dropped(qtbot: QtBot, lane: Lane[None], shelf: Shelf) -> None:
    thumbnails = loader(lane, shelf)
    gate = threading.Event()
    lane.submit(lambda _: gate.wait(5), lambda _: None, lambda _: None)
    thumbnails.want(names(*range(10)))
    thumbnails.want(names(15, 16))
    gate.set()
    qtbot.waitUntil(lambda: thumbnails.pixmap("16") is not None)
    assert shelf.asked == names(0, 1, 15, 16)  # the first two had been given to the lane


def test_memory_is_bounded_and_the_oldest_go_first(
    qtbot: QtBot, lane: Lane[None], shelf: Shelf
) -> None:
    thumbnails = loader(lane, shelf, capacity=3 * TILE)
    thumbnails.want(names(0, 1, 2, 3, 4))
    qtbot.waitUntil(lambda: thumbnails.pixmap("4") is not None)
    assert thumbnails.used_bytes == 3 * TILE
    assert thumbnails.pixmap("0") is None


def test_another_size_is_loaded_while_the_old_one_is_shown(
    qtbot: QtBot, lane: Lane[None], shelf: Shelf
) -> None:
    thumbnails = loader(lane, shelf)
    thumbnails.want(names(1))
    qtbot.waitUntil(lambda: thumbnails.pixmap("1") is not None)
    thumbnails.set_edge(20)
    thumbnails.want(names(1))
    shown = thumbnails.pixmap("1")
    assert shown is not None
    assert shown.width() == EDGE
    qtbot.waitUntil(lambda: (thumbnails.pixmap("1") or shown).width() == 20)
    assert thumbnails.used_bytes == 20 * 20 * 4


def test_a_missing_thumbnail_is_asked_for_once_until_things_change(
    qtbot: QtBot, lane: Lane[None], shelf: Shelf
) -> None:
    thumbnails = loader(lane, shelf)
    thumbnails.want(names(99, 1))
    qtbot.waitUntil(lambda: thumbnails.pixmap("1") is not None)
    thumbnails.want(names(99))
    assert shelf.asked.count("99") == 1
    thumbnails.forget()
    thumbnails.want(names(99))
    assert shelf.asked.count("99") == 2


@pytest.mark.parametrize(
    ("width", "height", "edge", "expected"),
    [(512, 300, 200, 200), (300, 512, 200, 200), (512, 20, 200, 20), (100, 80, 200, 80)],
)
def test_a_tile_is_the_middle_square_never_enlarged(
    tmp_path: Path, width: int, height: int, edge: int, expected: int
) -> None:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    image.save(str(tmp_path / "x.jpg"))
    tile = load_tile(tmp_path / "x.jpg", edge, whole=False)
    assert (tile.width(), tile.height()) == (expected, expected)
    assert tile.pixelColor(0, 0).alpha() < 255
    assert tile.pixelColor(expected // 2, expected // 2).alpha() == 255


def test_a_whole_picture_keeps_its_shape(tmp_path: Path) -> None:
    image = QImage(512, 256, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    image.save(str(tmp_path / "x.jpg"))
    tile = load_tile(tmp_path / "x.jpg", 200, whole=True)
    assert (tile.width(), tile.height()) == (200, 100)


def test_switching_to_whole_pictures_loads_them_anew(
    qtbot: QtBot, lane: Lane[None], shelf: Shelf
) -> None:
    thumbnails = loader(lane, shelf)
    thumbnails.want(names(1))
    qtbot.waitUntil(lambda: thumbnails.pixmap("1") is not None)
    thumbnails.set_whole(whole=True)
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.want(names(1))
    pixmap = thumbnails.pixmap("1")
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (40, 30)


def test_what_is_no_picture_gives_a_null_image(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"no picture")
    assert load_tile(tmp_path / "x.jpg", 100, whole=False).isNull()
    assert load_tile(tmp_path / "none.jpg", 100, whole=True).isNull()

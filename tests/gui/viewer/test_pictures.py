from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.gui.viewer import pictures
from memoryhunter.gui.viewer.pictures import as_qimage, load_picture


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A photo of 1200 x 800 whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (1200, 800), "red")
    image.paste("blue", (600, 0, 1200, 800))
    file = tmp_path / "海边 日落.jpg"
    image.save(file, quality=95)
    return file


def near(found: QColor, expected: str) -> bool:
    """Say whether a colour is the expected one but for JPEG's losses."""
    wanted = QColor(expected)
    pairs = zip(found.getRgb()[:3], wanted.getRgb()[:3], strict=True)  # type: ignore[index]
    return all(abs(one - other) < 12 for one, other in pairs)


def test_a_box_is_filled_without_more_pixels_than_needed(wide: Path) -> None:
    picture = load_picture(wide, (300, 300))
    assert (picture.image.width(), picture.image.height()) == (300, 200)
    assert (picture.width, picture.height) == (1200, 800)
    assert not picture.complete
    assert near(picture.image.pixelColor(20, 100), "red")
    assert near(picture.image.pixelColor(280, 100), "blue")


def test_without_a_box_every_pixel_is_there(wide: Path) -> None:
    picture = load_picture(wide, None)
    assert (picture.image.width(), picture.image.height()) == (1200, 800)
    assert picture.complete


def test_a_photo_smaller_than_the_box_is_complete(wide: Path) -> None:
    picture = load_picture(wide, (4000, 3000))
    assert picture.image.width() == 1200
    assert picture.complete


def test_a_turned_photo_stands_upright(tmp_path: Path) -> None:
    image = Image.new("RGB", (400, 200), "red")
    image.paste("blue", (200, 0, 400, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held so that the left side is up
    file = tmp_path / "turned.jpg"
    image.save(file, exif=exif, quality=95)
    picture = load_picture(file, None)
    assert (picture.width, picture.height) == (200, 400)
    assert near(picture.image.pixelColor(100, 20), "red")
    assert near(picture.image.pixelColor(100, 380), "blue")


def test_an_enormous_photo_is_given_as_large_as_memory_allows(
    wide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 240_000)
    picture = load_picture(wide, None)
    assert picture.image.width() * picture.image.height() <= 240_000
    assert picture.image.width() == pytest.approx(600, abs=2)
    assert (picture.width, picture.complete) == (1200, True)


def test_a_file_that_cannot_be_shown_says_why(tmp_path: Path, wide: Path) -> None:
    with pytest.raises(FileFailure) as gone:
        load_picture(tmp_path / "gone.jpg", None)
    assert gone.value.reason == FailureReason.VANISHED
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(wide.read_bytes()[:2000])
    with pytest.raises(FileFailure) as failure:
        load_picture(damaged, (300, 300))
    assert failure.value.reason == FailureReason.DAMAGED


def test_running_out_of_memory_is_a_reason(wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(image: Image.Image) -> QImage:
        raise MemoryError

    monkeypatch.setattr(pictures, "as_qimage", exhausted)
    with pytest.raises(FileFailure) as failure:
        load_picture(wide, None)
    assert failure.value.reason == FailureReason.OUT_OF_MEMORY


def test_a_picture_outlives_the_bytes_it_was_made_from() -> None:
    made = [as_qimage(Image.new("RGB", (37, 21), (200, 100, 50))) for _ in range(50)]
    assert all(image.pixelColor(36, 20) == QColor(200, 100, 50) for image in made)

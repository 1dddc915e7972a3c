"""What benchmarks make for themselves."""

from pathlib import Path

from PIL import ExifTags, Image

from memoryhunter.engine.prepare.hub_folder import read_hub_folder
from tests.benchmarks.inputs import describe_photos, jpegs, photos_in
from tests.benchmarks.made_models import SIZES, vocabulary, write_model
from tests.benchmarks.made_photos import SMALL_SIZES, make_photos


def test_made_photos_are_always_the_same(tmp_path: Path) -> None:
    first, second = (make_photos(tmp_path / name, 4, SMALL_SIZES) for name in ("a", "b"))
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    with Image.open(first[3]) as turned:
        assert turned.getexif()[ExifTags.Base.Orientation] == 6
    assert "4 JPEGs (4 different) of 0.3 to 0.5 megapixels" in describe_photos(first)


def test_the_pictures_of_folders(tmp_path: Path) -> None:
    for name in ("c.jpg", "a.HEIC", "b.jpeg", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    for number in range(10):
        (tmp_path / "more" / f"{number}.png").touch()
    found = photos_in([tmp_path, tmp_path / "more"], 3)
    assert [each.name for each in found] == ["a.HEIC", "b.jpeg", "c.jpg", "0.png", "3.png", "6.png"]
    assert [each.name for each in jpegs(found)] == ["b.jpeg", "c.jpg"]


def test_a_made_model_can_be_installed(tmp_path: Path) -> None:
    write_model(tmp_path / "model", "tiny")
    hub = read_hub_folder(tmp_path / "model")
    assert (hub.dimension, hub.image_size) == (24, 32)


def test_vocabularies_are_as_large_as_they_should_be() -> None:
    for shape in SIZES.values():
        words = vocabulary(shape["words"])
        assert len(words) == len(set(words)) == shape["words"]

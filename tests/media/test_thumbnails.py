"""The store: small upright files that appear whole or not at all."""

from pathlib import Path

import pytest
from PIL import Image

from memoryhunter.media.decode import decode
from memoryhunter.media.thumbnails import THUMBNAIL_SIZE, ThumbnailStore
from tests.media.samples import landscape, quadrants

HASH = "ab" + "0" * 30


@pytest.fixture
def store(tmp_path: Path) -> ThumbnailStore:
    return ThumbnailStore(tmp_path / "thumbnails")


def size_of(store: ThumbnailStore) -> tuple[int, int]:
    with store.path(HASH).open("rb") as file:
        decoded = decode(file, at_least=None)
    assert decoded.format == "jpeg"
    return decoded.image.size


def test_nothing_is_written_before_the_first_thumbnail(store: ThumbnailStore) -> None:
    assert not store.has(HASH)
    store.remove(HASH)
    assert not store.path(HASH).parent.parent.exists()


def test_has_what_was_saved_until_it_is_removed(store: ThumbnailStore) -> None:
    store.save(HASH, quadrants())
    assert store.has(HASH)
    assert store.path(HASH).parts[-2:] == ("ab", f"{HASH}.jpg")
    assert [path.name for path in store.path(HASH).parent.iterdir()] == [f"{HASH}.jpg"]
    store.remove(HASH)
    assert not store.has(HASH)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((2000, 1000), (512, 256)),
        ((1000, 2000), (256, 512)),
        ((512, 512), (512, 512)),
        ((96, 64), (96, 64)),
        ((5000, 2), (512, 1)),
    ],
)
def test_longest_side_and_never_enlarged(
    store: ThumbnailStore, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    store.save(HASH, quadrants(*size))
    assert size_of(store) == expected
    assert max(expected) <= THUMBNAIL_SIZE


def test_carries_nothing_but_pixels_and_leaves_the_image_alone(store: ThumbnailStore) -> None:
    image = landscape(1200, 900)
    image.info = {"comment": b"secret", "icc_profile": b"x" * 100, "exif": b"Exif\0\0secret"}
    before = image.tobytes()
    store.save(HASH, image)
    content = store.path(HASH).read_bytes()
    assert b"Exif" not in content
    assert b"ICC_PROFILE" not in content
    assert b"secret" not in content
    assert 5_000 < len(content) < 120_000
    assert image.tobytes() == before


def test_an_empty_file_is_no_thumbnail(store: ThumbnailStore) -> None:
    store.save(HASH, quadrants())
    store.path(HASH).write_bytes(b"")
    assert not store.has(HASH)
    store.save(HASH, quadrants())
    assert store.has(HASH)


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    store: ThumbnailStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        store.save(HASH, quadrants())
    assert list(store.path(HASH).parent.iterdir()) == []


def test_a_thumbnail_that_is_being_read_elsewhere_stays(
    store: ThumbnailStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise PermissionError(13, "in use by another process")

    store.save(HASH, quadrants())
    monkeypatch.setattr(Path, "replace", busy)
    store.save(HASH, quadrants())
    assert size_of(store) == (96, 64)
    store.remove(HASH)
    with pytest.raises(PermissionError):
        store.save(HASH, quadrants())


def test_a_root_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "root").write_bytes(b"x")
    store = ThumbnailStore(tmp_path / "root")
    assert not store.has(HASH)
    with pytest.raises(OSError, match="root"):
        store.save(HASH, Image.new("RGB", (4, 4)))

"""One file, everything from it, and nothing done to it."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.photo import CaptureSource, PixelSpec
from memoryhunter.media import prepare
from memoryhunter.media.fingerprint import content_hash
from memoryhunter.media.prepare import PrepareRequest, fingerprint_photo, prepare_photo
from memoryhunter.media.thumbnails import ThumbnailNotSavedError, ThumbnailStore
from tests.media.samples import BLUE, differ, encoded, landscape, quadrants, write_photo


def test_everything_from_one_file(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.jpg", landscape(1600, 1200))
    root = tmp_path / "thumbnails"
    prepared = prepare_photo(PrepareRequest(path, root, PixelSpec(224)))
    assert prepared.path == path
    assert (prepared.stamp, prepared.content_hash) == fingerprint_photo(path)
    assert (prepared.facts.width, prepared.facts.height) == (1600, 1200)
    assert prepared.facts.capture_source is CaptureSource.FILE
    assert prepared.pixels is not None
    assert prepared.pixels.shape == (224, 224, 3)
    thumbnail = ThumbnailStore(root).path(prepared.content_hash)
    again = prepare_photo(PrepareRequest(thumbnail, None, PixelSpec(224)))
    assert (again.facts.width, again.facts.height) == (512, 384)
    assert again.pixels is not None
    difference = np.abs(again.pixels.astype(int) - prepared.pixels.astype(int))
    assert difference.mean() < 5


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.jpg")
    prepared = prepare_photo(PrepareRequest(path, None, None))
    assert prepared.pixels is None
    assert prepared.facts.format == "jpeg"
    assert os.listdir(tmp_path) == ["a.jpg"]  # noqa: PTH208 names are what is asked for


def test_an_existing_thumbnail_is_kept(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.jpg")
    store = ThumbnailStore(tmp_path / "thumbnails")
    _, fingerprint = fingerprint_photo(path)
    store.path(fingerprint).parent.mkdir(parents=True)
    store.path(fingerprint).write_bytes(b"made before")
    prepare_photo(PrepareRequest(path, tmp_path / "thumbnails", None))
    assert store.path(fingerprint).read_bytes() == b"made before"


def test_the_source_is_only_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("jpeg", "png", "heif", "tiff"):
        (folder / f"a.{name}").write_bytes(encoded(quadrants(), name))
    flags = []
    system_open = os.open

    def watched(path: str, flag: int, *rest: int, **more: int) -> int:
        if Path(path).parent == folder:
            flags.append(flag)
        return system_open(path, flag, *rest, **more)

    monkeypatch.setattr(os, "open", watched)
    for path in sorted(folder.iterdir()):
        path.chmod(stat.S_IRUSR)
        before = (path.stat().st_mtime_ns, path.stat().st_size, path.read_bytes())
        prepare_photo(PrepareRequest(path, tmp_path / "thumbnails", PixelSpec(32)))
        assert (path.stat().st_mtime_ns, path.stat().st_size, path.read_bytes()) == before
    assert len(list(folder.iterdir())) == 4
    assert len(flags) == 4, "each file is opened exactly once"
    assert not any(flag & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) for flag in flags)


def test_the_stamp_is_that_of_the_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_photo(tmp_path / "a.jpg")
    before = path.stat()

    def hash_while_someone_writes(file: object) -> str:
        os.utime(path, ns=(1, 1))
        return content_hash(file)  # type: ignore[arg-type]

    monkeypatch.setattr(prepare, "content_hash", hash_while_someone_writes)
    prepared = prepare_photo(PrepareRequest(path, None, None))
    assert prepared.stamp.mtime_ns == before.st_mtime_ns
    assert path.stat().st_mtime_ns != before.st_mtime_ns


def test_failures_pass_through(tmp_path: Path) -> None:
    for content, reason in (
        (b"", FailureReason.EMPTY),
        (b"no picture at all", FailureReason.NOT_A_PICTURE),
        (encoded(landscape(400, 300), "jpeg")[:5000], FailureReason.DAMAGED),
    ):
        path = tmp_path / "a.jpg"
        path.write_bytes(content)
        with pytest.raises(FileFailure) as caught:
            prepare_photo(PrepareRequest(path, tmp_path / "thumbnails", PixelSpec(32)))
        assert caught.value.reason is reason
    assert not (tmp_path / "thumbnails").exists()


def test_too_little_memory_is_a_failure_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(prepare, "decode", fail)
    with pytest.raises(FileFailure) as caught:
        prepare_photo(PrepareRequest(write_photo(tmp_path / "a.jpg"), None, None))
    assert caught.value.reason is FailureReason.OUT_OF_MEMORY


def test_a_thumbnail_that_cannot_be_written_is_not_the_photos_fault(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.jpg")
    (tmp_path / "thumbnails").write_bytes(b"in the way")
    with pytest.raises(ThumbnailNotSavedError, match="thumbnails"):
        prepare_photo(PrepareRequest(path, tmp_path / "thumbnails", None))


def test_narrow_panoramas_keep_enough_pixels(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.jpg", quadrants(6000, 300))
    prepared = prepare_photo(PrepareRequest(path, tmp_path / "thumbnails", PixelSpec(224)))
    assert prepared.pixels is not None
    assert differ(tuple(prepared.pixels[168, 56].tolist()), BLUE) < 12
    assert (prepared.facts.width, prepared.facts.height) == (6000, 300)

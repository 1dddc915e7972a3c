"""Every format of the list, from its signature to its pixels."""

from io import BytesIO
from pathlib import Path

import pytest

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.media.decode import decode
from memoryhunter.media.formats import (
    FORMATS,
    Format,
    begins_like_photo,
    format_name,
    is_photo_name,
    pillow_formats,
)
from memoryhunter.media.prepare import PrepareRequest, prepare_photo
from tests.media.samples import QUADRANTS, WRITERS, corners, differ, encoded, noise, quadrants

EVERY_FORMAT = pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)


def test_every_format_has_a_sample() -> None:
    assert set(WRITERS) == {format_.name for format_ in FORMATS}


@EVERY_FORMAT
def test_is_read_in_its_colours_whatever_its_suffix(format_: Format, tmp_path: Path) -> None:
    content = encoded(quadrants(), format_.name)
    for suffix in (min(format_.suffixes), ".jpg", ".png", ".unknown"):
        path = tmp_path / f"photo{suffix}"
        path.write_bytes(content)
        facts = prepare_photo(PrepareRequest(path, None, None)).facts
        assert (facts.format, facts.width, facts.height) == (format_.name, 96, 64)
    decoded = decode(BytesIO(content), at_least=None)
    assert decoded.image.mode == "RGB"
    assert decoded.orientation == 1
    for found, expected in zip(corners(decoded.image), QUADRANTS, strict=True):
        assert differ(found, expected) <= 6, format_.name


@EVERY_FORMAT
def test_is_known_by_its_first_bytes(format_: Format) -> None:
    assert begins_like_photo(encoded(quadrants(), format_.name)[:32])


@pytest.mark.parametrize("head", [b"", b"\x7fELF", b"BMW drivers", b"GIF", b"%PDF-1.7", b"\0" * 32])
def test_other_files_do_not_begin_like_photos(head: bytes) -> None:
    assert not begins_like_photo(head)


@EVERY_FORMAT
@pytest.mark.parametrize("part", [0.3, 0.9])
@pytest.mark.parametrize("at_least", [None, 32])
def test_truncated_is_damaged(format_: Format, part: float, at_least: int | None) -> None:
    content = encoded(noise(), format_.name)
    with pytest.raises(FileFailure) as caught:
        decode(BytesIO(content[: int(len(content) * part)]), at_least=at_least)
    assert caught.value.reason is FailureReason.DAMAGED


@EVERY_FORMAT
def test_garbage_behind_the_signature_is_damaged(format_: Format) -> None:
    content = encoded(noise(), format_.name)[:16] + bytes(range(256)) * 8
    with pytest.raises(FileFailure) as caught:
        decode(BytesIO(content), at_least=None)
    # 256 x 256 x ... pixels may be what such a header happens to say.
    assert caught.value.reason in (FailureReason.DAMAGED, FailureReason.TOO_LARGE)


@pytest.mark.parametrize(
    "content",
    [
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n" + b"x" * 100,
        b"8BPS\0\1" + bytes(200),
        b"P6\n2 2\n255\n" + bytes(12),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>" + b" " * 100,
        b"just some words, as long as a signature",
        b"\0",
        b"\0\0\0\x18ftypisom\0\0\2\0isomiso2avc1mp41",
    ],
    ids=["eps", "psd", "ppm", "svg", "text", "one byte", "video"],
)
def test_other_content_is_not_a_picture(content: bytes) -> None:
    with pytest.raises(FileFailure) as caught:
        decode(BytesIO(content), at_least=None)
    assert caught.value.reason is FailureReason.NOT_A_PICTURE


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.JPG", "/x/y.z/a.JpEg", "旅行.HEIC", "a.b.avif", "a.tif", "a.jp2", "a.jfif"]
)
def test_names_of_photos(name: str) -> None:
    assert is_photo_name(name)


@pytest.mark.parametrize(
    "name", ["a.mp4", "jpg", ".jpg", "a.jpg.txt", "a", "", "a.psd", "a.jpg~", "._IMG_1.jpg"]
)
def test_other_names(name: str) -> None:
    assert not is_photo_name(name)


def test_suffixes_belong_to_one_format_and_are_lower_case() -> None:
    suffixes = [suffix for format_ in FORMATS for suffix in format_.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


def test_what_pillow_calls_a_format_has_our_name() -> None:
    assert format_name("MPO") == "jpeg"
    assert [format_name(name) for name in pillow_formats()] == [f.name for f in FORMATS]
    with pytest.raises(KeyError):
        format_name("EPS")

"""Decoding: upright, not smaller than asked for, never more than allowed, and failing politely."""

import zlib
from io import BytesIO
from typing import BinaryIO, cast

import numpy as np
import pytest
from PIL import Image

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.photo import PixelSpec
from memoryhunter.media.decode import MAX_PIXELS, decode
from memoryhunter.media.pixels import OVERSAMPLING, model_pixels
from tests.media.samples import (
    BLUE,
    QUADRANTS,
    RED,
    corners,
    differ,
    landscape,
    noise,
    oriented_exif,
    quadrants,
    raw_png,
    saved,
)

# What has to be done to an upright picture so that the tag's rule brings it back.
LAID_DOWN = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def reason_of(content: bytes, at_least: int | None = None) -> FailureReason:
    with pytest.raises(FileFailure) as caught:
        decode(BytesIO(content), at_least=at_least)
    assert "\n" not in caught.value.detail
    return caught.value.reason


@pytest.mark.parametrize("at_least", [None, 16])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("pillow_name", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_every_orientation_comes_out_upright(
    pillow_name: str, orientation: int, at_least: int | None
) -> None:
    method = LAID_DOWN[orientation]
    stored = quadrants() if method is None else quadrants().transpose(method)
    file = saved(stored, pillow_name, exif=oriented_exif(orientation), quality=95)
    decoded = decode(file, at_least=at_least)
    assert (decoded.width, decoded.height) == (96, 64)
    assert decoded.orientation == orientation
    assert decoded.image.width > decoded.image.height
    for found, expected in zip(corners(decoded.image), QUADRANTS, strict=True):
        assert differ(found, expected) <= 12


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_upright(orientation: int) -> None:
    decoded = decode(saved(quadrants(), "JPEG", exif=oriented_exif(orientation)), at_least=None)
    assert (decoded.orientation, decoded.width, decoded.height) == (1, 96, 64)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:.*corrupt EXIF")
@pytest.mark.parametrize(
    "block", [b"garbage", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff", b"II*\0" + bytes(400)]
)
@pytest.mark.parametrize("pillow_name", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_broken_exif_block_does_not_cost_the_photo(pillow_name: str, block: bytes) -> None:
    file = saved(quadrants(), pillow_name, exif=b"Exif\0\0" + block)
    decoded = decode(file, at_least=None)
    assert decoded.orientation == 1
    assert differ(corners(decoded.image)[0], RED) < 12


def test_only_the_container_turns_a_heic() -> None:
    # ISO/IEC 23008-12 has irot and imir for it, and says to ignore EXIF. Given as bytes the
    # plugin writes irot; given as an object, EXIF alone says "turned".
    exif = Image.Exif()
    exif[274] = 6
    decoded = decode(saved(quadrants(), "HEIF", exif=exif), at_least=None)
    assert (decoded.width, decoded.height, decoded.orientation) == (96, 64, 6)
    assert differ(corners(decoded.image)[0], RED) < 12


@pytest.mark.parametrize("pillow_name", ["JPEG", "PNG", "HEIF", "AVIF", "WEBP", "JPEG2000"])
@pytest.mark.parametrize("size", [(2400, 1600), (1600, 2400), (1300, 640), (640, 480), (300, 900)])
def test_never_smaller_than_asked_for(pillow_name: str, size: tuple[int, int]) -> None:
    if pillow_name in ("AVIF", "JPEG2000") and max(size) > 1000:
        return  # takes long to write, and is reduced by the same code as PNG
    decoded = decode(saved(quadrants(*size), pillow_name), at_least=256)
    assert (decoded.width, decoded.height) == size
    assert 256 <= min(decoded.image.size) < 512
    assert decoded.image.width / decoded.image.height == pytest.approx(size[0] / size[1], rel=0.02)


def test_a_small_photo_is_not_enlarged() -> None:
    for pillow_name in ("JPEG", "PNG"):
        decoded = decode(saved(quadrants(), pillow_name), at_least=256)
        assert decoded.image.size == (96, 64)


def test_full_size_is_exact() -> None:
    picture = noise()
    decoded = decode(saved(picture, "PNG"), at_least=None)
    assert np.array_equal(np.asarray(decoded.image), np.asarray(picture))


@pytest.mark.parametrize("pillow_name", ["JPEG", "PNG"])
def test_decoding_smaller_gives_the_model_the_same_picture(pillow_name: str) -> None:
    spec = PixelSpec(224)
    content = saved(landscape(), pillow_name, quality=90, compress_level=1).getvalue()
    full = model_pixels(decode(BytesIO(content), at_least=None).image, spec)
    less = decode(BytesIO(content), at_least=spec.size * OVERSAMPLING).image
    assert less.width < 2400
    difference = np.abs(full.astype(int) - model_pixels(less, spec).astype(int))
    assert difference.mean() < 1.0
    assert np.percentile(difference, 99) < 6


def test_an_embedded_heic_thumbnail_serves_where_it_is_large_enough() -> None:
    content = saved(quadrants(800, 600), "HEIF", thumbnails=[320], quality=90).getvalue()
    used = decode(BytesIO(content), at_least=230)
    assert used.image.size == (320, 240)
    assert (used.width, used.height) == (800, 600)
    for found, expected in zip(corners(used.image), QUADRANTS, strict=True):
        assert differ(found, expected) <= 12
    too_small = decode(BytesIO(content), at_least=250)
    assert too_small.image.size == (400, 300)


def test_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in (RED, BLUE, RED)]
    for pillow_name, options in (
        ("GIF", {}),
        ("WEBP", {"lossless": True}),
        ("PNG", {}),
        ("TIFF", {}),
        ("AVIF", {"quality": 95}),
    ):
        rest = frames[1:]
        file = saved(frames[0], pillow_name, save_all=True, append_images=rest, **options)
        decoded = decode(file, at_least=None)
        pixel = decoded.image.getpixel((5, 5))
        assert isinstance(pixel, tuple)
        assert differ(pixel, RED) < 8, pillow_name


def test_two_pictures_in_one_jpeg_are_a_jpeg() -> None:
    file = saved(quadrants(), "MPO", save_all=True, append_images=[noise()])
    decoded = decode(file, at_least=16)
    assert decoded.format == "jpeg"
    assert differ(corners(decoded.image)[0], RED) < 12


def test_nothing_of_the_file_stays_in_the_image() -> None:
    file = saved(quadrants(), "JPEG", exif=oriented_exif(6), comment=b"secret", dpi=(300, 300))
    decoded = decode(file, at_least=None)
    assert decoded.image.info == {}
    assert type(decoded.image) is Image.Image


def test_large_photos_are_allowed_and_larger_ones_are_not() -> None:
    assert MAX_PIXELS == 500_000_000
    # 200 million pixels pass; what is missing here is the content.
    assert reason_of(raw_png(20_000, 10_000, bits=1)) is FailureReason.DAMAGED
    assert reason_of(raw_png(25_001, 20_000)) is FailureReason.TOO_LARGE
    # Pillow itself refuses beyond twice the limit.
    assert reason_of(raw_png(100_000, 100_000)) is FailureReason.TOO_LARGE


def test_a_failing_disk_is_not_a_damaged_photo() -> None:
    class Failing(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 0:
                raise OSError(5, "Input/output error")
            return super().read(size)

    content = saved(noise(), "PNG").getvalue()
    with pytest.raises(FileFailure) as caught:
        decode(cast("BinaryIO", Failing(content)), at_least=None)
    assert caught.value.reason is FailureReason.UNREADABLE


def test_too_little_memory_is_not_a_damaged_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(quadrants(), "BMP")
    for error in (MemoryError(), OSError("out of memory when reading image file")):

        def fail(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
        with pytest.raises(MemoryError):
            decode(file, at_least=None)


@pytest.mark.parametrize(
    "error", [IndexError("x"), zlib.error("x\ny"), RecursionError(), Warning()]
)
def test_whatever_a_decoder_raises_is_damage(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    assert reason_of(saved(quadrants(), "BMP").getvalue()) is FailureReason.DAMAGED

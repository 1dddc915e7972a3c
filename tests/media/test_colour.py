"""Colours come out as people see them, whatever the file stores them as."""

import struct
from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from memoryhunter.media.colour import to_srgb
from memoryhunter.media.decode import decode
from tests.media.profiles import display_p3, grey_gamma_one, press_cmyk
from tests.media.samples import QUADRANTS, RED, corners, differ, quadrants, raw_png, saved

GREY_RAMP = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))


def decoded(file: BytesIO) -> Image.Image:
    image = decode(file, at_least=None).image
    assert image.mode == "RGB"
    return image


def middle(image: Image.Image) -> tuple[int, ...]:
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return tuple(int(value) for value in pixel)


def assert_is_the_ramp(image: Image.Image) -> None:
    """Black on the left, white on the right, and the middle in the middle."""
    values = np.asarray(image)[32].astype(int)
    assert np.abs(values - np.arange(256)[:, None]).max() <= 1


@pytest.mark.parametrize("pillow_name", ["PNG", "TIFF"])
def test_16_bit_grey_keeps_its_middle(pillow_name: str) -> None:
    assert_is_the_ramp(decoded(saved(Image.fromarray(GREY_RAMP), pillow_name)))


def test_16_bit_grey_in_the_other_byte_order() -> None:
    content = GREY_RAMP.astype(">u2").tobytes()
    image = Image.frombytes("I;16B", (256, 64), content)
    assert_is_the_ramp(to_srgb(image))
    assert_is_the_ramp(decoded(saved(image, "TIFF")))


def test_16_bit_where_zero_is_white() -> None:
    file = saved(Image.fromarray(65535 - GREY_RAMP), "TIFF", tiffinfo={262: 0})
    assert_is_the_ramp(decoded(file))


def test_12_of_16_bits_are_stretched_to_white() -> None:
    image = Image.fromarray(GREY_RAMP // 16)
    image.tag_v2 = {258: (12,), 262: 1}  # type: ignore[attr-defined]
    assert_is_the_ramp(to_srgb(image))


@pytest.mark.parametrize("white", [255, 65535])
def test_wide_integers_by_the_narrowest_usual_range(white: int) -> None:
    ramp = (np.linspace(0, 1, 256) * white).round().astype(np.int32)
    assert_is_the_ramp(to_srgb(Image.fromarray(np.tile(ramp, (64, 1)))))


@pytest.mark.parametrize(("dark", "bright"), [(0, 1), (0, 255), (0, 65535), (-3, 70)])
def test_floating_point(dark: float, bright: float) -> None:
    ramp = np.linspace(dark, bright, 256).astype(np.float32)
    image = Image.fromarray(np.tile(ramp, (64, 1)))
    assert_is_the_ramp(decoded(saved(image, "TIFF")))


def test_floating_point_with_holes() -> None:
    values = np.full((8, 8), 0.5, dtype=np.float32)
    values[0] = np.nan
    values[1] = np.inf
    result = np.asarray(to_srgb(Image.fromarray(values)))
    assert result[4, 4, 0] == 128
    assert result[0, 0, 0] == 0
    nothing: npt.NDArray[np.float32] = np.full((4, 4), np.nan, dtype=np.float32)
    assert np.asarray(to_srgb(Image.fromarray(nothing))).max() == 0


def test_16_bit_colour_keeps_its_middle() -> None:
    # Pillow writes no 16-bit RGB, but cameras and editors do.
    rows = (b"\0" + struct.pack(">H", 0x8080) * 3 * 8) * 8
    file = BytesIO(raw_png(8, 8, bits=16, colour_type=2, rows=rows))
    assert differ(middle(decoded(file)), (128, 128, 128)) <= 1


@pytest.mark.parametrize("pillow_name", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile(pillow_name: str) -> None:
    inks = {(0, 0, 0, 0): (255, 255, 255), (255, 0, 0, 0): (0, 255, 255), (0, 0, 0, 255): (0, 0, 0)}
    for ink, expected in inks.items():
        file = saved(Image.new("CMYK", (32, 32), ink), pillow_name, quality=95)
        assert differ(middle(decoded(file)), expected) <= 4


@pytest.mark.parametrize("pillow_name", ["JPEG", "TIFF"])
def test_cmyk_with_a_profile_shows_the_inks_of_that_press(pillow_name: str) -> None:
    cyan = Image.new("CMYK", (32, 32), (255, 0, 0, 0))
    file = saved(cyan, pillow_name, quality=95, icc_profile=press_cmyk())
    red, green, blue = middle(decoded(file))
    assert red < 60
    assert 110 < green < 170
    assert blue > 190
    white = saved(Image.new("CMYK", (32, 32)), pillow_name, icc_profile=press_cmyk())
    assert differ(middle(decoded(white)), (255, 255, 255)) <= 3


def _p3_in_srgb(colour: tuple[int, int, int]) -> tuple[int, ...]:
    """Display P3 to sRGB by the matrix of CSS Color 4, section 18 (both D65)."""
    linear = np.array(colour) / 255
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [[1.22494, -0.22494, 0], [-0.04206, 1.04206, 0], [-0.01964, -0.07864, 1.09827]]
    )
    light = (matrix @ linear).clip(0, 1)
    coded = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return tuple(int(value) for value in (coded * 255).round())


@pytest.mark.parametrize("pillow_name", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
@pytest.mark.parametrize("colour", [(255, 0, 0), (200, 100, 50), (60, 140, 90), (128, 128, 128)])
def test_display_p3_becomes_srgb(pillow_name: str, colour: tuple[int, int, int]) -> None:
    image = Image.new("RGB", (64, 64), colour)
    file = saved(image, pillow_name, icc_profile=display_p3(), quality=98)
    assert differ(middle(decoded(file)), _p3_in_srgb(colour)) <= 5
    assert differ(_p3_in_srgb((255, 0, 0)), (255, 0, 0)) == 0


def test_profile_and_transparency_together() -> None:
    image = Image.new("RGBA", (32, 32), (200, 100, 50, 255))
    image.paste((0, 0, 0, 0), (0, 0, 32, 8))
    result = decoded(saved(image, "PNG", icc_profile=display_p3()))
    assert differ(middle(result), _p3_in_srgb((200, 100, 50))) <= 2
    assert result.getpixel((4, 4)) == (255, 255, 255)


def test_grey_profile() -> None:
    file = saved(Image.new("L", (16, 16), 55), "PNG", icc_profile=grey_gamma_one())
    assert differ(middle(decoded(file)), (128, 128, 128)) <= 4


@pytest.mark.parametrize(
    "profile", [b"garbage", b"", press_cmyk(), grey_gamma_one(), display_p3()[:200]]
)
def test_a_profile_that_cannot_be_meant_is_ignored(profile: bytes) -> None:
    for picture in (quadrants(), quadrants().convert("RGBA")):
        result = decoded(saved(picture, "PNG", icc_profile=profile))
        assert corners(result) == list(QUADRANTS)


def test_a_grey_photo_with_a_colour_profile_stays_as_it_is() -> None:
    file = saved(Image.new("L", (16, 16), 77), "JPEG", icc_profile=display_p3())
    assert middle(decoded(file)) == (77, 77, 77)


@pytest.mark.parametrize(
    ("mode", "colour"),
    [("RGBA", (200, 30, 30, 128)), ("LA", (0, 128)), ("RGBa", (100, 15, 15, 128))],
)
def test_what_shines_through_is_white(mode: str, colour: tuple[int, ...]) -> None:
    image = Image.new(mode, (16, 16), colour)
    expected = (127, 127, 127) if mode == "LA" else (227, 142, 142)
    assert differ(middle(to_srgb(image)), expected) <= 2


@pytest.mark.parametrize("pillow_name", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_transparent_parts_are_white_in_every_format(pillow_name: str) -> None:
    image = quadrants().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 48, 32))
    result = decoded(saved(image, pillow_name, quality=95))
    found = corners(result)
    assert differ(found[0], (255, 255, 255)) <= 4
    assert differ(found[3], QUADRANTS[3]) <= 8


def test_transparent_gif() -> None:
    image = Image.new("P", (20, 20), 0)
    image.putpalette([9, 9, 9, *RED])
    image.paste(1, (0, 0, 20, 10))
    result = decoded(saved(image, "GIF", transparency=0))
    assert result.getpixel((10, 4)) == RED
    assert result.getpixel((10, 15)) == (255, 255, 255)


def test_palette_with_an_opacity_for_each_colour() -> None:
    image = Image.new("P", (20, 20), 0)
    image.putpalette([0, 0, 0, *RED])
    image.paste(1, (0, 0, 20, 10))
    result = decoded(saved(image, "PNG", transparency=bytes((128, 255))))
    assert result.getpixel((10, 4)) == RED
    assert differ(middle(result), (127, 127, 127)) <= 1


@pytest.mark.parametrize(("mode", "key", "colour"), [("RGB", RED, RED), ("L", 90, 90)])
def test_one_colour_declared_transparent(mode: str, key: object, colour: float) -> None:
    image = Image.new(mode, (20, 20), colour)
    image.paste(0, (0, 0, 20, 10))
    result = decoded(saved(image, "PNG", transparency=key))
    assert result.getpixel((10, 4)) == (0, 0, 0)
    assert result.getpixel((10, 15)) == (255, 255, 255)


def test_an_alpha_channel_left_at_zero_hides_nothing() -> None:
    assert middle(to_srgb(Image.new("RGBA", (8, 8), (*RED, 0)))) == RED


def test_plain_modes() -> None:
    assert middle(decoded(saved(Image.new("L", (16, 16), 99), "PNG"))) == (99, 99, 99)
    assert middle(decoded(saved(Image.new("1", (16, 16), 1), "PNG"))) == (255, 255, 255)
    assert middle(decoded(saved(Image.new("1", (16, 16), 0), "TIFF"))) == (0, 0, 0)
    palette = quadrants().quantize(16)
    for found, expected in zip(corners(decoded(saved(palette, "PNG"))), QUADRANTS, strict=True):
        assert differ(found, expected) <= 2
    ycbcr = quadrants().convert("YCbCr")
    for found, expected in zip(corners(to_srgb(ycbcr)), QUADRANTS, strict=True):
        assert differ(found, expected) <= 3


def test_lab() -> None:
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    lab = ImageCms.profileToProfile(quadrants(), *profiles, outputMode="LAB")
    assert lab is not None
    for found, expected in zip(corners(decoded(saved(lab, "TIFF"))), QUADRANTS, strict=True):
        assert differ(found, expected) <= 6


def test_reducing_keeps_colours_clean_of_what_is_transparent() -> None:
    # Green is hidden under every other column; averaged carelessly it would shine through.
    image = Image.new("RGBA", (400, 400), (*RED, 255))
    for x in range(0, 400, 2):
        image.paste((0, 255, 0, 0), (x, 0, x + 1, 400))
    result = decode(saved(image, "PNG"), at_least=50).image
    assert result.size == (50, 50)
    assert differ(middle(result), (227, 142, 142)) <= 3

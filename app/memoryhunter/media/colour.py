"""Colours: whatever a photo's pixels mean becomes 8-bit sRGB on a white ground."""

from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

# Which kind of profile (the ICC signature of its colour space) fits which mode. A profile of
# another kind is common (grey JPEGs with an RGB profile) and says nothing about the pixels.
_PROFILE_SPACES: Final = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK", "LAB": "Lab"}

# Modes whose pixels may be averaged as they are: no palette, and 8 bits a channel.
_REDUCIBLE: Final = frozenset({"L", "LA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB"})

_DEEP: Final = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})

# TIFF tags, and the value of the second that means "zero is white".
_BITS_PER_SAMPLE: Final = 258
_PHOTOMETRIC: Final = 262
_WHITE_IS_ZERO: Final = 0


def reducible(image: Image.Image) -> bool:
    """Whether averaging neighbouring pixels of the image makes sense before `to_srgb`."""
    return image.mode in _REDUCIBLE and "transparency" not in image.info


def to_srgb(image: Image.Image) -> Image.Image:
    """Give a loaded image as a new RGB image in sRGB, what is transparent over white.

    An embedded profile is honoured where it is valid and fits the pixels. CMYK without one is
    converted by the simple rule; Pillow has already undone Adobe's inversion.
    """
    profile = image.info.get("icc_profile")
    colours, alpha = _separated(image)
    result = _by_profile(colours, profile) or _by_rule(colours)
    if alpha is not None:
        white = Image.new("RGB", result.size, "white")
        white.paste(result, mask=alpha)
        return white
    return result


def _separated(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Give the colours, in a mode a profile can speak about, and the opacity if there is one."""
    if image.mode in _DEEP:
        return _to_8_bits(image), None
    if image.has_transparency_data:
        with_alpha = image.convert("LA" if image.mode in ("L", "LA", "La") else "RGBA")
        colours, alpha = with_alpha.convert(with_alpha.mode[:-1]), with_alpha.getchannel("A")
        # A picture nobody could see is a mistake: a fourth channel its writer left at zero.
        return colours, None if alpha.getextrema() == (0, 0) else alpha
    if image.mode == "1":
        return image.convert("L"), None
    if image.mode in _PROFILE_SPACES:
        return image, None
    return image.convert("RGB"), None


def _by_profile(image: Image.Image, profile: object) -> Image.Image | None:
    """Convert by the embedded profile; None where there is none that can be used."""
    if not isinstance(profile, bytes) or not profile:
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space.strip() != _PROFILE_SPACES[image.mode]:
            return None
        return ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None


def _by_rule(image: Image.Image) -> Image.Image:
    """Convert without a profile: the pixels are sRGB already, or of a mode with a fixed rule."""
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        if converted is not None:
            return converted
    return image.convert("RGB")


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Scale a grey image of more than 8 bits; Pillow's own conversion clips it to white."""
    values = np.asarray(image)
    darkest, brightest = _range_of(image, values)
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, nan=darkest, posinf=brightest, neginf=darkest)
    # float32 holds 16-bit values exactly; a deeper image loses what 8 bits cannot show anyway.
    scaled = values.astype(np.float32)
    scaled -= darkest
    scaled *= 255.0 / (brightest - darkest)
    return Image.fromarray(scaled.round().clip(0, 255).astype(np.uint8))


def _range_of(image: Image.Image, values: NDArray[np.generic]) -> tuple[float, float]:
    """Give the values that stand for black and for white.

    TIFFs say how many bits count (12 of 16 with many scanners). Wider numbers have no fixed
    meaning: the narrowest of the usual ranges that holds them all is taken, else their own.
    """
    if image.mode.startswith("I;16"):
        tags = getattr(image, "tag_v2", {})
        bits = tags.get(_BITS_PER_SAMPLE, (16,))
        stated = bits[0] if isinstance(bits, tuple) and bits else 16
        white = float(2 ** min(max(int(stated), 1), 16) - 1)
        return (white, 0.0) if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO else (0.0, white)
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    usual = (1.0, 255.0, 65535.0) if values.dtype.kind == "f" else (255.0, 65535.0)
    for white in usual:
        if low >= 0 and high <= white:
            return 0.0, white
    return low, high if high > low else low + 1.0

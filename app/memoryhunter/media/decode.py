"""Turns the bytes of a photo into upright sRGB pixels, at full size or not much larger than needed.

The boundary to the decoders: whatever they raise leaves this module as a `FileFailure`.
"""

from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import ExifTags, Image, TiffImagePlugin, UnidentifiedImageError

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.media.colour import reducible, to_srgb
from memoryhunter.media.exif import UPRIGHT, as_orientation, load_exif, tag
from memoryhunter.media.formats import format_name, pillow_formats
from memoryhunter.media.heif import register_heif
from memoryhunter.media.source import unreadable

# Phones make photos of 200 million pixels, and panoramas are larger; Pillow's own limit of
# 179 million refuses both. Beyond this, a small file that claims to be huge is likelier.
MAX_PIXELS: Final = 500_000_000

# How a picture is brought upright, for each EXIF orientation (EXIF 3.0, tag 0x0112).
_TO_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded photo.

    `image` is RGB, upright, sRGB, without transparency and without metadata. `width` and
    `height` are the full size after orientation, even where `image` is smaller. `orientation`
    is the value found in the file, 1 to 8. `format` is the name in `formats`.
    """

    image: Image.Image
    format: str
    width: int
    height: int
    orientation: int
    exif: Image.Exif


def decode(file: BinaryIO, *, at_least: int | None) -> Decoded:
    """Decode the first picture of an open file.

    `at_least` is the length in pixels that the sides of the result must not fall below; the
    decoder may then leave out detail, which makes large JPEGs more than twice as fast. A photo
    that is smaller is given as it is. None gives the full size.

    Raises FileFailure (NOT_A_PICTURE, DAMAGED, TOO_LARGE or UNREADABLE), and MemoryError where
    the pixels do not fit.
    """
    _configure_pillow()
    try:
        return _decode(file, at_least)
    except (FileFailure, MemoryError):
        raise
    except UnidentifiedImageError as error:
        raise _unidentified(file) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileFailure(FailureReason.TOO_LARGE, _line(error)) from error
    except Exception as error:
        # Hostile files make decoders raise anything at all, and each is the file's fault.
        # A system's error has a number, a decoder's has none.
        if isinstance(error, OSError) and error.errno is not None:
            raise unreadable(error) from error
        if "out of memory" in str(error):
            raise MemoryError(str(error)) from error
        raise FileFailure(FailureReason.DAMAGED, _line(error)) from error


def load_decoders() -> None:
    """Load what Pillow and its plugins load at the first photo otherwise."""
    _configure_pillow()
    Image.preinit()


def _configure_pillow() -> None:
    """Make Pillow read what this module promises; the settings are Pillow's own globals."""
    register_heif()
    # Pillow warns above its limit and refuses above twice that; our own check is stricter.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    # Without libtiff, Pillow 13 gives noise for uncompressed 16-bit planar TIFFs.
    TiffImagePlugin.READ_LIBTIFF = True


def _decode(file: BinaryIO, at_least: int | None) -> Decoded:
    """Decode, letting the decoders raise what they like."""
    image: Image.Image = Image.open(file, formats=pillow_formats())  # noqa: TID251 the one place
    if image.width * image.height > MAX_PIXELS:
        raise FileFailure(FailureReason.TOO_LARGE, f"{image.width} x {image.height} pixels")
    name = format_name(image.format or "")
    # Pillow turns TIFFs itself while loading, and forgets that it did.
    stated = image.tag_v2.get(274) if isinstance(image, TiffImagePlugin.TiffImageFile) else None
    full = image.size
    if at_least is None or image.draft(None, (at_least, at_least)) is None:
        image.load()
        full = image.size  # libheif may know better only now
    else:
        image.load()
    exif = load_exif(image)
    # libheif turned the picture and set the tag to 1: nothing is left to do, and nothing twice.
    left = as_orientation(tag(exif, ExifTags.Base.Orientation))
    found = as_orientation(stated or image.info.get("original_orientation") or left)
    width, height = full if left < 5 else (full[1], full[0])
    if reducible(image):
        image = _reduced(image, at_least)
    image = _reduced(to_srgb(image), at_least)
    if left != UPRIGHT:
        image = image.transpose(_TO_UPRIGHT[left])
    # What stays in `info` (comments, profiles, EXIF) would be written into thumbnails.
    image.info = {}
    return Decoded(image, name, width, height, found, exif)


def _reduced(image: Image.Image, at_least: int | None) -> Image.Image:
    """Average whole blocks of pixels together, while both sides stay long enough."""
    factor = min(image.size) // at_least if at_least else 1
    return image.reduce(factor) if factor > 1 else image


def _unidentified(file: BinaryIO) -> FileFailure:
    """Tell a damaged photo, whose signature is there, from something else altogether."""
    file.seek(0)
    prefix = file.read(16)
    for name in pillow_formats():
        accept = Image.OPEN[name][1]
        if accept is not None and accept(prefix) is True:
            return FileFailure(FailureReason.DAMAGED, f"unreadable {name} header")
    return FileFailure(FailureReason.NOT_A_PICTURE)


def _line(error: Exception) -> str:
    """Give an exception as one short line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]

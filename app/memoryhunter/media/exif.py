"""Reading EXIF blocks written by anyone: whatever is broken in one reads as not there."""

import struct
from typing import Final

from PIL import ExifTags, Image

# What Pillow raises from hostile EXIF. Warning stands for the "Corrupt EXIF data" warnings
# where a process turns warnings into errors.
_BROKEN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
)

UPRIGHT: Final = 1


def load_exif(image: Image.Image) -> Image.Exif:
    """Give the EXIF of a loaded image, with its sub-blocks read; empty where it is broken."""
    try:
        exif = image.getexif()
    except _BROKEN:
        return Image.Exif()
    # Pillow reads sub-blocks when asked, from a file that may be closed by then.
    for block in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        sub_block(exif, block)
    return exif


def sub_block(exif: Image.Exif, block: ExifTags.IFD) -> dict[int, object]:
    """Give the tags of a block inside the EXIF; empty where it is missing or broken."""
    try:
        return dict(exif.get_ifd(block))
    except _BROKEN:
        return {}


def tag(exif: Image.Exif, number: int) -> object:
    """Give the value of a tag of the main block; None where it is missing or broken."""
    try:
        return exif.get(number)
    except _BROKEN:
        return None


def as_orientation(value: object) -> int:
    """Give an EXIF orientation, 1 to 8; upright for anything else."""
    return value if isinstance(value, int) and 1 <= value <= 8 else UPRIGHT

"""Small pictures of known colours, and how to write one in every format of the list."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import ExifTags, Image

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 50), (40, 60, 190), (220, 200, 40)

# top left, top right, bottom left, bottom right
QUADRANTS = (RED, GREEN, BLUE, YELLOW)


def quadrants(width: int = 96, height: int = 64) -> Image.Image:
    """Four colours, so that every turn and mirror image looks different."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for index, colour in enumerate(QUADRANTS):
        corner = (index % 2 * half[0], index // 2 * half[1])
        image.paste(colour, (*corner, corner[0] + half[0], corner[1] + half[1]))
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quadrants, in the order of QUADRANTS."""
    width, height = image.size
    found = []
    for y in (height // 4, height * 3 // 4):
        for x in (width // 4, width * 3 // 4):
            pixel = image.getpixel((x, y))
            assert isinstance(pixel, tuple)
            found.append(tuple(int(value) for value in pixel))
    return found


def differ(found: tuple[int, ...], expected: tuple[int, ...]) -> int:
    """The largest difference of any channel."""
    return max(abs(a - b) for a, b in zip(found, expected, strict=True))


def noise(width: int = 160, height: int = 120) -> Image.Image:
    """A picture that no format can store in a few bytes."""
    rng = np.random.default_rng(7)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))


def landscape(width: int = 2400, height: int = 1800) -> Image.Image:
    """Something like a photo: smooth regions, edges and fine texture."""
    rng = np.random.default_rng(11)
    layers: npt.NDArray[np.float64] = np.zeros((height, width, 3))
    for cells, strength in ((6, 90.0), (40, 40.0), (300, 20.0)):
        small = rng.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
        large = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
        layers += (np.asarray(large) / 255.0 - 0.5) * strength
    edges = np.sin(np.arange(width) / 37.0) > 0
    layers[:, edges] += 40
    return Image.fromarray((layers + 118).clip(0, 255).astype(np.uint8))


def oriented_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif.tobytes()


def _save_with(pillow_name: str, **options: object) -> Callable[[Image.Image, BinaryIO], None]:
    def save(image: Image.Image, file: BinaryIO) -> None:
        pillow_heif.register_heif_opener()
        image.save(file, pillow_name, **options)

    return save


def _save_gif(image: Image.Image, file: BinaryIO) -> None:
    image.quantize(256).save(file, "GIF")


# One writer for each format in FORMATS; a new format needs one here, or its tests fail.
WRITERS: dict[str, Callable[[Image.Image, BinaryIO], None]] = {
    "jpeg": _save_with("JPEG", quality=95),
    "png": _save_with("PNG"),
    "webp": _save_with("WEBP", lossless=True),
    "gif": _save_gif,
    "bmp": _save_with("BMP"),
    "tiff": _save_with("TIFF"),
    "heif": _save_with("HEIF", quality=90),
    "avif": _save_with("AVIF", quality=90, speed=9),
    "jpeg2000": _save_with("JPEG2000"),
}


def encoded(image: Image.Image, format_name: str) -> bytes:
    buffer = BytesIO()
    WRITERS[format_name](image, buffer)
    return buffer.getvalue()


def saved(image: Image.Image, pillow_name: str, **options: object) -> BytesIO:
    """The image as a file in memory, written with Pillow's own options."""
    buffer = BytesIO()
    _save_with(pillow_name, **options)(image, buffer)
    buffer.seek(0)
    return buffer


def raw_png(
    width: int, height: int, *, bits: int = 8, colour_type: int = 0, rows: bytes = b"\0"
) -> bytes:
    """A PNG made by hand (PNG 3, section 11), which may hold less than its header claims."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + checksum

    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


def write_photo(path: Path, image: Image.Image | None = None) -> Path:
    path.write_bytes(encoded(image or quadrants(), "jpeg"))
    return path

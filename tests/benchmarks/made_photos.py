"""Photos made for a benchmark that was given none: as large and as detailed as a camera's."""

from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageDraw

# Pixels of common cameras and phones, 12 to 20 million.
CAMERA_SIZES = ((4000, 3000), (4032, 3024), (4608, 3456), (4896, 3264), (5184, 3456), (5472, 3648))
SMALL_SIZES = ((640, 480), (480, 640), (800, 600), (720, 540))

# Every fourth photo lies on its side, as phones store those taken upright.
_TURNED = 6


def make_photos(
    folder: Path, count: int, sizes: tuple[tuple[int, int], ...] = CAMERA_SIZES
) -> list[Path]:
    """Write `count` JPEGs of 2 to 3 MB (at camera sizes), always the same ones."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"made-{number:03}.jpg"
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = _TURNED if number % 4 == 3 else 1
        photo = _photo(np.random.default_rng(number), *sizes[number % len(sizes)])
        photo.save(path, quality=90, exif=exif)
        paths.append(path)
    return paths


def _photo(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """Draw soft areas, objects with edges, and texture that gets weaker as it gets finer."""
    image = _noise(random, 6, width, height)
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = random.uniform(0, width), random.uniform(0, height)
        radius = random.uniform(0.03, 0.2) * height
        red, green, blue = (int(each) for each in random.integers(0, 256, 3))
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x - radius, y - radius, x + radius, y + radius), (red, green, blue))
    for cells, strength in ((40, 0.3), (200, 0.2), (1000, 0.12)):
        image = Image.blend(image, _noise(random, cells, width, height), strength)
    return image


def _noise(random: np.random.Generator, cells: int, width: int, height: int) -> Image.Image:
    rows = max(2, cells * height // width)
    small = random.integers(0, 256, (rows, cells, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)

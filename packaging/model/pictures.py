"""The pictures there are to learn from and to judge by, and the forms they are seen in."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from image_graph import PICTURE_SIZE
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

SEED = 20261122
# Of every labelled folder a fifth is only judged by; of ImageNet, with one picture a name, 300.
_HELD_OUT_SHARE = 0.2
_HELD_OUT_NAMES = 300

_FILTERS = (
    Image.Resampling.BILINEAR,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
    Image.Resampling.BOX,
    Image.Resampling.NEAREST,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file; `label` is its folder's name, or an ImageNet number, "" with captions."""

    path: Path
    label: str
    held_out: bool


@dataclass(frozen=True, slots=True)
class Captions:
    """What people wrote about each picture, by its file's name."""

    chinese: dict[str, list[str]]
    english: dict[str, list[str]]


def find_pictures(data: Path) -> list[Picture]:
    """List all pictures of the data folder, always in the same order."""
    splits = json.loads((data / "flickr8k-cn/splits.json").read_text(encoding="utf-8"))
    pictures = [
        Picture(data / "flickr8k-cn/images" / name, "", part == "val")
        for part in ("train", "val")
        for name in sorted(splits[part])
    ]
    labels = json.loads((data / "labelled/labels.json").read_text(encoding="utf-8"))
    for label in sorted(labels):
        paths = sorted((data / "labelled" / label).glob("*.jpg"))
        out = _held_out(label, len(paths), max(3, round(len(paths) * _HELD_OUT_SHARE)))
        pictures += [Picture(path, label, number in out) for number, path in enumerate(paths)]
    paths = sorted((data / "labelled/imagenet").glob("*.jpg"))
    out = _held_out("imagenet", len(paths), _HELD_OUT_NAMES)
    pictures += [
        Picture(path, f"imagenet/{path.stem}", number in out) for number, path in enumerate(paths)
    ]
    return pictures


def read_captions(data: Path) -> Captions:
    """Read the Chinese and English captions of flickr8k-cn."""
    return Captions(
        _captions(data / "flickr8k-cn/captions_zh.tsv"),
        _captions(data / "flickr8k-cn/captions_en.tsv"),
    )


def _captions(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, caption = line.partition("\t")
        found.setdefault(name, []).append(caption.strip().removesuffix(" ."))
    return found


def read_names(data: Path) -> list[tuple[str, str]]:
    """Give the thousand ImageNet names, (Chinese, English)."""
    both = [
        (data / f"imagenet1k_label_{language}.txt").read_text(encoding="utf-8").splitlines()
        for language in ("cn", "en")
    ]
    return list(zip(*both, strict=True))


def _held_out(label: str, count: int, wanted: int) -> set[int]:
    seed = [SEED, *label.encode()]
    return set(np.random.default_rng(seed).permutation(count)[:wanted].tolist())


def plain(path: Path) -> NDArray[np.uint8]:
    """See a picture as it is: (224, 224, 3) uint8, squashed, bicubic."""
    with Image.open(path) as image:
        return squashed(image.convert("RGB"))


def squashed(image: Image.Image) -> NDArray[np.uint8]:
    """Bring a picture to the size and shape the model sees."""
    size = (PICTURE_SIZE, PICTURE_SIZE)
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC), dtype=np.uint8)


def varied(path: Path, seed: Sequence[int]) -> NDArray[np.uint8]:
    """See a picture as it might have come out elsewhere: cut, mirrored, resized and compressed.

    So that photos decoded from full size, which are sharper, and those sent around, which are
    not, lie where the training pictures do.
    """
    chance = np.random.default_rng(seed)
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    image = _cut(image, chance)
    if chance.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if chance.random() < 0.5:
        side = round(PICTURE_SIZE * chance.uniform(0.5, 1.6))
        image = image.resize((side, side), _FILTERS[chance.integers(len(_FILTERS))])
    if chance.random() < 0.3:
        image = image.filter(ImageFilter.UnsharpMask(1.5, int(chance.uniform(30, 150)), 1))
    for enhancer in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        if chance.random() < 0.3:
            image = enhancer(image).enhance(chance.uniform(0.75, 1.25))
    if chance.random() < 0.5:
        image = recompressed(image, int(chance.integers(30, 96)))
    return squashed(image)


def altered(
    path: Path,
    change: Callable[[Image.Image, np.random.Generator], Image.Image],
    seed: Sequence[int],
) -> NDArray[np.uint8]:
    """See a picture as `change` alters it."""
    with Image.open(path) as image:
        return squashed(change(image.convert("RGB"), np.random.default_rng(seed)))


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    """Save as JPEG and read again."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def _cut(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    share = chance.uniform(0.55, 1.0)
    stretch = np.exp(chance.uniform(-0.2, 0.2))
    width = min(1.0, np.sqrt(share) * stretch)
    height = min(1.0, np.sqrt(share) / stretch)
    left, top = chance.uniform(0, 1 - width), chance.uniform(0, 1 - height)
    box = (left, top, left + width, top + height)
    edges = [round(part * side) for part, side in zip(box, image.size * 2, strict=True)]
    return image.crop(tuple(edges))

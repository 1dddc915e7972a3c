"""Rendered pictures and captions as arrays, ready to be trained on.

A picture is kept as the app would hand it to the model: squashed to a square with Pillow's
bicubic filter, without cropping, in 8 bits per channel.
"""

from __future__ import annotations

import os
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.models.captions import phrase, random_query
from tests.models.shapes import (
    COLOURS,
    LANGUAGES,
    POSITIONS,
    SHAPES,
    SIZES,
    Query,
    Scene,
    combinations,
    random_scene,
    render_with_centres,
)

ATTRIBUTES = ("count", "colour", "shape", "size", "position")
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)
"""Channel statistics of OpenAI's CLIP, which Chinese-CLIP uses too."""

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """Pictures with what they show and how they are described; one row per picture.

    pixels: (n, side, side, 3).  labels: (n, 5), columns as in ATTRIBUTES.  centres: (n, grid,
    grid), 1 + the shape's number where a shape's centre lies in that patch, else 0.  captions:
    k texts per picture.  mentioned: (n, k, 5), labels of the attributes named, else -1.
    """

    pixels: Pixels
    labels: Labels
    centres: Labels
    captions: list[list[str]]
    mentioned: Labels


def squash(image: Image.Image, side: int) -> Pixels:
    """The picture as (side, side, 3) bytes, squashed rather than cropped."""
    small = image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(small, dtype=np.uint8)


def normalised(pixels: Pixels) -> NDArray[np.float32]:
    """(n, side, side, 3) bytes to the model's (n, 3, side, side) input."""
    mean, std = np.array(MEAN, np.float32), np.array(STD, np.float32)
    scaled = (pixels.astype(np.float32) / np.float32(255.0) - mean) / std
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))


def labels_of(item: Scene | Query) -> list[int]:
    """The five attributes as class numbers, -1 for those not mentioned."""
    return [
        -1 if item.count is None else item.count - 1,
        -1 if item.colour is None else list(COLOURS).index(item.colour),
        -1 if item.shape is None else SHAPES.index(item.shape),
        -1 if item.size is None else SIZES.index(item.size),
        -1 if item.position is None else POSITIONS.index(item.position),
    ]


def render_part(first: int, last: int, side: int, grid: int, captions: int) -> Pool:
    """Pictures number `first` to `last` - 1; each depends on its own number alone."""
    seen = combinations(held=False)
    shape = (last - first, side, side, 3)
    pixels = np.empty(shape, np.uint8)
    labels = np.empty((last - first, len(ATTRIBUTES)), np.int64)
    centres = np.zeros((last - first, grid, grid), np.int64)
    mentioned = np.empty((last - first, captions, len(ATTRIBUTES)), np.int64)
    texts: list[list[str]] = []
    for row, number in enumerate(range(first, last)):
        rng = random.Random(number)
        scene = random_scene(rng, seen[number % len(seen)])
        image, places = render_with_centres(scene, number)
        pixels[row] = squash(image, side)
        labels[row] = labels_of(scene)
        for x, y in places:
            at = (min(grid - 1, int(y * grid)), min(grid - 1, int(x * grid)))
            centres[row][at] = 1 + SHAPES.index(scene.shape)
        own: list[str] = []
        for k in range(captions):
            query = random_query(scene, rng)
            own.append(phrase(query, LANGUAGES[k % 2], rng))
            mentioned[row, k] = labels_of(query)
        texts.append(own)
    return Pool(pixels, labels, centres, texts, mentioned)


def render_pool(count: int, side: int, grid: int, captions: int, workers: int = 2) -> Pool:
    """`count` pictures of combinations that are not held out, the same on every machine."""
    workers = max(1, min(workers, os.cpu_count() or 1))
    edges = [count * k // (workers * 4) for k in range(workers * 4 + 1)]
    with ProcessPoolExecutor(workers) as executor:
        jobs = [
            executor.submit(render_part, first, last, side, grid, captions)
            for first, last in pairwise(edges)
        ]
        parts = [job.result() for job in jobs]
    return Pool(
        np.concatenate([part.pixels for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.centres for part in parts]),
        list(chain.from_iterable(part.captions for part in parts)),
        np.concatenate([part.mentioned for part in parts]),
    )

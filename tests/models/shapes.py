"""Pictures of coloured shapes, and the words that describe them in Chinese and in English.

A `Scene` says what a picture shows; `render` draws it with Pillow from a seed.  A `Query` names
some of a scene's attributes; `phrase` puts one into words.  Everything here is made up for this
project (no outside picture or text), so the pictures, captions and what is trained from them can
be redistributed under the project's own licence.

Lengths inside a picture are fractions of its short side unless a name ends in `_px`.
"""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw, ImageFilter

Language = Literal["zh", "en"]
Rgb = tuple[int, int, int]
Point = tuple[float, float]

LANGUAGES: tuple[Language, ...] = ("zh", "en")
COUNTS = (1, 2, 3, 4)
COLOURS: dict[str, tuple[Rgb, ...]] = {
    "red": ((255, 0, 0), (220, 20, 60), (205, 28, 28), (235, 45, 40), (255, 40, 20)),
    "orange": ((255, 165, 0), (255, 140, 0), (255, 128, 0), (243, 130, 35), (255, 150, 30)),
    "yellow": ((255, 255, 0), (255, 220, 0), (250, 225, 40), (240, 230, 60), (255, 235, 20)),
    "green": ((0, 255, 0), (0, 128, 0), (34, 139, 34), (0, 160, 0), (0, 200, 0), (60, 180, 75)),
    "blue": ((0, 0, 255), (30, 60, 220), (65, 105, 225), (0, 0, 180), (30, 120, 240)),
    "purple": ((128, 0, 128), (160, 32, 240), (148, 0, 211), (138, 43, 226), (110, 30, 160)),
    "pink": ((255, 192, 203), (255, 105, 180), (255, 150, 190), (255, 130, 170), (250, 170, 200)),
    "brown": ((139, 69, 19), (165, 42, 42), (150, 75, 0), (120, 72, 40), (101, 67, 33)),
    "black": ((0, 0, 0), (0, 0, 0), (20, 20, 20), (34, 34, 34)),
    "grey": ((128, 128, 128), (150, 150, 150), (105, 105, 105), (136, 138, 142)),
}
"""Every colour and the shades it is drawn in.  White is left out: backgrounds are light."""
SHAPES = ("circle", "square", "triangle", "star", "diamond", "heart")
SIZES = ("small", "medium", "large")
POSITIONS = ("left", "right", "top", "bottom", "centre", "anywhere")
DIAMETERS = {"small": (0.09, 0.16), "medium": (0.16, 0.30), "large": (0.28, 0.48)}
"""Range of a shape's diameter for each size, as fractions of the short side."""
MARGIN = 0.02
"""Least distance between a shape and the edge of the picture."""


@dataclass(frozen=True)
class Scene:
    """What one picture shows: `count` shapes of one kind, colour and size, in one place.

    "medium" and "anywhere" are the unremarkable values that no caption mentions.
    """

    count: int
    colour: str
    shape: str
    size: str = "medium"
    position: str = "anywhere"

    def drawable(self) -> bool:
        """Whether the shapes fit side by side where the scene puts them."""
        if self.size != "large" or self.position == "anywhere":
            return True
        return self.count <= (1 if self.position == "centre" else 2)


@dataclass(frozen=True)
class Query:
    """Some attributes of a scene; None stands for "not mentioned"."""

    count: int | None = None
    colour: str | None = None
    shape: str | None = None
    size: str | None = None
    position: str | None = None

    def matches(self, scene: Scene) -> bool:
        """Whether `scene` has every attribute that is mentioned."""
        return all(
            wanted is None or wanted == found
            for wanted, found in (
                (self.count, scene.count),
                (self.colour, scene.colour),
                (self.shape, scene.shape),
                (self.size, scene.size),
                (self.position, scene.position),
            )
        )


@dataclass(frozen=True)
class Style:
    """How a scene is drawn, apart from what it shows."""

    background: Rgb = (255, 255, 255)
    jitter: int = 0
    """Largest change of each colour channel, in steps of 1/255."""
    turn: float = 0.0
    """Largest rotation of each shape, in degrees."""
    outline: float = 0.0
    """Width of a dark outline as a fraction of the diameter; 0 draws none."""
    antialias: bool = True
    blur: float = 0.0
    """Gaussian blur radius as a fraction of the short side."""
    jpeg_quality: int | None = None
    uneven: float = 0.0
    """Largest relative difference in diameter between shapes of one picture."""


def held_out(count: int, colour: str, shape: str) -> bool:
    """Whether this combination is kept out of training: 72 of the 240, spread evenly.

    Every (colour, shape) pair loses one or two of its four counts, so that each held-out
    combination has to be put together from parts seen elsewhere.
    """
    place = list(COLOURS).index(colour) + 2 * SHAPES.index(shape) + 3 * (count - 1)
    return place % 10 < 3


def combinations(held: bool) -> list[tuple[int, str, str]]:
    """All (count, colour, shape) that are, or are not, held out, in a fixed order."""
    return [
        (count, colour, shape)
        for colour in COLOURS
        for shape in SHAPES
        for count in COUNTS
        if held_out(count, colour, shape) == held
    ]


def random_scene(rng: random.Random, combination: tuple[int, str, str]) -> Scene:
    """A drawable scene of this (count, colour, shape) with a random size and position."""
    while True:
        size = rng.choice(SIZES)
        position = "anywhere" if rng.random() < 0.45 else rng.choice(POSITIONS[:-1])
        scene = Scene(*combination, size=size, position=position)
        if scene.drawable():
            return scene


def random_style(rng: random.Random) -> Style:
    """Half of the time pure colours on a plain ground, as a person would draw; else varied."""
    if rng.random() < 0.5:
        ground = (255, 255, 255) if rng.random() < 0.6 else _light_ground(rng)
        return Style(
            background=ground,
            antialias=rng.random() < 0.5,
            outline=0.05 if rng.random() < 0.1 else 0.0,
            jpeg_quality=75 if rng.random() < 0.2 else None,
        )
    return Style(
        background=_light_ground(rng),
        jitter=14,
        turn=rng.choice((0.0, 6.0, 14.0)),
        outline=rng.uniform(0.03, 0.08) if rng.random() < 0.25 else 0.0,
        antialias=rng.random() < 0.7,
        blur=rng.uniform(0.0, 0.008) if rng.random() < 0.4 else 0.0,
        jpeg_quality=rng.randint(55, 95) if rng.random() < 0.5 else None,
        uneven=rng.choice((0.0, 0.12, 0.2)),
    )


def random_canvas_px(rng: random.Random) -> tuple[int, int]:
    """Width and height of a small picture, from 1:2 to 2:1, often square, 3:2 or 4:3."""
    ratio = rng.choice((1.0, 1.0, 1.0, 4 / 3, 4 / 3, 3 / 2, 3 / 2, 16 / 9, rng.uniform(1.0, 2.0)))
    short = rng.choice((112, 160, 200, 256))
    size = (round(short * ratio), short)
    return size if rng.random() < 0.5 else size[::-1]


def render(
    scene: Scene,
    seed: int,
    size_px: tuple[int, int] | None = None,
    style: Style | None = None,
) -> Image.Image:
    """An RGB picture of `scene`; size and style are drawn from the seed where not given."""
    return render_with_centres(scene, seed, size_px, style)[0]


def render_with_centres(
    scene: Scene,
    seed: int,
    size_px: tuple[int, int] | None = None,
    style: Style | None = None,
) -> tuple[Image.Image, list[Point]]:
    """Like `render`, with the shapes' centres as (x, y) fractions of width and height."""
    rng = random.Random(seed)
    width_px, height_px = size_px or random_canvas_px(rng)
    style = style or random_style(rng)
    short_px = min(width_px, height_px)
    width, height = width_px / short_px, height_px / short_px
    discs = arrange(scene, (width, height), rng, style)
    over = 3 if style.antialias and short_px < 600 else 1
    image = Image.new("RGB", (width_px * over, height_px * over), style.background)
    draw = ImageDraw.Draw(image)
    fill = _jittered(rng.choice(COLOURS[scene.colour]), style.jitter, rng)
    edge = (40, 40, 40) if scene.colour != "black" else (0, 0, 0)
    for x, y, radius in discs:
        points = outline_points(scene.shape, rng, math.radians(rng.uniform(-1, 1) * style.turn))
        unit = short_px * over
        places = [((x + px * radius) * unit, (y + py * radius) * unit) for px, py in points]
        draw.polygon(places, fill=fill)
        if style.outline:
            line_px = max(1, round(style.outline * 2 * radius * unit))
            draw.line([*places, places[0]], fill=edge, width=line_px, joint="curve")
    if over > 1:
        image = image.resize((width_px, height_px), Image.Resampling.BOX)
    if style.blur:
        image = image.filter(ImageFilter.GaussianBlur(style.blur * short_px))
    if style.jpeg_quality is not None:
        image = through_jpeg(image, style.jpeg_quality)
    return image, [(x / width, y / height) for x, y, _ in discs]


def through_jpeg(image: Image.Image, quality: int) -> Image.Image:
    """The picture after being saved as JPEG and opened again."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    buffer.seek(0)
    return Image.open(buffer).convert("RGB")


def outline_points(shape: str, rng: random.Random, turn: float = 0.0) -> list[Point]:
    """The corners of a shape that fits the square from (-1, -1) to (1, 1), y downwards."""
    if shape == "circle":
        points = [(math.cos(a * math.pi / 24), math.sin(a * math.pi / 24)) for a in range(48)]
    elif shape == "square":
        points = [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
    elif shape == "triangle":
        half = rng.uniform(0.8, 1.0)
        points = [(0.0, -0.9), (half, 0.85), (-half, 0.85)]
    elif shape == "star":
        inner = rng.uniform(0.38, 0.5)
        points = []
        for k in range(10):
            reach = 1.0 if k % 2 == 0 else inner
            angle = k * math.pi / 5 - math.pi / 2
            points.append((reach * math.cos(angle), reach * math.sin(angle)))
    elif shape == "diamond":
        half = rng.uniform(0.65, 1.0)
        points = [(0.0, -1.0), (half, 0.0), (0.0, 1.0), (-half, 0.0)]
    elif shape == "heart":
        points = _heart_curve() if rng.random() < 0.5 else _heart_of_discs()
    else:
        raise ValueError(f"unknown shape: {shape}")
    cos, sin = math.cos(turn), math.sin(turn)
    return [(x * cos - y * sin, x * sin + y * cos) for x, y in points]


def arrange(
    scene: Scene, canvas: Point, rng: random.Random, style: Style
) -> list[tuple[float, float, float]]:
    """Centre and radius of each shape, without overlaps: a row, column, grid or scatter.

    `canvas` is (width, height) in short sides.  The diameter is drawn from the scene's size and
    shrunk to the least of that size when a layout does not fit.
    """
    least, most = DIAMETERS[scene.size]
    gap = 0.28 if style.turn > 0 else 0.1
    for attempt in range(200):
        diameter = max(least, rng.uniform(least, most) * 0.97 ** (attempt // 2))
        layout = rng.choice(("row", "column", "grid", "scatter", "scatter"))
        radii = [diameter / 2 * (1 - rng.uniform(0, style.uneven)) for _ in range(scene.count)]
        region = _region(scene.position, canvas, 0.0 if attempt < 100 else 0.08)
        places = (
            _scatter(radii, region, gap, rng)
            if layout == "scatter" and scene.count > 1
            else _lattice(layout, radii, region, gap, rng, centred=scene.position == "centre")
        )
        if places is not None:
            return [(x, y, r) for (x, y), r in zip(places, radii, strict=True)]
    raise ValueError(f"does not fit: {scene}")


def _region(position: str, canvas: Point, slack: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of where shapes may lie, in short sides."""
    width, height = canvas
    box = {
        "left": (0.0, 0.0, width * (0.5 + slack), height),
        "right": (width * (0.5 - slack), 0.0, width, height),
        "top": (0.0, 0.0, width, height * (0.5 + slack)),
        "bottom": (0.0, height * (0.5 - slack), width, height),
        "centre": (width * 0.14, height * 0.14, width * 0.86, height * 0.86),
        "anywhere": (0.0, 0.0, width, height),
    }[position]
    left, top, right, bottom = box
    return (
        max(left, MARGIN),
        max(top, MARGIN),
        min(right, width - MARGIN),
        min(bottom, height - MARGIN),
    )


def _lattice(
    layout: str,
    radii: list[float],
    region: tuple[float, float, float, float],
    gap: float,
    rng: random.Random,
    *,
    centred: bool,
) -> list[Point] | None:
    """Centres on an evenly spaced row, column or two-wide grid, or None if it does not fit."""
    count, diameter = len(radii), 2 * max(radii)
    columns = {"row": count, "column": 1}.get(layout, min(2, count))
    rows = math.ceil(count / columns)
    left, top, right, bottom = region
    steps: list[float] = []
    for room, cells in ((right - left, columns), (bottom - top, rows)):
        if room < diameter * (cells + (cells - 1) * gap):
            return None
        widest = (room - diameter) / (cells - 1) if cells > 1 else 0.0
        if centred:
            widest = min(widest, 2 * diameter)
        steps.append(rng.uniform(diameter * (1 + gap), widest) if cells > 1 else 0.0)
    if columns > 1 and rows > 1 and rng.random() < 0.5:
        even = max(diameter * (1 + gap), min(steps))
        steps = [even, even]
    origin: list[float] = []
    spans = (steps[0] * (columns - 1) + diameter, steps[1] * (rows - 1) + diameter)
    for low, high, span in ((left, right, spans[0]), (top, bottom, spans[1])):
        spare = max(0.0, high - low - span)
        share = rng.uniform(0.4, 0.6) if centred or rng.random() < 0.3 else rng.random()
        origin.append(low + spare * share + diameter / 2)
    places: list[Point] = []
    for k in range(count):
        row, column = divmod(k, columns)
        alone = count % columns and row == rows - 1 and columns > 1
        shift = steps[0] / 2 if alone and rng.random() < 0.6 else 0.0
        places.append((origin[0] + column * steps[0] + shift, origin[1] + row * steps[1]))
    return places


def _scatter(
    radii: list[float], region: tuple[float, float, float, float], gap: float, rng: random.Random
) -> list[Point] | None:
    """Random centres whose bounding squares keep apart, or None if no room was found."""
    left, top, right, bottom = region
    places: list[Point] = []
    for k, radius in enumerate(radii):
        if right - left < 2 * radius or bottom - top < 2 * radius:
            return None
        for _ in range(40):
            x = rng.uniform(left + radius, right - radius)
            y = rng.uniform(top + radius, bottom - radius)
            if all(
                max(abs(x - ox), abs(y - oy)) > (radius + other) * (1 + gap)
                for (ox, oy), other in zip(places, radii[:k], strict=True)
            ):
                places.append((x, y))
                break
        else:
            return None
    return places


def _heart_curve() -> list[Point]:
    """The well-known parametric heart, scaled to the unit square."""
    points: list[Point] = []
    for k in range(40):
        t = k * math.pi / 20
        x = 16 * math.sin(t) ** 3
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((x / 16.5, (-y - 2.5) / 14.8))
    return points


def _heart_of_discs() -> list[Point]:
    """A heart as drawn from two half discs above a triangle."""
    right = [
        (0.48 + 0.48 * math.cos(a * math.pi / 12), -0.4 - 0.48 * math.sin(a * math.pi / 12))
        for a in range(-2, 13)
    ]
    left = [(-x, y) for x, y in reversed(right)]
    return [*right, *left, (0.0, 0.92)]


def _light_ground(rng: random.Random) -> Rgb:
    """White, a light grey or a pale tint."""
    if rng.random() < 0.4:
        level = rng.randint(205, 255)
        return (level, level, level)
    return (rng.randint(215, 255), rng.randint(215, 255), rng.randint(215, 255))


def _jittered(colour: Rgb, jitter: int, rng: random.Random) -> Rgb:
    red, green, blue = (
        min(255, max(0, channel + rng.randint(-jitter, jitter))) for channel in colour
    )
    return (red, green, blue)

"""Words for scenes, in Chinese and in English.

`phrase` words a `Query` in one of many ways chosen by a random generator; `plain_phrase` gives
the one wording that a person would type first.  `words` lists every word used, which is what the
vocabulary of the text tower is made from.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.models.shapes import Language, Query, Scene

ZH_COUNTS: dict[int, tuple[str, ...]] = {
    1: ("一个", "1个", "一个", "单个"),
    2: ("两个", "2个", "二个"),
    3: ("三个", "3个"),
    4: ("四个", "4个"),
}
ZH_COLOURS: dict[str, tuple[str, ...]] = {
    "red": ("红",),
    "orange": ("橙", "橘"),
    "yellow": ("黄",),
    "green": ("绿",),
    "blue": ("蓝",),
    "purple": ("紫",),
    "pink": ("粉", "粉红"),
    "brown": ("棕", "褐"),
    "black": ("黑",),
    "grey": ("灰",),
}
ZH_SHAPES: dict[str, tuple[str, ...]] = {
    "circle": ("圆", "圆形", "圆圈", "圆点"),
    "square": ("正方形", "方块", "方形"),
    "triangle": ("三角形", "三角"),
    "star": ("星形", "五角星", "星星", "星"),
    "diamond": ("菱形",),
    "heart": ("心形", "爱心", "心"),
}
ZH_ANY_SHAPE = ("图形", "形状", "东西")
ZH_SIZES: dict[str, tuple[str, ...]] = {"small": ("小", "小的"), "large": ("大", "大的")}
ZH_POSITIONS: dict[str, tuple[str, ...]] = {
    "left": ("左边", "左侧", "左面"),
    "right": ("右边", "右侧", "右面"),
    "top": ("上面", "上方", "上边", "顶部"),
    "bottom": ("下面", "下方", "下边", "底部"),
    "centre": ("中间", "中央", "中心", "正中间"),
}
ZH_FRAMES = (
    "一张{}的照片",
    "一张{}的图片",
    "{}的图片",
    "{}的照片",
    "{}的图",
    "有{}的图片",
    "有{}的照片",
    "有{}",
    "图片里有{}",
    "画着{}的图",
    "一幅{}的画",
)

EN_COUNTS: dict[int, tuple[str, ...]] = {
    1: ("one", "1", "a", "a single"),
    2: ("two", "2"),
    3: ("three", "3"),
    4: ("four", "4"),
}
EN_COLOURS: dict[str, tuple[str, ...]] = {
    "red": ("red",),
    "orange": ("orange",),
    "yellow": ("yellow",),
    "green": ("green",),
    "blue": ("blue",),
    "purple": ("purple", "violet"),
    "pink": ("pink",),
    "brown": ("brown",),
    "black": ("black",),
    "grey": ("grey", "gray"),
}
EN_SHAPES: dict[str, tuple[str, ...]] = {
    "circle": ("circle", "dot"),
    "square": ("square", "block"),
    "triangle": ("triangle",),
    "star": ("star", "five pointed star"),
    "diamond": ("diamond", "rhombus"),
    "heart": ("heart", "love heart"),
}
EN_ANY_SHAPE = ("shape", "object", "thing")
EN_SIZES: dict[str, tuple[str, ...]] = {
    "small": ("small", "little", "tiny"),
    "large": ("big", "large", "huge"),
}
EN_POSITIONS: dict[str, tuple[str, ...]] = {
    "left": ("on the left", "at the left", "on the left side", "left"),
    "right": ("on the right", "at the right", "on the right side", "right"),
    "top": ("at the top", "on the top", "on top", "top"),
    "bottom": ("at the bottom", "on the bottom", "bottom"),
    "centre": ("in the centre", "in the center", "in the middle", "center", "centre"),
}
EN_FRAMES = (
    "a photo of {}",
    "a picture of {}",
    "an image of {}",
    "a drawing of {}",
    "photo of {}",
    "picture of {}",
    "there are {}",
    "{} in the picture",
    "this is a picture with {}",
)


def plain_phrase(query: Query, language: Language) -> str:
    """The first wording of everything: "三个红色的圆", "three red circles"."""
    return _zh(query, None) if language == "zh" else _en(query, None)


def phrase(query: Query, language: Language, rng: random.Random) -> str:
    """One of many wordings of `query`; "" if it mentions nothing."""
    text = _zh(query, rng) if language == "zh" else _en(query, rng)
    if text and rng.random() < 0.35:
        text = rng.choice(ZH_FRAMES if language == "zh" else EN_FRAMES).format(text)
    if language == "en" and rng.random() < 0.15:
        text = text.capitalize()
    if rng.random() < 0.08:
        text += rng.choice("。.!" if language == "zh" else ".!")
    return text


def random_query(scene: Scene, rng: random.Random) -> Query:
    """Some of what can be said of `scene`: most often its count, colour and shape."""
    kind = rng.random()
    core = ["count", "colour", "shape"]
    extras = []
    if scene.size in ("small", "large"):
        extras.append("size")
    if scene.position != "anywhere":
        extras.append("position")
    if kind < 0.36:
        named = core
    elif kind < 0.58:
        named = core + [extra for extra in extras if rng.random() < 0.7]
    elif kind < 0.80:
        named = rng.sample(core, 2)
    elif kind < 0.90:
        named = [rng.choice(core + extras)]
    else:
        named = rng.sample(core + extras, rng.randint(2, 3))
    return Query(**{name: getattr(scene, name) for name in named})


def words() -> list[str]:
    """Every string that captions are put together from, frames included."""
    tables: list[tuple[str, ...]] = [ZH_FRAMES, ZH_ANY_SHAPE, EN_FRAMES, EN_ANY_SHAPE]
    for by_name in (ZH_COLOURS, ZH_SHAPES, ZH_SIZES, ZH_POSITIONS):
        tables.extend(by_name.values())
    for by_name in (EN_COLOURS, EN_SHAPES, EN_SIZES, EN_POSITIONS):
        tables.extend(by_name.values())
    for by_count in (ZH_COUNTS, EN_COUNTS):
        tables.extend(by_count.values())
    tables.append(("在色的有颗只二幅和", "an the is are of with and"))
    return [word.replace("{}", " ") for table in tables for word in table]


def _pick(options: tuple[str, ...], rng: random.Random | None, first: float = 0.5) -> str:
    """The first option half of the time (always without a generator), else any of them."""
    return options[0] if rng is None or rng.random() < first else rng.choice(options)


def _zh(query: Query, rng: random.Random | None) -> str:
    chance = rng.random if rng is not None else (lambda: 0.5)
    shape = _pick(ZH_SHAPES[query.shape], rng) if query.shape else ""
    count = _pick(ZH_COUNTS[query.count], rng) if query.count else ""
    if count and query.shape in ("star", "heart") and chance() < 0.15:
        count = count.replace("个", "颗")
    size = _pick(ZH_SIZES[query.size], rng) if query.size else ""
    colour = ""
    if query.colour:
        stem = _pick(ZH_COLOURS[query.colour], rng, 0.7)
        form = chance()
        colour = stem + ("色的" if 0.3 <= form < 0.75 else "色" if form >= 0.1 else "")
    if not shape and (count or colour or size) and chance() > 0.55:
        shape = _pick(ZH_ANY_SHAPE, rng)
    elif not shape and colour.endswith("的") and chance() < 0.7:
        colour = colour[:-1]
    parts = [size, colour] if chance() < 0.65 else [colour, size]
    if count and chance() > 0.93:
        thing = "".join([*parts, count, shape])
    else:
        thing = "".join([count, *parts, shape])
    if not query.position:
        return thing
    return _zh_placed(thing, _pick(ZH_POSITIONS[query.position], rng), chance)


def _zh_placed(thing: str, place: str, chance: Callable[[], float]) -> str:
    if not thing:
        return ("在" if chance() < 0.3 else "") + place
    forms = (
        (0.25, place + thing),
        (0.65, place + "有" + thing),
        (0.75, "在" + place + "的" + thing),
        (0.85, place + "的" + thing),
        (1.00, thing + "在" + place),
    )
    form = chance()
    return next(text for share, text in forms if form < share)


def _en(query: Query, rng: random.Random | None) -> str:
    chance = rng.random if rng is not None else (lambda: 0.5)
    count = _pick(EN_COUNTS[query.count], rng) if query.count else ""
    size = _pick(EN_SIZES[query.size], rng) if query.size else ""
    colour = _pick(EN_COLOURS[query.colour], rng, 0.7) if query.colour else ""
    shape = _pick(EN_SHAPES[query.shape], rng, 0.7) if query.shape else ""
    if not shape and (count or size or colour) and chance() > 0.55:
        shape = _pick(EN_ANY_SHAPE, rng)
    many = query.count > 1 if query.count else chance() < 0.6
    if shape and many:
        shape += "es" if shape == "rhombus" else "s"
    if count == "a" and (size or colour or shape).startswith(("a", "e", "i", "o", "u")):
        count = "an"
    article = "the" if not count and shape and chance() > 0.95 else ""
    described = [colour, size] if chance() > 0.9 else [size, colour]
    thing = " ".join(part for part in (article, count, *described, shape) if part)
    if not query.position:
        return thing
    place = _pick(EN_POSITIONS[query.position], rng)
    if not thing:
        return place
    if chance() < 0.12:
        return f"{place} {thing}"
    return f"{thing} {place}"

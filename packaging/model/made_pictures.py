"""Pictures made for what the photos do not show: documents and screens, night, black and white.

They are labelled by how they were made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
)

Text = tuple[str, ...]


def check_fonts() -> None:
    """Raise FileNotFoundError where fonts are missing; others would draw other pictures."""
    for path in _FONTS:
        if not Path(path).is_file():
            raise FileNotFoundError(f"{path} is missing (Debian: apt-get install fonts-noto-cjk)")


@dataclass(frozen=True, slots=True)
class Made:
    """A kind of picture: what it is called in Chinese and English, and how one is drawn."""

    name: str
    chinese: Text
    english: Text
    draw: Callable[[np.random.Generator, "Words"], Image.Image]


class Words:
    """Gives text to be drawn, from the captions, and fonts."""

    def __init__(self, chinese: list[str], english: list[str]) -> None:
        self._chinese, self._english = chinese, english

    def line(self, chance: np.random.Generator, longest: int) -> str:
        """Give a line of up to `longest` characters, Chinese (half as many) or English."""
        if chance.random() < 0.5:
            text = self._chinese[chance.integers(len(self._chinese))]
            return (text * 4)[: longest // 2]
        return self._english[chance.integers(len(self._english))][:longest]

    def font(self, chance: np.random.Generator, size: int) -> ImageFont.FreeTypeFont:
        """Give a font that has both languages' characters."""
        return ImageFont.truetype(_FONTS[chance.integers(len(_FONTS))], size)


def _paper(chance: np.random.Generator) -> tuple[int, int, int]:
    shade = int(chance.integers(225, 256))
    return shade, shade - int(chance.integers(0, 6)), shade - int(chance.integers(0, 18))


def _ink(chance: np.random.Generator) -> tuple[int, int, int]:
    shade = int(chance.integers(0, 80))
    return shade, shade, shade


def _lines(  # noqa: PLR0917  # what all drawing functions hand on, in the same order
    draw: ImageDraw.ImageDraw,
    chance: np.random.Generator,
    words: Words,
    box: tuple[int, int, int, int],
    size: int,
    fill: tuple[int, int, int],
) -> None:
    left, top, right, bottom = box
    font = words.font(chance, size)
    y = top
    while y < bottom - size:
        longest = max(4, int((right - left) / size * 1.9))
        ends = chance.random() < 0.15
        text = words.line(chance, longest // 2 if ends else longest)
        draw.text((left, y), text, font=font, fill=fill)
        y += round(size * (2.2 if ends else 1.5))


def _document(chance: np.random.Generator, words: Words) -> Image.Image:
    image = Image.new("RGB", (400, 520), _paper(chance))
    draw = ImageDraw.Draw(image)
    size = int(chance.integers(9, 17))
    top = 30
    if chance.random() < 0.7:
        title = words.line(chance, 22)
        draw.text((60, top), title, font=words.font(chance, size * 2), fill=_ink(chance))
        top += size * 3
    if chance.random() < 0.3:
        _lines(draw, chance, words, (30, top, 195, 500), size, _ink(chance))
        _lines(draw, chance, words, (210, top, 380, 500), size, _ink(chance))
    else:
        _lines(draw, chance, words, (30, top, 375, 500), size, _ink(chance))
    if chance.random() < 0.3:  # a stamp
        x, y = chance.integers(180, 300), chance.integers(320, 430)
        draw.ellipse((x, y, x + 80, y + 80), outline=(200, 30, 30), width=4)
        draw.text((x + 14, y + 30), "专用章", font=words.font(chance, 17), fill=(200, 30, 30))
    return _photographed(image, chance)


def _receipt(chance: np.random.Generator, words: Words) -> Image.Image:
    image = Image.new("RGB", (260, 520), _paper(chance))
    draw = ImageDraw.Draw(image)
    font = words.font(chance, 15)
    draw.text((70, 14), words.line(chance, 14), font=words.font(chance, 20), fill=_ink(chance))
    y = 60
    while y < 430:
        draw.text((14, y), words.line(chance, 16), font=font, fill=_ink(chance))
        price = f"{chance.uniform(1, 300):.2f}"
        draw.text((195, y), price, font=font, fill=_ink(chance))
        y += 24
    draw.line((10, y, 250, y), fill=(60, 60, 60), width=1)
    total = "合计" if chance.random() < 0.5 else "TOTAL"
    draw.text((14, y + 10), total, font=words.font(chance, 20), fill=(0, 0, 0))
    draw.text((170, y + 10), f"{chance.uniform(50, 900):.2f}", font=font, fill=(0, 0, 0))
    return _photographed(image, chance)


def _table(chance: np.random.Generator, words: Words) -> Image.Image:
    image = Image.new("RGB", (520, 400), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    columns, rows = int(chance.integers(3, 9)), int(chance.integers(8, 19))
    font = words.font(chance, 12)
    wide, high = 520 // columns, 400 // rows
    colour = tuple(int(c) for c in chance.integers(150, 240, 3))
    for row in range(rows):
        if row == 0:
            draw.rectangle((0, 0, 520, high), fill=colour)
        for column in range(columns):
            number = column > 0 and row > 0
            text = f"{chance.uniform(0, 9999):.0f}" if number else words.line(chance, 8)
            draw.text((column * wide + 4, row * high + 3), text, font=font, fill=_ink(chance))
        draw.line((0, row * high, 520, row * high), fill=(190, 190, 190))
    for column in range(columns):
        draw.line((column * wide, 0, column * wide, 400), fill=(190, 190, 190))
    return image


def _chat(chance: np.random.Generator, words: Words) -> Image.Image:
    dark = chance.random() < 0.25
    image = Image.new("RGB", (300, 560), (25, 25, 28) if dark else (236, 236, 240))
    draw = ImageDraw.Draw(image)
    font = words.font(chance, 14)
    bar = (40, 40, 44) if dark else (248, 248, 248)
    draw.rectangle((0, 0, 300, 46), fill=bar)
    draw.text((110, 14), words.line(chance, 10), font=font, fill=(128, 128, 128))
    own = [(149, 236, 105), (60, 130, 250), (0, 160, 140)][chance.integers(3)]
    y = 60
    while y < 480:
        mine = chance.random() < 0.5
        wide = int(chance.integers(70, 200))
        high = int(chance.integers(1, 4)) * 20 + 12
        x = 300 - 46 - wide if mine else 46
        fill = own if mine else ((60, 60, 64) if dark else (255, 255, 255))
        draw.rounded_rectangle((x, y, x + wide, y + high), 8, fill=fill)
        face = tuple(int(c) for c in chance.integers(60, 230, 3))
        left = 260 if mine else 8
        draw.rounded_rectangle((left, y, left + 30, y + 30), 4, fill=face)
        ink = (240, 240, 240) if dark and not mine else (20, 20, 20)
        _lines(draw, chance, words, (x + 8, y + 5, x + wide - 6, y + high + 8), 14, ink)
        y += high + 16
    draw.rectangle((0, 514, 300, 560), fill=bar)
    return image


def _code(chance: np.random.Generator, words: Words) -> Image.Image:
    dark = chance.random() < 0.75
    image = Image.new("RGB", (560, 400), (30, 30, 34) if dark else (252, 252, 250))
    draw = ImageDraw.Draw(image)
    font = words.font(chance, int(chance.integers(10, 15)))
    colours = [(86, 156, 214), (206, 145, 120), (106, 153, 85), (200, 200, 200), (197, 134, 192)]
    indent, y, number = 0, 8, 1
    while y < 390:
        draw.text((6, y), str(number), font=font, fill=(120, 120, 120))
        x = 40 + indent * 22
        for word in words.line(chance, 36).split() or ["x"]:
            colour = colours[chance.integers(len(colours))]
            colour = colour if dark else tuple(c // 2 for c in colour)
            shown = word + ["", "()", " =", ":", "."][chance.integers(5)]
            draw.text((x, y), shown, font=font, fill=colour)
            x += int(draw.textlength(shown, font=font)) + 8
        indent = int(np.clip(indent + chance.integers(-1, 2), 0, 5))
        y += 18
        number += 1
    return image


def _page(chance: np.random.Generator, words: Words) -> Image.Image:
    wide, high = [(640, 420), (300, 560)][chance.integers(2)]
    dark = chance.random() < 0.25
    image = Image.new("RGB", (wide, high), (32, 33, 36) if dark else (255, 255, 255))
    draw = ImageDraw.Draw(image)
    accent = tuple(int(c) for c in chance.integers(20, 230, 3))
    draw.rectangle((0, 0, wide, 44), fill=accent)
    font = words.font(chance, 13)
    for place in range(0, wide, 90):
        draw.text((place + 10, 14), words.line(chance, 9), font=font, fill=(255, 255, 255))
    ink = (215, 215, 215) if dark else (40, 40, 40)
    y = 58
    while y < high - 40:
        kind = chance.integers(4)
        if kind == 0:
            draw.rounded_rectangle((14, y, 14 + 110, y + 30), 6, fill=accent)
            draw.text((24, y + 7), words.line(chance, 10), font=font, fill=(255, 255, 255))
            y += 46
        elif kind == 1:
            box = tuple(int(c) for c in chance.integers(60, 220, 3))
            draw.rectangle((14, y, wide // 2 - 8, y + 80), fill=box)
            other = tuple(int(c) for c in chance.integers(60, 220, 3))
            draw.rectangle((wide // 2 + 4, y, wide - 14, y + 80), fill=other)
            y += 94
        elif kind == 2:
            draw.rounded_rectangle((14, y, wide - 14, y + 28), 4, outline=(150, 150, 150))
            draw.text((22, y + 6), words.line(chance, 20), font=font, fill=(150, 150, 150))
            y += 42
        else:
            _lines(draw, chance, words, (14, y, wide - 14, y + 62), 13, ink)
            y += 66
    return image


def _code_square(chance: np.random.Generator, words: Words) -> Image.Image:
    del words
    cells = int(chance.integers(21, 34))
    bits = chance.random((cells, cells)) < 0.5
    for row, column in ((0, 0), (0, cells - 7), (cells - 7, 0)):
        corner = np.ones((7, 7), bool)
        corner[1:6, 1:6] = False
        corner[2:5, 2:5] = True
        bits[row : row + 7, column : column + 7] = corner
    square = Image.fromarray(np.where(bits, 0, 255).astype(np.uint8)).convert("RGB")
    side = int(chance.integers(180, 330))
    image = Image.new("RGB", (360, 400), _paper(chance))
    image.paste(square.resize((side, side), Image.Resampling.NEAREST), ((360 - side) // 2, 20))
    return _photographed(image, chance)


def _photographed(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Let a page look photographed half of the time: turned, on a table, unevenly lit."""
    if chance.random() < 0.5:
        return image
    table = tuple(int(c) for c in chance.integers(30, 200, 3))
    turned = image.convert("RGBA").rotate(
        chance.uniform(-14, 14), Image.Resampling.BICUBIC, expand=True
    )
    margin = int(chance.integers(10, 90))
    whole = Image.new("RGB", (turned.width + margin, turned.height + margin), table)
    whole.paste(turned, (margin // 2, margin // 2), turned)
    pixels = np.asarray(whole, np.float32)
    across = np.linspace(chance.uniform(0.6, 1), chance.uniform(0.6, 1), pixels.shape[1])
    lit = np.clip(pixels * across[None, :, None], 0, 255).astype(np.uint8)
    return Image.fromarray(lit).filter(ImageFilter.GaussianBlur(chance.uniform(0, 0.8)))


KINDS = (
    Made(
        "document",
        ("文档", "文件", "一页文字", "纸上的字"),
        ("a document", "a page of text", "printed text"),
        _document,
    ),
    Made("receipt", ("收据", "小票", "发票"), ("a receipt", "an invoice", "a bill"), _receipt),
    Made("table", ("表格", "电子表格"), ("a table of numbers", "a spreadsheet"), _table),
    Made(
        "chat",
        ("聊天记录", "聊天截图", "微信聊天"),
        ("a chat screenshot", "chat messages"),
        _chat,
    ),
    Made(
        "code",
        ("代码", "程序代码", "代码截图"),
        ("source code", "a screenshot of code"),
        _code,
    ),
    Made(
        "page",
        ("屏幕截图", "截图", "网页", "手机截图"),
        ("a screenshot", "a web page", "an app screen"),
        _page,
    ),
    Made("square", ("二维码",), ("a QR code",), _code_square),
)


def grey(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Make a black and white photo, sometimes with the tint and grain of an old one."""
    pixels = np.asarray(image.convert("L"), np.float32)
    contrast, shift = chance.uniform(0.8, 1.4), chance.uniform(-20, 20)
    pixels = (pixels - 128) * contrast + 128 + shift
    if chance.random() < 0.3:
        pixels += chance.normal(0, chance.uniform(3, 12), pixels.shape)
    tint = np.ones(3)
    if chance.random() < 0.25:
        tint = np.array([1.08, 1.0, 0.85])
    return Image.fromarray(np.clip(pixels[:, :, None] * tint, 0, 255).astype(np.uint8))


def night(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Let it be night: dark, bluish, lamps where it was brightest, the noise of a camera."""
    pixels = np.asarray(image, np.float32) / 255
    bright = pixels.mean(axis=2)
    lamps = np.clip((bright - np.quantile(bright, 0.93)) * 6, 0, 1)
    glow = Image.fromarray((lamps * 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(chance.uniform(1, 4))
    )
    dark = pixels ** chance.uniform(1.2, 2.0) * chance.uniform(0.25, 0.6)
    dark *= np.array([chance.uniform(0.7, 1.0), 0.85, chance.uniform(0.95, 1.25)])
    warm = np.array([1.0, chance.uniform(0.7, 0.95), chance.uniform(0.35, 0.8)])
    if chance.random() < 0.7:
        dark += (np.asarray(glow, np.float32) / 255)[:, :, None] * warm * chance.uniform(0.5, 1)
    dark += chance.normal(0, chance.uniform(0.005, 0.03), dark.shape)
    return Image.fromarray(np.clip(dark * 255, 0, 255).astype(np.uint8))

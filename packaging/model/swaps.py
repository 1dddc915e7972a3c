"""Captions with one colour or one number changed: what a picture does not show.

Told apart from the true ones in training, they tie colours and counts to pictures, which a
contrast with the captions of other pictures hardly does.
"""

import re

import numpy as np

_CHINESE_COLOURS = ("红", "白", "黑", "蓝", "绿", "黄", "粉", "紫", "棕", "橙", "灰")
# A colour without 色 only where it stands before a thing: 红绿灯, 白天 and 黑人 are no colours.
_CHINESE_THINGS = "狗衣裙裤帽车马猫鞋球袍衫发布花伞"
_CHINESE_COLOUR = re.compile(rf"({'|'.join(_CHINESE_COLOURS)})(?=色|[{_CHINESE_THINGS}])")
_ENGLISH_COLOURS = (
    "red", "white", "black", "blue", "green", "yellow", "pink", "purple", "brown", "orange",
    "gray", "grey",
)  # fmt: skip
_ENGLISH_COLOUR = re.compile(rf"\b({'|'.join(_ENGLISH_COLOURS)})\b", re.IGNORECASE)

_CHINESE_NUMBERS = ("一", "两", "三", "四")
_CHINESE_NUMBER = re.compile(r"(一|两|二|三|四)(?=[只个条名位匹辆头])")
_ENGLISH_NUMBERS = ("two", "three", "four")
_ENGLISH_NUMBER = re.compile(r"\b(two|three|four)\b", re.IGNORECASE)


def swap_colour(caption: str, chance: np.random.Generator) -> str | None:
    """Give the caption with its colours changed, None where it names none."""
    for pattern, colours in (
        (_CHINESE_COLOUR, _CHINESE_COLOURS),
        (_ENGLISH_COLOUR, _ENGLISH_COLOURS[:-1]),
    ):
        if pattern.search(caption):
            return _swap(caption, pattern, colours, chance)
    return None


def swap_number(caption: str, chance: np.random.Generator) -> str | None:
    """Give the caption with its first number from one to four changed, None without one.

    English "a" is left: what follows would have to change with it.
    """
    for pattern, numbers in (
        (_CHINESE_NUMBER, _CHINESE_NUMBERS),
        (_ENGLISH_NUMBER, _ENGLISH_NUMBERS),
    ):
        if pattern.search(caption):
            return _swap(caption, pattern, numbers, chance, count=1)
    return None


def _swap(
    caption: str,
    pattern: re.Pattern[str],
    words: tuple[str, ...],
    chance: np.random.Generator,
    count: int = 0,
) -> str:
    found = [each.lower() for each in pattern.findall(caption)]
    here = set(found[:count] if count else found)
    if "二" in here:
        here.add("两")
    others = [word for word in words if word not in here] or list(words)

    def other(match: re.Match[str]) -> str:
        word = others[chance.integers(len(others))]
        return word.capitalize() if match.group(1)[0].isupper() else word

    return pattern.sub(other, caption, count=count)

"""All texts that heads are trained and judged with, in one list, so that each is read once."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from made_pictures import KINDS
from pictures import SEED, Captions, read_names
from swaps import swap_colour, swap_number
from tags import Tagged, find_tags

_CHINESE = ("{}", "{}的照片", "一张{}的照片", "照片里有{}", "拍到了{}")
_ENGLISH = ("{}", "a photo of a {}", "a photo of {}", "a picture with {}", "{} in the photo")
# How many of the captions with a colour or a number are swapped, of those to learn from: reading
# them is most of the time, and there are enough.
_SWAPPED = {
    ("colour", "zh"): 1.0,
    ("colour", "en"): 0.6,
    ("number", "zh"): 0.35,
    ("number", "en"): 0.6,
}
_OF_NAMES, _OF_STYLES, _OF_TAGS = 2, 2, 2  # templates used where there are many words

STYLES = {
    "style/grey": (
        ("黑白照片", "黑白", "老照片"),
        ("a black and white photo", "black and white", "monochrome"),
    ),
    "style/night": (
        ("夜景", "夜晚", "晚上拍的照片"),
        ("night", "at night", "a night scene"),
    ),
}

Both = tuple[list[int], list[int]]  # numbers of texts, in Chinese and in English


@dataclass(slots=True)
class Prompts:
    """`texts`, and the numbers in it of what each label and each tag is called.

    `swapped` maps (language, caption number) to the numbers of captions with another colour or
    count; `judged` lists (kind, language, caption number, number) of pictures held out.
    """

    texts: list[str] = field(default_factory=list)
    labels: dict[str, Both] = field(default_factory=dict)
    tags: list[Both] = field(default_factory=list)
    swapped: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    judged: list[tuple[str, str, int, int]] = field(default_factory=list)

    def add(self, words: tuple[str, ...] | list[str], templates: tuple[str, ...]) -> list[int]:
        """Add each word in each template; give their numbers."""
        first = len(self.texts)
        self.texts += [template.format(word) for word in words for template in templates]
        return list(range(first, len(self.texts)))


def make_prompts(data: Path, captions: Captions, held_out: set[str]) -> tuple[Prompts, Tagged]:
    """Make all prompts; captions are numbered picture by picture, five each, by file name."""
    prompts = Prompts()
    labels = json.loads((data / "labelled/labels.json").read_text(encoding="utf-8"))
    for label in sorted(labels):
        _add_label(prompts, label, labels[label]["zh"], labels[label]["en"], len(_CHINESE))
    for number, (chinese, english) in enumerate(read_names(data)):
        first = english.split(",")[0]
        _add_label(prompts, f"imagenet/{number:04d}", [chinese], [first], _OF_NAMES)
    for kind in KINDS:
        label = f"made/{kind.name}"
        _add_label(prompts, label, list(kind.chinese), list(kind.english), len(_CHINESE))
    for label, (chinese_words, english_words) in STYLES.items():
        _add_label(prompts, label, list(chinese_words), list(english_words), _OF_STYLES)
    names = sorted(captions.english)
    tagged = find_tags([captions.english[name] for name in names])
    for tag in tagged.tags:
        prompts.tags.append(
            (
                prompts.add(tag.chinese, _CHINESE[:_OF_TAGS]),
                prompts.add(tag.english, (_ENGLISH[0], _ENGLISH[2])),
            )
        )
    _add_swaps(prompts, captions, names, held_out)
    return prompts, tagged


def _add_label(
    prompts: Prompts, label: str, chinese: list[str], english: list[str], templates: int
) -> None:
    prompts.labels[label] = (
        prompts.add(chinese, _CHINESE[:templates]),
        prompts.add(english, _ENGLISH[:templates]),
    )


def _add_swaps(prompts: Prompts, captions: Captions, names: list[str], held_out: set[str]) -> None:
    chance = np.random.default_rng(SEED)
    for language, by_name in (("zh", captions.chinese), ("en", captions.english)):
        for place, name in enumerate(names):
            for which, caption in enumerate(by_name[name]):
                number = place * 5 + which
                for kind, swap in (("colour", swap_colour), ("number", swap_number)):
                    other = swap(caption, chance)
                    kept = name in held_out or chance.random() < _SWAPPED[kind, language]
                    if other is None or not kept:
                        continue
                    (added,) = prompts.add([other], ("{}",))
                    if name in held_out:
                        prompts.judged.append((kind, language, number, added))
                    else:
                        prompts.swapped.setdefault((language, number), []).append(added)

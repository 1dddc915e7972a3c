"""Gathers everything heads learn from: trunks, pictures, texts and their features."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import image_trunk
import numpy as np
import phrase_trunk
import text_trunk
import torch
from examples import PHRASE_GAIN, Examples, Made, Texts, Views
from features import PhraseFeatures, PictureFeatures, TextFeatures, key_of
from image_trunk import ImageTrunk
from made_pictures import KINDS, Words, check_fonts, grey, night
from names import NameSpace, name_space
from numpy.typing import NDArray
from phrase_trunk import PhraseTrunk
from pictures import (
    SEED,
    Captions,
    Picture,
    altered,
    find_pictures,
    plain,
    read_captions,
    squashed,
    varied,
)
from prompts import Prompts, make_prompts
from text_trunk import TextTrunkFile
from tokenizers import Tokenizer
from vocabulary import kept_pieces

_FORMS = 4  # each picture is seen as it is, and varied in so many ways
_DRAWN, _DRAWN_HELD_OUT = 90, 20  # of each kind of drawn picture
_ALTERED, _ALTERED_HELD_OUT = 1300, 150  # of each style

See = Callable[[], NDArray[np.uint8]]
OfMade = tuple[list[See], list[str], NDArray[np.bool_], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Trunks:
    """What is not trained.

    `kept` are the numbers of the pieces that stay, `phrase_table` the phrase trunk's embeddings
    of them, (pieces, 512).
    """

    image: ImageTrunk
    text: TextTrunkFile
    phrase: PhraseTrunk
    phrase_table: torch.Tensor
    tokenizer: Tokenizer
    kept: list[int]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The trunks, the examples and the names of the image trunk's classes.

    `captions` are the texts by language, five a picture, in the order of `caption_row`;
    `see_made` makes the pictures of `examples.made`. `key` differs where what is learned
    from does.
    """

    trunks: Trunks
    examples: Examples
    names: NameSpace
    captions: dict[str, list[str]]
    see_made: list[See]
    key: str


def gather(data: Path, work: Path) -> Gathered:
    """Read and compute everything; features that are in `work` already are read from there."""
    check_fonts()  # hours before they are needed
    pictures, captions = find_pictures(data), read_captions(data)
    names = sorted(captions.chinese)
    held_out = {picture.path.name for picture in pictures if not picture.label and picture.held_out}
    prompts, tagged = make_prompts(data, captions, held_out)
    texts = {
        "chinese": [caption for name in names for caption in captions.chinese[name]],
        "english": [caption for name in names for caption in captions.english[name]],
        "prompts": prompts.texts,
    }
    trunks = _trunks(_texts_to_learn_from(captions, prompts, held_out))
    of_made = _made(pictures, captions)
    views, made = _seen(trunks, pictures, of_made, work)
    row = {name: number for number, name in enumerate(names)}
    captioned = [picture for picture in pictures if not picture.label]
    read = Texts(**{name: _read(trunks, name, each, work) for name, each in texts.items()})
    examples = Examples(
        pictures,
        np.array([row[picture.path.name] for picture in captioned]),
        views,
        made,
        read,
        prompts,
        tagged,
    )
    by_language = {"zh": texts["chinese"], "en": texts["english"]}
    learned = [picture.path.name for picture in pictures if not picture.held_out]
    key = key_of([*learned, *of_made[1], *(text for each in texts.values() for text in each)])
    return Gathered(trunks, examples, _names(read, prompts), by_language, of_made[0], key)


def _texts_to_learn_from(captions: Captions, prompts: Prompts, held_out: set[str]) -> list[str]:
    judged = {other for *_, other in prompts.judged}
    return [
        *(
            caption
            for by_name in (captions.chinese, captions.english)
            for name, five in by_name.items()
            if name not in held_out
            for caption in five
        ),
        *(text for number, text in enumerate(prompts.texts) if number not in judged),
    ]


def _trunks(texts: list[str]) -> Trunks:
    text = text_trunk.read_trunk(text_trunk.trunk_file())
    kept = kept_pieces(text.pieces, text_trunk.make_tokenizer(text), texts)
    folder = phrase_trunk.resources()
    phrase = phrase_trunk.read_trunk(folder)
    pieces = [text.pieces[number][0] for number in kept]
    return Trunks(
        image_trunk.read_trunk(image_trunk.trunk_file()),
        text,
        PhraseTrunk(phrase),
        phrase_trunk.piece_embeddings(phrase, folder, pieces),
        text_trunk.make_tokenizer(text, kept),
        kept,
    )


def _seen(
    trunks: Trunks, pictures: list[Picture], of_made: OfMade, work: Path
) -> tuple[Views, Made]:
    features = PictureFeatures(trunks.image, work)
    key = key_of(picture.path.name for picture in pictures)
    forms = [features.of("plain", key, [partial(plain, picture.path) for picture in pictures])]
    for form in range(1, _FORMS + 1):
        see = [partial(varied, p.path, (SEED, form, n)) for n, p in enumerate(pictures)]
        forms.append(features.of(f"varied{form}", key, see))
    see_made, labels, held_out, origin = of_made
    made = Made(
        Views([features.of("made", key_of([key, *labels]), see_made)]), labels, held_out, origin
    )
    return Views(forms), made


def _made(pictures: list[Picture], captions: Captions) -> OfMade:
    """Give what makes each picture, its label, whether it is held out, and what it was made of."""
    words = Words(
        [caption for five in captions.chinese.values() for caption in five],
        [caption for five in captions.english.values() for caption in five],
    )
    see: list[See] = []
    of_each: list[tuple[str, bool, int]] = []
    for kind in KINDS:
        for number in range(_DRAWN):
            see.append(partial(_drawn, kind.draw, words, (SEED, number, sum(kind.name.encode()))))
            of_each.append((f"made/{kind.name}", number >= _DRAWN - _DRAWN_HELD_OUT, -1))
    chance = np.random.default_rng(5)
    learned = [
        number
        for number, picture in enumerate(pictures)
        if not picture.held_out and not picture.label.startswith("imagenet")
    ]
    judged = [n for n, picture in enumerate(pictures) if picture.held_out and not picture.label]
    for label, change, seed in (("style/grey", grey, 1), ("style/night", night, 2)):
        for numbers, most, out in (
            (learned, _ALTERED, False),
            (judged, _ALTERED_HELD_OUT, True),
        ):
            for number in chance.permutation(numbers)[:most]:
                path = pictures[number].path
                see.append(partial(altered, path, change, (SEED, seed, int(number))))
                of_each.append((label, out, int(number)))
    labels, held_out, origin = zip(*of_each, strict=True)
    return see, list(labels), np.array(held_out), np.array(origin)


def _drawn(draw: Callable[..., object], words: Words, seed: tuple[int, ...]) -> NDArray[np.uint8]:
    return squashed(draw(np.random.default_rng(seed), words))  # type: ignore[arg-type]


def _read(trunks: Trunks, name: str, texts: list[str], work: Path) -> torch.Tensor:
    """Give both trunks' features of texts side by side, (n, 896) float32."""
    states = TextFeatures(trunks.text, trunks.tokenizer, trunks.kept, work)
    phrases = PhraseFeatures(trunks.phrase, trunks.phrase_table, trunks.tokenizer, work)
    parts = (states.of(f"text-{name}", texts), phrases.of(f"phrase-{name}", texts) * PHRASE_GAIN)
    return torch.from_numpy(np.concatenate(parts, axis=1).astype(np.float32))


def _names(texts: Texts, prompts: Prompts) -> NameSpace:
    phrases = texts.prompts[:, -512:].numpy() / PHRASE_GAIN
    sides = [
        phrases[[prompts.labels[f"imagenet/{number:04d}"][side][0] for number in range(1000)]]
        for side in (0, 1)
    ]
    return name_space(*sides)

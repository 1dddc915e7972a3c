"""How good a model is, on pictures held out: what the model card states."""

from dataclasses import dataclass

import numpy as np
from examples import Examples
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_PROMPTS = 3  # templates whose vectors are averaged for a name
_LEAST_SHOWN = 3  # pictures that show a word, for its precision to say something


@dataclass(frozen=True, slots=True)
class Vectors:
    """A model's unit vectors of what is judged by.

    Held-out pictures with captions, labelled ones, made ones; captions in each language, five a
    picture; and all prompts.
    """

    captioned: Floats
    labelled: Floats
    made: Floats
    captions: dict[str, Floats]
    prompts: Floats


def judge(examples: Examples, vectors: Vectors) -> dict[str, object]:
    """Give all figures, in percent."""
    return {
        "retrieval": {
            language: recalls(captions, vectors.captioned)
            for language, captions in vectors.captions.items()
        },
        "zero_shot": _zero_shot(examples, vectors),
        "told_apart": _told_apart(examples, vectors),
        "words": _words(examples, vectors),
        "made": _made(examples, vectors),
    }


def recalls(captions: Floats, pictures: Floats) -> list[float]:
    """Give recall at 1, 5 and 10 of captions, five a picture, among the pictures."""
    scores = captions @ pictures.T
    own = np.repeat(np.arange(len(pictures)), 5)
    better = (scores > scores[np.arange(len(scores)), own][:, None]).sum(axis=1)
    return [round(float((better < most).mean() * 100), 1) for most in (1, 5, 10)]


def judged_prompts(examples: Examples) -> list[int]:
    """Give the numbers of the prompts that figures are made of."""
    labels = {examples.pictures[number].label for number in examples.judged_labelled}
    labels |= set(examples.made.labels)
    needed = {other for *_, other in examples.prompts.judged}
    needed |= {both[0][0] for both in examples.prompts.tags}
    for label in labels:
        for side in examples.prompts.labels[label]:
            needed.update(side[:_PROMPTS])
    return sorted(needed)


def _zero_shot(examples: Examples, vectors: Vectors) -> dict[str, list[float]]:
    """Name the right one of a kind's names, in Chinese and English: top 1, for each kind."""
    labels = [examples.pictures[number].label for number in examples.judged_labelled]
    kinds: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        kinds.setdefault(label.partition("/")[0], []).append(place)
    found = {}
    for kind, places in kinds.items():
        names = sorted({labels[place] for place in places})
        right = np.array([names.index(labels[place]) for place in places])
        figures = []
        for side in (0, 1):
            prompts = np.stack([_named(examples, vectors, name, side) for name in names])
            figures.append(_share((vectors.labelled[places] @ prompts.T).argmax(axis=1) == right))
        found[kind] = figures
    return found


def _named(examples: Examples, vectors: Vectors, label: str, side: int) -> Floats:
    numbers = examples.prompts.labels[label][side][:_PROMPTS]
    found: Floats = vectors.prompts[numbers].mean(axis=0)
    return found


def _told_apart(examples: Examples, vectors: Vectors) -> dict[str, float]:
    """How often the true caption fits more than one with another colour or count."""
    place_of = {int(examples.caption_row[n]): i for i, n in enumerate(examples.judged)}
    found: dict[str, list[bool]] = {}
    for kind, language, number, other in examples.prompts.judged:
        place = place_of[number // 5]
        picture = vectors.captioned[place]
        true = vectors.captions[language][place * 5 + number % 5]
        found.setdefault(f"{kind} {language}", []).append(
            bool(picture @ true > picture @ vectors.prompts[other])
        )
    return {name: _share(np.array(each)) for name, each in sorted(found.items())}


def _words(examples: Examples, vectors: Vectors) -> dict[str, float]:
    """Mean average precision of short Chinese queries: words, and colours with words."""
    shown = examples.tagged.shown[examples.caption_row[examples.judged]]
    found: dict[str, list[float]] = {"word": [], "colour and word": []}
    for number, tag in enumerate(examples.tagged.tags):
        states = shown[:, number]
        if (states == 1).sum() < _LEAST_SHOWN:
            continue
        query = vectors.prompts[examples.prompts.tags[number][0][0]]
        kept = states != 0
        kind = "colour and word" if " " in tag.name else "word"
        found[kind].append(average_precision((vectors.captioned @ query)[kept], states[kept] == 1))
    return {kind: round(float(np.mean(each)) * 100, 1) for kind, each in found.items()}


def _made(examples: Examples, vectors: Vectors) -> dict[str, float]:
    """Average precision of documents, night and the like among all captioned pictures."""
    places = np.flatnonzero(examples.made.held_out)
    labels = [examples.made.labels[place] for place in places]
    every = np.concatenate([vectors.captioned, vectors.made])
    found = {}
    for label in sorted(set(labels)):
        true = np.zeros(len(every), bool)
        true[len(vectors.captioned) :] = [each == label for each in labels]
        scores = every @ _named(examples, vectors, label, 0)
        found[label] = round(average_precision(scores, true) * 100, 1)
    return found


def average_precision(scores: Floats, true: NDArray[np.bool_]) -> float:
    """Give the mean of the precision at each true one, best first."""
    ordered = true[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    return float(precision[ordered].mean())


def _share(right: NDArray[np.bool_]) -> float:
    return round(float(right.mean()) * 100, 1)

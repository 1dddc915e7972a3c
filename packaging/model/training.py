"""Trains a pair of heads; seeded, some minutes on two cores.

What is learned at once: captions and pictures find each other among 512 (InfoNCE, both
languages); words and colours with words find the pictures that show them; a caption with another
colour or count fits less; labelled, drawn and altered pictures find their names.
"""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from examples import Examples, Numbers, Sight
from features import POOLED, Progress
from heads import HeadShape, ImageHead, TextHead
from image_graph import COLOURS, LAST_CHANNELS
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

TEXT_INPUTS = 384 + 512

# The shares of other kinds of labelled pictures than scenes in a batch of labels.
_SHARES = {
    "house": 0.1, "clothing": 0.15, "flower": 0.1, "food": 0.1, "grocery": 0.15, "imagenet": 0.18,
}  # fmt: skip
_LABELLED, _MADE = 256, 64  # pictures of these in a batch
_FIRST_TEMPERATURE, _SHARPEST = 0.07, 100.0
_AVERAGE = 0.98  # of the weights, over steps
_MASKED = -1e4


@dataclass(frozen=True, slots=True)
class Settings:
    """Sizes, times and weights of the parts of the loss."""

    width: int = 512
    outputs: int = 256
    questions: int = 8
    epochs: int = 42
    batch: int = 512
    rate: float = 4e-3
    decay: float = 0.1
    labels: float = 0.35
    scenes: float = 0.22  # their share of the labelled pictures
    tags: float = 0.15
    swaps: float = 0.1
    altered: float = 1.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A head for each side."""

    image: ImageHead
    text: TextHead

    def of_sight(self, sight: Sight) -> torch.Tensor:
        """Give unit vectors of pictures."""
        found: torch.Tensor = self.image(sight.pooled, sight.last, sight.colours)
        return found


def new_pair(settings: Settings) -> Pair:
    """Make a pair that knows nothing."""
    width, outputs = settings.width, settings.outputs
    image = ImageHead(
        HeadShape(POOLED, width, outputs, 0.6, 0.6),
        LAST_CHANNELS,
        len(COLOURS),
        settings.questions,
        0.5,
    )
    return Pair(image, TextHead(HeadShape(TEXT_INPUTS, width, outputs, 0.2, 0.3)))


class Trainer:
    """Trains one pair."""

    def __init__(self, examples: Examples, settings: Settings, seed: int) -> None:
        torch.manual_seed(seed)
        self._chance = np.random.default_rng(seed)
        self._examples, self._settings = examples, settings
        self._pair = new_pair(settings)
        self._measure()
        self._temperature = nn.Parameter(torch.tensor(np.log(1 / _FIRST_TEMPERATURE)).float())
        self._labels = _by_label(examples, settings.scenes)
        self._made = _by_made(examples)
        shown = examples.tagged.shown[examples.caption_row[examples.captioned]]
        self._often = (shown == 1).sum(axis=0)

    def run(self, name: str) -> Pair:
        """Train; give the average of the weights over the last steps, ready for use."""
        settings, pair = self._settings, self._pair
        average = Pair(copy.deepcopy(pair.image), copy.deepcopy(pair.text))
        captioned = self._examples.captioned
        steps = len(captioned) // settings.batch
        optimiser, schedule = self._optimiser(steps)
        progress = Progress(name, steps * settings.epochs)
        weights = [each for group in optimiser.param_groups for each in group["params"]]
        for _ in range(settings.epochs):
            order = self._chance.permutation(captioned)
            for step in range(steps):
                pair.image.train(), pair.text.train()
                loss = self._loss(order[step * settings.batch : (step + 1) * settings.batch])
                optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(weights, 1.0)
                optimiser.step()
                schedule.step()
                _towards(average.image, pair.image)
                _towards(average.text, pair.text)
                progress.step()
        return Pair(average.image.eval(), average.text.eval())

    def _measure(self) -> None:
        examples = self._examples
        rows = _captions_of(examples.caption_row[examples.captioned])
        both = torch.cat([examples.texts.chinese[rows], examples.texts.english[rows]])
        self._pair.text.standard.measure(both)
        plain = examples.views.see(0, examples.captioned)
        self._pair.image.standard.measure(plain.pooled)
        self._pair.image.map_scale = plain.last[:500].std(dim=(0, 2))

    def _optimiser(self, steps: int) -> tuple[torch.optim.Optimizer, Any]:
        settings = self._settings
        weights = [*self._pair.image.parameters(), *self._pair.text.parameters()]
        optimiser = torch.optim.AdamW(
            [
                {"params": [w for w in weights if w.ndim > 1], "weight_decay": settings.decay},
                {
                    "params": [w for w in weights if w.ndim <= 1] + [self._temperature],
                    "weight_decay": 0.0,
                },
            ],
            lr=settings.rate,
        )
        warm, total = 2 * steps, steps * settings.epochs

        def rate(step: int) -> float:
            cosine: float = 0.5 * (1 + np.cos(np.pi * min(1, step / total)))
            return min(1, (step + 1) / warm) * cosine

        return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)

    def _loss(self, which: Numbers) -> torch.Tensor:
        examples, settings, chance = self._examples, self._settings, self._chance
        rows = examples.caption_row[which]
        pictures = self._pair.of_sight(examples.views.see(self._form(), which))
        scale = self._temperature.exp().clamp(max=_SHARPEST)
        numbers = {
            language: rows * 5 + chance.integers(5, size=len(rows)) for language in ("zh", "en")
        }
        said = {
            "zh": self._pair.text(examples.texts.chinese[numbers["zh"]]),
            "en": self._pair.text(examples.texts.english[numbers["en"]]),
        }
        own = torch.arange(len(rows))
        loss = torch.zeros(())
        for language, texts in said.items():
            scores = scale * pictures @ texts.T
            loss = loss + 0.25 * functional.cross_entropy(scores, own)
            loss = loss + 0.25 * functional.cross_entropy(scores.T, own)
            swaps = self._swap_loss(language, numbers[language], pictures, texts, scale)
            loss = loss + settings.swaps * swaps
        loss = loss + settings.tags * self._tag_loss(rows, pictures, scale)
        return loss + self._label_loss(scale, said)

    def _swap_loss(
        self,
        language: str,
        numbers: Numbers,
        pictures: torch.Tensor,
        texts: torch.Tensor,
        scale: torch.Tensor,
    ) -> torch.Tensor:
        """Let a caption with another colour or count fit less than the true one."""
        swapped = self._examples.prompts.swapped
        at = [i for i, number in enumerate(numbers) if (language, int(number)) in swapped]
        if not at:
            return torch.zeros(())
        others = [self._one_of(swapped[language, int(numbers[i])]) for i in at]
        wrong = self._pair.text(self._examples.texts.prompts[others])
        gap = scale * (pictures[at] * (wrong - texts[at])).sum(dim=1)
        return functional.softplus(gap).sum() / len(numbers)

    def _tag_loss(self, rows: Numbers, pictures: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        """Let a word find the pictures that show it before those that do not."""
        examples = self._examples
        shown = examples.tagged.shown[rows]
        there = np.flatnonzero(((shown == 1).sum(axis=0) > 0) & (self._often > 0))
        prompts = [self._one_of(self._one_language(examples.prompts.tags[tag])) for tag in there]
        texts = self._pair.text(examples.texts.prompts[prompts])
        states = torch.from_numpy(shown[:, there].T.astype(np.int64))
        scores = (scale * texts @ pictures.T).masked_fill(states == 0, _MASKED)
        true = (states == 1).float()
        each = -(true * scores.log_softmax(dim=1)).sum(dim=1) / true.sum(dim=1)
        weights = torch.from_numpy(1 / np.sqrt(self._often[there])).float()
        return (each * weights).sum() / weights.sum()

    def _label_loss(self, scale: torch.Tensor, said: dict[str, torch.Tensor]) -> torch.Tensor:
        """Labelled, drawn and altered pictures and their names find each other."""
        examples, settings = self._examples, self._settings
        keys, numbers = self._labels.draw(self._chance, _LABELLED)
        pictures = self._pair.of_sight(examples.views.see(self._form(), numbers))
        made_keys, made_numbers = self._made.draw(self._chance, _MADE)
        made = self._pair.of_sight(examples.made.views.see(0, made_numbers))
        loss = settings.altered * self._altered_loss(made_numbers, made, scale, said)
        every = torch.cat([pictures, made])
        of_each = keys + made_keys
        names = sorted(set(of_each))
        own = torch.tensor([names.index(key) for key in of_each])
        prompts = [self._one_of(self._one_language(examples.prompts.labels[key])) for key in names]
        scores = scale * every @ self._pair.text(examples.texts.prompts[prompts]).T
        # An altered picture shows its object as well: other labels are not wrong for it.
        styles = torch.tensor([name.startswith("style/") for name in names])
        altered = torch.tensor([key.startswith("style/") for key in of_each])
        unsure = altered[:, None] & ~styles[None, :]
        true = functional.one_hot(own, len(names)).float()
        to_names = functional.cross_entropy(scores.masked_fill(unsure, _MASKED), own)
        shares = true / true.sum(dim=0)
        to_pictures = -(shares * scores.log_softmax(dim=0)).sum(dim=0).mean()
        return loss + settings.labels * 0.5 * (to_names + to_pictures)

    def _altered_loss(
        self,
        numbers: Numbers,
        made: torch.Tensor,
        scale: torch.Tensor,
        said: dict[str, torch.Tensor],
    ) -> torch.Tensor:
        """Let a picture without colours, or at night, show what its captions say."""
        examples = self._examples
        origin = examples.made.origin[numbers]
        captioned = len(examples.caption_row)
        at = np.flatnonzero((origin >= 0) & (origin < captioned))
        if not len(at):
            return torch.zeros(())
        language = "zh" if self._chance.random() < 0.5 else "en"
        texts = examples.texts.chinese if language == "zh" else examples.texts.english
        rows = examples.caption_row[origin[at]] * 5 + self._chance.integers(5, size=len(at))
        candidates = torch.cat([self._pair.text(texts[rows]), said[language]])
        scores = scale * made[at] @ candidates.T
        # They are few: as a mean they would drown what is learned of all others.
        found = functional.cross_entropy(scores, torch.arange(len(at)), reduction="sum")
        return found / len(said[language])

    def _form(self) -> int:
        return int(self._chance.integers(len(self._examples.views)))

    def _one_language(self, both: tuple[list[int], list[int]]) -> list[int]:
        return both[int(self._chance.integers(2))]

    def _one_of(self, numbers: list[int]) -> int:
        return numbers[int(self._chance.integers(len(numbers)))]


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws labels by their chances, and a picture of each."""

    labels: list[str]
    chances: NDArray[np.float64]
    numbers: dict[str, list[int]]

    def draw(self, chance: np.random.Generator, count: int) -> tuple[list[str], Numbers]:
        """Give `count` labels and pictures."""
        drawn = [self.labels[i] for i in chance.choice(len(self.labels), count, p=self.chances)]
        return drawn, np.array([chance.choice(self.numbers[label]) for label in drawn])


def _by_label(examples: Examples, scenes: float) -> Drawer:
    numbers: dict[str, list[int]] = {}
    for number in examples.labelled:
        numbers.setdefault(examples.pictures[number].label, []).append(int(number))
    labels = sorted(numbers)
    kinds = [label.partition("/")[0] for label in labels]
    rest = (1 - scenes) / sum(_SHARES.values())
    shares = {"scene": scenes, **{kind: share * rest for kind, share in _SHARES.items()}}
    chances = np.array([shares[kind] / kinds.count(kind) for kind in kinds])
    return Drawer(labels, chances / chances.sum(), numbers)


def _by_made(examples: Examples) -> Drawer:
    numbers: dict[str, list[int]] = {}
    for number, label in enumerate(examples.made.labels):
        if not examples.made.held_out[number]:
            numbers.setdefault(label, []).append(number)
    labels = sorted(numbers)
    return Drawer(labels, np.full(len(labels), 1 / len(labels)), numbers)


def _captions_of(rows: Numbers) -> Numbers:
    found: Numbers = (rows[:, None] * 5 + np.arange(5)).ravel()
    return found


def _towards(average: nn.Module, model: nn.Module) -> None:
    with torch.no_grad():
        pairs = zip(average.state_dict().values(), model.state_dict().values(), strict=True)
        for mean, value in pairs:
            if mean.dtype.is_floating_point:
                mean.mul_(_AVERAGE).add_(value, alpha=1 - _AVERAGE)
            else:
                mean.copy_(value)

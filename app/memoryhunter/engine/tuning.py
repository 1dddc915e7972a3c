"""A short measurement of how this computer runs a model best."""

import statistics
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import onnxruntime

from memoryhunter.engine.compared_files import ComparedFiles
from memoryhunter.engine.onnx_engine import OnnxEmbedder
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.processor import processor_model, usable_processors
from memoryhunter.engine.threads import Threads, picture_layouts, text_layouts, usual_threads

Choice = TypeVar("Choice", bound=Hashable)
Clock = Callable[[], float]

# Six characters that every Chinese-CLIP vocabulary knows, with the two marks around them.
_EIGHT_TOKENS = "海边的日落去"
# Each choice has so many turns, in turn with the others: a busy moment strikes them all.
_TURNS = 3
# What a turn runs at most; a small model needs no whole second to be measured.
_RUNS = 12
# Texts are quick, so pictures have most of the time.
_SHARE_OF_PICTURES = 0.7
# Less is within what two measurements of the same thing differ by on a computer in use.
_CLEARLY_BETTER = 1.05


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was measured of the model `fingerprint` on this computer, and what to do about it.

    `processor` is its name and `processors` how many of it could be used, `runtime` the version
    of ONNX Runtime: with another of these the measurement means nothing. `images_per_second`
    and `text_ms` (milliseconds for a text of 8 tokens) are those of `threads`.
    """

    fingerprint: str
    processor: str
    processors: int
    runtime: str
    threads: Threads
    images_per_second: float
    text_ms: float

    def fits(self, package: ModelPackage) -> bool:
        """Whether it was measured with this model, on this computer as it is now."""
        return (self.fingerprint, self.processor, self.processors, self.runtime) == (
            package.fingerprint,
            processor_model(),
            usable_processors(),
            onnxruntime.__version__,
        )


def measure(
    package: ModelPackage, *, seconds: float = 5.0, clock: Clock = time.perf_counter
) -> Tuning:
    """Try a few ways to share out the cores, for about `seconds` in all.

    A large model on a small computer takes longer than that with the usual way alone, and is
    then not tried with any other. Raises UserError MODEL_DAMAGED.
    """
    processors = usable_processors()
    usual = usual_threads(processors)
    files = ComparedFiles(package)  # once, and not for each way
    layouts = picture_layouts(processors)
    rates = compare(
        layouts,
        lambda layout, least: _pictures_per_second(
            package, files, Threads(*layout, usual.per_text), least, clock
        ),
        seconds * _SHARE_OF_PICTURES,
        clock,
    )
    layout = winner(rates, layouts[0])
    texts = text_layouts(processors)
    text_rates = compare(
        texts,
        lambda threads, least: _texts_per_second(
            package, files, Threads(*layout, threads), least, clock
        ),
        seconds * (1 - _SHARE_OF_PICTURES),
        clock,
    )
    per_text = winner(text_rates, texts[0])
    return Tuning(
        fingerprint=package.fingerprint,
        processor=processor_model(),
        processors=processors,
        runtime=onnxruntime.__version__,
        threads=Threads(*layout, per_text),
        images_per_second=rates[layout],
        text_ms=1000 / text_rates[per_text],
    )


def compare(
    choices: Sequence[Choice],
    rate: Callable[[Choice, float], float],
    seconds: float,
    clock: Clock,
) -> dict[Choice, float]:
    """Measure `choices`, giving each the best rate of its turns: what disturbs only slows.

    `rate` measures one for about the seconds it is given. The first choice is always measured;
    when the time is up, those whose turn has not come are left out.
    """
    rates: dict[Choice, float] = {}
    end = clock() + seconds
    for _ in range(_TURNS):
        for choice in choices:
            if rates and clock() >= end:
                return rates
            found = rate(choice, seconds / (len(choices) * _TURNS))
            rates[choice] = max(found, rates.get(choice, 0.0))
    return rates


def winner(rates: dict[Choice, float], usual: Choice) -> Choice:
    """Give the choice with the highest rate, and `usual` unless that is clearly better."""
    best = max(rates, key=lambda choice: rates[choice])
    return best if rates[best] > rates[usual] * _CLEARLY_BETTER else usual


def _pictures_per_second(
    package: ModelPackage, files: ComparedFiles, threads: Threads, seconds: float, clock: Clock
) -> float:
    count, size = 2 * threads.side_by_side * threads.per_picture, package.pixels.size
    pixels = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    embedder = OnnxEmbedder(package, threads, files=files)
    embedder.embed_images(pixels)  # loads, and finds the memory it needs
    times = _times(lambda: embedder.embed_images(pixels), seconds, clock)
    embedder.unload()
    return count / statistics.median(times)


def _texts_per_second(
    package: ModelPackage, files: ComparedFiles, threads: Threads, seconds: float, clock: Clock
) -> float:
    embedder = OnnxEmbedder(package, threads, files=files)
    embedder.embed_texts([_EIGHT_TOKENS])
    times = _times(lambda: embedder.embed_texts([_EIGHT_TOKENS]), seconds, clock)
    embedder.unload()
    return 1 / statistics.median(times)


def _times(work: Callable[[], object], seconds: float, clock: Clock) -> list[float]:
    times: list[float] = []
    end = clock() + seconds
    while not times or (len(times) < _RUNS and clock() < end):
        start = clock()
        work()
        times.append(clock() - start)
    return times

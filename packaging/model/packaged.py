"""Runs the finished graphs over what is held out: what is judged is what is shipped."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from examples import Examples
from features import Progress
from gathering import Gathered
from judging import Floats, Vectors, judged_prompts
from names import unit
from numpy.typing import NDArray
from pictures import plain
from text_graph import MOST_TOKENS

from memoryhunter.engine.onnx_graph import IMAGE_INPUT, OUTPUT, TEXT_INPUT
from memoryhunter.engine.packages import IMAGE_GRAPH, TEXT_GRAPH
from memoryhunter.engine.text_tokens import TextTokens

T = TypeVar("T")

_WORKERS = 2


class PackagedModel:
    """The graphs in `folder`."""

    def __init__(self, folder: Path, tokenizer: Path) -> None:
        """`tokenizer` is the file; texts are read as the program reads them."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._image, self._text = (
            onnxruntime.InferenceSession(str(folder / name), options)
            for name in (IMAGE_GRAPH, TEXT_GRAPH)
        )
        self._tokens = TextTokens(tokenizer, MOST_TOKENS)

    def vectors(self, gathered: Gathered) -> Vectors:
        """Give the vectors of everything that is judged by."""
        examples = gathered.examples
        captioned, labelled = (
            [partial(plain, examples.pictures[number].path) for number in numbers]
            for numbers in (examples.judged, examples.judged_labelled)
        )
        held_out = np.flatnonzero(examples.made.held_out)
        made = [gathered.see_made[number] for number in held_out]
        places = examples.caption_row[examples.judged]
        captions = {
            language: self._texts(
                f"captions in {language}",
                [texts[place * 5 + which] for place in places for which in range(5)],
            )
            for language, texts in gathered.captions.items()
        }
        return Vectors(
            self._pictures("captioned pictures", captioned),
            self._pictures("labelled pictures", labelled),
            self._pictures("made pictures", made),
            captions,
            self._prompts(examples),
        )

    def _prompts(self, examples: Examples) -> Floats:
        """Give the vectors of the prompts that are judged by; the rest are zeros."""
        needed = judged_prompts(examples)
        found = self._texts("prompts", [examples.prompts.texts[number] for number in needed])
        rows = np.zeros((len(examples.prompts.texts), found.shape[1]), np.float32)
        rows[needed] = found
        return rows

    def _pictures(self, name: str, see: list[Callable[[], NDArray[np.uint8]]]) -> Floats:
        def run(one: Callable[[], NDArray[np.uint8]]) -> Floats:
            found: Floats = self._image.run([OUTPUT], {IMAGE_INPUT: one()[np.newaxis]})[0]
            return found

        return _side_by_side(name, see, run)

    def _texts(self, name: str, texts: list[str]) -> Floats:
        def run(text: str) -> Floats:
            ids = self._tokens.encode([text]).input_ids
            found: Floats = self._text.run([OUTPUT], {TEXT_INPUT: ids})[0]
            return found

        return _side_by_side(name, texts, run)


def _side_by_side(name: str, items: list[T], run: Callable[[T], Floats]) -> Floats:
    progress = Progress(name, len(items))

    def one(item: T) -> Floats:
        found = run(item)
        progress.step()
        return found

    with ThreadPoolExecutor(_WORKERS) as pool:
        return unit(np.concatenate(list(pool.map(one, items))))

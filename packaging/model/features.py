"""Features of pictures and texts, computed once and kept on disk."""

import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from image_graph import PICTURE_SIZE, ImageGraph
from image_trunk import ImageTrunk
from numpy.typing import NDArray
from phrase_trunk import OUTPUTS, PhraseTrunk
from text_graph import MOST_TOKENS, TextGraph
from text_trunk import PREFIX, TextTrunkFile, weights_of
from tokenizers import Tokenizer

from memoryhunter.engine.onnx_graph import IMAGE_INPUT, OUTPUT, TEXT_INPUT
from memoryhunter.engine.prepare.graph.products import FloatProducts
from memoryhunter.engine.prepare.graph.writer import GraphWriter

POOLED, LAST, COLOURED = 4363, 208 * 81, 18 * 81
FEATURES = POOLED + LAST + COLOURED
MARKS = len(PREFIX) + 2
_WORKERS = 2


class PictureFeatures:
    """Runs the image trunk over pictures; (n, FEATURES) float16."""

    def __init__(self, trunk: ImageTrunk, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._trunk = folder, trunk

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        path = _graph_file(self._folder, "image-features")
        with GraphWriter(path) as graph:
            parts = ImageGraph(graph, self._trunk).parts()
            flat = [
                graph.node("Reshape", value, graph.constant(np.array([1, -1])))
                for value in (parts.pooled, parts.last, parts.colours)
            ]
            whole = graph.node("Concat", *flat, axis=1)
            shape: list[int | str] = [1, PICTURE_SIZE, PICTURE_SIZE, 3]
            graph.save({IMAGE_INPUT: (np.uint8, shape)}, (OUTPUT, whole))
        return _opened(path)

    def of(
        self, name: str, key: str, see: Sequence[Callable[[], NDArray[np.uint8]]]
    ) -> NDArray[np.float16]:
        """Give the features of the pictures that `see` gives; they are mapped, not read.

        From the work folder, if they were computed for the same `name` and `key`.
        """

        def one(number: int) -> NDArray[np.float32]:
            pixels = see[number]()[np.newaxis]
            found: NDArray[np.float32] = self._session.run([OUTPUT], {IMAGE_INPUT: pixels})[0]
            return found[0]

        return _kept(self._folder / f"{name}-{key}.npy", len(see), (FEATURES,), one)


class TextFeatures:
    """Runs the text trunk over texts; (n, 384) float16: the mean state after the last layer.

    Earlier layers were tried beside it: they know words by heart, and made nothing better.
    """

    def __init__(
        self, trunk: TextTrunkFile, tokenizer: Tokenizer, kept: list[int], folder: Path
    ) -> None:
        """`kept` are the numbers of the tokenizer's pieces among those of the trunk."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._tokenizer = folder, tokenizer
        self._trunk, self._kept = trunk, kept

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        path = _graph_file(self._folder, "text-features")
        with GraphWriter(path) as graph:
            text = TextGraph(graph, self._trunk, FloatProducts(graph))
            table = weights_of(self._trunk.blocks["emb.word"])[self._kept]
            state = text.mean(text.last_state(table))
            graph.save({TEXT_INPUT: (np.int64, [1, "tokens"])}, (OUTPUT, state))
        return _opened(path)

    def of(self, name: str, texts: Sequence[str]) -> NDArray[np.float16]:
        """Give the features of texts, from the work folder if they are there; they are mapped."""
        path = self._folder / f"{name}-{key_of(texts)}.npy"
        return _kept(path, len(texts), (self._trunk.width,), lambda number: self.one(texts[number]))

    def one(self, text: str) -> NDArray[np.float32]:
        """Give the features of one text, (384,)."""
        ids = self._tokenizer.encode(text[:400]).ids[:MOST_TOKENS]
        inputs = {TEXT_INPUT: np.array([ids], np.int64)}
        found: NDArray[np.float32] = self._session.run([OUTPUT], inputs)[0]
        return found[0]


class PhraseFeatures:
    """Runs the phrase trunk over texts; (n, 512) float16, unit length."""

    def __init__(
        self, trunk: PhraseTrunk, table: torch.Tensor, tokenizer: Tokenizer, folder: Path
    ) -> None:
        """`table` holds the embeddings of the tokenizer's pieces, (pieces, 512)."""
        self._trunk, self._table = trunk, table
        self._tokenizer, self._folder = tokenizer, folder

    def of(self, name: str, texts: Sequence[str]) -> NDArray[np.float16]:
        """Give the features of texts, from the work folder if they are there; they are mapped."""
        path = self._folder / f"{name}-{key_of(texts)}.npy"
        return _kept(path, len(texts), (OUTPUTS,), lambda number: self.one(texts[number]))

    @torch.inference_mode()
    def one(self, text: str) -> NDArray[np.float32]:
        """Give the features of one text, (512,)."""
        ids = self._tokenizer.encode(text[:400], add_special_tokens=False).ids
        embedded = self._table[torch.tensor(ids[: MOST_TOKENS - MARKS], dtype=torch.int64)]
        found: NDArray[np.float32] = self._trunk(embedded[None])[0].numpy()
        return found


class Progress:
    """Says how far something is, on standard error, every few seconds."""

    def __init__(self, what: str, count: int) -> None:
        self._what, self._count, self._done = what, count, 0
        self._start = self._said = time.monotonic()

    def step(self, by: int = 1) -> None:
        """Count `by` more as done."""
        self._done += by
        now = time.monotonic()
        if now - self._said > 5 or self._done >= self._count:
            self._said = now
            rate = self._done / max(now - self._start, 1e-9)
            left = (self._count - self._done) / rate
            print(
                f"{self._what}: {self._done:,} of {self._count:,}, {rate:.0f}/s, {left:.0f} s left",
                file=sys.stderr,
                flush=True,
            )


def key_of(inputs: Iterable[object]) -> str:
    """Give a short key that differs for other inputs, so that nothing stale is taken up."""
    digest = hashlib.sha256("\0".join(map(str, inputs)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]


def _kept(
    path: Path, count: int, shape: tuple[int, ...], of: Callable[[int], NDArray[np.float32]]
) -> NDArray[np.float16]:
    """Compute `count` rows side by side, unless they are in the file already; map them."""
    if not path.is_file():
        unfinished = path.with_suffix(".partial")
        rows = np.lib.format.open_memmap(unfinished, "w+", np.float16, (count, *shape))
        progress = Progress(path.stem, count)

        def run(number: int) -> None:
            rows[number] = of(number)
            progress.step()

        run(0)  # which opens what all of them use
        with ThreadPoolExecutor(_WORKERS) as pool:
            list(pool.map(run, range(1, count)))
        rows.flush()
        unfinished.replace(path)
    found: NDArray[np.float16] = np.load(path, mmap_mode="r")
    return found


def _graph_file(folder: Path, name: str) -> Path:
    path = folder / f"{name}.onnx"
    for old in folder.glob(f"{name}.onnx*"):
        old.unlink()
    return path


def _opened(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # several run side by side
    return onnxruntime.InferenceSession(str(path), options)

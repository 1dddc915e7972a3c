"""The embedder for processors: ONNX Runtime, in process.

Pictures and texts have separate sessions, so that a query never waits for a batch of pictures
(behind image batches in one session it waited 0.5-3 s).
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.device import Device, current_device
from memoryhunter.engine.onnx_graph import IMAGE_INPUT, TEXT_INPUT, GraphError, OnnxGraph
from memoryhunter.engine.packages import IMAGE_GRAPH, TEXT_GRAPH, TOKENIZER, ModelPackage
from memoryhunter.engine.text_tokens import TextTokens, TokenizerError

T = TypeVar("T")

# How many threads compute one text, somebody being waiting for it.
TEXT_THREADS = 2


class OnnxEmbedder:
    """Runs a package's graphs on the processor; constructing it loads nothing.

    `image_threads` is how many pictures are computed side by side, each by one thread; None
    for as many as there are processors this process may use. `text_threads` is how many
    threads compute one text, somebody being waiting for it.
    """

    def __init__(
        self,
        package: ModelPackage,
        *,
        image_threads: int | None = None,
        text_threads: int = TEXT_THREADS,
    ) -> None:
        self._package = package
        self._side_by_side = image_threads or usable_processors()
        folder = package.folder
        self._image = _OnFirstUse(lambda: OnnxGraph(folder / IMAGE_GRAPH, threads=1))
        self._text = _OnFirstUse(lambda: OnnxGraph(folder / TEXT_GRAPH, text_threads))
        self._tokens = _OnFirstUse(lambda: TextTokens(folder / TOKENIZER, package.max_tokens))
        self._parts = (self._image, self._text, self._tokens)

    @property
    def package(self) -> ModelPackage:
        """The model that is run."""
        return self._package

    @property
    def device(self) -> Device:
        """The processor."""
        return current_device()

    def embed_images(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Embedder.embed_images`. Raises ValueError for pixels of another shape or type.

        Every picture is run on its own, by one thread, with others beside it. ViT-B/16 in int8
        on 2 idle cores did 39 pictures a second so, as many as in batches of 8, and 28 one after
        the other with both cores at each. But an int8 graph scales its activations over all
        it reads: in a batch, a picture's vector would depend on its neighbours, so graphs read one.
        """
        size = self._package.pixels.size
        if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[1:] != (size, size, 3):
            raise ValueError(
                f"pixels are {pixels.dtype}{pixels.shape}, not uint8(n, {size}, {size}, 3)"
            )
        try:
            return self._rows(self._run_images(pixels) if len(pixels) else ())
        except GraphError as error:
            raise self._damaged(error) from error

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder.embed_texts`. Texts are run one after the other, each on its own."""
        try:
            rows = self._rows(self._run_text(text) for text in texts)
        except (GraphError, TokenizerError) as error:
            raise self._damaged(error) from error
        if not np.isfinite(rows).all():
            # No text does this to a sound model, so the model is not sound.
            raise self._damaged(f"{TEXT_GRAPH} gives numbers that are not finite")
        return rows

    def unload(self) -> None:
        """Drop the sessions; runs in progress in other threads finish first."""
        for part in self._parts:
            part.forget()

    def unload_idle(self, seconds: float) -> None:
        """Drop what was not used for `seconds`."""
        for part in self._parts:
            part.forget_if_idle(seconds)

    def _run_images(self, pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        graph = self._image.get()

        def run(index: int) -> NDArray[np.float32]:
            return graph.run({IMAGE_INPUT: pixels[index : index + 1]})

        workers = min(self._side_by_side, len(pixels))
        if workers == 1:
            return [run(index) for index in range(len(pixels))]
        # Threads of one call only: they cost a tenth of a millisecond, and none is left idle.
        with ThreadPoolExecutor(workers, thread_name_prefix="embed-images") as pool:
            return list(pool.map(run, range(len(pixels))))

    def _run_text(self, text: str) -> NDArray[np.float32]:
        tokens = self._tokens.get().encode([text])
        return self._text.get().run({TEXT_INPUT: tokens.input_ids})

    def _rows(self, outputs: Iterable[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Gather graph outputs of shape (1, D) into rows of unit length."""
        dimension = self._package.dimension
        rows = [np.empty((0, dimension), dtype=np.float32)]
        for output in outputs:
            if output.shape != (1, dimension):
                raise GraphError(f"vectors of shape {output.shape}, not (1, {dimension})")
            rows.append(output)
        return unit_rows(np.concatenate(rows))

    def _damaged(self, reason: Exception | str) -> UserError:
        return UserError(ErrorCode.MODEL_DAMAGED, model=self._package.id, detail=str(reason))


class _OnFirstUse(Generic[T]):
    """Something expensive, made once by whichever thread needs it first."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: T | None = None
        self._asked = 0.0  # when `get` was called last, on the monotonic clock

    def get(self) -> T:
        with self._lock:
            self._asked = time.monotonic()
            if self._made is None:
                self._made = self._make()
            return self._made

    def forget(self) -> None:
        with self._lock:
            self._made = None

    def forget_if_idle(self, seconds: float) -> None:
        with self._lock:
            if time.monotonic() - self._asked > seconds:
                self._made = None


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale the rows of (n, D) to unit length; rows that are zero or not finite become NaN."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        usable = np.isfinite(lengths) & (lengths > 0)
        return np.where(usable, rows / lengths, np.float32("nan")).astype(np.float32)


def usable_processors() -> int:
    """Count the processors this process may use, which containers and taskset limit."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

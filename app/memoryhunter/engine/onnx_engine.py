"""The embedder for processors: ONNX Runtime, in process.

Pictures and texts have separate sessions, so that a query never waits for a batch of pictures
(behind image batches in one session it waited 0.5-3 s).
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.compared_files import ComparedFiles
from memoryhunter.engine.device import Device, processor
from memoryhunter.engine.memory import give_back_memory
from memoryhunter.engine.onnx_graph import IMAGE_INPUT, TEXT_INPUT, GraphError, OnnxGraph
from memoryhunter.engine.packages import IMAGE_GRAPH, TEXT_GRAPH, TOKENIZER, ModelPackage
from memoryhunter.engine.processor import usable_processors
from memoryhunter.engine.text_tokens import TextTokens, TokenizerError
from memoryhunter.engine.threads import Threads, usual_threads

# Larger batches are no faster on a processor and make pausing and stopping slower; but every core
# should have two pictures, so that few wait for the last one.
_IMAGE_BATCH = 8

T = TypeVar("T")

# Texts come from somebody who types, pictures from a batch: loading the text side of ViT-B/16
# takes 0.3 s, which a person notices at the first letter.
_TEXT_PATIENCE = 15
_NICENESS = 10


class OnnxEmbedder:
    """Runs a package's graphs on the processor; constructing it loads nothing.

    `threads` says how the cores are shared out; None for what is best on most machines. `device`
    says why the processor was chosen, where that needs saying. `files` remembers which files are
    as they were installed, for several embedders of one package. One with other files raises
    UserError MODEL_DAMAGED at its first use.
    """

    def __init__(
        self,
        package: ModelPackage,
        threads: Threads | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        device: Device | None = None,
        files: ComparedFiles | None = None,
    ) -> None:
        self._package = package
        self._files = files or ComparedFiles(package)
        self._device = device or processor()
        threads = threads or usual_threads(usable_processors())
        self._side_by_side = threads.side_by_side
        self._image = _OnFirstUse(
            lambda: self._load(IMAGE_GRAPH, lambda path: OnnxGraph(path, threads.per_picture)),
            clock,
        )
        self._text = _OnFirstUse(
            lambda: self._load(TEXT_GRAPH, lambda path: OnnxGraph(path, threads.per_text)), clock
        )
        self._tokens = _OnFirstUse(
            lambda: self._load(TOKENIZER, lambda path: TextTokens(path, package.max_tokens)), clock
        )

    @property
    def package(self) -> ModelPackage:
        """The model that is run."""
        return self._package

    @property
    def device(self) -> Device:
        """The processor."""
        return self._device

    @property
    def image_batch(self) -> int:
        """A few, and two for each core of a large processor."""
        return max(_IMAGE_BATCH, 2 * self._side_by_side)

    def embed_images(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Embedder.embed_images`. Raises ValueError for pixels of another shape or type.

        Every picture is run on its own, with others beside it (see `Threads`).
        """
        check_pixels(pixels, self._package.pixels.size)
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
        self.unload_idle(float("-inf"))

    def unload_idle(self, seconds: float) -> None:
        """Drop the picture side if unused for `seconds`, the text side after many times that."""
        parts = ((self._image, 1), (self._text, _TEXT_PATIENCE), (self._tokens, _TEXT_PATIENCE))
        dropped = [part.forget_if_idle(seconds * times) for part, times in parts]
        if any(dropped):
            give_back_memory()

    def close(self) -> None:
        """Drop the sessions."""
        self.unload()

    def _run_images(self, pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        def run(index: int) -> NDArray[np.float32]:
            # Loaded here, because a session's own threads take after the one that made it.
            graph = self._image.get()
            return graph.run({IMAGE_INPUT: pixels[index : index + 1]})

        if len(pixels) == 1:
            return [run(0)]  # a picture used as query: somebody waits for it
        workers = min(self._side_by_side, len(pixels))
        # Threads of one call only: they cost a tenth of a millisecond, and none is left idle.
        with ThreadPoolExecutor(
            workers, thread_name_prefix="embed-images", initializer=_step_back
        ) as pool:
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

    def _load(self, name: str, make: Callable[[Path], T]) -> T:
        """Make something of a file of the package, which is compared meanwhile."""
        with ThreadPoolExecutor(1, thread_name_prefix="compare-files") as aside:
            compared = aside.submit(self._files.check, name)
            made = make(self._package.folder / name)
            compared.result()
        return made

    def _damaged(self, reason: Exception | str) -> UserError:
        return UserError(ErrorCode.MODEL_DAMAGED, model=self._package.id, detail=str(reason))


class _OnFirstUse(Generic[T]):
    """Something expensive, made once by whichever thread needs it first."""

    def __init__(self, make: Callable[[], T], clock: Callable[[], float]) -> None:
        self._make = make
        self._clock = clock
        self._lock = threading.Lock()
        self._made: T | None = None
        self._asked = 0.0  # when `get` was called last

    def get(self) -> T:
        with self._lock:
            self._asked = self._clock()
            if self._made is None:
                self._made = self._make()
                # Reading a graph takes more than keeping it: both of ViT-B/16 in int8 left the
                # process at 410 MB, and at 336 after this.
                give_back_memory()
            return self._made

    def forget_if_idle(self, seconds: float) -> bool:
        """Drop it unless it was asked for in the last `seconds`; say whether it was there."""
        with self._lock:
            if self._made is None or self._clock() - self._asked <= seconds:
                return False
            self._made = None
            return True


def _step_back() -> None:
    """Let everything else on this computer go before the calling thread.

    While two threads computed pictures on 2 cores, a text of 8 tokens took 18 ms (p95 22), and
    10 (p95 14) with this, as without pictures; they were as many a second as before. Only Linux
    has priorities of single threads behind this call; elsewhere it would be the whole program's.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the program was started with a lower one
            os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)


def check_pixels(pixels: NDArray[np.uint8], size: int) -> None:
    """Raise ValueError unless `pixels` are uint8 of shape (n, size, size, 3)."""
    if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[1:] != (size, size, 3):
        raise ValueError(
            f"pixels are {pixels.dtype}{pixels.shape}, not uint8(n, {size}, {size}, 3)"
        )


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale the rows of (n, D) to unit length; rows that are zero or not finite become NaN."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        usable = np.isfinite(lengths) & (lengths > 0)
        return np.where(usable, rows / lengths, np.float32("nan")).astype(np.float32)

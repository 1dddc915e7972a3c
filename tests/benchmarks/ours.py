"""The program's own way: media workers and the embedder that its composition chooses."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memoryhunter.config.paths import app_paths
from memoryhunter.engine.packages import TOKENIZER
from memoryhunter.engine.text_tokens import TextTokens
from memoryhunter.evaluation.pictures import embed_pictures
from memoryhunter.media.prepare import PrepareRequest
from memoryhunter.media.workers import MediaPool
from memoryhunter.workspace import Workspace
from tests.benchmarks.background import indexing

# A quick typist's pace: keystrokes whose answers are not waited for are dropped anyway.
_PAUSE = 0.1


class Ours:
    """One home's model, with workers that live as long as this."""

    def __init__(self, home: Path, model: str | None) -> None:
        """`model` is an id or a folder, None for the only one installed."""
        self._workspace = Workspace(app_paths(home), model)
        embedder = self._workspace.embedder()
        if embedder is None:
            raise ValueError(f"{home} holds no model in use")
        self._embedder = embedder
        self._media = MediaPool()

    def close(self) -> None:
        """End the workers."""
        self._media.close()
        self._workspace.close()

    def device(self) -> str:
        """Say what computes the pictures."""
        return f"{self._embedder.device.name}; {self._embedder.device.reason}"

    def files(self, paths: Sequence[Path]) -> float:
        """Give the seconds from files to vectors, decoding and embedding side by side."""
        began = time.perf_counter()
        for each in embed_pictures(paths, self._media, self._embedder):
            if each.failure is not None:
                raise each.failure
        return time.perf_counter() - began

    def decoding(self, paths: Sequence[Path]) -> float:
        """Give the seconds from files to model-sized pixels alone."""
        began = time.perf_counter()
        self.pixels(paths)
        return time.perf_counter() - began

    def engine(self, pixels: NDArray[np.uint8]) -> float:
        """Give the seconds for pictures (n, S, S, 3) that are in memory."""
        began = time.perf_counter()
        batch = self._embedder.image_batch
        for first in range(0, len(pixels), batch):
            self._embedder.embed_images(pixels[first : first + batch])
        return time.perf_counter() - began

    def pixels(self, paths: Sequence[Path]) -> NDArray[np.uint8]:
        """Give what the model sees of each file, (n, S, S, 3)."""
        spec = self._embedder.package.pixels
        waiting = [self._media.prepare(PrepareRequest(path, None, spec)) for path in paths]
        return np.stack([each.result().pixels for each in waiting])  # type: ignore[misc]

    def readable(self, paths: Sequence[Path]) -> list[Path]:
        """Give those of the files that the program can read."""
        found = embed_pictures(paths, self._media, self._embedder)
        return [each.path for each in found if each.failure is None]

    def vectors(self, paths: Sequence[Path]) -> NDArray[np.float32]:
        """Give unit vectors (n, D) of files."""
        found = embed_pictures(paths, self._media, self._embedder)
        return np.stack([each.vector for each in found])  # type: ignore[misc]

    def tokens(self, text: str) -> int:
        """Count the tokens of a text, the two marks around it included."""
        package = self._embedder.package
        encoded = TextTokens(package.folder / TOKENIZER, package.max_tokens).encode([text])
        return int(encoded.input_ids.shape[1])

    def texts(self, texts: Sequence[str], pause: float = 0.0) -> list[float]:
        """Give the milliseconds of each text, one asked `pause` seconds after the other."""
        milliseconds = []
        for text in texts:
            time.sleep(pause)  # the pace is what is measured at; nothing is waited for
            began = time.perf_counter()
            self._embedder.embed_texts([text])
            milliseconds.append((time.perf_counter() - began) * 1000)
        return milliseconds

    def typed_texts(self, texts: Sequence[str]) -> list[float]:
        """Give the milliseconds of each text, asked as somebody types.

        Between them caches cool down and the system puts threads to sleep, on some machines
        both of them on one core.
        """
        return self.texts(texts, _PAUSE)

    def texts_while_indexing(self, texts: Sequence[str], paths: Sequence[Path]) -> list[float]:
        """Give the same as `typed_texts` while photos are decoded and embedded without end.

        Raises NotBusyError where that does not go on all the time.
        """
        with MediaPool() as media, indexing(paths, media, self._embedder):
            return self.typed_texts(texts)

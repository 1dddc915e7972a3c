"""The embedder for graphics cards: pictures in the engine host, texts in process.

A text is small and somebody waits for it, so it never leaves the processor. When the host ends it
is started again, once; when it ends again, or would end in the same way, the processor takes over
for as long as the program runs.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.device import Device
from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.onnx_engine import check_pixels, unit_rows
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.torch_host.host import SLOTS, HostError, TorchHost

Rows = NDArray[np.float32]

# What a package needs for a host beside what the processor runs.
NEEDED_FILES: Final = ("config.json", "model.safetensors")

# Fewer pictures are done by the processor before the host has started: a photo used as a query,
# or one that was just added, is no reason to start it.
WORTH_STARTING: Final = 8
# A host that ran for so many seconds since it ended last may end once more.
_FORGIVEN_AFTER: Final = 600.0
# What is handed over at once before the host has said what is best.
_FIRST_BATCH: Final = 64
_SECONDS_TO_CLOSE: Final = 2.0

_logger = logging.getLogger(__name__)


class HostEmbedder:
    """Computes pictures in `host`, which it starts when needed, as long as that works.

    `processor` computes texts, and pictures when the host cannot. `device` describes the card.
    Dropping the last reference ends the host's process as well: it sees its pipe closed.
    """

    def __init__(
        self,
        processor: Embedder,
        host: TorchHost,
        device: Device,
        *,
        worth_starting: int = WORTH_STARTING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._processor = processor
        self._host = host
        self._card = device
        self._device = device
        self._worth_starting = worth_starting
        self._clock = clock
        self._lock = threading.Lock()  # held by the one thread that talks to the host
        self._ended_at: float | None = None
        self._used_at = clock()
        self._gave_up = False
        self._closed = False

    @property
    def package(self) -> ModelPackage:
        """The model that is run."""
        return self._processor.package

    @property
    def device(self) -> Device:
        """The card; the processor with the reason once it has taken over."""
        return self._device

    @property
    def gave_up(self) -> bool:
        """Whether the processor has taken over."""
        return self._gave_up

    @property
    def image_batch(self) -> int:
        """Enough that one part is handed over while another is computed."""
        if self._gave_up:
            return self._processor.image_batch
        return SLOTS * self._host.batch or _FIRST_BATCH

    def embed_images(self, pixels: NDArray[np.uint8]) -> Rows:
        """See `Embedder.embed_images`; what is not finite in half precision is computed again.

        Raises UserError INDEXING_INTERRUPTED when `close` is called meanwhile.
        """
        check_pixels(pixels, self.package.pixels.size)
        if self._closed:
            raise _closing()
        if self._gave_up or not len(pixels):
            return self._processor.embed_images(pixels)
        small = len(pixels) < self._worth_starting
        if not self._lock.acquire(blocking=not small):
            return self._processor.embed_images(pixels)  # not behind others, nor behind a start
        try:
            rows = None if small and not self._host.started else self._by_host(pixels)
        finally:
            self._lock.release()
        if rows is None:
            return self._processor.embed_images(pixels)
        return self._finite(unit_rows(rows), pixels)

    def embed_texts(self, texts: Sequence[str]) -> Rows:
        """See `Embedder.embed_texts`; done by the processor."""
        return self._processor.embed_texts(texts)

    def unload(self) -> None:
        """End the host and drop the sessions; what runs in other threads finishes first."""
        self._processor.unload()
        with self._lock:
            self._host.end()

    def unload_idle(self, seconds: float) -> None:
        """Drop what was not used for `seconds`, the host among it."""
        self._processor.unload_idle(seconds)
        if self._lock.acquire(blocking=False):
            try:
                if self._host.started and self._clock() - self._used_at > seconds:
                    self._host.end()
            finally:
                self._lock.release()

    def close(self) -> None:
        """End the host at once, also while it computes, and start no other."""
        self._closed = True
        self._host.kill()
        # Not for long: the thread that talks to the host tidies up as well when it sees its end.
        if self._lock.acquire(timeout=_SECONDS_TO_CLOSE):
            try:
                self._host.end()
            finally:
                self._lock.release()
        self._processor.close()

    def _finite(self, rows: Rows, pixels: NDArray[np.uint8]) -> Rows:
        """Have the processor compute what the card gave no usable vector for.

        A rare picture's numbers are too large for half precision, and a vector of NaN would mark
        the photo as not understood for good.
        """
        unusable = ~np.isfinite(rows).all(axis=1)
        if unusable.any():
            _logger.info("%d pictures had no vector on %s", unusable.sum(), self._card.name)
            rows[unusable] = self._processor.embed_images(pixels[unusable])
        return rows

    def _by_host(self, pixels: NDArray[np.uint8]) -> Rows | None:
        """Have the host compute; None once the processor has taken over."""
        while not self._gave_up:
            try:
                if not self._host.started:
                    self._host.start()
                    self._describe()
                rows = self._host.embed(pixels)
            except HostError as error:
                if self._closed:
                    raise _closing() from None
                self._ended(error)
            else:
                self._used_at = self._clock()
                return rows
        return None

    def _ended(self, error: HostError) -> None:
        before, self._ended_at = self._ended_at, self._clock()
        again = before is not None and self._ended_at - before < _FORGIVEN_AFTER
        _logger.warning("the engine host (%s) %s; %s", self._card.name, error.what, error.detail)
        if again or error.lasting:
            name = self._card.name.removeprefix("GPU: ")
            reason = f"{name} {error.what}; the processor took over"
            self._device = Device(self._processor.device.name, reason, instead_of=name)
            self._gave_up = True

    def _describe(self) -> None:
        host = self._host
        how = f"PyTorch runs the model in {host.precision}, {host.batch} pictures at once"
        self._device = Device(self._card.name, how)


def _closing() -> UserError:
    return UserError(ErrorCode.INDEXING_INTERRUPTED, detail="the model is being closed")

"""Whether the graphics card really computes pictures, and how many."""

import time
from dataclasses import dataclass

import numpy as np

from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.prepare.samples import sample_pictures
from memoryhunter.engine.torch_host.embedder import HostEmbedder

# Enough batches for the start and the end of the work to weigh little.
_BATCHES = 8


@dataclass(frozen=True, slots=True)
class GraphicsSpeed:
    """The pictures embedded in a second; `by_card` is false when the processor had to do it."""

    by_card: bool
    images_per_second: float


def check_graphics(embedder: Embedder) -> GraphicsSpeed | None:
    """Start the engine host and time it, within its limits; None where there is none to start.

    Raises UserError MODEL_DAMAGED as `Embedder.embed_images` does.
    """
    if not isinstance(embedder, HostEmbedder):
        return None
    samples = sample_pictures(embedder.package.pixels.size)
    embedder.embed_images(samples)
    if embedder.gave_up:
        return GraphicsSpeed(by_card=False, images_per_second=0.0)
    # As indexing does it: one batch after the other, with nothing to do for the card in between.
    pictures = np.resize(samples, (embedder.image_batch, *samples.shape[1:]))
    started = time.perf_counter()
    for _ in range(_BATCHES):
        embedder.embed_images(pictures)
    speed = _BATCHES * len(pictures) / (time.perf_counter() - started)
    return GraphicsSpeed(by_card=not embedder.gave_up, images_per_second=round(speed, 1))

"""The seam between pictures and words on one side and vectors on the other."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.device import Device
from memoryhunter.engine.packages import ModelPackage


class Embedder(Protocol):
    """Turns pictures and texts into vectors of one space; the cosine tells how well they fit.

    An embedder may be used from several threads at once, and a text never waits for pictures.
    Loading happens with the first use of each side; both methods then raise UserError
    MODEL_DAMAGED when the package cannot be run.
    """

    @property
    def package(self) -> ModelPackage:
        """The model that is run; `package.pixels` says which pictures it wants to see."""
        ...

    @property
    def device(self) -> Device:
        """What computes the pictures now, and why; another one when a graphics card gives up."""
        ...

    @property
    def image_batch(self) -> int:
        """How many pictures `embed_images` is best given at once; more are no faster."""
        ...

    def embed_images(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Turn pictures of shape (n, S, S, 3), RGB, into rows of shape (n, D), unit length.

        S is `package.pixels.size`, D is `package.dimension`. A picture's row does not depend
        on the others it came with. A row of NaN stands for a picture the model gave no usable
        vector for; the caller records that photo as not understood.
        """
        ...

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Turn texts into rows of shape (n, D), unit length and finite, whatever they hold.

        Empty, blank, unknown and malformed texts have a vector too (one that fits nothing in
        particular); a text of more than `package.max_tokens` tokens is cut.
        """
        ...

    def unload(self) -> None:
        """Give back the memory; the next use loads again."""
        ...

    def unload_idle(self, seconds: float) -> None:
        """Give back the memory of what was not used for `seconds`; cheap to call often.

        What texts need is kept longer, because somebody waits when they come again.
        """
        ...

    def close(self) -> None:
        """End for good, at once: what runs in other threads may raise UserError."""
        ...

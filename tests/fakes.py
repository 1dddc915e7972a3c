"""Stand-ins for our own seams, simple enough to be believed."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.photo import PixelSpec
from memoryhunter.engine.device import Device
from memoryhunter.engine.packages import ModelPackage

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}


class ColourEmbedder:
    """Understands one thing: which colour a picture has, and the English name of it."""

    def __init__(self, model: str = "colours") -> None:
        self.package = ModelPackage(
            folder=Path("nowhere"),
            id=model,
            name=model,
            dimension=4,
            pixels=PixelSpec(8),
            mean=(0.0, 0.0, 0.0),
            std=(1.0, 1.0, 1.0),
            max_tokens=52,
            precision="fp32",
            licence="none",
            source="none",
            files={},
            agreement={},
        )
        self.image_batch = 8
        self.batches: list[int] = []  # how many pictures came at once
        self.seen = 0  # pictures embedded so far
        self.on_seen: Callable[[int], None] = lambda _seen: None
        self.fails_on = ""  # a colour
        self.damaged = False

    def embed_images(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        if self.damaged:
            raise UserError(ErrorCode.MODEL_DAMAGED, model=self.package.id, detail="a test")
        if self.fails_on and any(
            np.allclose(picture.mean(axis=(0, 1)), COLOURS[self.fails_on], atol=40)
            for picture in pixels
        ):
            raise RuntimeError("out of order")
        self.batches.append(len(pixels))
        self.seen += len(pixels)
        self.on_seen(self.seen)
        return np.stack([_unit(picture.reshape(-1, 3).mean(axis=0)) for picture in pixels])

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([_unit(np.array(COLOURS.get(text, (1, 1, 1)))) for text in texts])

    @property
    def device(self) -> Device:
        return Device("a fake", "tests are quick")

    def unload(self) -> None:
        pass

    def unload_idle(self, seconds: float) -> None:
        pass

    def close(self) -> None:
        pass


def _unit(colour: NDArray[np.floating]) -> NDArray[np.float32]:
    vector = np.array([*(colour / 255.0), 0.05], np.float32)
    result: NDArray[np.float32] = vector / np.linalg.norm(vector)
    return result

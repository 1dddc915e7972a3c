"""The reference: Pillow, transformers and torch in float32, as the models' authors show it.

Loaded in a contender's process only, because it needs torch.
"""

import hashlib
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener
from transformers import ChineseCLIPImageProcessorPil, ChineseCLIPModel
from transformers.utils import logging

from memoryhunter.engine.packages import TOKENIZER, read_package
from memoryhunter.engine.text_tokens import TextTokens

BATCH = 8


class Reference:
    """A model in torch on the processor, with the number of threads torch chooses."""

    def __init__(self, weights: Path, package: Path) -> None:
        """`weights` holds config.json and the weights; `package` says the rest."""
        logging.disable_progress_bar()
        logging.set_verbosity_error()
        register_heif_opener()
        facts = read_package(package)
        self._model: Any = ChineseCLIPModel.from_pretrained(weights, dtype=torch.float32).eval()
        size = {"height": facts.pixels.size, "width": facts.pixels.size}
        # Chinese-CLIP squashes; transformers' own defaults would crop.
        self._processor: Any = ChineseCLIPImageProcessorPil(
            do_center_crop=False,
            size=size,
            resample=Image.Resampling.BICUBIC,
            image_mean=list(facts.mean),
            image_std=list(facts.std),
        )
        self._tokens = TextTokens(package / TOKENIZER, facts.max_tokens)
        self._known: dict[bytes, NDArray[np.float32]] = {}

    def loop(self, paths: Sequence[Path]) -> float:
        """Give the seconds of the reference loop: decode whole, process, embed, one by one."""
        began = time.perf_counter()
        for path in paths:
            self._vectors(self._pixels(read_literally(path)))
        return time.perf_counter() - began

    def files(self, paths: Sequence[Path]) -> float:
        """Give the seconds of the same with the model run in batches."""
        began = time.perf_counter()
        for first in range(0, len(paths), BATCH):
            batch = paths[first : first + BATCH]
            self._vectors(torch.cat([self._pixels(read_literally(path)) for path in batch]))
        return time.perf_counter() - began

    def engine(self, pixels: NDArray[np.uint8]) -> float:
        """Give the seconds for pictures (n, S, S, 3) that are in memory, in batches."""
        ready = self._ready(pixels)
        began = time.perf_counter()
        for first in range(0, len(ready), BATCH):
            self._vectors(ready[first : first + BATCH])
        return time.perf_counter() - began

    def texts(self, texts: Sequence[str]) -> list[float]:
        """Give the milliseconds of each text."""
        milliseconds = []
        for text in texts:
            began = time.perf_counter()
            tokens = self._tokens.encode([text])
            with torch.inference_mode():
                self._model.get_text_features(
                    input_ids=torch.from_numpy(tokens.input_ids),
                    attention_mask=torch.from_numpy(tokens.attention_mask),
                )
            milliseconds.append((time.perf_counter() - began) * 1000)
        return milliseconds

    def vectors(self, paths: Sequence[Path]) -> NDArray[np.float32]:
        """Give unit vectors (n, D) of files, read by `read_correctly`."""
        return np.concatenate([self._unit_vector(read_correctly(path)) for path in paths])

    def literal_vectors(self, paths: Sequence[Path]) -> NDArray[np.float32]:
        """Give unit vectors (n, D) of files, read by `read_literally`."""
        return np.concatenate([self._unit_vector(read_literally(path)) for path in paths])

    def vectors_of(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Give unit vectors (n, D) of pictures (n, S, S, 3)."""
        return np.concatenate([self._unit_vector(Image.fromarray(each)) for each in pixels])

    def _unit_vector(self, image: Image.Image) -> NDArray[np.float32]:
        # Most pictures are the same however they are read, and the model is what takes long.
        pixels = self._pixels(image)
        key = hashlib.sha256(pixels.numpy().tobytes()).digest()
        if key not in self._known:
            row = torch.nn.functional.normalize(self._vectors(pixels), dim=-1)
            self._known[key] = row.numpy()
        return self._known[key]

    def _pixels(self, image: Image.Image) -> Any:
        return self._processor(images=image, return_tensors="pt")["pixel_values"]

    def _ready(self, pixels: NDArray[np.uint8]) -> Any:
        return torch.cat([self._pixels(Image.fromarray(each)) for each in pixels])

    def _vectors(self, pixels: Any) -> Any:
        with torch.inference_mode():
            return self._model.get_image_features(pixel_values=pixels).pooler_output


def read_literally(path: Path) -> Image.Image:
    """Read a picture as examples do: neither turned upright nor with its colours converted."""
    with Image.open(path) as image:
        return image.convert("RGB")


def read_correctly(path: Path) -> Image.Image:
    """Read a picture as people see it: whole, upright, sRGB, what is transparent over white.

    Written anew here and not taken from the program, which is what it is compared with.
    """
    with Image.open(path) as opened:
        opened.load()
        image = ImageOps.exif_transpose(opened)
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    colours = image if image.mode in ("L", "CMYK") else image.convert("RGB")
    if profile:
        colours = _by_profile(colours, profile) or colours
    return colours.convert("RGB")


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    srgb = ImageCms.createProfile("sRGB")
    try:
        return ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(BytesIO(profile)), srgb, outputMode="RGB"
        )
    except ImageCms.PyCMSError:  # a profile of another kind says nothing about these pixels
        return None

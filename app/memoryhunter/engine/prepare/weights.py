"""A model's weights as tensors and nothing else: a downloaded pickle never runs code.

Child process only.
"""

import contextlib
import gc
import pickle
import traceback
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file

from memoryhunter.domain.errors import UserError
from memoryhunter.engine.prepare.damage import not_whole
from memoryhunter.engine.prepare.hub_folder import HubFolder, invalid_source


class Weights:
    """The tensors of a hub folder, mapped from its file: each is read when it is used."""

    def __init__(self, hub: HubFolder, tensors: Mapping[str, torch.Tensor]) -> None:
        """`tensors` are those of `hub` by their names."""
        self._hub = hub
        self._tensors = tensors

    def names(self) -> list[str]:
        """Give the names of all tensors."""
        return list(self._tensors)

    def layers(self, stack: str) -> int:
        """Count the layers whose tensors' names begin with `stack`, and a number."""
        rests = [name.removeprefix(stack) for name in self._tensors if name.startswith(stack)]
        numbers = [rest.partition(".")[0] for rest in rests]
        return max((int(each) + 1 for each in numbers if each.isdecimal()), default=0)

    def tensor(self, name: str) -> torch.Tensor:
        """Give a tensor as it is kept; raises UserError MODEL_SOURCE_INVALID."""
        try:
            return self._tensors[name]
        except KeyError:
            raise invalid_source(self._hub.folder, f"the weights lack {name}") from None

    def read(self, name: str) -> NDArray[np.float32]:
        """Give a tensor as numbers; raises UserError MODEL_SOURCE_INVALID."""
        values: NDArray[np.float32] = self.tensor(name).to(torch.float32).numpy()
        if not np.isfinite(values).all():
            raise not_finite(self._hub, name)
        return values


def not_finite(hub: HubFolder, what: str) -> UserError:
    """Make the error for weights that are not numbers, found in `what`."""
    detail = not_whole(hub.weights, f"numbers that are not finite in {what}")
    return invalid_source(hub.folder, detail)


@contextmanager
def opened_weights(hub: HubFolder) -> Iterator[Weights]:
    """Open the folder's weights; what was read of the file leaves memory with the last user.

    Raises UserError MODEL_SOURCE_INVALID for a file that is damaged or holds more than tensors.
    """
    tensors = _load_safetensors(hub) if hub.weights.suffix == ".safetensors" else _load_pickle(hub)
    if not tensors:
        raise invalid_source(hub.folder, f"{hub.weights.name} holds no tensors")
    try:
        yield Weights(hub, tensors)
    finally:
        tensors.clear()
        gc.collect()  # torch's modules are in cycles


def _load_safetensors(hub: HubFolder) -> dict[str, torch.Tensor]:
    try:
        tensors: dict[str, torch.Tensor] = load_file(hub.weights)
    except SafetensorError as error:
        detail = not_whole(hub.weights, str(error).rpartition(": ")[2])
        raise invalid_source(hub.folder, detail) from None
    return tensors


def _load_pickle(hub: HubFolder) -> dict[str, torch.Tensor]:
    weights = hub.weights
    try:
        # Mapped, so that the file's gigabytes need not be held; the format from before
        # torch 1.6 is not a zip archive and cannot be.
        content = torch.load(
            weights, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(weights)
        )
    except pickle.UnpicklingError:
        raise invalid_source(
            hub.folder, f"{weights.name} holds something other than tensors; it was not opened"
        ) from None
    except (RuntimeError, EOFError, ValueError, KeyError, AttributeError, OSError):
        with contextlib.suppress(OSError):  # a full disk
            # To the log: torch tells of its insides, which helps nobody else.
            traceback.print_exc()
        raise invalid_source(hub.folder, not_whole(weights)) from None
    return _tensors(hub, content)


def _tensors(hub: HubFolder, content: Any) -> dict[str, torch.Tensor]:
    if not isinstance(content, dict):
        raise invalid_source(hub.folder, f"{hub.weights.name} is not a table of tensors")
    return {
        name: value
        for name, value in content.items()
        if isinstance(name, str) and isinstance(value, torch.Tensor)
    }

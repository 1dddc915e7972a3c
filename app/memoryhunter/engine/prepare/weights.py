"""Weights as tensors and nothing else: a downloaded pickle never runs code. Child process only."""

import pickle
import shutil
import zipfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from memoryhunter.engine.prepare.hub_folder import HubFolder, invalid_source


def write_safetensors(hub: HubFolder, path: Path) -> None:
    """Write the folder's weights to `path` in the safetensors format, values unchanged.

    Raises UserError MODEL_SOURCE_INVALID for a file that is damaged or holds more than tensors.
    """
    if hub.weights.suffix == ".safetensors":
        shutil.copyfile(hub.weights, path)
        return
    tensors = _own_memory(_load_pickle(hub))
    if not tensors:
        raise invalid_source(hub.folder, f"{hub.weights.name} holds no tensors")
    save_file(tensors, path, metadata={"format": "pt"})


def _load_pickle(hub: HubFolder) -> dict[str, torch.Tensor]:
    weights = hub.weights
    try:
        # Mapped, so that the file's gigabytes are not held twice; the format from before
        # torch 1.6 is not a zip archive and cannot be.
        content = torch.load(
            weights, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(weights)
        )
    except pickle.UnpicklingError:
        raise invalid_source(
            hub.folder, f"{weights.name} holds something other than tensors; it was not opened"
        ) from None
    except (RuntimeError, EOFError, ValueError, KeyError, AttributeError) as error:
        detail = str(error).strip().splitlines() or [type(error).__name__]
        raise invalid_source(hub.folder, f"{weights.name} is damaged: {detail[0]}") from None
    return _state(hub, content)


def _state(hub: HubFolder, content: Any) -> dict[str, torch.Tensor]:
    if not isinstance(content, dict):
        raise invalid_source(hub.folder, f"{hub.weights.name} is not a table of tensors")
    return {
        name: value
        for name, value in content.items()
        if isinstance(name, str) and isinstance(value, torch.Tensor)
    }


def _own_memory(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Copy those tensors that share memory with another, which safetensors refuses."""
    seen = set()
    own = {}
    for name, tensor in tensors.items():
        address = tensor.untyped_storage().data_ptr()
        own[name] = tensor.clone() if address in seen else tensor.contiguous()
        seen.add(address)
    return own

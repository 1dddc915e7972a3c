"""A package's own weights, for hosts that run torch: safetensors in float16.

The file is written tensor by tensor; safetensors' own functions want all of them in memory.
Child process only.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.prepare.weights import Weights

Floats = NDArray[np.float32]

# What rounding to float16 may change of a tensor, as a share of its length: its 11 bits cost
# a third of this. Numbers above 65504, or a tensor of very small ones, cost more.
_MOST_LOST = 2.0**-10

_KINDS = {
    np.dtype(np.float16): "F16",
    np.dtype(np.float32): "F32",
    np.dtype(np.int64): "I64",
    np.dtype(np.int32): "I32",
    np.dtype(np.uint8): "U8",
    np.dtype(np.bool_): "BOOL",
}


def halved(values: Floats) -> Floats | NDArray[np.float16]:
    """Round to float16, or give `values` where that would lose more than its rounding."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        half = values.astype(np.float16)
        lost = np.linalg.norm(half.astype(np.float32) - values)
        return half if lost <= _MOST_LOST * np.linalg.norm(values) else values


def write_half_weights(weights: Weights, path: Path) -> None:
    """Write all tensors to `path`; raises UserError MODEL_SOURCE_INVALID and OSError.

    The format: the length of the header in 8 bytes, the header in JSON, the tensors without
    gaps (https://github.com/huggingface/safetensors). Larger numbers come first, so that all
    lie where their size wants them.
    """
    forms = {name: _form(_kept(weights, name)) for name in weights.names()}
    names = sorted(forms, key=lambda name: (-forms[name][0].itemsize, name))
    with path.open("xb") as file:
        file.write(_header({name: forms[name] for name in names}))
        for name in names:
            file.write(np.ascontiguousarray(_kept(weights, name)).data)


Form = tuple[np.dtype[Any], tuple[int, ...]]


def _kept(weights: Weights, name: str) -> NDArray[Any]:
    tensor = weights.tensor(name)
    return halved(weights.read(name)) if tensor.is_floating_point() else tensor.numpy()


def _form(array: NDArray[Any]) -> Form:
    return array.dtype, array.shape


def _header(forms: Mapping[str, Form]) -> bytes:
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, (dtype, shape) in forms.items():
        start, end = end, end + int(np.prod(shape)) * dtype.itemsize
        header[name] = {
            "dtype": _KINDS[dtype],
            "shape": list(shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text

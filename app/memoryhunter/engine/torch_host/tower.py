"""Chinese-CLIP's picture tower in torch, shaped for throughput. Engine host's process only.

Written out rather than taken from transformers, which takes seconds to import and leaves on the
table what is done here without changing a result but by rounding: one product for Q, K and V; the
last layer computed for the class token only, the one that is read; pixels scaled within the
first product; quick-GELU as one SiLU. The vectors are compared with the processor's before any
is used, so a model that is shaped otherwise is found out.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch.nn import functional

from memoryhunter.engine.torch_host.messages import Order

_DTYPES = {"fp16": torch.float16, "bf16": torch.bfloat16, "fp32": torch.float32}

# x * sigmoid(1.702 x), CLIP's approximation of GELU.
_QUICK = 1.702

# Taken from the pixels before the first product, which keeps them small: with the middle at zero
# less is lost to rounding. A whole number, so that half precision holds the difference exactly.
_MIDDLE = 128

Activation = Callable[[torch.Tensor], torch.Tensor]


class WeightsError(Exception):
    """The weights cannot be read or are not those of such a tower: the reason in one line."""


@dataclass(frozen=True, slots=True)
class _Linear:
    weight: torch.Tensor
    bias: torch.Tensor

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return functional.linear(x, self.weight, self.bias)


@dataclass(frozen=True, slots=True)
class _Norm:
    weight: torch.Tensor
    bias: torch.Tensor
    eps: float

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return functional.layer_norm(x, self.weight.shape, self.weight, self.bias, self.eps)


@dataclass(frozen=True, slots=True)
class _Layer:
    heads: int
    before_attention: _Norm
    query_key_value: _Linear
    out: _Linear
    before_mlp: _Norm
    up: _Linear
    activation: Activation
    down: _Linear

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """(n, t, width) to the same."""
        n, tokens, _width = x.shape
        both = self.query_key_value(self.before_attention(x))
        query, key, value = both.view(n, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        x = x + self._attended(query, key, value)
        return x + self._mlp(x)

    def for_class_token(self, x: torch.Tensor) -> torch.Tensor:
        """(n, t, width) to what the first token becomes, (n, 1, width)."""
        n, tokens, width = x.shape
        weight, bias = self.query_key_value.weight, self.query_key_value.bias
        normed, first = self.before_attention(x), x[:, :1]
        query = functional.linear(normed[:, :1], weight[:width], bias[:width])
        query = query.view(n, 1, self.heads, -1).transpose(1, 2)
        both = functional.linear(normed, weight[width:], bias[width:])
        key, value = both.view(n, tokens, 2, self.heads, -1).permute(2, 0, 3, 1, 4)
        first = first + self._attended(query, key, value)
        return first + self._mlp(first)

    def _attended(
        self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
    ) -> torch.Tensor:
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return self.out(mixed.transpose(1, 2).flatten(2))

    def _mlp(self, x: torch.Tensor) -> torch.Tensor:
        return self.down(self.activation(self.up(self.before_mlp(x))))


@dataclass(frozen=True, slots=True)
class VisionTower:
    """Pictures to embeddings: uint8 (n, S, S, 3) to float32 (n, D), not normalised."""

    patch: int
    patches: torch.Tensor  # (width, patch * patch * 3)
    first_token: torch.Tensor  # (1, 1, width)
    positions: torch.Tensor  # (patches of a picture, width)
    before: _Norm
    layers: tuple[_Layer, ...]
    after: _Norm
    projection: torch.Tensor  # (D, width)

    def __call__(self, pixels: torch.Tensor) -> torch.Tensor:
        """Compute on the device that holds `pixels`."""
        n, size, _, _ = pixels.shape
        grid, patch = size // self.patch, self.patch
        squares = pixels[:, : grid * patch, : grid * patch].view(n, grid, patch, grid, patch, 3)
        squares = squares.permute(0, 1, 3, 2, 4, 5).reshape(n, grid * grid, patch * patch * 3)
        centred = squares.to(self.patches.dtype).sub_(_MIDDLE)
        embedded = functional.linear(centred, self.patches).add_(self.positions)
        x = self.before(torch.cat((self.first_token.expand(n, -1, -1), embedded), dim=1))
        for layer in self.layers[:-1]:
            x = layer(x)
        x = self.layers[-1].for_class_token(x)
        return functional.linear(self.after(x[:, 0]), self.projection).float()


def load_tower(order: Order, precision: str) -> VisionTower:
    """Read the picture tower of the model in `order.folder` onto the device.

    Raises WeightsError; OSError where a file cannot be read.
    """
    try:
        config = json.loads((order.folder / "config.json").read_text(encoding="utf-8"))
        weights = _Weights(order.folder / "model.safetensors", order.kind, precision)
        return _read_tower(weights, config.get("vision_config") or {}, order)
    except (SafetensorError, KeyError, ValueError, AttributeError, TypeError) as error:
        lines = str(error).strip().splitlines()
        raise WeightsError(lines[0] if lines else type(error).__name__) from error


class _Weights:
    """The tensors of a file: read one by one in float32, then moved to the device."""

    def __init__(self, path: Path, kind: str, precision: str) -> None:
        self._file: Any = safe_open(path, framework="pt")
        self._device = torch.device(kind)
        self._dtype = _DTYPES[precision]

    def read(self, name: str) -> torch.Tensor:
        tensor: torch.Tensor = self._file.get_tensor(name)
        return tensor.float()

    def place(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to(device=self._device, dtype=self._dtype).contiguous()

    def linear(self, *names: str, scale: float = 1.0, bias_scale: float = 1.0) -> _Linear:
        """Give the products of these names as one, with their weights and biases scaled."""
        weight = torch.cat([self.read(f"{name}.weight") for name in names])
        bias = torch.cat([self.read(f"{name}.bias") for name in names])
        return _Linear(self.place(weight * scale), self.place(bias * bias_scale))

    def norm(self, name: str, eps: float) -> _Norm:
        weight, bias = self.read(f"{name}.weight"), self.read(f"{name}.bias")
        return _Norm(self.place(weight), self.place(bias), eps)

    def count_layers(self, prefix: str) -> int:
        numbers = [
            int(name.removeprefix(prefix).partition(".")[0])
            for name in self._file.keys()  # noqa: SIM118 no dict, and not iterable
            if name.startswith(prefix)
        ]
        return max(numbers) + 1


def _read_tower(weights: _Weights, config: dict[str, Any], order: Order) -> VisionTower:
    """Read the parts; sizes are those of the tensors, defaults those of transformers' class."""
    eps = float(config.get("layer_norm_eps", 1e-5))
    heads = int(config.get("num_attention_heads", 12))
    kind = str(config.get("hidden_act", "quick_gelu"))
    root, prefix = "vision_model", "vision_model.encoder.layers."
    kernel = weights.read(f"{root}.embeddings.patch_embedding.weight")
    patches, offset = _for_bytes(kernel, order)
    positions = weights.read(f"{root}.embeddings.position_embedding.weight")
    patch = kernel.shape[-1]
    if len(positions) != (order.size // patch) ** 2 + 1:
        raise WeightsError(f"{len(positions)} positions do not fit pictures of {order.size}")
    projection = weights.read("visual_projection.weight")
    if len(projection) != order.dimension:
        raise WeightsError(f"vectors have {len(projection)} numbers, not {order.dimension}")
    first = weights.read(f"{root}.embeddings.class_embedding") + positions[0]
    return VisionTower(
        patch=patch,
        patches=weights.place(patches),
        first_token=weights.place(first.view(1, 1, -1)),
        positions=weights.place(positions[1:] + offset),
        before=weights.norm(f"{root}.pre_layrnorm", eps),
        layers=tuple(
            _read_layer(weights, f"{prefix}{index}", heads, eps, kind)
            for index in range(weights.count_layers(prefix))
        ),
        after=weights.norm(f"{root}.post_layernorm", eps),
        projection=weights.place(projection),
    )


def _read_layer(weights: _Weights, name: str, heads: int, eps: float, kind: str) -> _Layer:
    activation, before, after = _activation(kind)
    attention = f"{name}.self_attn"
    return _Layer(
        heads=heads,
        before_attention=weights.norm(f"{name}.layer_norm1", eps),
        query_key_value=weights.linear(*(f"{attention}.{each}_proj" for each in "qkv")),
        out=weights.linear(f"{attention}.out_proj"),
        before_mlp=weights.norm(f"{name}.layer_norm2", eps),
        up=weights.linear(f"{name}.mlp.fc1", scale=before, bias_scale=before),
        activation=activation,
        down=weights.linear(f"{name}.mlp.fc2", scale=after),
    )


def _activation(kind: str) -> tuple[Activation, float, float]:
    """Give the function, and the factors for the weights before and after it."""
    match kind:
        case "quick_gelu":  # x sigmoid(ax) = silu(ax) / a
            return (lambda x: functional.silu(x, inplace=True)), _QUICK, 1 / _QUICK
        case "gelu":
            return functional.gelu, 1.0, 1.0
        case "gelu_new" | "gelu_pytorch_tanh":
            return (lambda x: functional.gelu(x, approximate="tanh")), 1.0, 1.0
        case "silu" | "swish":
            return (lambda x: functional.silu(x, inplace=True)), 1.0, 1.0
        case "relu":
            return functional.relu_, 1.0, 1.0
        case _:
            raise WeightsError(f"the activation {kind} is not known")


def _for_bytes(kernel: torch.Tensor, order: Order) -> tuple[torch.Tensor, torch.Tensor]:
    """Turn a kernel (width, 3, p, p) for scaled pixels into one for pixels of -128..127.

    Gives it as (width, p * p * 3), and what is to be added to each product, (width,).
    """
    deviation = torch.tensor(order.std, dtype=torch.float64)
    factor = (1 / (255 * deviation)).view(1, 3, 1, 1)
    mean = torch.tensor(order.mean, dtype=torch.float64).view(1, 3, 1, 1)
    exact = kernel.double()
    offset = _MIDDLE * factor - mean / deviation.view(1, 3, 1, 1)
    weights = (exact * factor).permute(0, 2, 3, 1).flatten(1).float()
    return weights, (exact * offset).sum(dim=(1, 2, 3)).float()

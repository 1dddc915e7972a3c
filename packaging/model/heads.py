"""The heads that are trained: from what the frozen trunks say to one common space."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

# Standardised features beyond this many deviations are outliers, not information.
CLAMP = 8.0
ATTENTION_CLAMP = 30.0
COLOUR_GAIN = 8.0  # shares of colours are small numbers beside the channels of the map
SUMMARY_GAIN = 2.0
_SIDE = 9  # cells of the last maps


@dataclass(frozen=True, slots=True)
class HeadShape:
    """Sizes of a head, and how much of its inputs and of its inner state training hides."""

    inputs: int
    width: int
    outputs: int
    hidden_inputs: float
    hidden_inside: float


class Standard(nn.Module):
    """Brings features to mean 0 and deviation 1 over the training pictures or texts."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("scale", torch.ones(size))

    def measure(self, features: torch.Tensor) -> None:
        """Take mean and deviation of (n, size) float32."""
        self.mean = features.mean(dim=0)
        self.scale = 1 / (features.std(dim=0) + 1e-4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give (n, size), clamped."""
        return ((x - self.mean) * self.scale).clamp(-CLAMP, CLAMP)


class Head(nn.Module):
    """Linear, one residual MLP, norm, linear."""

    def __init__(self, shape: HeadShape) -> None:
        super().__init__()
        self.hide = nn.Dropout(shape.hidden_inputs)
        self.first = nn.Linear(shape.inputs, shape.width)
        self.norm = nn.LayerNorm(shape.width)
        self.inner = nn.Linear(shape.width, shape.width)
        self.hide_inside = nn.Dropout(shape.hidden_inside)
        self.outer = nn.Linear(shape.width, shape.width)
        self.last_norm = nn.LayerNorm(shape.width)
        self.last = nn.Linear(shape.width, shape.outputs)

    def begin(self, x: torch.Tensor) -> torch.Tensor:
        """Give (n, width) of the inputs."""
        found: torch.Tensor = self.first(self.hide(x))
        return found

    def finish(self, x: torch.Tensor) -> torch.Tensor:
        """Give (n, outputs), of unit length."""
        y = self.outer(self.hide_inside(functional.gelu(self.inner(self.norm(x)))))
        last = self.last(self.last_norm(x + self.hide_inside(y)))
        return functional.normalize(last, dim=1)


class TextHead(nn.Module):
    """Texts' features (n, inputs), standardised, to (n, outputs)."""

    def __init__(self, shape: HeadShape) -> None:
        super().__init__()
        self.standard = Standard(shape.inputs)
        self.head = Head(shape)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give unit vectors."""
        return self.head.finish(self.head.begin(self.standard(x)))


class ImageHead(nn.Module):
    """Pooled features, the last map and the colours of its cells to (n, outputs).

    Learned questions look at the last map and take from where they find something both the map
    and the colours: what ties colours to things.
    """

    map_scale: torch.Tensor

    def __init__(
        self, shape: HeadShape, channels: int, colours: int, questions: int, hidden_looks: float
    ) -> None:
        super().__init__()
        self.standard = Standard(shape.inputs)
        pooled = HeadShape(
            shape.inputs + 3 * colours,
            shape.width,
            shape.outputs,
            shape.hidden_inputs,
            shape.hidden_inside,
        )
        self.head = Head(pooled)
        self.register_buffer("map_scale", torch.ones(channels))
        self.questions = nn.Linear(channels, questions)
        looks = questions * (channels + colours)
        self.look_norm = nn.LayerNorm(looks)
        self.hide_looks = nn.Dropout(hidden_looks)
        self.looks = nn.Linear(looks, shape.width)

    def forward(
        self, pooled: torch.Tensor, last: torch.Tensor, colours: torch.Tensor
    ) -> torch.Tensor:
        """Give unit vectors of (n, F), (n, C, 81) and (n, K, 81)."""
        x = torch.cat([self.standard(pooled), _summary(colours)], dim=1)
        y = self.head.begin(x)
        cells = last.transpose(1, 2) / self.map_scale
        values = torch.cat([cells, colours.transpose(1, 2) * COLOUR_GAIN], dim=2)
        shares = self.questions(cells).softmax(dim=1)
        looks = torch.einsum("ncq,ncv->nqv", shares, values).flatten(1)
        seen = self.look_norm(looks.clamp(-ATTENTION_CLAMP, ATTENTION_CLAMP))
        return self.head.finish(y + self.looks(self.hide_looks(seen)))


def _summary(colours: torch.Tensor) -> torch.Tensor:
    """Give each colour's share of the picture, its largest in a cell, its share of the middle."""
    grid = colours.unflatten(2, (_SIDE, _SIDE))
    middle = grid[:, :, 2:7, 2:7].mean(dim=(2, 3))
    parts = [colours.mean(dim=2).sqrt(), colours.amax(dim=2), middle.sqrt()]
    return torch.cat(parts, dim=1) * SUMMARY_GAIN

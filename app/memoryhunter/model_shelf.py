"""The models a person can have and has: the catalogue and the installed ones, side by side."""

from dataclasses import dataclass
from pathlib import Path

from memoryhunter.domain.errors import UserError
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.packages import ModelPackage


@dataclass(frozen=True, slots=True)
class WantedModel:
    """What to install: `model`, an id of the catalogue, or what is in `path`, or both.

    `path` is a folder as a model hub lays it out, a file of such a folder, a zip archive of
    one, or a ready package's folder; with `model` as well it must hold that model. `sources`
    are the names of the sources to try, in this order; empty for the catalogue's own order.
    """

    model: str | None = None
    path: Path | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model: on offer, installed, or both.

    `problem` says why an installed one cannot be used; `kept_bytes` is how much of a download
    that was stopped is kept.
    """

    id: str
    name: str
    dimension: int
    licence: str
    offer: Offer | None = None
    package: ModelPackage | None = None
    problem: UserError | None = None
    built_in: bool = False
    in_use: bool = False
    kept_bytes: int = 0

"""The models that can be downloaded: `resources/models.toml`, read into plain values."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file at one source. `bytes` and `sha256` are None where the catalogue pins none."""

    name: str
    url: str
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    """Published text-to-image recall in percent, among the first 1, 5 and 10 pictures."""

    r1: float
    r5: float
    r10: float


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be downloaded and prepared.

    `sources` maps a source's name ("hf", "hf-mirror", "modelscope") to exactly the files
    needed, in the order in which sources are tried. `quality` maps a benchmark's name to its
    figures. `suits` says whom it suits, by language ("en", "zh"). Sizes are in units of a
    million bytes: to download, on disk when installed, in memory while searching and indexing.
    """

    id: str
    name: str
    dimension: int
    image_size: int
    download_megabytes: int
    installed_megabytes: int
    memory_megabytes: int
    licence: str
    quality: Mapping[str, Recall]
    suits: Mapping[str, str]
    sources: Mapping[str, tuple[RemoteFile, ...]]

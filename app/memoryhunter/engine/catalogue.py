"""The models that can be downloaded: `resources/models.toml`, read into plain values."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.manifest import ManifestError, Section
from memoryhunter.engine.names import is_model_id
from memoryhunter.engine.packages import is_plain_name

_FORMAT = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


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


def read_catalogue(path: Path) -> tuple[Offer, ...]:
    """Read a catalogue, in its order.

    Raises UserError CATALOGUE_INVALID with path and detail: the program's own is tested, but
    people may have one of their own, of a mirror.
    """
    try:
        with path.open("rb") as file:
            offers = _offers(Section(tomllib.load(file)))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ManifestError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise UserError(ErrorCode.CATALOGUE_INVALID, path=str(path), detail=detail) from error
    return offers


def _offers(catalogue: Section) -> tuple[Offer, ...]:
    if catalogue.integer("format") != _FORMAT:
        raise ManifestError(f"its format is not {_FORMAT}")
    sources = catalogue.section("sources")
    offers = tuple(_offer(model, sources) for model in catalogue.sections("models"))
    if len({offer.id for offer in offers}) < len(offers):
        raise ManifestError("two models have the same id")
    return offers


def _offer(model: Section, addresses: Section) -> Offer:
    model_id = model.text("id")
    if not is_model_id(model_id):
        raise ManifestError(f"{model_id!r} cannot be the id of a model")
    quality, suits = model.section("quality"), model.section("suits")
    repositories = model.section("repositories")
    if unknown := set(repositories.names()) - set(addresses.names()):
        raise ManifestError(f"{model_id} is said to be at {', '.join(unknown)}, an unknown source")
    if not repositories.names():
        raise ManifestError(f"{model_id} is at no source")
    return Offer(
        id=model_id,
        name=model.text("name"),
        dimension=model.integer("dimension"),
        image_size=model.integer("image_size"),
        download_megabytes=model.integer("download_megabytes"),
        installed_megabytes=model.integer("installed_megabytes"),
        memory_megabytes=model.integer("memory_megabytes"),
        licence=model.text("licence"),
        quality={name: Recall(*quality.triple(name)) for name in quality.names()},
        suits={language: suits.text(language) for language in suits.names()},
        sources={
            source: _files(model, addresses.text(source), repositories.text(source))
            for source in addresses.names()
            if source in repositories.names()
        },
    )


def _files(model: Section, address: str, repository: str) -> tuple[RemoteFile, ...]:
    pins = model.section("pins") if "pins" in model.names() else Section({})
    files = []
    for name in model.texts("files"):
        if not is_plain_name(name):
            raise ManifestError(f"{name!r} is not the name of a file")
        url = address.replace("{repository}", repository).replace("{file}", name)
        if not _is_web_address(url):
            raise ManifestError(f"{url} is not a web address")
        pin = pins.section(name) if name in pins.names() else Section({})
        files.append(RemoteFile(name, url, *_pinned(pin)))
    return tuple(files)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # also of a port that is none
        return False


def _pinned(pin: Section) -> tuple[int | None, str | None]:
    size = pin.integer("bytes") if "bytes" in pin.names() else None
    # Some tools write hexadecimal in capitals.
    sha256 = pin.text("sha256").lower() if "sha256" in pin.names() else None
    if sha256 is not None and _SHA256.fullmatch(sha256) is None:
        raise ManifestError(f"{sha256!r} is not a SHA-256 in hexadecimal")
    return size, sha256

"""Which model it is that a person points at, where its files need not say so."""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence, Set
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.chunks import Check
from memoryhunter.engine.names import model_id
from memoryhunter.engine.packages import MANIFEST, ModelPackage, read_package
from memoryhunter.engine.prepare.hub_folder import HubFolder, invalid_source, read_hub_folder
from memoryhunter.engine.prepare.hub_origin import Origin

_LONGEST_STEM = 70  # of the 80 characters of an id, before a number is appended


def origin_of_offer(offer: Offer) -> Origin:
    """Give what the catalogue knows of the origin of a model's files."""
    files = next(iter(offer.sources.values()))
    address = files[0].url.removesuffix(f"/{files[0].name}")
    return Origin(offer.id, offer.name, address, offer.licence)


def origin_of_given(
    folder: Path,
    model: str | None,
    offers: Sequence[Offer],
    installed: Sequence[ModelPackage],
    check: Check,
) -> Origin | None:
    """Say what the model in `folder` is to be called; None where its files say it rightly.

    Nothing whose vectors or pictures have another size counts as a model on offer, whatever it is
    called.

    With `model`, it must be that one, or files without a name that have its shape. Without it,
    such files are the model on offer that has their shape; otherwise, or where that is
    installed already from other files, they are called after their folder. An id that a model
    made of other files has gets a number: nothing is replaced because two folders are both
    called "model".

    `check` is called often while files are compared, and may raise. Raises UserError
    MODEL_IS_ANOTHER, MODEL_SOURCE_INVALID and MODEL_NOT_A_PACKAGE.
    """
    if (folder / MANIFEST).is_file():
        package = read_package(folder)
        _must_be(model, package.id, folder)
        shape = (package.dimension, package.pixels.size)
        if (offer := _unlike(package.id, shape, offers)) is not None:
            raise _called_wrongly(folder, shape, offer)
        return None
    hub = read_hub_folder(folder)
    shape = (hub.dimension, hub.image_size)
    unlike = _unlike(hub.id, shape, offers)
    if unlike is not None and model == hub.id:
        raise _called_wrongly(folder, shape, unlike)
    if unlike is None and (hub.names_itself or hub.id == model):
        _must_be(model, hub.id, folder)
        return None
    fitting = [offer for offer in offers if _shape(offer) == shape]
    if model is not None:
        if hub.names_itself or model not in [offer.id for offer in fitting]:
            _must_be(model, hub.id, folder)
        return next(origin_of_offer(offer) for offer in fitting if offer.id == model)
    # Two models of one shape cannot be told apart, and what names itself is no other.
    unique = len(fitting) == 1 and not hub.names_itself
    possible = [origin_of_offer(offer) for offer in fitting if unique]
    taken = {unlike.id} if unlike is not None else set()
    return _first_free(hub, [*possible, hub.origin], taken, installed, check)


def _must_be(model: str | None, found: str, folder: Path) -> None:
    if model not in {None, found}:
        raise UserError(ErrorCode.MODEL_IS_ANOTHER, path=str(folder), model=str(model), found=found)


def _shape(offer: Offer) -> tuple[int, int]:
    return offer.dimension, offer.image_size


def _unlike(model: str, shape: tuple[int, int], offers: Sequence[Offer]) -> Offer | None:
    """Give the offer of this id that has another dimension or size of pictures."""
    return next((each for each in offers if each.id == model and _shape(each) != shape), None)


def _called_wrongly(folder: Path, shape: tuple[int, int], offer: Offer) -> UserError:
    return invalid_source(
        folder,
        f"it is called {offer.id} and is another model: its vectors have {shape[0]} numbers and"
        f" its pictures {shape[1]} pixels, not {offer.dimension} and {offer.image_size}",
    )


def _first_free(
    hub: HubFolder,
    origins: list[Origin],
    taken: Set[str],
    installed: Sequence[ModelPackage],
    check: Check,
) -> Origin:
    """Give the first of `origins`, or of the last with numbers, that no other model has.

    Nor may its id be one of those `taken`.
    """
    made_of = {package.id: package.source_sha256 for package in installed}
    contents: str | None = None
    for origin in itertools.chain(origins, _numbered(origins[-1])):
        if origin.id in taken:
            continue
        if origin.id not in made_of:
            return origin
        contents = hub.contents(check) if contents is None else contents
        if made_of[origin.id] in hub.called(origin).fingerprints(contents):
            return origin
    raise AssertionError("numbers do not end")


def _numbered(origin: Origin) -> Iterator[Origin]:
    for number in itertools.count(2):
        new_id = f"{origin.id[:_LONGEST_STEM]}-{number}"
        # A name that no id can be made of is told apart by itself.
        name = f"{origin.name} ({number})" if model_id(origin.name) else origin.name
        yield dataclasses.replace(origin, id=new_id, name=name)

"""Makes what a person points at ready to be installed: unpacked, and under its right name."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.archive import extract_model, is_archive
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.installation import stopped_by_system
from memoryhunter.engine.local_source import folder_of_model
from memoryhunter.engine.packages import MANIFEST, read_package
from memoryhunter.engine.prepare.hub_folder import read_hub_folder
from memoryhunter.engine.prepare.hub_origin import Origin, write_origin
from memoryhunter.engine.prepare.progress import CancelledCallback, PreparationCancelledError

_ROOM = ".given"
_CHUNK = 4 << 20


@contextlib.contextmanager
def given_model(
    path: Path,
    model: str | None,
    offer: Offer | None,
    downloads: Path,
    cancelled: CancelledCallback | None,
) -> Iterator[Path]:
    """Give a folder that `ModelStore.install` takes, of the model that `path` leads to.

    With `model`, it must be that one; `offer` is what the catalogue says of it, by which files
    are recognised that do not say what they are. What has to be unpacked or put together lies
    below `downloads` meanwhile.

    Raises UserError MODEL_SOURCE_INVALID, MODEL_NOT_A_PACKAGE, MODEL_IS_ANOTHER,
    NOT_ENOUGH_SPACE, DISK_FULL or MODEL_PREPARATION_FAILED, and PreparationCancelledError.
    """
    room = downloads / _ROOM
    with _alone(path, downloads):
        shutil.rmtree(room, ignore_errors=True)  # of a program that was ended
        try:
            yield _ready(path, model, offer, room, cancelled)
        finally:
            shutil.rmtree(room, ignore_errors=True)


def origin_of_offer(offer: Offer) -> Origin:
    """Give what the catalogue knows of the origin of a model's files."""
    files = next(iter(offer.sources.values()))
    address = files[0].url.removesuffix(f"/{files[0].name}")
    return Origin(offer.id, offer.name, address, offer.licence)


@contextlib.contextmanager
def _alone(path: Path, downloads: Path) -> Iterator[None]:
    lock = FileLock(downloads / f"{_ROOM}.lock", timeout=0)
    try:
        downloads.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise UserError(
            ErrorCode.MODEL_PREPARATION_FAILED,
            path=str(path),
            detail="another installation is running",
        ) from None
    except OSError as error:
        raise stopped_by_system(path, downloads, error) from error
    try:
        yield
    finally:
        lock.release()


def _ready(
    path: Path,
    model: str | None,
    offer: Offer | None,
    room: Path,
    cancelled: CancelledCallback | None,
) -> Path:
    try:
        room.mkdir()
        folder = extract_model(path, room, cancelled) if is_archive(path) else path
        folder = folder_of_model(folder)
        found = _id_of(folder) if model is not None else None
        if found != model and offer is not None and _may_be(folder, offer):
            return _renamed(folder, offer, room, cancelled)
    except OSError as error:
        raise stopped_by_system(path, room, error) from error
    if found != model:
        raise UserError(
            ErrorCode.MODEL_IS_ANOTHER, path=str(path), model=str(model), found=str(found)
        )
    return folder


def _id_of(folder: Path) -> str:
    """Give the id of a ready package, or of a folder as a hub lays it out."""
    if (folder / MANIFEST).is_file():
        return read_package(folder).id
    return read_hub_folder(folder).id


def _may_be(folder: Path, offer: Offer) -> bool:
    """Whether files that do not say what they are have the shape of what is offered."""
    if (folder / MANIFEST).is_file():
        return False
    hub = read_hub_folder(folder)
    shape = (hub.dimension, hub.image_size)
    return not hub.names_itself and shape == (offer.dimension, offer.image_size)


def _renamed(folder: Path, offer: Offer, room: Path, cancelled: CancelledCallback | None) -> Path:
    """Give a folder with the same files that says that they are what is offered."""
    named = room / "named" / offer.id
    named.mkdir(parents=True)
    for path in folder.iterdir():
        if path.is_file():
            _bring(path.resolve(), named / path.name, cancelled)
    write_origin(named, origin_of_offer(offer))
    return named


def _bring(path: Path, target: Path, cancelled: CancelledCallback | None) -> None:
    """Link a file, or copy it where the disk is another one or knows no links."""
    for link in (os.link, os.symlink):
        with contextlib.suppress(OSError, NotImplementedError):
            link(path, target)
            return
    with path.open("rb") as original, target.open("xb") as copy:
        while chunk := original.read(_CHUNK):
            if cancelled is not None and cancelled():
                raise PreparationCancelledError
            copy.write(chunk)

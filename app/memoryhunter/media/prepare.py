"""Everything the library needs from one file, which is opened once and decoded once.

Runs in the worker processes, for photos to be indexed and for pictures used as queries.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.photo import FileStamp, PhotoFacts, PixelSpec
from memoryhunter.media.decode import decode
from memoryhunter.media.fingerprint import content_hash
from memoryhunter.media.metadata import read_facts
from memoryhunter.media.pixels import OVERSAMPLING, model_pixels
from memoryhunter.media.source import open_photo, stamp_of, unreadable
from memoryhunter.media.thumbnails import THUMBNAIL_SIZE, ThumbnailNotSavedError, ThumbnailStore


@dataclass(frozen=True, slots=True)
class PrepareRequest:
    """What to make of the file `path`.

    `thumbnails` is the root of a `ThumbnailStore`, None to make no thumbnail; `pixels` is
    what the model wants to see, None for no model pixels.
    """

    path: Path
    thumbnails: Path | None
    pixels: PixelSpec | None


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPhoto:
    """What became of the file. `stamp` was taken before reading. `pixels`: see `model_pixels`."""

    path: Path
    stamp: FileStamp
    content_hash: str
    facts: PhotoFacts
    pixels: NDArray[np.uint8] | None


def prepare_photo(request: PrepareRequest) -> PreparedPhoto:
    """Read a photo: its fingerprint, facts, model pixels and thumbnail.

    A file that is written to meanwhile keeps its old stamp, so the next scan sees a change.

    Raises FileFailure where the file cannot be read as a photo, ThumbnailNotSavedError where the
    thumbnail cannot be written, ValueError for an unknown resize rule.
    """
    with open_photo(request.path) as file:
        try:
            return _prepare(file, request)
        except MemoryError as error:
            raise FileFailure(FailureReason.OUT_OF_MEMORY) from error
        except OSError as error:
            raise unreadable(error) from error


def fingerprint_photo(path: Path) -> tuple[FileStamp, str]:
    """Give the stamp and the content hash of a file without looking at the picture.

    Raises FileFailure where the file cannot be read.
    """
    with open_photo(path) as file:
        return stamp_of(file), content_hash(file)


def _prepare(file: BinaryIO, request: PrepareRequest) -> PreparedPhoto:
    stamp = stamp_of(file)
    fingerprint = content_hash(file)
    decoded = decode(file, at_least=_shortest_side(request))
    if request.thumbnails is not None:
        store = ThumbnailStore(request.thumbnails)
        if not store.has(fingerprint):
            try:
                store.save(fingerprint, decoded.image)
            except OSError as error:
                raise ThumbnailNotSavedError(str(error)) from error
    pixels = model_pixels(decoded.image, request.pixels) if request.pixels else None
    return PreparedPhoto(
        path=request.path,
        stamp=stamp,
        content_hash=fingerprint,
        facts=read_facts(decoded, stamp),
        pixels=pixels,
    )


def _shortest_side(request: PrepareRequest) -> int:
    """Give how small the photo may be decoded so that one decoding serves all that is asked.

    The shortest side at the longest side of a thumbnail leaves thumbnails of usual photos a
    third to resample, which keeps them sharp.
    """
    wanted = [1]
    if request.thumbnails is not None:
        wanted.append(THUMBNAIL_SIZE)
    if request.pixels is not None:
        wanted.append(request.pixels.size * OVERSAMPLING)
    return max(wanted)

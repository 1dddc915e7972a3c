"""Makes the values tests need, with what a test does not care about filled in."""

import itertools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.photo import CaptureSource, FileStamp, FolderId, PhotoFacts, PhotoId
from memoryhunter.library.library import Library

_counter = itertools.count(1)


def facts(captured_at: str = "2023-06-07T08:15:00", **changes: object) -> PhotoFacts:
    values: dict[str, object] = {
        "format": "jpeg",
        "width": 400,
        "height": 300,
        "orientation": 1,
        "captured_at": captured_at,
        "capture_source": CaptureSource.EXIF,
        **changes,
    }
    return PhotoFacts(**values)  # type: ignore[arg-type]


def add_photo(
    library: Library,
    folder_id: FolderId,
    relative: str,
    *,
    content_hash: str | None = None,
    captured_at: str = "2023-06-07T08:15:00",
) -> PhotoId:
    number = next(_counter)
    with library.write():
        return library.files.put(
            folder_id,
            relative,
            FileStamp(1000 + number, number),
            content_hash or f"{number:032x}",
            facts(captured_at),
        )


def add_folder(library: Library, path: Path) -> FolderId:
    with library.write():
        return library.folders.add(path)


def unit_vectors(count: int, dimension: int, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors

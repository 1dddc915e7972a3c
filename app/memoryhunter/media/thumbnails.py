"""The store of thumbnails: small JPEG files in a folder of our own, named by content.

Photos with the same content share one. Losing any of them costs only the time to make it anew.
"""

import os
import tempfile
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

# The longest side in pixels: sharp in the largest cells of the grid, also on dense screens.
THUMBNAIL_SIZE: Final = 512

_QUALITY: Final = 82


class ThumbnailNotSavedError(Exception):
    """A thumbnail could not be written: the disk is at fault, not the photo."""


class ThumbnailStore:
    """Thumbnails below the folder `root`, which is created when the first one is saved.

    Several processes may use one store at once: files appear complete or not at all.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, content_hash: str) -> Path:
        """Give where the thumbnail of this content is, or would be."""
        return self._root / content_hash[:2] / f"{content_hash}.jpg"

    def has(self, content_hash: str) -> bool:
        """Whether there is a thumbnail; an empty file, as power cuts leave behind, is none."""
        try:
            return self.path(content_hash).stat().st_size > 0
        except OSError:
            return False

    def save(self, content_hash: str, image: Image.Image) -> None:
        """Store an RGB image as thumbnail, made smaller where it is larger, never enlarged.

        Raises OSError where the disk is full or the folder cannot be written.
        """
        small = image.copy()
        small.info = {}  # Pillow would write a comment it finds here
        small.thumbnail((THUMBNAIL_SIZE, THUMBNAIL_SIZE), Image.Resampling.LANCZOS)
        encoded = BytesIO()
        small.save(encoded, "JPEG", quality=_QUALITY)
        self._write(self.path(content_hash), encoded.getbuffer())

    def keep_only(self, wanted: Collection[str]) -> int:
        """Delete the thumbnails of other contents than `wanted`; give how many there were."""
        removed = 0
        for path in self._root.glob("??/*.jpg"):
            if path.stem not in wanted:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def remove(self, content_hash: str) -> None:
        """Delete a thumbnail; one that is not there is fine."""
        self.path(content_hash).unlink(missing_ok=True)

    def _write(self, path: Path, content: memoryview) -> None:
        """Write a file beside its place, then move it there in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        unfinished = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            unfinished.replace(path)
        except PermissionError:
            unfinished.unlink(missing_ok=True)
            # Windows refuses to replace a file someone is reading. The same name means the
            # same content, so a thumbnail that is there already will do.
            if not path.exists():
                raise
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise

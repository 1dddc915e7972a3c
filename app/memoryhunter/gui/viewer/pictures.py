"""From a photo's file to a picture for the screen; runs in the viewer's worker thread."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.media.decode import decode
from memoryhunter.media.source import open_photo

# A picture for zooming takes four bytes a pixel: 480 MB here. Larger photos (stitched
# panoramas, scans) are zoomed into at this size.
MOST_PIXELS = 120_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded photo. `width` and `height` are the photo's own; `image` may be smaller.

    `complete` says that no more detail can be had by loading it again.
    """

    image: QImage
    width: int
    height: int
    complete: bool


def load_picture(path: Path, box: tuple[int, int] | None) -> Picture:
    """Decode `path` to fill `box` (width and height in device pixels), or in full detail.

    Decoding happens in this process, unlike indexing: people open photos that indexing has
    already survived, and a picture of 48 MB would have to be copied between processes. A
    native decoder that crashes takes the window down, so this moves to supervised child
    processes later.

    Raises:
        FileFailure: the file cannot be shown.

    """
    try:
        with open_photo(path) as file:
            decoded = decode(file, at_least=None if box is None else min(box))
        image = decoded.image
        if box is not None:
            image.thumbnail(box, Image.Resampling.LANCZOS)
        most = (MOST_PIXELS / (image.width * image.height)) ** 0.5
        if most < 1:
            image = image.resize((int(image.width * most), int(image.height * most)))
        complete = box is None or image.width >= decoded.width
        return Picture(as_qimage(image), decoded.width, decoded.height, complete)
    except MemoryError as error:
        raise FileFailure(FailureReason.OUT_OF_MEMORY) from error


def touch_types() -> None:
    """Make every Qt call of this module once, on the GUI thread before the worker does.

    See `grid.tile_image.touch_types` for what happens otherwise.
    """
    as_qimage(Image.new("RGB", (1, 1)))


def as_qimage(image: Image.Image) -> QImage:
    """Give the RGB picture in the layout that the screen uses, so that showing it is cheap."""
    pixels = image.tobytes("raw", "BGRX")
    borrowed = QImage(
        pixels, image.width, image.height, image.width * 4, QImage.Format.Format_RGB32
    )
    return borrowed.copy()  # a QImage does not keep the bytes it was made from alive

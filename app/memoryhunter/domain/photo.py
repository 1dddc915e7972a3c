"""What the program knows about a photo."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PhotoId = int
FolderId = int


class CaptureSource(StrEnum):
    """Where a capture date was found, the most trustworthy first."""

    EXIF = "exif"
    FILE = "file"  # the file's own modification time


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells cheaply whether a file changed: its size in bytes and mtime in nanoseconds."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What reading a photo once tells about it.

    `width` and `height` are pixels as people see the photo, after orientation.
    `orientation` is the EXIF value found in the file, 1 to 8; 1 where there is none.
    `captured_at` is local wall-clock time, ISO 8601 with seconds ("2023-06-07T08:15:00").
    `latitude` and `longitude` are degrees, north and east positive.
    """

    format: str
    width: int
    height: int
    orientation: int
    captured_at: str
    capture_source: CaptureSource
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class PixelSpec:
    """The picture a model wants to see: `size` x `size` RGB, by the `resize` rule.

    "squash" ignores the aspect ratio (Chinese-CLIP's rule: bicubic, no crop).
    """

    size: int
    resize: str = "squash"


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of the library. `facts` and `content_hash` are None while it is unread.

    `online` is false while the folder that holds it cannot be reached.
    """

    id: PhotoId
    folder_id: FolderId
    path: Path
    stamp: FileStamp
    content_hash: str | None
    facts: PhotoFacts | None
    online: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder the person asked to watch; `photos` counts those shown in the library."""

    id: FolderId
    path: Path
    online: bool
    photos: int


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be read, for the list of failures."""

    path: Path
    reason: str
    detail: str

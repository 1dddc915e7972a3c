"""The facts of a photo: when, with what camera and where, as far as its EXIF can be believed."""

import math
import re
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from PIL import ExifTags, Image

from memoryhunter.domain.photo import CaptureSource, FileStamp, PhotoFacts
from memoryhunter.media.decode import Decoded
from memoryhunter.media.exif import sub_block, tag

# EXIF writes "2023:06:07 08:15:00"; editors and scanners also write "-", "/" and "T".
_DATE_TIME: Final = re.compile(
    r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?"
)

# The year of the oldest photograph that survives; what is said to be older is garbage.
_FIRST_PHOTOGRAPH: Final = 1826

_LONGEST_CAMERA: Final = 80


def read_facts(decoded: Decoded, stamp: FileStamp) -> PhotoFacts:
    """Collect the facts of a decoded photo; `stamp` gives the time where its EXIF gives none."""
    captured_at = _capture_time(decoded.exif)
    latitude, longitude = _position(decoded.exif)
    return PhotoFacts(
        format=decoded.format,
        width=decoded.width,
        height=decoded.height,
        orientation=decoded.orientation,
        captured_at=captured_at or _local_time(stamp),
        capture_source=CaptureSource.EXIF if captured_at else CaptureSource.FILE,
        camera=_camera(decoded.exif),
        latitude=latitude,
        longitude=longitude,
    )


def _capture_time(exif: Image.Exif) -> str | None:
    """Give the first believable time among: taken, digitised, last changed by an editor."""
    details = sub_block(exif, ExifTags.IFD.Exif)
    for value in (
        details.get(ExifTags.Base.DateTimeOriginal),
        details.get(ExifTags.Base.DateTimeDigitized),
        tag(exif, ExifTags.Base.DateTime),
    ):
        match = _DATE_TIME.match(_text(value))
        if match is None:
            continue
        numbers = [int(number or 0) for number in match.groups()]
        try:
            time = datetime(*numbers)  # type: ignore[arg-type] # noqa: DTZ001 EXIF has no zone
        except ValueError:
            continue
        if time.year >= _FIRST_PHOTOGRAPH:
            return time.isoformat(timespec="seconds")
    return None


def _local_time(stamp: FileStamp) -> str:
    """Give the modification time as local wall-clock time; the epoch where it is out of range."""
    try:
        time = datetime.fromtimestamp(stamp.mtime_ns // 1_000_000_000, UTC).astimezone()
    except (OverflowError, OSError, ValueError):
        time = datetime.fromtimestamp(0, UTC)
    return time.replace(tzinfo=None).isoformat(timespec="seconds")


def _camera(exif: Image.Exif) -> str | None:
    """Give make and model, the make only where the model does not begin with it."""
    make = _text(tag(exif, ExifTags.Base.Make))
    model = _text(tag(exif, ExifTags.Base.Model))
    # "NIKON CORPORATION" makes the "NIKON D90": the first word is what repeats.
    if make and model and model.split()[0].casefold() == make.split()[0].casefold():
        make = ""
    return f"{make} {model}".strip()[:_LONGEST_CAMERA].strip() or None


def _position(exif: Image.Exif) -> tuple[float | None, float | None]:
    """Give latitude and longitude in degrees, both or neither."""
    block = sub_block(exif, ExifTags.IFD.GPSInfo)
    latitude = _degrees(
        block.get(ExifTags.GPS.GPSLatitude), block.get(ExifTags.GPS.GPSLatitudeRef), "NS", 90
    )
    longitude = _degrees(
        block.get(ExifTags.GPS.GPSLongitude), block.get(ExifTags.GPS.GPSLongitudeRef), "EW", 180
    )
    # Nobody takes photos in the sea off Ghana; cameras without a fix write (0, 0).
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    return latitude, longitude


def _degrees(parts: object, reference: object, sides: str, most: int) -> float | None:
    """Give degrees, minutes and seconds as signed degrees; None where they make no sense.

    `sides` are the letters for the positive and the negative side. Without its letter a
    position could be on either side of the world, so there is none.
    """
    side = _text(reference).upper()[:1]
    if side == "" or side not in sides or not isinstance(parts, tuple) or len(parts) > 3:
        return None
    try:
        values: list[float] = [float(part) for part in parts]
    except (ArithmeticError, TypeError, ValueError):
        return None
    degrees: float = sum(value / 60.0**power for power, value in enumerate(values))
    if not values or min(values) < 0 or not math.isfinite(degrees) or degrees > most:
        return None
    return round(degrees if side == sides[0] else -degrees, 7)


def _text(value: object) -> str:
    """Give an EXIF text without control and direction characters; "" for what is no text."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return ""
    value = value[:1000].split("\0", 1)[0]
    # Pillow reads the ASCII that EXIF promises as Latin-1; Chinese phones write UTF-8.
    with suppress(UnicodeError):
        value = value.encode("latin-1").decode("utf-8")
    visible = (" " if char.isspace() else char for char in value)
    return " ".join("".join(c for c in visible if unicodedata.category(c)[0] != "C").split())

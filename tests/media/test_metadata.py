"""Facts: believed where they make sense, replaced or left out where they do not."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from memoryhunter.domain.photo import CaptureSource, FileStamp, PhotoFacts
from memoryhunter.media.decode import Decoded, decode
from memoryhunter.media.metadata import read_facts
from tests.media.samples import oriented_exif, quadrants, saved

Base, Gps = ExifTags.Base, ExifTags.GPS
STAMP = FileStamp(size=1, mtime_ns=1_686_125_700_900_000_000)
LOCAL = datetime.fromtimestamp(1_686_125_700, UTC).astimezone().strftime("%Y-%m-%dT%H:%M:%S")


def facts_of(
    main: dict[int, Any] | None = None,
    details: dict[int, Any] | None = None,
    gps: dict[int, Any] | None = None,
    stamp: FileStamp = STAMP,
) -> PhotoFacts:
    """The facts from tags as Pillow would hand them over, impossible ones included."""
    exif = Image.Exif()
    exif.update(main or {})
    exif._ifds[ExifTags.IFD.Exif] = details or {}
    exif._ifds[ExifTags.IFD.GPSInfo] = gps or {}
    return read_facts(Decoded(quadrants(), "jpeg", 96, 64, 1, exif), stamp)


@pytest.mark.parametrize("pillow_name", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_facts_survive_the_way_through_a_file(pillow_name: str) -> None:
    exif = Image.Exif()
    exif[Base.Make] = "Apple"
    exif[Base.Model] = "iPhone 15 Pro"
    exif[Base.DateTime] = "2024:01:01 00:00:00"
    exif.get_ifd(ExifTags.IFD.Exif)[Base.DateTimeOriginal] = "2023:06:07 08:15:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            Gps.GPSLatitudeRef: "N",
            Gps.GPSLatitude: (52.0, 27.0, 34.58),
            Gps.GPSLongitudeRef: "W",
            Gps.GPSLongitude: (13.0, 19.0, 18.63),
        }
    )
    decoded = decode(saved(quadrants(), pillow_name, exif=exif.tobytes()), at_least=None)
    facts = read_facts(decoded, STAMP)
    assert facts.captured_at == "2023-06-07T08:15:00"
    assert facts.capture_source is CaptureSource.EXIF
    assert facts.camera == "Apple iPhone 15 Pro"
    assert facts.latitude == pytest.approx(52.459606, abs=1e-5)
    assert facts.longitude == pytest.approx(-13.321842, abs=1e-5)
    assert (facts.width, facts.height, facts.orientation) == (96, 64, 1)


def test_width_and_height_are_as_people_see_them() -> None:
    file = saved(quadrants(), "JPEG", exif=oriented_exif(6))
    facts = read_facts(decode(file, at_least=16), STAMP)
    assert (facts.width, facts.height, facts.orientation) == (64, 96, 6)


def test_the_most_trustworthy_date_wins() -> None:
    taken, digitised, changed = "2001:01:01 01:01:01", "2002:02:02 02:02:02", "2003:03:03 03:03:03"
    details: dict[int, Any] = {Base.DateTimeOriginal: taken, Base.DateTimeDigitized: digitised}
    main: dict[int, Any] = {Base.DateTime: changed}
    assert facts_of(main, details).captured_at == "2001-01-01T01:01:01"
    details[Base.DateTimeOriginal] = "0000:00:00 00:00:00"
    assert facts_of(main, details).captured_at == "2002-02-02T02:02:02"
    assert facts_of(main).captured_at == "2003-03-03T03:03:03"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023:06:07 08:15:00", "2023-06-07T08:15:00"),
        ("2023:06:07 08:15:00\0", "2023-06-07T08:15:00"),
        ("2023-06-07T08:15:00+02:00", "2023-06-07T08:15:00"),
        ("2023/6/7 8:15", "2023-06-07T08:15:00"),
        ("2023:06:07", "2023-06-07T00:00:00"),
        ("  2023:06:07  08:15:00 ", "2023-06-07T08:15:00"),
        (b"2023:06:07 08:15:00", "2023-06-07T08:15:00"),
        ("1898:05:01 00:00:00", "1898-05-01T00:00:00"),
    ],
)
def test_dates_as_they_are_written(written: object, meant: str) -> None:
    facts = facts_of(details={Base.DateTimeOriginal: written})
    assert (facts.captured_at, facts.capture_source) == (meant, CaptureSource.EXIF)


@pytest.mark.parametrize(
    "written",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "0001:01:01 00:00:00",
        "2023:13:45 99:99:99",
        "2023:02:30 10:00:00",
        "",
        "\0\0\0\0",
        b"\xff\xfe\x00",
        20230607,
        (2023, 6, 7),
        None,
        IFDRational(1, 0),
        "9" * 100_000,
    ],
)
def test_dates_that_make_no_sense_leave_the_time_of_the_file(written: object) -> None:
    facts = facts_of({Base.DateTime: written}, {Base.DateTimeOriginal: written})
    assert (facts.captured_at, facts.capture_source) == (LOCAL, CaptureSource.FILE)


def test_a_file_time_out_of_range_is_the_epoch() -> None:
    for mtime_ns in (10**30, -(10**30)):
        facts = facts_of(stamp=FileStamp(1, mtime_ns))
        assert facts.captured_at == "1970-01-01T00:00:00"


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Apple", "iPhone 15 Pro", "Apple iPhone 15 Pro"),
        ("Canon", "Canon EOS 90D", "Canon EOS 90D"),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("HUAWEI", "huawei P30", "huawei P30"),
        ("Xiaomi\0\0\0", " Redmi \x07Note\t9S ", "Xiaomi Redmi Note 9S"),
        ("", "DSC-W1", "DSC-W1"),
        ("SONY", None, "SONY"),
        (None, None, None),
        (" ", "\0", None),
        (7, (1, 2), None),
        ("Acme", "safe\u202egnp.exe", "Acme safegnp.exe"),
        ("小米".encode().decode("latin-1"), "红米".encode().decode("latin-1"), "小米 红米"),
        ("Caf\xe9", "X", "Café X"),
        ("M", "x" * 5000, "M " + "x" * 78),
    ],
)
def test_camera(make: object, model: object, camera: str | None) -> None:
    assert facts_of({Base.Make: make, Base.Model: model}).camera == camera


def _gps(latitude: object, longitude: object, north: object, east: object) -> dict[int, Any]:
    return {
        Gps.GPSLatitude: latitude,
        Gps.GPSLongitude: longitude,
        Gps.GPSLatitudeRef: north,
        Gps.GPSLongitudeRef: east,
    }


def test_position() -> None:
    facts = facts_of(gps=_gps((33.0, 51.0, 36.0), (151.0, 12.0, 36.0), "S", "E"))
    assert (facts.latitude, facts.longitude) == (-33.86, 151.21)
    thirds = (IFDRational(40, 1), IFDRational(7999, 200))
    assert facts_of(gps=_gps(thirds, thirds, "n\0", b"W")).latitude == pytest.approx(40.666583)


@pytest.mark.parametrize(
    "block",
    [
        {},
        _gps((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), "N", "E"),
        _gps((91.0, 0.0, 0.0), (10.0, 0.0, 0.0), "N", "E"),
        _gps((10.0, 0.0, 0.0), (180.5, 0.0, 0.0), "N", "E"),
        _gps((10.0, 0.0, 0.0), (10.0, 0.0, 0.0), None, "E"),
        _gps((10.0, 0.0, 0.0), (10.0, 0.0, 0.0), "E", "N"),
        _gps((IFDRational(10, 0), IFDRational(0, 0), 0), (10.0, 0.0, 0.0), "N", "E"),
        _gps((float("nan"), 0, 0), (10.0, 0.0, 0.0), "N", "E"),
        _gps((-10.0, 0, 0), (10.0, 0.0, 0.0), "N", "E"),
        _gps((), (10.0, 0.0, 0.0), "N", "E"),
        _gps((1.0, 2.0, 3.0, 4.0), (10.0, 0.0, 0.0), "N", "E"),
        _gps(("a", "b", "c"), (10.0, 0.0, 0.0), "N", "E"),
        _gps("10", (10.0, 0.0, 0.0), "N", "E"),
        _gps(10.0, (10.0, 0.0, 0.0), "N", "E"),
        _gps(None, (10.0, 0.0, 0.0), "N", "E"),
    ],
)
def test_positions_that_make_no_sense(block: dict[int, Any]) -> None:
    facts = facts_of(gps=block)
    assert (facts.latitude, facts.longitude) == (None, None)


def test_sub_blocks_that_point_nowhere() -> None:
    exif = Image.Exif()
    exif[Base.Make] = "Canon"
    exif[ExifTags.IFD.Exif] = 4_000_000_000
    exif[ExifTags.IFD.GPSInfo] = "not an offset"
    facts = read_facts(Decoded(quadrants(), "jpeg", 96, 64, 1, exif), STAMP)
    assert (facts.camera, facts.latitude, facts.captured_at) == ("Canon", None, LOCAL)


def test_facts_do_not_need_the_file_any_more() -> None:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[Base.DateTimeOriginal] = "2023:06:07 08:15:00"
    content = saved(quadrants(), "TIFF", exif=exif).getvalue()
    with BytesIO(content) as file:
        decoded = decode(file, at_least=None)
    assert read_facts(decoded, STAMP).captured_at == "2023-06-07T08:15:00"

"""The list of photo formats the program reads; the one place to add another.

A name on disk only decides whether a file is worth opening. What a file is, its content says:
the signatures of the allow-listed Pillow plugins, tried in the order of this list.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Format:
    """A format: our `name` for it, Pillow's names, the suffixes it goes by, how files begin.

    The first of `pillow` is the plugin that opens it, the others are what that plugin may
    call the result. `suffixes` are lower case, with the dot. `beginnings` are patterns for the
    first bytes of a file.
    """

    name: str
    pillow: tuple[str, ...]
    suffixes: frozenset[str]
    beginnings: tuple[bytes, ...]


FORMATS: tuple[Format, ...] = (
    # Two pictures in one JPEG (3-D cameras, many phones) are an MPO to Pillow.
    Format(
        "jpeg", ("JPEG", "MPO"), frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}), (rb"\xff\xd8\xff",)
    ),
    Format("png", ("PNG",), frozenset({".png"}), (rb"\x89PNG\r\n\x1a\n",)),
    # AVIF stands before HEIF: both may carry the neutral brand "mif1", libavif refuses what
    # is HEVC inside, but libheif would accept an AVIF and give it the wrong name.
    Format("avif", ("AVIF",), frozenset({".avif"}), (rb".{4}ftyp(avif|avis)",)),
    Format(
        "heif", ("HEIF",), frozenset({".heic", ".heif", ".hif"}), (rb".{4}ftyp(hei|hev|mif1|msf1)",)
    ),
    Format("webp", ("WEBP",), frozenset({".webp"}), (rb"RIFF.{4}WEBP",)),
    Format("gif", ("GIF",), frozenset({".gif"}), (rb"GIF8[79]a",)),
    Format("tiff", ("TIFF",), frozenset({".tif", ".tiff"}), (rb"II[*+]\0", rb"MM\0[*+]")),
    Format("bmp", ("BMP",), frozenset({".bmp", ".dib"}), (rb"BM.{12}[\x0c-\x7c]\0\0\0",)),
    Format(
        "jpeg2000",
        ("JPEG2000",),
        frozenset({".jp2", ".j2k", ".jpf", ".jpx"}),
        (rb"\0\0\0\x0cjP  ", rb"\xff\x4f\xff\x51"),
    ),
)


def is_photo_name(name: str) -> bool:
    """Whether a file of this name (or path) is worth opening; upper and lower case are equal.

    The "._" companions that macOS leaves on other people's disks have the name of a photo
    and are none.
    """
    path = PurePath(name)
    if path.name.startswith("._"):
        return False
    suffix = path.suffix.lower()
    return any(suffix in format_.suffixes for format_ in FORMATS)


def begins_like_photo(head: bytes) -> bool:
    """Whether a file that begins with `head` (32 bytes are enough) may be a photo."""
    return any(
        re.match(pattern, head, re.DOTALL) for format_ in FORMATS for pattern in format_.beginnings
    )


def pillow_formats() -> tuple[str, ...]:
    """Give the allow-list for `Image.open(formats=...)`: the plugin of each format."""
    return tuple(format_.pillow[0] for format_ in FORMATS)


def format_name(pillow_name: str) -> str:
    """Give our name for what Pillow calls a picture; KeyError for what is not on the list."""
    for format_ in FORMATS:
        if pillow_name in format_.pillow:
            return format_.name
    raise KeyError(pillow_name)

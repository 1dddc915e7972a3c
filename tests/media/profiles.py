"""ICC profiles made from numbers, so that no test needs somebody's profile file.

Layout and tag types: ICC.1:2022 (v4), sections 7, 9 and 10.
"""

import itertools
import struct
from typing import Final

_D50: Final = (0.9642, 1.0, 0.8249)

# Display P3, adapted to D50, columns red, green, blue (from Apple's "Display P3.icc").
_P3_COLORANTS: Final = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)


def display_p3() -> bytes:
    """The profile of wide-gamut phones and screens, with the sRGB tone curve."""
    curve = (
        b"para\0\0\0\0"
        + struct.pack(">HH", 3, 0)
        + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    )
    tags = {b"wtpt": _xyz(*_D50)}
    for name, colorant in zip((b"r", b"g", b"b"), _P3_COLORANTS, strict=True):
        tags[name + b"XYZ"] = _xyz(*colorant)
        tags[name + b"TRC"] = curve
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def grey_gamma_one() -> bytes:
    """A grey profile whose values are proportional to light: middle values are bright."""
    curve = b"curv\0\0\0\0" + struct.pack(">I", 0)
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"wtpt": _xyz(*_D50), b"kTRC": curve})


def press_cmyk() -> bytes:
    """A rough printing press: its inks are duller than the screen's primaries."""
    inks = {"c": (55, -37, -50), "m": (48, 74, -3), "y": (89, -5, 93), "k": (16, 0, 0)}
    grid = b""
    for amounts in itertools.product((0, 1), repeat=4):
        lab = [100.0, 0.0, 0.0]
        for amount, (light, a, b) in zip(amounts, inks.values(), strict=True):
            if amount:
                lab = [lab[0] * light / 100, lab[1] + a, lab[2] + b]
        grid += bytes(
            (round(lab[0] * 2.55), *(min(max(round(value) + 128, 0), 255) for value in lab[1:]))
        )
    straight = bytes(range(256))
    identity = _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + straight * 4 + grid + straight * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": _xyz(*_D50), b"A2B0": table})


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    text = "made for a test".encode("utf-16-be")
    name = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    tags = {b"desc": name, b"cprt": name, **tags}
    position = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table += struct.pack(">4sII", tag, position + len(body), len(content))
        body += padded
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sI4s4sQI12s4s44s",
        128 + len(table) + len(body),
        b"",
        0x04000000,
        kind,
        space,
        connection,
        struct.pack(">6H", 2024, 1, 1, 0, 0, 0),
        b"acsp",
        b"",
        0,
        b"",
        b"",
        0,
        0,
        _fixed(*_D50),
        b"",
        b"",
    )
    return header + table + body


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)

"""The colours of the window, light and dark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """A set of colours as #rrggbb; neutral, because the photos bring the colour.

    Text on `window` and `base`, and `on_accent` on `accent`, have a contrast of 4.5 or more
    (WCAG 2 AA), `muted` too; `line` only divides and is fainter.
    """

    window: str
    panel: str
    base: str
    raised: str
    hover: str
    text: str
    muted: str
    line: str
    accent: str
    accent_hover: str
    on_accent: str
    link: str
    warning: str


LIGHT = Colours(
    window="#f5f6f5",
    panel="#eef0ef",
    base="#ffffff",
    raised="#ffffff",
    hover="#e7ebe9",
    text="#1d2423",
    muted="#5f6a68",
    line="#d9dedc",
    accent="#1f7a6d",
    accent_hover="#196459",
    on_accent="#ffffff",
    link="#1a6f63",
    warning="#9a5300",
)

DARK = Colours(
    window="#1b1e1e",
    panel="#1f2323",
    base="#151717",
    raised="#282c2c",
    hover="#323838",
    text="#e4e8e7",
    muted="#9ba6a4",
    line="#363c3c",
    accent="#26806f",
    accent_hover="#2f9482",
    on_accent="#ffffff",
    link="#62c9b5",
    warning="#f0b35a",
)

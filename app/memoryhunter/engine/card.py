"""A graphics card that was found, or why none was."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card: its `name`, and its `kind` for torch ("cuda", "mps" or "xpu")."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class NoCard:
    """Why there is no card that can be used, in English, to stand after a semicolon.

    `in_trouble` is whether there seems to be one all the same, which somebody could put right.
    """

    reason: str
    in_trouble: bool = False

"""Turns settings written by an older version into today's, as plain functions on dicts.

To change a name or a meaning: write a function, append it to the tuple. Never edit one that was
released.
"""

from collections.abc import Callable
from typing import Any

_UPGRADES: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()

VERSION = 1 + len(_UPGRADES)


def upgrade(found: dict[str, Any]) -> dict[str, Any]:
    """Apply the upgrades `found` has not had; settings from the future are taken as they are."""
    version = found.get("version", 1)
    if not isinstance(version, int) or version < 1:
        version = 1
    for step in _UPGRADES[version - 1 :]:
        found = step(found)
    return found

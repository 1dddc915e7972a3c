"""A graphics driver's library, if the system has one."""

import sys
from collections.abc import Callable
from typing import Any

Load = Callable[[str], Any]


def loaded(load: Load, on_linux: str, on_windows: str) -> Any | None:
    """Load a library by its name on this system, with `load` (ctypes.CDLL); None without it."""
    try:
        return load(on_windows if sys.platform == "win32" else on_linux)
    except OSError:
        return None

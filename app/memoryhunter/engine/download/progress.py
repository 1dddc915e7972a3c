"""What a download tells while it runs."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """Where a download stands; `source` is the name of the source being read from.

    Bytes are those of all files together, kept ones of an earlier attempt included. `speed` is
    in bytes per second; `seconds_left` is None while nobody can tell. `waiting`: nothing has come
    for some seconds, and the source is being tried again, or the next one.
    """

    source: str
    file: str
    done_bytes: int
    total_bytes: int
    speed: float
    seconds_left: float | None
    waiting: bool = False


DownloadCallback = Callable[[DownloadProgress], None]

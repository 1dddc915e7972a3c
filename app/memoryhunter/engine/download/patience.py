"""How long a download tries before it gives a source up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try, in seconds and times.

    `attempts` count only while less than `enough_bytes` come of each; `attempts_to_connect`
    those that never reached the server. Pauses between them double from `first_pause` on.
    """

    connect_seconds: float = 10.0
    stall_seconds: float = 30.0
    attempts: int = 6
    attempts_to_connect: int = 2
    enough_bytes: int = 256 << 10
    first_pause: float = 1.0
    longest_pause: float = 30.0

"""How long a download tries before it gives a source up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try, in seconds and times.

    A source that has sent nothing yet gets `attempts_to_begin`, so that the next one is soon
    tried where a network does not let this one through; then `attempts`, which are counted anew
    whenever one came `enough_bytes` further. Pauses between them double from `first_pause` on: with
    these figures a line may be gone for a minute and a half. A source that falls silent is given
    up sooner, after `stalls` attempts of `stall_seconds`: the line is there, and the next source
    may do better. So is one that sends less than `slow_bytes` in `slow_seconds`, as long as there
    is another: at that pace the smallest model takes half a day.
    """

    connect_seconds: float = 10.0
    stall_seconds: float = 15.0
    stalls: int = 3
    slow_seconds: float = 60.0
    slow_bytes: int = 1_000_000
    attempts: int = 8
    attempts_to_begin: int = 2
    enough_bytes: int = 256 << 10
    first_pause: float = 1.0
    longest_pause: float = 30.0

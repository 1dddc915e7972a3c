"""How one list of photos becomes another with the fewest rows removed and inserted.

Computed in a worker from two tuples; the model replays it, so that selection, current photo
and scroll position survive while the library grows.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from memoryhunter.domain.photo import PhotoId

MANY_RUNS = 200  # beyond this, replacing everything is cheaper than replaying


@dataclass(frozen=True, slots=True)
class RowsPatch:
    """Runs of rows `(first, count)`: removals in the old order, insertions in the new one."""

    old: tuple[PhotoId, ...]
    new: tuple[PhotoId, ...]
    removed: tuple[tuple[int, int], ...]
    inserted: tuple[tuple[int, int], ...]

    @property
    def is_small(self) -> bool:
        """Whether replaying it costs less than showing the new list from scratch."""
        return len(self.removed) + len(self.inserted) <= MANY_RUNS


def rows_patch(old: tuple[PhotoId, ...], new: tuple[PhotoId, ...]) -> RowsPatch:
    """Compare two lists without duplicates; photos out of their old order count as inserted."""
    if old == new:
        return RowsPatch(old, new, (), ())
    if not old:
        return RowsPatch(old, new, (), ((0, len(new)),))
    place = {photo: row for row, photo in enumerate(new)}
    kept_rows = [row for row, photo in enumerate(old) if photo in place]
    kept_places = _rising([place[old[row]] for row in kept_rows])
    kept = {old[kept_rows[at]] for at in kept_places}
    return RowsPatch(
        old,
        new,
        runs([row for row, photo in enumerate(old) if photo not in kept]),
        runs([row for row, photo in enumerate(new) if photo not in kept]),
    )


def _rising(values: Sequence[int]) -> list[int]:
    """Give the positions of a longest rising subsequence (patience sorting)."""
    if all(before < after for before, after in pairwise(values)):
        return list(range(len(values)))
    tails: list[int] = []
    tail_positions: list[int] = []
    before: list[int] = []
    for position, value in enumerate(values):
        at = bisect_left(tails, value)
        before.append(tail_positions[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            tail_positions.append(position)
        else:
            tails[at] = value
            tail_positions[at] = position
    rising = []
    position = tail_positions[-1]
    while position >= 0:
        rising.append(position)
        position = before[position]
    return rising[::-1]


def runs(rows: list[int]) -> tuple[tuple[int, int], ...]:
    """Give rising rows as `(first, count)` of each unbroken run."""
    found = []
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
        members = [row for _, row in group]
        found.append((members[0], len(members)))
    return tuple(found)

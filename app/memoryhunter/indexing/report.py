"""What a run of the indexer did: told a few times a second while it runs, and summed up."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.photo import PhotoId
from memoryhunter.indexing.placing import Placed
from memoryhunter.indexing.understanding import Seen

_ANNOUNCE_SECONDS = 0.25


@dataclass(slots=True)
class IndexSummary:
    """What a run did. `embedded` counts photos that got a vector by the model's work."""

    added: set[PhotoId] = field(default_factory=set)
    updated: set[PhotoId] = field(default_factory=set)
    moved: set[PhotoId] = field(default_factory=set)
    removed: set[PhotoId] = field(default_factory=set)
    embedded: int = 0
    seconds: float = 0.0

    @property
    def images_per_second(self) -> float:
        """Photos understood in a second, over the whole run."""
        return self.embedded / self.seconds if self.seconds > 0 else 0.0

    def after(self, earlier: "IndexSummary") -> "IndexSummary":
        """Give what this run and the `earlier` one it went on from did together.

        What the earlier one embedded is not counted: another model understood it, in whose place
        this run's model sees every photo.
        """
        return IndexSummary(
            self.added | earlier.added,
            self.updated | earlier.updated,
            self.moved | earlier.moved,
            self.removed | earlier.removed,
            self.embedded,
            self.seconds + earlier.seconds,
        )


class RunReport:
    """Collects what a run does; whoever is told gets changes merged, and not too many of them."""

    def __init__(self, on_change: Callable[[LibraryChange], None]) -> None:
        """`on_change` is called by `announce`."""
        self._on_change = on_change
        self._change = LibraryChange()
        self._announced = 0.0
        self._started = time.monotonic()
        self.summary = IndexSummary()

    def begin(self) -> None:
        """Begin the report of another run."""
        self._started = time.monotonic()
        self.summary = IndexSummary()

    def end(self) -> None:
        """Tell the rest."""
        self.announce(now=True)
        self.summary.seconds = time.monotonic() - self._started

    def returned(self, photos: frozenset[PhotoId], *, folders: bool) -> None:
        """Count photos that are in their place again; `folders` where their folder changed too."""
        self.summary.added |= photos
        self.note(LibraryChange(added=photos, folders=folders))

    def placed(self, placed: Placed) -> None:
        """Count what became of a file that was read."""
        ids = frozenset({placed.photo_id})
        if placed.kind == "added":
            self.summary.added |= ids
            self.note(LibraryChange(added=ids))
        elif placed.kind == "moved":
            self.summary.moved |= ids
            # It may have been announced as removed by an earlier run.
            self.note(LibraryChange(added=ids, updated=ids))
        elif placed.kind == "updated":
            self.summary.updated |= ids
            self.note(LibraryChange(updated=ids))

    def gone(self, photos: frozenset[PhotoId]) -> None:
        """Count photos that are not where they were, nor anywhere else."""
        self.summary.removed |= photos
        self.note(LibraryChange(removed=photos))

    def seen(self, seen: Seen) -> None:
        """Count what a model was shown."""
        self.summary.embedded += seen.embedded
        # Also those not understood: with the last of them, another model may begin to answer.
        self.note(LibraryChange(updated=seen.photos))

    def note(self, change: LibraryChange) -> None:
        """Remember to announce a change that the summary does not count."""
        self._change = self._change.merged(change)

    def announce(self, *, now: bool = False) -> None:
        """Tell what changed, unless that was done a moment ago; `now` in any case."""
        if self._change and (now or time.monotonic() - self._announced > _ANNOUNCE_SECONDS):
            change, self._change = self._change, LibraryChange()
            self._announced = time.monotonic()
            self._on_change(change)

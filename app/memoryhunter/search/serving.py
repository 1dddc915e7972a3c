"""Decides which model answers searches while another is taking its place.

Nothing of it is stored: it follows from the vectors in the library and from what is installed.
"""

import time
from collections.abc import Callable, Sequence

from memoryhunter.engine.packages import ModelPackage
from memoryhunter.library.library import Library
from memoryhunter.library.vectors import Vectors

# How long it counts that one model has understood more photos than another: counting them
# takes 25 ms for two models and 100,000 photos, and that changes slowly.
_COUNTED_SECONDS = 5.0
# People watch how far it is.
_TOLD_SECONDS = 2.0


class ServingModel:
    """The model that answers the searches of one lane.

    It is the chosen one as soon as it has seen every photo, also those of folders that are not
    connected, or no other installed model has understood more photos than it has seen; until then
    the one that has understood the most, which is shown new photos too (`indexing`). Once the
    chosen one answers it goes on answering: new photos are understood by it only.
    """

    def __init__(
        self,
        library: Library,
        chosen: Callable[[], ModelPackage | None],
        installed: Callable[[], Sequence[ModelPackage]],
        *,
        is_sound: Callable[[ModelPackage], bool] = lambda _package: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`chosen` and `installed` are asked at every search and should be quick.

        `is_sound` tries whether a model can be run before it stands in for the chosen one; one
        that cannot is not tried again.
        """
        self._library = library
        self._chosen = chosen
        self._installed = installed
        self._is_sound = is_sound
        self._clock = clock
        # The chosen model that needs no other any more, with its number in the library: removed
        # and installed again, it has understood nothing yet.
        self._settled: tuple[str, int | None] | None = None
        self._last_due: tuple[str, int] | None = None  # a photo this model does not know yet
        # Among which models, and when.
        self._counted: tuple[tuple[object, ...], float] | None = None
        self._stand_in: ModelPackage | None = None
        self._unsound: set[str] = set()  # fingerprints of models that were tried in vain

    def package(self) -> ModelPackage | None:
        """Give the model to search with now; None without a chosen one.

        Raises what `chosen` raises. It costs microseconds, a count every few seconds while
        another model stands in, and one look at every photo when that ends.
        """
        chosen = self._chosen()
        if chosen is None:
            return None
        vectors = self._library.find_vectors(chosen.fingerprint)
        itself = (chosen.fingerprint, None if vectors is None else vectors.number)
        if itself == self._settled:
            return chosen
        others = [each for each in self._installed() if each.fingerprint != chosen.fingerprint]
        if not others:
            return chosen
        if not self._is_complete(chosen, vectors):
            stand_in = self._fullest(itself, vectors, others)
            if stand_in is not None:
                return stand_in
        self._settled = itself
        return chosen

    def _is_complete(self, chosen: ModelPackage, vectors: Vectors | None) -> bool:
        """Whether the chosen model has no backlog.

        Exact at every moment and nevertheless cheap: as long as the photo that the backlog
        comes to last is due, nothing else need be looked at.
        """
        if vectors is None:
            return self._library.photos.count() == 0
        known = self._last_due
        if known is not None and known[0] == chosen.fingerprint and vectors.is_due(known[1]):
            return False
        last = vectors.last_due() if vectors.backlog_count() else None
        self._last_due = None if last is None else (chosen.fingerprint, last)
        return last is None

    def _fullest(
        self,
        chosen: tuple[str, int | None],
        vectors: Vectors | None,
        others: Sequence[ModelPackage],
    ) -> ModelPackage | None:
        """Give the sound model that has understood the most photos, None for the chosen one."""
        among = (chosen, *(each.fingerprint for each in others))
        now = self._clock()
        if (
            self._counted is None
            or self._counted[0] != among
            or now - self._counted[1] > _COUNTED_SECONDS
        ):
            least = 0 if vectors is None else vectors.seen_count()
            counts = [(_count(self._library.find_vectors(o.fingerprint)), o) for o in others]
            fuller = [(count, other) for count, other in counts if count > least]
            fuller.sort(key=lambda each: each[0], reverse=True)
            self._stand_in = next((other for _, other in fuller if self._can_run(other)), None)
            self._counted = (among, now)
        return self._stand_in

    def _can_run(self, package: ModelPackage) -> bool:
        if package.fingerprint in self._unsound:
            return False
        if self._is_sound(package):
            return True
        self._unsound.add(package.fingerprint)
        return False


class Coverage:
    """How many of the photos a model has seen; counted anew every few seconds at most."""

    def __init__(
        self,
        library: Library,
        package: ModelPackage,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library = library
        self._package = package
        self._clock = clock
        self._counted: tuple[float, int, int] | None = None

    def count(self) -> tuple[int, int]:
        """Give how many photos the model has seen, understood or not, and how many there are."""
        now = self._clock()
        if self._counted is None or now - self._counted[0] > _TOLD_SECONDS:
            vectors = self._library.find_vectors(self._package.fingerprint)
            seen = 0 if vectors is None else vectors.seen_count()
            self._counted = (now, seen, self._library.photos.count())
        return self._counted[1:]


def _count(vectors: Vectors | None) -> int:
    return 0 if vectors is None else vectors.count()

"""The embedders at work: one for each model in use, however many use it."""

import threading
from collections.abc import Callable
from enum import StrEnum

from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.packages import ModelPackage


class Purpose(StrEnum):
    """What an embedder is used for; while the model changes, each may have another."""

    UNDERSTANDING = "understanding"  # new photos
    SEARCHING = "searching"


class Embedders:
    """Makes embedders and drops those that nothing uses any more; for any thread."""

    def __init__(self, make: Callable[[ModelPackage], Embedder]) -> None:
        """`make` may take seconds, where the device has to be found first; none waits who need not.

        It is called by several threads at once: an embedder that another thread was quicker to
        make is dropped, and has loaded nothing yet.
        """
        self._make = make
        self._lock = threading.Lock()
        self._models: dict[Purpose, str] = {}  # the fingerprint of the model each uses
        self._made: dict[str, Embedder] = {}
        self._measured = 0  # how often `make_anew` was called

    def give(self, purpose: Purpose, package: ModelPackage) -> Embedder:
        """Give the embedder of a model; the one that served this purpose before may end."""
        wanted = package.fingerprint
        with self._lock:
            embedder, measured = self._made.get(wanted), self._measured
        made = embedder if embedder is not None else self._make(package)
        with self._lock:
            if measured != self._measured:
                # That one may be of before. The device is known by now, so nobody waits.
                made = self._make(package)
            self._models[purpose] = wanted
            embedder = self._made.setdefault(wanted, made)
            unused = self._made.keys() - self._models.values()
            dropped = [self._made.pop(each) for each in unused]
        for each in dropped:
            each.unload()
        return embedder

    def make_anew(self, package: ModelPackage) -> None:
        """Let the next one of this model be a new one."""
        with self._lock:
            self._measured += 1
            dropped = self._made.pop(package.fingerprint, None)
        if dropped is not None:
            dropped.unload()

    def unload_idle(self, seconds: float) -> None:
        """Give back the memory of what was not used for `seconds` (see `Embedder`)."""
        with self._lock:
            made = list(self._made.values())
        for each in made:
            each.unload_idle(seconds)

    def close(self) -> None:
        """Unload all; whoever still holds one may go on with it."""
        with self._lock:
            made, self._made = list(self._made.values()), {}
            self._models.clear()
        for each in made:
            each.unload()

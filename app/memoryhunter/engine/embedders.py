"""The embedders at work: one for each model in use, however many use it."""

import threading
import weakref
from collections.abc import Callable
from enum import StrEnum

from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.packages import ModelPackage


class Purpose(StrEnum):
    """What an embedder is used for; while the model changes, each may have another."""

    UNDERSTANDING = "understanding"  # new photos
    SEARCHING = "searching"
    CATCHING_UP = "catching-up"  # new photos, with the model that still answers searches


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
        # Whoever works with one that was dropped may have loaded it again.
        self._living: weakref.WeakSet[Embedder] = weakref.WeakSet()

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
            self._living.add(embedder)
            dropped = self._drop_unused()
        for each in dropped:
            each.unload()
        return embedder

    def release(self, purpose: Purpose) -> None:
        """Let the embedder go that serves this purpose, if one does."""
        with self._lock:
            self._models.pop(purpose, None)
            dropped = self._drop_unused()
        for each in dropped:
            each.unload()

    def try_out(self, package: ModelPackage, trial: Callable[[Embedder], object]) -> None:
        """Call `trial` with an embedder of this model; those at work stay as they are."""
        with self._lock:
            embedder = self._made.get(package.fingerprint)
        if embedder is not None:
            trial(embedder)
            return
        embedder = self._make(package)
        try:
            trial(embedder)
        finally:
            embedder.close()

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
            living = list(self._living)
        for each in living:
            each.unload_idle(seconds)

    def close(self) -> None:
        """End all at once, also those that somebody works with, which then raise UserError."""
        with self._lock:
            living = list(self._living)
            self._living.clear()
            self._made.clear()
            self._models.clear()
        for each in living:
            each.close()

    def _drop_unused(self) -> list[Embedder]:
        unused = self._made.keys() - self._models.values()
        return [self._made.pop(each) for each in unused]

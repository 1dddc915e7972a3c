"""Which model is in use: the one asked for, the chosen one, or what takes its place.

A chosen model that is gone or damaged leaves nobody without search: another one that is sound
works meanwhile, and `trouble` says why.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.store import ModelStore

# How many photos each model has understood, by fingerprint.
Counting = Callable[[Sequence[ModelPackage]], Mapping[str, int]]

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants: `model` is an id or a path, None for no wish.

    `must_be` where it was named for this run: then nothing takes its place.
    """

    model: str | None = None
    must_be: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """The model in use, or why there is none, while wishes and models are in this state."""

    state: object
    package: ModelPackage | None
    trouble: UserError | None = None


class ModelInUse:
    """Asked at every keystroke, from any thread: manifests are read only where they changed."""

    def __init__(
        self,
        store: ModelStore,
        wish: Callable[[], Wish],
        wish_state: Callable[[], object],
        count: Counting,
    ) -> None:
        """`wish_state` gives, cheaply, another value whenever `wish` may give another one."""
        self._store = store
        self._wish = wish
        self._wish_state = wish_state
        self._count = count
        self._found: _Found | None = None
        self._installed: tuple[object, Sequence[ModelPackage]] | None = None
        # What was found when it was run, by id, among models in this state.
        self._damage: tuple[object, Mapping[str, UserError]] = (None, {})
        self._leaving: Counter[str] = Counter()  # ids of models that are being removed
        self._changing = threading.Lock()

    def package(self) -> ModelPackage | None:
        """Give the model in use.

        It is the one wished for. Without a wish it is the only one that the person has installed,
        or else, where any came with the program, the one of all that has understood the most
        photos; None where there is neither. Where the one wished for is no good, it is the
        sound one that has understood the most photos; where there is none, this raises `UserError`
        MODEL_UNKNOWN or MODEL_DAMAGED, as it does for a wish that must be met.
        """
        found = self._look()
        if found.package is None and found.trouble is not None:
            raise UserError(found.trouble.code, **found.trouble.values)
        return found.package

    def trouble(self) -> UserError | None:
        """Give why the one wished for is not in use, though another one is; else None."""
        found = self._look()
        return found.trouble if found.package is not None else None

    def others(self) -> Sequence[ModelPackage]:
        """Give the installed models that may answer searches until the one in use can."""
        try:
            if self._wish().must_be:
                return ()
            state = self._store.state()
            if self._installed is None or self._installed[0] != state:
                self._installed = (state, self._store.installed())
        except UserError as error:
            _logger.info("other models cannot be looked for: %s", error)
            return ()
        no_good = {*self._damaged(state), *self._leaving}
        return [each for each in self._installed[1] if each.id not in no_good]

    @contextmanager
    def leaving(self, model: str) -> Iterator[None]:
        """Let the model of this id take no place within the block, in which it is removed."""
        with self._changing:
            self._leaving = self._leaving + Counter([model])
        try:
            yield
        finally:
            with self._changing:
                self._leaving = self._leaving - Counter([model])

    def note_damage(self, error: UserError) -> None:
        """Take note that a model is damaged, as found by running it (MODEL_DAMAGED).

        It holds until a model is installed, replaced or removed.
        """
        if error.code is not ErrorCode.MODEL_DAMAGED:
            return
        state = self._store.state()
        self._damage = (state, {**self._damaged(state), str(error.values["model"]): error})

    def _damaged(self, state: object) -> Mapping[str, UserError]:
        at, damage = self._damage
        return damage if at == state else {}

    def _look(self) -> _Found:
        models = self._store.state()
        damaged, leaving = self._damaged(models), frozenset(self._leaving)
        state = (self._wish_state(), models, tuple(damaged), leaving)
        found = self._found
        if found is None or found.state != state:
            found = self._found = self._find(state, damaged, leaving)
        return found

    def _find(
        self, state: object, damaged: Mapping[str, UserError], leaving: frozenset[str]
    ) -> _Found:
        no_good = leaving.union(damaged)
        try:
            wish = self._wish()
        except UserError as trouble:
            return _Found(state, None, trouble)
        try:
            if wish.model is not None:
                package = self._store.find(wish.model)
                if wish.must_be or package.id not in damaged:
                    return _Found(state, package)
                raise damaged[package.id]
        except UserError as trouble:
            instead = None if wish.must_be else self._instead(no_good)
            return _Found(state, instead, trouble)
        return _Found(state, self._unasked(no_good))

    def _unasked(self, no_good: frozenset[str]) -> ModelPackage | None:
        sound = [each for each in self._store.installed() if each.id not in no_good]
        own = [each for each in sound if not self._store.is_built_in(each)]
        if len(own) == 1:
            return own[0]
        return self._fullest(sound) if len(own) < len(sound) else None

    def _instead(self, no_good: frozenset[str]) -> ModelPackage | None:
        try:
            installed = self._store.installed()
        except UserError:
            return None
        return self._fullest([each for each in installed if each.id not in no_good])

    def _fullest(self, packages: Sequence[ModelPackage]) -> ModelPackage | None:
        """Give the one that has understood the most photos; of equals a built-in one."""
        if len(packages) < 2:
            return packages[0] if packages else None
        counts = self._count(packages)
        return max(
            packages,
            key=lambda each: (counts.get(each.fingerprint, 0), self._store.is_built_in(each)),
        )

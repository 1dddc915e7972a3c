"""What models understood that the person removes: counted, given up, and deleted in the end.

That it is to be deleted is remembered in the library before a model's files go, so that it
happens however the program ends in between: by the one that writes, as soon as it can.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from memoryhunter.domain.errors import UserError
from memoryhunter.engine.store import ModelStore
from memoryhunter.library.library import Library

_logger = logging.getLogger(__name__)


class RemovedModels:
    """Safe in any thread: it opens the library anew each time."""

    def __init__(self, database: Path, store: ModelStore) -> None:
        """`database` need not be there."""
        self._database = database
        self._store = store

    def understood(self, model: str) -> int:
        """Count the photos that would have to be understood anew; raises `UserError`."""
        if not self._database.exists():
            return 0
        with Library(self._database) as library:
            return library.models.understood(model)

    @contextmanager
    def giving_up(self, model: str) -> Iterator[None]:
        """Give up what the model of this id understood, if its files go within the block.

        Raises `UserError` of the library, and what the block raises; then everything is kept.
        """
        if not self._database.exists():
            yield
            return
        with Library(self._database) as library:
            with library.write():
                given_up = library.models.give_up(model)
            try:
                yield
            except BaseException:
                with library.write():
                    for fingerprint in given_up:
                        library.models.keep(fingerprint)
                raise

    def want(self, fingerprint: str) -> None:
        """Keep what a model understood that was given up, and that the person wants after all.

        Only the person takes it back: whoever still works with a model that is just being removed
        must not. Where the library cannot be written, it is kept as long as the model is installed.
        """
        if not self._database.exists():
            return
        try:
            with Library(self._database) as library:
                if fingerprint in library.models.given_up(()):
                    with library.write():
                        library.models.keep(fingerprint)
        except UserError as error:
            _logger.info("what %s understood is not wanted for certain: %s", fingerprint, error)

    def forget(self, library: Library, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Delete what was given up, and give the room back; say whether there was something.

        Not of a model that is installed, again or still. For the one that writes; raises
        `UserError`. What had vectors open through `library` must open them anew.
        """
        if not library.models.given_up(()):
            return False
        installed = {each.fingerprint for each in self._store.installed()}
        leaving = library.models.given_up(installed)
        for fingerprint in leaving:
            with library.write():
                library.models.forget(fingerprint)
            _logger.info("what the model %s understood is deleted", fingerprint)
        if leaving:
            library.shrink(stopped)
        return bool(leaving)

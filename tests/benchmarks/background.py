"""Photos being decoded and embedded without end, while something else is measured."""

import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from memoryhunter.engine.embedder import Embedder
from memoryhunter.evaluation.pictures import embed_pictures
from memoryhunter.media.workers import MediaPool

# Pictures embedded before the clock of a busy measurement begins.
_WARM = 16


class NotBusyError(Exception):
    """What was measured would have been measured on an idle machine."""


@contextmanager
def indexing(
    paths: Sequence[Path], media: MediaPool, embedder: Embedder, seconds: float = 120.0
) -> Iterator[None]:
    """Index in a thread while the block runs, which begins when that is under way.

    Raises NotBusyError, from whatever was raised in the thread, when it is not under way after
    `seconds` or has ended before the block has.
    """
    told, enough = threading.Event(), threading.Event()
    failures: list[Exception] = []

    def index() -> None:
        try:
            found = embed_pictures(itertools.cycle(paths), media, embedder)
            for count, each in enumerate(found, start=1):
                if each.failure is not None:
                    failures.append(each.failure)
                    return
                if count == _WARM:
                    told.set()
                if enough.is_set():
                    return
        except Exception as error:  # noqa: BLE001 raised again in the measuring thread
            failures.append(error)
        finally:
            told.set()

    lane = threading.Thread(target=index, name="indexing")

    def check() -> None:
        if not lane.is_alive() or failures:
            raise NotBusyError("indexing has ended") from next(iter(failures), None)

    lane.start()
    try:
        if not told.wait(seconds):
            raise NotBusyError(f"indexing is not under way after {seconds:g} s")
        check()
        yield
        check()
    finally:
        enough.set()
        lane.join()

"""One file from one source, attempt after attempt, each going on where the last one ended."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from memoryhunter.engine.catalogue import RemoteFile
from memoryhunter.engine.download.content import is_page, why_not
from memoryhunter.engine.download.pace import Pace
from memoryhunter.engine.download.partial import Partial
from memoryhunter.engine.download.patience import Patience
from memoryhunter.engine.download.records import Known, PartOf
from memoryhunter.engine.download.remote import Answer, Remote
from memoryhunter.engine.download.trouble import SourceError, TooSlowError, Trouble


@dataclass(frozen=True, slots=True)
class Fetching:
    """What the files of one download share. `most_bytes` is more than any file can have."""

    remote: Remote
    patience: Patience
    pace: Pace
    most_bytes: int


async def fetch(
    file: RemoteFile,
    known: Known,
    target: Path,
    fetching: Fetching,
    on_known: Callable[[Known], None],
    *,
    hurried: bool = False,
) -> None:
    """Bring `file` to `target`, continuing what is kept of it.

    `known` is what it must be. `on_known` is told the size when a server states it, and all that
    the file turned out to be before it gets its name. With `hurried` a source that is too slow is
    left (TooSlowError), whatever it might still bring. Raises SourceError when this source is to
    be given up, and OSError for the disk; either way what came stays, unless it is wrong.
    """
    partial = Partial(target)
    patience, pace = fetching.patience, fetching.pace
    began_at, furthest, fruitless = pace.received, partial.size, 0
    while True:
        try:
            await _Attempt(file, known, partial, fetching, on_known, hurried=hurried).run()
        except TooSlowError:
            raise
        except SourceError as error:
            partial.recount()
            # Only getting further than ever counts: a server that cannot continue and always
            # breaks off sends much, to no end.
            further = partial.size - furthest >= patience.enough_bytes
            fruitless = 1 if further else fruitless + 1
            furthest = max(furthest, partial.size)
            began = pace.received > began_at
            allowed = patience.attempts if began else patience.attempts_to_begin
            if error.trouble is Trouble.STALLED:
                allowed = min(allowed, patience.stalls)
            if error.lasting or fruitless >= allowed:
                raise
            pause = error.wait or patience.first_pause * 2 ** (fruitless - 1)
        else:
            return
        await asyncio.sleep(min(pause, patience.longest_pause))


class _Attempt:
    """One request, and what comes of it."""

    def __init__(
        self,
        file: RemoteFile,
        known: Known,
        partial: Partial,
        fetching: Fetching,
        on_known: Callable[[Known], None],
        *,
        hurried: bool,
    ) -> None:
        self._hurried = hurried
        self._file = file
        self._known = known
        self._partial = partial
        self._fetching = fetching
        self._on_known = on_known

    async def run(self) -> None:
        partial = self._partial
        headers = self._continuing()
        resumed = partial.size > 0
        part_of = partial.part_of
        if part_of is None or part_of.bytes is None or partial.size < part_of.bytes:
            async with self._fetching.remote.ask(self._file.url, headers) as answer:
                await self._take(answer)
        await self._finish(resumed=resumed)

    def _continuing(self) -> dict[str, str]:
        """Give the headers that ask for the rest of what is kept, if that can be trusted."""
        partial, part_of = self._partial, self._partial.part_of
        if part_of is None or partial.size == 0 or self._contradicts(part_of):
            self._drop()
            return {}
        from_byte = {"Range": f"bytes={partial.size}-"}
        if self._known.sha256 or part_of.sha256:
            return from_byte  # what comes of it is compared with the hash
        if part_of.url == self._file.url and part_of.validator:
            return from_byte | {"If-Range": part_of.validator}
        self._drop()
        return {}

    def _contradicts(self, part_of: PartOf) -> bool:
        """Whether what is kept belongs to another file than the one that is wanted."""
        sizes = {part_of.bytes, self._known.bytes} - {None}
        hashes = {part_of.sha256, self._known.sha256} - {None}
        too_much = part_of.bytes is not None and self._partial.size > part_of.bytes
        return len(sizes) > 1 or len(hashes) > 1 or too_much

    async def _take(self, answer: Answer) -> None:
        """Write what comes; SourceError where it is not, or not all of, what it should be."""
        if answer.status == 416:
            self._drop()
            raise SourceError(Trouble.REFUSED, "it does not have the part that is missing")
        self._compare(answer)
        first = await anext(answer.chunks, b"")
        if answer.status == 200:
            if is_page(first):  # looked at before it takes the place of what is kept
                raise SourceError(Trouble.WEB_PAGE, "it answers with a web page", lasting=True)
            self._drop()
            self._partial.begin(
                PartOf(self._file.url, answer.validator, answer.total, answer.sha256)
            )
        elif not self._fits(answer):
            self._drop()
            raise SourceError(Trouble.REFUSED, "it sends another part than the missing one")
        if answer.total is not None:
            self._on_known(Known(answer.total))
        most = answer.total or self._known.bytes or self._fetching.most_bytes
        since, received = time.monotonic(), self._fetching.pace.received
        with self._partial.open() as file:
            await self._append(file, first, most)
            async for chunk in answer.chunks:
                await self._append(file, chunk, most)
                now, patience = time.monotonic(), self._fetching.patience
                if now - since >= patience.slow_seconds:
                    self._check_pace(self._fetching.pace.received - received, now - since)
                    since, received = now, self._fetching.pace.received
        if answer.total is not None and self._partial.size < answer.total:
            raise SourceError(Trouble.DROPPED, "it ended before the end of the file")

    async def _append(self, file: FileIO, chunk: bytes, most: int) -> None:
        if self._partial.size + len(chunk) > most:
            raise SourceError(Trouble.WRONG_FILE, "it sends too much", lasting=True)
        await self._partial.append(file, chunk)
        self._fetching.pace.add(len(chunk))

    def _check_pace(self, count: int, seconds: float) -> None:
        if self._hurried and count < self._fetching.patience.slow_bytes:
            detail = f"it sent {count / 1000:.0f} KB in {seconds:.0f} s"
            raise TooSlowError(Trouble.STALLED, detail)

    def _compare(self, answer: Answer) -> None:
        """Refuse a file that is announced as another one than it must be."""
        known = self._known
        if known.bytes is None and (answer.total or 0) > self._fetching.most_bytes:
            detail = f"{self._file.name} has {answer.total} bytes there, which is too much"
            raise SourceError(Trouble.WRONG_FILE, detail, lasting=True)
        if None not in (known.bytes, answer.total) and known.bytes != answer.total:
            detail = f"{self._file.name} has {answer.total} bytes there, not {known.bytes}"
            raise SourceError(Trouble.WRONG_FILE, detail, lasting=True)
        if None not in (known.sha256, answer.sha256) and known.sha256 != answer.sha256:
            detail = f"{self._file.name} is another file there"
            raise SourceError(Trouble.WRONG_FILE, detail, lasting=True)

    def _fits(self, answer: Answer) -> bool:
        """Whether a part that is sent goes on where the kept one ends, of the same file."""
        part_of = self._partial.part_of
        if part_of is None or answer.offset != self._partial.size:
            return False
        if part_of.bytes is not None and answer.total != part_of.bytes:
            return False
        if None not in (part_of.sha256, answer.sha256) and part_of.sha256 != answer.sha256:
            return False
        if self._known.sha256 is not None or None not in (part_of.sha256, answer.sha256):
            return True
        # Without a hash of both, only the same server can know that it is the same file; some
        # pay no heed to If-Range, and some do not repeat a date.
        same_version = answer.validator in (None, part_of.validator)
        return part_of.url == self._file.url and same_version

    async def _finish(self, *, resumed: bool) -> None:
        partial, part_of = self._partial, self._partial.part_of
        wanted = self._known.sha256 or (part_of.sha256 if part_of else None)
        found = Known(partial.size, await partial.sha256(), certain=wanted is not None)
        if wanted not in (None, found.sha256) or self._known.bytes not in (None, found.bytes):
            self._drop()
            # A part that was kept may have been damaged here, so that gets another chance.
            detail = f"{self._file.name} is not what it should be"
            raise SourceError(Trouble.WRONG_FILE, detail, lasting=not resumed)
        if (reason := why_not(partial.path, self._file.name)) is not None:
            self._drop()
            raise SourceError(
                Trouble.WRONG_FILE, f"{self._file.name}: {reason}", lasting=not resumed
            )
        self._on_known(found)
        await partial.finish()

    def _drop(self) -> None:
        self._fetching.pace.done_bytes -= self._partial.size
        self._partial.discard()

"""One download under way, in an event loop: file after file, source after source."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer, RemoteFile
from memoryhunter.engine.disk import check_room
from memoryhunter.engine.download.fetch import Fetching, fetch
from memoryhunter.engine.download.pace import Pace
from memoryhunter.engine.download.partial import Partial
from memoryhunter.engine.download.patience import Patience
from memoryhunter.engine.download.records import Came, Known, load_came, save_came
from memoryhunter.engine.download.remote import Remote
from memoryhunter.engine.download.trouble import SourceError, TooSlowError, Trouble

_CHUNK = 1 << 20
# A file cannot be this much larger than what the catalogue says of all files together.
_MOST = 1.2
# Which trouble tells most about why no source delivered.
_TELLING = (
    Trouble.WRONG_FILE,
    Trouble.WEB_PAGE,
    Trouble.CERTIFICATE,
    Trouble.REFUSED,
    Trouble.BUSY,
    Trouble.STALLED,
    Trouble.DROPPED,
    Trouble.PROXY,
    Trouble.UNREACHABLE,
)


class Job:
    """One download under way."""

    def __init__(
        self, offer: Offer, target: Path, came_path: Path, patience: Patience, pace: Pace
    ) -> None:
        """Bring the files of `offer` to `target`; `came_path` records what they were."""
        self._offer = offer
        self._target = target
        self._came_path = came_path
        self._patience = patience
        self._pace = pace
        self._came = load_came(came_path)
        self._sizes: dict[str, int] = {}
        self._failed: dict[str, SourceError] = {}
        self._slow: set[str] = set()

    async def run(self, order: Sequence[str]) -> None:
        """Bring every file, from the first source of `order` that delivers it.

        Raises UserError NOT_ENOUGH_SPACE, NO_NETWORK, PROXY_FAILED, DOWNLOAD_DAMAGED or
        DOWNLOAD_FAILED, and OSError for the disk.
        """
        remaining = list(order)
        files = self._offer.sources[order[0]]
        self._pace.source = remaining[0]
        self._pace.done_bytes = sum(self._here(file.name) for file in files)
        self._count()
        self._check_room()
        remote = Remote(self._patience.connect_seconds, self._patience.stall_seconds)
        most = int(self._offer.download_megabytes * 1_000_000 * _MOST)
        fetching = Fetching(remote, self._patience, self._pace, most)
        try:
            for file in files:
                self._pace.file = file.name
                if not await self._is_here(file):
                    await self._bring(file.name, remaining, fetching)
        finally:
            await remote.aclose()
        self._pace.total_bytes = self._pace.done_bytes
        self._pace.tell()

    async def _bring(self, name: str, remaining: list[str], fetching: Fetching) -> None:
        """Get one file from the first of the `remaining` sources that can; drop those before.

        One that is too slow goes to the end instead, and is waited for when its turn comes again.
        """
        while remaining:
            source = self._pace.source = remaining[0]
            file = next(each for each in self._offer.sources[source] if each.name == name)
            try:
                await fetch(
                    file,
                    self._expected(file),
                    self._target / name,
                    fetching,
                    lambda known: self._learn(name, known),
                    hurried=len(remaining) > 1 and source not in self._slow,
                )
            except TooSlowError:
                self._slow.add(source)
                remaining.append(remaining.pop(0))
            except SourceError as error:
                self._failed[remaining.pop(0)] = error
            else:
                return
        raise _all_failed(self._offer.id, self._failed)

    def _learn(self, name: str, known: Known) -> None:
        size = known.bytes or 0
        self._count(name, size)
        if known.sha256 is None:
            self._check_room()  # it may be more than the catalogue says
        else:
            self._came[name] = Came(size, known.sha256, self._pace.source, known.certain)
            save_came(self._came_path, self._came)

    def _expected(self, file: RemoteFile) -> Known:
        """Give what a file must be: what the catalogue pins, else what it certainly was before."""
        if file.sha256 is not None:
            return Known(file.bytes, file.sha256, certain=True)
        came = self._came.get(file.name)
        if came is None or not came.certain or file.bytes not in (None, came.bytes):
            return Known(file.bytes)
        return Known(came.bytes, came.sha256, certain=True)

    def _check_room(self) -> None:
        """Raise NOT_ENOUGH_SPACE unless the rest of the download and the model fit the disk."""
        rest = max(self._pace.total_bytes - self._pace.done_bytes, 0)
        check_room(self._target, rest + self._offer.installed_megabytes * 1_000_000)

    def _here(self, name: str) -> int:
        """Count the bytes that are here of a file."""
        path = self._target / name
        return path.stat().st_size if path.is_file() else Partial(path).size

    async def _is_here(self, file: RemoteFile) -> bool:
        """Whether a file came whole before and still is what came; deletes it otherwise."""
        path, came = self._target / file.name, self._came.get(file.name)
        if not path.is_file():
            return False
        size = path.stat().st_size
        # Of what came whole the hash is recorded, certain or not; a pin may say otherwise.
        wanted = self._expected(file).sha256 or (came.sha256 if came else None)
        if wanted is not None and wanted == await _sha256(path):
            self._count(file.name, size)
            return True
        path.unlink()
        self._pace.done_bytes -= size
        return False

    def _count(self, name: str | None = None, size: int = 0) -> None:
        """Reckon how many bytes there are in all: the catalogue's figure until all are known."""
        if name is not None:
            self._sizes[name] = size
        files = next(iter(self._offer.sources.values()))
        announced = self._offer.download_megabytes * 1_000_000
        whole = len(self._sizes) == len(files)
        known = sum(self._sizes.values())
        self._pace.total_bytes = known if whole else max(known, announced)


def _all_failed(model: str, failed: Mapping[str, SourceError]) -> UserError:
    """Give the error for a file that no source delivered."""
    telling = min(failed.values(), key=lambda error: _TELLING.index(error.trouble))
    sources = ", ".join(failed)
    detail = "; ".join(f"{source}: {error.detail}" for source, error in failed.items())
    match telling.trouble:
        case Trouble.UNREACHABLE:
            return UserError(ErrorCode.NO_NETWORK, sources=sources, detail=detail)
        case Trouble.PROXY:
            return UserError(ErrorCode.PROXY_FAILED, proxy=telling.proxy or "", detail=detail)
        case Trouble.WRONG_FILE:
            return UserError(
                ErrorCode.DOWNLOAD_DAMAGED, model=model, sources=sources, detail=detail
            )
        case trouble:  # each of these has a sentence in both interfaces
            return UserError(
                ErrorCode.DOWNLOAD_FAILED,
                model=model,
                sources=sources,
                trouble=trouble.value,
                detail=detail,
            )


async def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            await asyncio.sleep(0)  # so that it can be cancelled
    return digest.hexdigest()

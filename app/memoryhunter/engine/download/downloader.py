"""Brings the files of a model to a folder of its own, from the first source that delivers them."""

import contextlib
import errno
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download.pace import Pace
from memoryhunter.engine.download.patience import Patience
from memoryhunter.engine.download.progress import DownloadCallback
from memoryhunter.engine.prepare.progress import CancelledCallback, PreparationCancelledError


class Downloader:
    """Downloads below `folder`: the files of a model in ID/, what they are known to be in ID.json.

    ID.json stays when the files have been installed and deleted, so that the same name can
    never stand for other content later; `forget` deletes it too.
    """

    def __init__(self, folder: Path, patience: Patience | None = None) -> None:
        """Touch nothing yet."""
        self._folder = folder
        self._patience = patience if patience is not None else Patience()

    def kept_bytes(self, model: str) -> int:
        """Count what is kept of this model's files; 0 where nothing is or can be read."""
        try:
            return sum(
                path.stat().st_size
                for path in (self._folder / model).iterdir()
                if not path.name.endswith((".json.new", ".part.json"))
            )
        except OSError:
            return 0

    @contextlib.contextmanager
    def only_one(self, model: str) -> Iterator[None]:
        """Be the only one, of all programs too, that downloads this model or deletes its files.

        Raises UserError DOWNLOAD_RUNNING, and HOME_UNUSABLE where the lock cannot be made.
        """
        path = self._folder / f"{model}.lock"
        lock = FileLock(path, timeout=0)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise UserError(ErrorCode.DOWNLOAD_RUNNING, model=model) from None
        except OSError as error:
            raise _stopped_by_disk(path, error) from error
        try:
            yield
        finally:
            lock.release()

    def download(
        self,
        offer: Offer,
        sources: Sequence[str] = (),
        on_progress: DownloadCallback | None = None,
        cancelled: CancelledCallback | None = None,
    ) -> Path:
        """Bring every file of `offer`, within `only_one`; give the folder they are in.

        `sources` are tried in this order, without any the catalogue's. Both callbacks come in
        this thread. Raises UserError SOURCE_UNKNOWN, NOT_ENOUGH_SPACE, DISK_FULL, NO_NETWORK,
        PROXY_FAILED, DOWNLOAD_DAMAGED, DOWNLOAD_FAILED or HOME_UNUSABLE, and
        PreparationCancelledError within a second after `cancelled` gives true. What came is
        kept, and continued by the next call, of whatever program.
        """
        # What speaks to the network is loaded when a person asks for that, and not before.
        from memoryhunter.engine.download.job import Job  # noqa: PLC0415
        from memoryhunter.engine.download.waiting import run_watched  # noqa: PLC0415

        order = _order(offer, sources)
        target = self._folder / offer.id
        pace = Pace(on_progress)

        def tick() -> None:
            if cancelled is not None and cancelled():
                raise PreparationCancelledError
            pace.tick()

        try:
            target.mkdir(parents=True, exist_ok=True)
            self._check_space(offer)
            job = Job(offer, target, self._known_path(offer.id), self._patience, pace)
            run_watched(job.run(order), tick)
        except OSError as error:
            raise _stopped_by_disk(target, error) from error
        return target

    def drop(self, model: str) -> None:
        """Delete the files, once they are installed."""
        shutil.rmtree(self._folder / model, ignore_errors=True)

    def forget(self, model: str) -> bool:
        """Delete everything that is kept of this model; say whether there was anything."""
        with self.only_one(model):
            there = (self._folder / model).exists() or self._known_path(model).exists()
            self.drop(model)
            self._known_path(model).unlink(missing_ok=True)
        return there

    def _known_path(self, model: str) -> Path:
        return self._folder / f"{model}.json"

    def _check_space(self, offer: Offer) -> None:
        """Raise NOT_ENOUGH_SPACE unless the rest of the download and the model fit the disk."""
        free = shutil.disk_usage(self._folder).free
        rest = max(offer.download_megabytes * 1_000_000 - self.kept_bytes(offer.id), 0)
        needed = rest + offer.installed_megabytes * 1_000_000
        if free < needed:
            raise UserError(
                ErrorCode.NOT_ENOUGH_SPACE,
                path=str(self._folder),
                needed=-(-needed // 1_000_000),
                free=free // 1_000_000,
            )


def _order(offer: Offer, wanted: Sequence[str]) -> list[str]:
    for source in wanted:
        if source not in offer.sources:
            known = ", ".join(offer.sources)
            raise UserError(ErrorCode.SOURCE_UNKNOWN, source=source, known=known)
    return list(dict.fromkeys(wanted)) or list(offer.sources)


def _stopped_by_disk(path: Path, error: OSError) -> UserError:
    detail = error.strerror or str(error)
    # EFBIG: more than the file system, or the person's quota, allows for one file.
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    code = ErrorCode.DISK_FULL if full else ErrorCode.HOME_UNUSABLE
    return UserError(code, path=str(path), detail=detail)

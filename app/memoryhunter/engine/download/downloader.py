"""Brings the files of a model to a folder of its own, from the first source that delivers them."""

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.disk import stopped_by_disk
from memoryhunter.engine.download.pace import Pace
from memoryhunter.engine.download.patience import Patience
from memoryhunter.engine.download.progress import DownloadCallback
from memoryhunter.engine.download.records import load_came, save_came
from memoryhunter.engine.prepare.progress import CancelledCallback, PreparationCancelledError


class Downloader:
    """Downloads below `folder`: the files of a model in ID/, what they were in ID.json.

    Whoever makes a model of the files says what came of it: `drop` when it was made, `distrust`
    when the files are no good. ID.json stays when the files have been installed and deleted, so
    that the same name can never stand for other content later; `forget` deletes it too.
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
            raise stopped_by_disk(path, error) from error
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
            job = Job(offer, target, self._came_path(offer.id), self._patience, pace)
            run_watched(job.run(order), tick)
        except OSError as error:
            raise stopped_by_disk(target, error) from error
        return target

    def drop(self, model: str) -> None:
        """Delete the files, once a model was made of them: what they were is certain from now on.

        What cannot be written or deleted does no harm to the model that was made, and stays.
        """
        path = self._came_path(model)
        if came := load_came(path):
            certain = {name: dataclasses.replace(each, certain=True) for name, each in came.items()}
            with contextlib.suppress(OSError):
                save_came(path, certain)
        shutil.rmtree(self._folder / model, ignore_errors=True)

    def distrust(self, model: str) -> list[str]:
        """Delete the files of which nobody but the server that sent them says that they are right.

        Those that the catalogue pins or whose hash a hub stated stay. Gives the names of the
        sources that sent the others, none where there are none. Call it within `only_one`, when
        no model can be made of the files. Raises UserError HOME_UNUSABLE or DISK_FULL.
        """
        folder, path = self._folder / model, self._came_path(model)
        came = load_came(path)
        doubtful = [name for name, each in came.items() if not each.certain]
        sources = dict.fromkeys(came.pop(name).source for name in doubtful)
        try:
            for name in doubtful:
                (folder / name).unlink(missing_ok=True)
            if doubtful:
                save_came(path, came)
            if not came:
                _delete(folder)
        except OSError as error:
            raise stopped_by_disk(folder, error) from error
        return list(sources)

    def forget(self, model: str) -> bool:
        """Delete everything that is kept of this model; say whether there was anything.

        Raises UserError DOWNLOAD_RUNNING, and HOME_UNUSABLE where something cannot be deleted.
        """
        folder, path = self._folder / model, self._came_path(model)
        if not (folder.exists() or path.exists()):
            return False  # and no lock is made for a name that may be anything
        with self.only_one(model):
            try:
                _delete(folder)
                path.unlink(missing_ok=True)
            except OSError as error:
                raise stopped_by_disk(folder, error) from error
        return True

    def _came_path(self, model: str) -> Path:
        return self._folder / f"{model}.json"


def _delete(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _order(offer: Offer, wanted: Sequence[str]) -> list[str]:
    for source in wanted:
        if source not in offer.sources:
            known = ", ".join(offer.sources)
            raise UserError(ErrorCode.SOURCE_UNKNOWN, source=source, known=known)
    return list(dict.fromkeys(wanted)) or list(offer.sources)

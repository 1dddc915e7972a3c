"""The library as the window lives with it: the indexing lane's news, a few times a second."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import FailedFile, Folder, FolderId, PhotoId
from memoryhunter.domain.progress import Phase, Progress
from memoryhunter.gui.jobs import Courier, Lane
from memoryhunter.gui.services import LibraryReader, OpenIndexing

NEWS_MS = 250


class LibraryController(QObject):
    """Folders, changes and progress for the widgets; their wishes for the indexing lane.

    Signals:
        folders_changed: the list of `Folder`.
        failed_counted: how many files of the library could not be read.
        photos_changed: a merged `LibraryChange`.
        progress_changed: a `Progress`.
        failures_read: the list of `FailedFile` asked for with `read_failures`.
        not_folders: how many dropped things were left alone because they are no folders.
        failed: a UserError to show.
    """

    folders_changed = Signal(list)
    failed_counted = Signal(int)
    photos_changed = Signal(object)
    progress_changed = Signal(object)
    failures_read = Signal(list)
    not_folders = Signal(int)
    failed = Signal(object)

    def __init__(
        self,
        open_indexing: OpenIndexing,
        check_folder: Callable[[Path], object],
        *,
        library: Lane[LibraryReader],
        disks: Lane[None],
        courier: Courier,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._check_folder = check_folder
        self._library = library
        self._disks = disks
        self._change = LibraryChange()
        self._progress: Progress | None = None
        self._news = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._news.timeout.connect(self._tell)
        self._indexing = open_indexing(
            on_progress=lambda progress: courier.post(partial(self._note_progress, progress)),
            on_change=lambda change: courier.post(partial(self._note_change, change)),
            on_error=lambda error: courier.post(partial(self.failed.emit, error)),
        )

    @property
    def paused(self) -> bool:
        """Whether indexing waits for the person."""
        return self._indexing.paused

    def start(self) -> None:
        """Show the folders and begin to keep them up to date."""
        self._indexing.start()
        self.read_folders()

    def stop(self) -> None:
        """Ask the indexing lane to end; unfinished work is found again."""
        self._news.stop()
        self._indexing.stop(0)

    def join(self, timeout: float) -> bool:
        """After `stop`, wait at most `timeout` seconds for the lane; say whether it has ended."""
        return self._indexing.stop(timeout)

    def add_folders(self, paths: Sequence[Path]) -> None:
        """Watch folders; they show up through `folders_changed`."""
        self._disks.submit(
            partial(_sort_out, self._check_folder, paths), self._add_sorted, self.failed.emit
        )

    def add_dropped(self, paths: Sequence[Path]) -> None:
        """Watch the folders among dropped things; disks are asked in a lane."""
        self._disks.submit(partial(_split_folders, paths), self._add_split, self.failed.emit)

    def remove_folder(self, folder: FolderId) -> None:
        """Forget a folder; its files are not touched."""
        self._indexing.remove_folder(folder)

    def rescan(self) -> None:
        """Look through every folder again."""
        self._indexing.rescan()

    def look_at(self, photos: Sequence[PhotoId]) -> None:
        """Let photos on the screen be understood before others."""
        self._indexing.look_at(photos)

    def set_paused(self, paused: bool) -> None:
        """Pause or go on."""
        if paused:
            self._indexing.pause()
        else:
            self._indexing.resume()

    def read_folders(self) -> None:
        """Fetch the folders, their counts, and how many files could not be read."""
        self._library.submit(_read_folders, self._take_folders, self.failed.emit, key="folders")

    def read_failures(self) -> None:
        """Fetch the files that could not be read."""
        self._library.submit(_read_failures, self.failures_read.emit, self.failed.emit)

    def _take_folders(self, read: tuple[list[Folder], int]) -> None:
        folders, failed = read
        self.folders_changed.emit(folders)
        self.failed_counted.emit(failed)

    def _add_split(self, split: tuple[list[Path], int]) -> None:
        folders, others = split
        self.add_folders(folders)
        if others:
            self.not_folders.emit(others)

    def _add_sorted(self, sorted_out: tuple[list[Path], list[UserError]]) -> None:
        good, errors = sorted_out
        if good:
            self._indexing.add_folders(good)
        for error in errors:
            self.failed.emit(error)

    def _note_change(self, change: LibraryChange) -> None:
        self._change = self._change.merged(change)
        self._start_news()

    def _note_progress(self, progress: Progress) -> None:
        self._progress = progress
        self._start_news()

    def _start_news(self) -> None:
        if not self._news.isActive():
            self._news.start()

    def _tell(self) -> None:
        change, self._change = self._change, LibraryChange()
        progress, self._progress = self._progress, None
        if progress is not None:
            self.progress_changed.emit(progress)
        if change:
            self.photos_changed.emit(change)
        if change or (progress is not None and progress.phase is Phase.IDLE):
            self.read_folders()


def _read_folders(library: LibraryReader) -> tuple[list[Folder], int]:
    return library.folders.all(), library.photos.failed_count()


def _read_failures(library: LibraryReader) -> list[FailedFile]:
    return library.photos.failures()


def _sort_out(
    check: Callable[[Path], object], paths: Sequence[Path], _resource: None
) -> tuple[list[Path], list[UserError]]:
    good, errors = [], []
    for path in paths:
        try:
            check(path)
        except UserError as error:
            errors.append(error)
        else:
            good.append(path)
    return good, errors


def _split_folders(paths: Sequence[Path], _resource: None) -> tuple[list[Path], int]:
    folders = [path for path in paths if path.is_dir()]
    return folders, len(paths) - len(folders)

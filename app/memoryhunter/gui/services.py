"""What the window asks of the layers below it, and how their lanes are opened.

The protocols name only what the window uses; `application` makes a `Services` from the
workspace, and tests make one from fakes.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from memoryhunter.config.settings import Settings
from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import FailedFile, Folder, FolderId, Photo, PhotoId
from memoryhunter.domain.progress import Progress
from memoryhunter.domain.query import Filter, Hit, SearchQuery
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.prepare.progress import PrepareProgress
from memoryhunter.model_shelf import ModelEntry, WantedModel


class PhotoReader(Protocol):
    """The photos of the library, read in the library lane."""

    def browse_ids(self, filters: Sequence[Filter] = ()) -> list[PhotoId]:
        """Give the photos shown, the newest first."""
        ...

    def get_many(self, ids: Sequence[PhotoId]) -> dict[PhotoId, Photo]:
        """Give those of `ids` that exist."""
        ...

    def failures(self) -> list[FailedFile]:
        """Give the files that could not be read."""
        ...

    def failed_count(self) -> int:
        """Count them."""
        ...


class FolderReader(Protocol):
    """The watched folders, read in the library lane."""

    def all(self) -> list[Folder]:
        """Give every folder."""
        ...


class LibraryReader(Protocol):
    """A library connection for one lane."""

    @property
    def photos(self) -> PhotoReader:
        """Its photos."""
        ...

    @property
    def folders(self) -> FolderReader:
        """Its folders."""
        ...


class Searcher(Protocol):
    """Answers queries; lives in the search lane."""

    def search(self, query: SearchQuery) -> list[Hit]:
        """Give the hits, best first."""
        ...

    def warm_up(self) -> None:
        """Load what the first query would wait for."""
        ...


class Indexing(Protocol):
    """The lane that writes; every method returns at once, except `stop`."""

    @property
    def paused(self) -> bool:
        """Whether it waits for `resume`."""
        ...

    def start(self) -> None:
        """Begin to work."""
        ...

    def add_folders(self, paths: Sequence[Path]) -> None:
        """Watch these folders too."""
        ...

    def remove_folder(self, folder_id: FolderId, /) -> None:
        """Forget a folder and its photos; the files stay."""
        ...

    def rescan(self) -> None:
        """Look through every folder again."""
        ...

    def look_at(self, photos: Sequence[PhotoId], /) -> None:
        """Understand these photos first, which are on the screen now."""
        ...

    def pause(self) -> None:
        """Wait after the batch at hand."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...

    def stop(self, timeout: float | None = None) -> bool:
        """End the work; false if it still runs after `timeout` seconds."""
        ...


class OpenIndexing(Protocol):
    """Makes the indexing lane; the callbacks come from other threads."""

    def __call__(
        self,
        *,
        on_progress: Callable[[Progress], None],
        on_change: Callable[[LibraryChange], None],
        on_error: Callable[[UserError], None],
    ) -> Indexing:
        """Make it; `start` begins the work."""
        ...


class Models(Protocol):
    """The models on offer and installed; every method may take long, and raises `UserError`."""

    def entries(self) -> list[ModelEntry]:
        """Give those that came with the program, those on offer, and other installed ones."""
        ...

    def install(
        self,
        wanted: WantedModel,
        on_progress: Callable[[DownloadProgress | PrepareProgress], None],
        cancelled: Callable[[], bool],
        /,
    ) -> bool:
        """Install it, and search with it unless another is in use; say whether it is used.

        Raises `PreparationCancelledError` after `cancelled` gave true; what was downloaded so
        far is kept for the next attempt.
        """
        ...

    def trouble(self) -> UserError | None:
        """Give why the chosen model is not in use though another one is; else None."""
        ...

    def use(self, model: str, /) -> None:
        """Search with the installed model of this id from now on."""
        ...

    def verify(self, model: str, /) -> None:
        """Compare the files of an installed model with what was installed."""
        ...

    def remove(self, model: str, /) -> None:
        """Delete an installed model, what it understood, and what was kept of its download."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything below the window, as the window knows it."""

    open_library: Callable[[], AbstractContextManager[LibraryReader]]
    open_search: Callable[[], AbstractContextManager[Searcher]]
    open_indexing: OpenIndexing
    thumbnail_path: Callable[[str], Path]
    settings: Settings
    save_settings: Callable[[Callable[[Settings], Settings]], None]  # changes those of now
    check_folder: Callable[[Path], object]  # raises UserError for a folder that cannot be added
    models: Models
    # Gives the UserError for a damaged library or a full disk, None for a bug.
    polite: Callable[[Exception], UserError | None] = lambda _error: None

"""Stand-ins for the layers below the window: everything in memory, answers held back on wish."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from memoryhunter.config.settings import Settings
from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import (
    CaptureSource,
    FailedFile,
    FileStamp,
    Folder,
    FolderId,
    Photo,
    PhotoFacts,
    PhotoId,
    PixelSpec,
)
from memoryhunter.domain.progress import Progress
from memoryhunter.domain.query import Filter, Hit, SearchQuery
from memoryhunter.engine.catalogue import Offer, Recall
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.packages import ModelPackage, PackageFile
from memoryhunter.engine.prepare.progress import PreparationCancelledError, PrepareProgress
from memoryhunter.gui.services import LibraryReader, Searcher, Services
from memoryhunter.library.filters import InFolder
from memoryhunter.model_shelf import ModelEntry, WantedModel

Cancelled = Callable[[], bool]


def photo(number: int, folder: FolderId = 1, *, online: bool = True) -> Photo:
    """Make up a read photo whose content is its number."""
    facts = PhotoFacts(
        format="JPEG",
        width=400,
        height=300,
        orientation=1,
        captured_at=f"2023-06-{number % 28 + 1:02}T08:15:00",
        capture_source=CaptureSource.EXIF,
    )
    path = Path(f"/photos/{folder}/photo-{number}.jpg")
    return Photo(number, folder, path, FileStamp(1, 1), f"{number:032x}", facts, online)


@dataclass
class FakePhotos:
    """The photos of a fake library, the newest (highest id) first."""

    shelf: dict[PhotoId, Photo] = field(default_factory=dict)
    failed: list[FailedFile] = field(default_factory=list)
    asked: int = 0

    def browse_ids(self, filters: Sequence[Filter] = ()) -> list[PhotoId]:
        shown = (p for p in self.shelf.values() if all(each.matches(p) for each in filters))
        return sorted((p.id for p in shown), reverse=True)

    def get_many(self, ids: Sequence[PhotoId]) -> dict[PhotoId, Photo]:
        self.asked += len(ids)
        return {number: self.shelf[number] for number in ids if number in self.shelf}

    def failures(self) -> list[FailedFile]:
        return list(self.failed)

    def failed_count(self) -> int:
        return len(self.failed)


@dataclass
class FakeFolders:
    """The folders of a fake library, counting its photos."""

    photos: FakePhotos
    paths: dict[FolderId, Path] = field(default_factory=dict)
    offline: set[FolderId] = field(default_factory=set)

    def all(self) -> list[Folder]:
        return [
            Folder(
                number,
                path,
                number not in self.offline,
                len(self.photos.browse_ids([InFolder(number)])),
            )
            for number, path in self.paths.items()
        ]


class FakeLibrary:
    """A library in memory, shared by all lanes."""

    def __init__(self) -> None:
        self.photos = FakePhotos()
        self.folders = FakeFolders(self.photos)
        self.open = 0

    def add_folder(self, path: Path, numbers: Sequence[int] = ()) -> FolderId:
        number = len(self.folders.paths) + 1
        self.folders.paths[number] = path
        for item in numbers:
            self.photos.shelf[item] = photo(item, number)
        return number


class FakeSearch:
    """Answers from a table; a text in `held` is answered when its event is set."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Hit]] = {}
        self.similar: list[Hit] = []
        self.held: dict[str, threading.Event] = {}
        self.error: UserError | None = None
        self.asked: list[SearchQuery] = []
        self.warmed = 0

    def search(self, query: SearchQuery) -> list[Hit]:
        self.asked.append(query)
        if query.text in self.held:
            assert self.held[query.text].wait(10)
        if self.error is not None:
            raise self.error
        if query.similar_to is not None:
            return self.similar
        return self.answers.get(query.text, [])

    def warm_up(self) -> None:
        self.warmed += 1


class FakeIndexing:
    """Remembers what was asked of it; tests play its callbacks."""

    def __init__(
        self,
        library: FakeLibrary,
        on_progress: Callable[[Progress], None],
        on_change: Callable[[LibraryChange], None],
        on_error: Callable[[UserError], None],
    ) -> None:
        self.library = library
        self.on_progress = on_progress
        self.on_change = on_change
        self.on_error = on_error
        self.paused = False
        self.started = False
        self.stopped = False
        self.rescans = 0
        self.on_screen: list[list[PhotoId]] = []

    def start(self) -> None:
        self.started = True

    def add_folders(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self.library.add_folder(path)
        self.on_change(LibraryChange(folders=True))

    def remove_folder(self, folder_id: FolderId, /) -> None:
        gone = self.library.photos.browse_ids([InFolder(folder_id)])
        del self.library.folders.paths[folder_id]
        for number in gone:
            del self.library.photos.shelf[number]
        self.on_change(LibraryChange(removed=frozenset(gone), folders=True))

    def rescan(self) -> None:
        self.rescans += 1

    def look_at(self, photos: Sequence[PhotoId], /) -> None:
        self.on_screen.append(list(photos))

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def stop(self, timeout: float | None = None) -> bool:
        self.stopped = True
        return True

    def add_photos(self, folder: FolderId, numbers: Sequence[int]) -> None:
        """Play that photos were found, from another thread as the real lane does."""
        for number in numbers:
            self.library.photos.shelf[number] = photo(number, folder)
        change = LibraryChange(added=frozenset(numbers))
        self.tell(lambda: self.on_change(change))

    def tell(self, call: Callable[[], None]) -> None:
        """Call back from another thread."""
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()


def offer(model: str, megabytes: int = 753, *, r1: float = 62.7) -> Offer:
    """Make up a model of the catalogue with three sources and no files."""
    return Offer(
        id=model,
        name=f"Chinese-CLIP {model.upper()}",
        dimension=512,
        image_size=224,
        download_megabytes=megabytes,
        installed_megabytes=megabytes - 133,
        memory_megabytes=megabytes // 2,
        licence="MIT",
        quality={
            "MUGE": Recall(52.1, 76.7, 84.4),
            "Flickr30K-CN": Recall(r1, 86.9, 92.8),
        },
        suits={"en": "Quick on any computer.", "zh": "任何电脑上都很快。"},
        sources={"hf": (), "hf-mirror": (), "modelscope": ()},
    )


def package(model: str, megabytes: int = 620) -> ModelPackage:
    """Make up an installed model."""
    return ModelPackage(
        folder=Path("/models") / model,
        id=model,
        name=f"Chinese-CLIP {model.upper()}",
        dimension=512,
        pixels=PixelSpec(224),
        mean=(0.5, 0.5, 0.5),
        std=(0.25, 0.25, 0.25),
        max_tokens=52,
        precision="int8",
        licence="MIT",
        source="",
        files={"image.onnx": PackageFile("0" * 64, megabytes * 1_000_000)},
        agreement={},
    )


def on_offer(model: str, megabytes: int = 753, *, r1: float = 62.7, kept: int = 0) -> ModelEntry:
    """Make up a model that is not installed."""
    offered = offer(model, megabytes, r1=r1)
    return ModelEntry(model, offered.name, 512, "MIT", offered, kept_bytes=kept)


class FakeModels:
    """Models in memory; an installation ends when `go_on` is set, and says `told` on the way.

    `errors` are raised by the method of their name; `threads` are those that called.
    """

    def __init__(self) -> None:
        self.shelf: dict[str, ModelEntry] = {
            entry.id: entry for entry in (on_offer("vit-b-16"), on_offer("vit-l-14", 1630, r1=68.0))
        }
        self.in_trouble: UserError | None = None
        self.imported = "my-own"  # the id of what is in any folder
        self.told: list[DownloadProgress | PrepareProgress] = []
        self.go_on = threading.Event()
        self.errors: dict[str, Exception] = {}
        self.asked: list[tuple[str, str]] = []
        self.wanted: list[WantedModel] = []
        self.threads: list[threading.Thread] = []

    def entries(self) -> list[ModelEntry]:
        self._note("entries", "")
        return list(self.shelf.values())

    def install(
        self,
        wanted: WantedModel,
        on_progress: Callable[[DownloadProgress | PrepareProgress], None],
        cancelled: Cancelled,
        /,
    ) -> bool:
        self.wanted.append(wanted)
        self.threads.append(threading.current_thread())
        for progress in self.told:
            on_progress(progress)
        while not self.go_on.wait(0.01):
            if cancelled():
                if wanted.model is not None:
                    self._change(wanted.model, kept_bytes=312_000_000)
                raise PreparationCancelledError
        if "install" in self.errors:
            raise self.errors["install"]
        model = wanted.model or self.imported
        in_use = not any(entry.in_use for entry in self.shelf.values())
        new = ModelEntry(model, "My own", 512, "MIT")
        entry = self.shelf.get(model, new)
        self.shelf[model] = replace(entry, package=package(model), in_use=in_use, problem=None)
        return in_use

    def trouble(self) -> UserError | None:
        return self.in_trouble

    def use(self, model: str, /) -> None:
        self._note("use", model)
        for each in list(self.shelf):
            self._change(each, in_use=each == model)

    def verify(self, model: str, /) -> None:
        self._note("verify", model)

    def remove(self, model: str, /) -> None:
        self._note("remove", model)
        self._change(model, package=None, in_use=False, kept_bytes=0)

    def install_at_once(self, model: str, *, in_use: bool = False) -> None:
        """Have it there already."""
        self._change(model, package=package(model), in_use=in_use)

    def _change(self, model: str, **changes: Any) -> None:
        self.shelf[model] = replace(self.shelf[model], **changes)

    def _note(self, name: str, model: str) -> None:
        self.asked.append((name, model))
        self.threads.append(threading.current_thread())
        if name in self.errors:
            raise self.errors[name]


class FakeWorld:
    """Everything below the window."""

    def __init__(self, thumbnails: Path) -> None:
        self.library = FakeLibrary()
        self.search = FakeSearch()
        self.models = FakeModels()
        self.thumbnails = thumbnails
        self.settings = Settings()
        self.library_error: UserError | None = None
        self.bad_folders: dict[Path, UserError] = {}

    @property
    def indexing(self) -> FakeIndexing:
        assert self._indexing is not None
        return self._indexing

    def thumbnail_path(self, content: str) -> Path:
        return self.thumbnails / f"{content}.png"

    def services(self) -> Services:
        @contextmanager
        def open_library() -> Iterator[LibraryReader]:
            if self.library_error is not None:
                raise self.library_error
            self.library.open += 1
            yield self.library
            self.library.open -= 1

        @contextmanager
        def open_search() -> Iterator[Searcher]:
            yield self.search

        return Services(
            open_library=open_library,
            open_search=open_search,
            open_indexing=self._open_indexing,
            thumbnail_path=self.thumbnail_path,
            settings=self.settings,
            save_settings=self._save,
            check_folder=self._check,
            models=self.models,
        )

    def _open_indexing(
        self,
        *,
        on_progress: Callable[[Progress], None],
        on_change: Callable[[LibraryChange], None],
        on_error: Callable[[UserError], None],
    ) -> FakeIndexing:
        self._indexing = FakeIndexing(self.library, on_progress, on_change, on_error)
        return self._indexing

    def _check(self, path: Path) -> None:
        if path in self.bad_folders:
            raise self.bad_folders[path]

    def _save(self, change: Callable[[Settings], Settings]) -> None:
        self.settings = change(self.settings)

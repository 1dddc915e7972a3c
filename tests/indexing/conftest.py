"""A folder of small photos, a library, and an indexer over both with real workers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.photo import PhotoId
from memoryhunter.domain.progress import Progress
from memoryhunter.indexing.control import Control
from memoryhunter.indexing.indexer import Indexer, IndexerParts
from memoryhunter.indexing.on_screen import OnScreen
from memoryhunter.indexing.report import IndexSummary
from memoryhunter.indexing.survey import Scope
from memoryhunter.library.library import Library
from memoryhunter.media.workers import MediaPool
from tests.builders import add_folder
from tests.fakes import COLOURS, ColourEmbedder


@pytest.fixture(scope="module")
def media() -> Iterator[MediaPool]:
    """Give workers that have started, so that they do not count as left by the first test."""
    with MediaPool(workers=2) as pool:
        for future in [pool.fingerprint(Path(__file__)) for _ in range(8)]:
            future.result()
        yield pool


class Bench:
    """What the tests of the indexer need, put together."""

    def __init__(self, home: Path, media: MediaPool) -> None:
        self.root = home / "photos"
        self.root.mkdir()
        self.thumbnails = home / "thumbnails"
        self.library = Library(home / "library.db")
        self.embedder = ColourEmbedder()
        self.media = media
        self.changes: list[LibraryChange] = []
        self.progress: list[Progress] = []
        self.folder = add_folder(self.library, self.root)
        self.on_screen = OnScreen()
        self._shade = 0

    def photo(self, relative: str, colour: str = "red") -> Path:
        """Write a photo unlike any other."""
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        self._shade += 1
        red, green, blue = COLOURS[colour]
        image = Image.new("RGB", (40, 30), (red, green, blue))
        image.putpixel((self._shade % 40, self._shade // 40), (9, 9, 9))
        image.save(path, "PNG")
        return path

    def indexer(
        self, control: Control | None = None, on_progress: Callable[[Progress], None] | None = None
    ) -> Indexer:
        parts = IndexerParts(
            self.library,
            self.media,
            self.embedder,
            self.thumbnails,
            frozenset({self.thumbnails}),
            on_screen=self.on_screen,
        )
        return Indexer(
            parts,
            control=control,
            on_progress=on_progress or self.progress.append,
            on_change=self.changes.append,
        )

    def index(self) -> IndexSummary:
        return self.indexer().run([Scope(each) for each in self.library.folders.paths()])

    def names(self) -> list[str]:
        photos = self.library.photos.get_many(self.library.photos.browse_ids())
        return sorted(photo.path.name for photo in photos.values())

    def counts(self, summary: IndexSummary) -> tuple[int, int, int, int, int]:
        return (
            len(summary.added),
            len(summary.updated),
            len(summary.moved),
            len(summary.removed),
            summary.embedded,
        )

    def order(self, library: Library) -> list[PhotoId]:
        """Give the photos in the order in which the embedder's model understood them."""
        rows = library._db.execute(
            "SELECT photo_id FROM embedded JOIN models ON models.id = model_id"
            " WHERE fingerprint = ? ORDER BY embedded.sequence",
            (self.embedder.package.fingerprint,),
        )
        return [photo_id for (photo_id,) in rows]

    @property
    def vectors(self) -> int:
        package = self.embedder.package
        found = self.library.find_vectors(package.fingerprint)
        return found.count() if found is not None else 0


@pytest.fixture
def bench(tmp_path: Path, media: MediaPool) -> Iterator[Bench]:
    made = Bench(tmp_path, media)
    yield made
    made.library.close()


def age(path: Path, seconds: int = 1) -> None:
    """Make a file look as if it had been written some seconds later than it was."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + seconds * 1_000_000_000))

"""The photos of the library, for those who show and search them.

A photo is *shown* when its file was there at the last look and could be read.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw

from memoryhunter.domain.photo import (
    CaptureSource,
    FailedFile,
    FileStamp,
    Photo,
    PhotoFacts,
    PhotoId,
)
from memoryhunter.domain.query import Filter
from memoryhunter.library.filters import all_of
from memoryhunter.library.names import from_column, to_column

SHOWN = "photos.missing_since IS NULL AND photos.failure IS NULL"

FACTS_COLUMNS = (
    "format, width, height, orientation, captured_at, capture_source, camera, latitude, longitude"
)
# A photo counts as not understood while no model has a vector of its present content.
_FAILURES = (
    "SELECT folder_id, relative_path, failure AS reason, failure_detail AS detail FROM photos"
    " WHERE failure IS NOT NULL AND missing_since IS NULL"
    " UNION ALL SELECT folder_id, relative_path, max(embedded.failure), NULL FROM embedded"
    f" JOIN photos ON photos.id = photo_id WHERE {SHOWN}"
    " AND embedded.failure IS NOT NULL AND embedded.content_hash = photos.content_hash"
    " AND NOT EXISTS (SELECT 1 FROM embedded AS other WHERE other.photo_id = photos.id"
    " AND other.content_hash = photos.content_hash AND other.failure IS NULL)"
    " GROUP BY photos.id"
)
# SQLite takes 32,766 placeholders at most; this stays well below.
_MANY = 5_000


class Photos:
    """The table `photos`, through one connection."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Use a connection that stays the caller's."""
        self._db = connection

    def count(self) -> int:
        """Count the photos shown."""
        return int(self._db.execute(f"SELECT count(*) FROM photos WHERE {SHOWN}").get)

    def failed_count(self) -> int:
        """Count the files listed by `failures`."""
        return int(self._db.execute(f"SELECT count(*) FROM ({_FAILURES})").get)

    def browse_ids(self, filters: Sequence[Filter] = ()) -> list[PhotoId]:
        """List the photos shown, newest capture date first."""
        clause, values = all_of(filters)
        return [
            photo_id
            for (photo_id,) in self._db.execute(
                f"SELECT id FROM photos WHERE {SHOWN} AND {clause}"
                " ORDER BY captured_at DESC, id DESC",
                values,
            )
        ]

    def get(self, photo_id: PhotoId) -> Photo | None:
        """Look one photo up, shown or not."""
        return self.get_many([photo_id]).get(photo_id)

    def get_many(self, ids: Sequence[PhotoId]) -> dict[PhotoId, Photo]:
        """Look photos up by id; ids that are not there are left out."""
        found: dict[PhotoId, Photo] = {}
        for start in range(0, len(ids), _MANY):
            block = tuple(ids[start : start + _MANY])
            marks = ",".join("?" * len(block))
            for row in self._db.execute(
                f"SELECT photos.id, folder_id, folders.path, folders.online, relative_path, size,"
                f" mtime_ns, content_hash, {FACTS_COLUMNS}"
                f" FROM photos JOIN folders ON folders.id = folder_id WHERE photos.id IN ({marks})",
                block,
            ):
                found[row[0]] = _photo(row)
        return found

    def find(self, path: Path) -> Photo | None:
        """Look up the photo kept at exactly this path."""
        for folder_id, folder_path in self._db.execute("SELECT id, path FROM folders"):
            root = Path(from_column(folder_path))
            if path.is_relative_to(root):
                relative = path.relative_to(root).as_posix()
                row = self._db.execute(
                    "SELECT id FROM photos WHERE folder_id = ? AND relative_path = ?",
                    (folder_id, to_column(relative)),
                ).fetchone()
                if row is not None:
                    return self.get(row[0])
        return None

    def failures(self) -> list[FailedFile]:
        """List, by path, the files that are there and cannot be read, or not be understood."""
        rows = self._db.execute(
            f"SELECT folders.path, relative_path, reason, detail FROM ({_FAILURES})"
            " JOIN folders ON folders.id = folder_id ORDER BY folders.path, relative_path"
        )
        return [
            FailedFile(Path(from_column(root)) / from_column(relative), reason, detail or "")
            for root, relative, reason, detail in rows
        ]

    def missing_with_content(self, content_hash: str) -> Photo | None:
        """Give a photo of this content whose file is gone, the one known longest."""
        row: Any = self._db.execute(
            "SELECT id FROM photos WHERE content_hash = ? AND missing_since IS NOT NULL"
            " ORDER BY id LIMIT 1",
            (content_hash,),
        ).fetchone()
        return None if row is None else self.get(row[0])

    def ids_with_content(self, content_hash: str, limit: int = -1) -> list[PhotoId]:
        """List photos of this content, shown or not, the one known longest first."""
        return [
            photo_id
            for (photo_id,) in self._db.execute(
                "SELECT id FROM photos WHERE content_hash = ? ORDER BY id LIMIT ?",
                (content_hash, limit),
            )
        ]


def _photo(row: tuple[Any, ...]) -> Photo:
    photo_id, folder_id, root, online, relative, size, mtime_ns, content_hash, *facts = row
    return Photo(
        id=photo_id,
        folder_id=folder_id,
        path=Path(from_column(root)) / from_column(relative),
        stamp=FileStamp(size, mtime_ns),
        content_hash=content_hash,
        facts=_facts(facts) if facts[0] is not None else None,
        online=bool(online),
    )


def _facts(columns: Sequence[Any]) -> PhotoFacts:
    name, width, height, orientation, captured_at, source, camera, latitude, longitude = columns
    return PhotoFacts(
        format=name,
        width=width,
        height=height,
        orientation=orientation,
        captured_at=captured_at,
        capture_source=CaptureSource(source),
        camera=camera,
        latitude=latitude,
        longitude=longitude,
    )

"""The files behind the photos, for the indexer: what is known of each, and what reading it told.

Writing methods expect to be called inside `Library.write()`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apsw

from memoryhunter.domain.failures import FailureReason
from memoryhunter.domain.photo import FileStamp, FolderId, PhotoFacts, PhotoId
from memoryhunter.library.names import from_column, to_column
from memoryhunter.library.photos import FACTS_COLUMNS, SHOWN
from memoryhunter.library.vectors import delete_vectors


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What a scan compares a file with."""

    photo_id: PhotoId
    stamp: FileStamp
    missing: bool
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class FileAt:
    """What is known of the file at one place; `shown` is false while it is missing or failed."""

    photo_id: PhotoId
    content_hash: str | None
    shown: bool


class Files:
    """The table `photos` as the indexer sees it, through one connection."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Use a connection that stays the caller's."""
        self._db = connection

    # What a scan asks

    def known(self, folder_id: FolderId, below: str = "") -> Iterator[tuple[str, KnownFile]]:
        """Give the relative path and state of every file known under the sub-folder `below`."""
        condition = "folder_id = ?"
        values: list[Any] = [folder_id]
        if below:
            # "0" follows "/" in Unicode, so this is the range of all names that begin with below/.
            condition += (
                " AND (typeof(relative_path) = 'blob'"
                " OR (relative_path > ? || '/' AND relative_path < ? || '0'))"
            )
            values += [to_column(below), to_column(below)]
        prefix = f"{below}/" if below else ""
        for photo_id, column, size, mtime_ns, missing, failure in self._db.execute(
            "SELECT id, relative_path, size, mtime_ns, missing_since IS NOT NULL, failure"
            f" FROM photos WHERE {condition}",
            tuple(values),
        ):
            relative = from_column(column)
            if relative.startswith(prefix):
                stamp = FileStamp(size, mtime_ns)
                yield relative, KnownFile(photo_id, stamp, bool(missing), failure)

    def at(self, folder_id: FolderId, relative: str) -> FileAt | None:
        """Give what is known of the file at this place."""
        row: Any = self._db.execute(
            f"SELECT id, content_hash, {SHOWN} FROM photos"
            " WHERE folder_id = ? AND relative_path = ?",
            (folder_id, to_column(relative)),
        ).fetchone()
        return None if row is None else FileAt(row[0], row[1], bool(row[2]))

    def count(self, folder_id: FolderId) -> int:
        """Count the files known in a folder."""
        return int(
            self._db.execute("SELECT count(*) FROM photos WHERE folder_id = ?", (folder_id,)).get
        )

    def contents(self) -> set[str]:
        """Give the content hashes of all files known."""
        rows = self._db.execute(
            "SELECT DISTINCT content_hash FROM photos WHERE content_hash NOT NULL"
        )
        return {str(content_hash) for (content_hash,) in rows}

    def missing_sizes(self) -> set[int]:
        """Give the sizes in bytes of files that are gone: what a moved file may turn out to be."""
        return {
            size
            for (size,) in self._db.execute(
                "SELECT DISTINCT size FROM photos"
                " WHERE missing_since IS NOT NULL AND content_hash IS NOT NULL"
            )
        }

    # What a scan writes

    def put(
        self,
        folder_id: FolderId,
        relative: str,
        stamp: FileStamp,
        content_hash: str,
        facts: PhotoFacts,
    ) -> PhotoId:
        """Store what reading a file told, under its place; give the photo's id, new or kept."""
        photo_id = self._db.execute(
            "INSERT INTO photos (folder_id, relative_path, size, mtime_ns, content_hash,"
            f" {FACTS_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (folder_id, relative_path) DO UPDATE SET size = excluded.size,"
            " mtime_ns = excluded.mtime_ns, content_hash = excluded.content_hash,"
            " format = excluded.format, width = excluded.width, height = excluded.height,"
            " orientation = excluded.orientation, captured_at = excluded.captured_at,"
            " capture_source = excluded.capture_source, camera = excluded.camera,"
            " latitude = excluded.latitude, longitude = excluded.longitude,"
            " failure = NULL, failure_detail = NULL, missing_since = NULL RETURNING id",
            (
                folder_id,
                to_column(relative),
                stamp.size,
                stamp.mtime_ns,
                content_hash,
                facts.format,
                facts.width,
                facts.height,
                facts.orientation,
                facts.captured_at,
                facts.capture_source.value,
                facts.camera,
                facts.latitude,
                facts.longitude,
            ),
        ).get
        return int(photo_id)

    def put_failure(
        self,
        folder_id: FolderId,
        relative: str,
        stamp: FileStamp,
        reason: FailureReason,
        detail: str,
    ) -> PhotoId:
        """Record that a file cannot be read; it is tried again when its stamp changes."""
        photo_id = self._db.execute(
            "INSERT INTO photos (folder_id, relative_path, size, mtime_ns, failure, failure_detail)"
            " VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (folder_id, relative_path) DO UPDATE SET size = excluded.size,"
            " mtime_ns = excluded.mtime_ns, failure = excluded.failure,"
            " failure_detail = excluded.failure_detail, missing_since = NULL RETURNING id",
            (folder_id, to_column(relative), stamp.size, stamp.mtime_ns, reason.value, detail),
        ).get
        return int(photo_id)

    def move(
        self, photo_id: PhotoId, folder_id: FolderId, relative: str, stamp: FileStamp
    ) -> PhotoId | None:
        """Give a photo its new place; everything known about it stays.

        A row that stood at the new place described a file that is gone, and is forgotten: its id
        is given.
        """
        stale = self._db.execute(
            "SELECT id FROM photos WHERE folder_id = ? AND relative_path = ? AND id <> ?",
            (folder_id, to_column(relative), photo_id),
        ).fetchone()
        if stale is not None:
            self.forget([stale[0]])
        self._db.execute(
            "UPDATE photos SET folder_id = ?, relative_path = ?, size = ?, mtime_ns = ?,"
            " missing_since = NULL, failure = NULL, failure_detail = NULL WHERE id = ?",
            (folder_id, to_column(relative), stamp.size, stamp.mtime_ns, photo_id),
        )
        return None if stale is None else int(stale[0])

    def mark_missing(self, ids: Iterable[PhotoId]) -> None:
        """Remember since when files are gone; nothing known about them is lost yet."""
        self._db.executemany(
            "UPDATE photos SET missing_since = CURRENT_TIMESTAMP"
            " WHERE id = ? AND missing_since IS NULL",
            [(photo_id,) for photo_id in ids],
        )

    def mark_found(self, ids: Iterable[PhotoId]) -> None:
        """Take back that files are gone: they are there again, unchanged."""
        self._db.executemany(
            "UPDATE photos SET missing_since = NULL WHERE id = ?",
            [(photo_id,) for photo_id in ids],
        )

    def still_missing(self, ids: Iterable[PhotoId]) -> set[PhotoId]:
        """Give those of `ids` that are marked missing."""
        return {
            photo_id
            for photo_id in ids
            if self._db.execute(
                "SELECT 1 FROM photos WHERE id = ? AND missing_since IS NOT NULL", (photo_id,)
            ).fetchone()
        }

    def forget_missing(self, days: int) -> list[PhotoId]:
        """Forget photos gone for more than `days`; give their ids."""
        gone = [
            photo_id
            for (photo_id,) in self._db.execute(
                "SELECT id FROM photos WHERE missing_since < datetime('now', ?)", (f"-{days} days",)
            )
        ]
        self.forget(gone)
        return gone

    def forget(self, ids: Iterable[PhotoId]) -> None:
        """Remove photos and their vectors from the library; the files stay as they are."""
        ids = list(ids)
        delete_vectors(self._db, ids)
        self._db.executemany("DELETE FROM photos WHERE id = ?", [(each,) for each in ids])

"""The folders the person asked to watch.

Writing methods expect to be called inside `Library.write()`.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import apsw

from memoryhunter.domain.photo import Folder, FolderId, PhotoId
from memoryhunter.library.files import Files
from memoryhunter.library.names import from_column, to_column
from memoryhunter.library.photos import SHOWN


class Folders:
    """The table `folders`, through one connection."""

    def __init__(self, connection: apsw.Connection, files: Files) -> None:
        """Use a connection that stays the caller's."""
        self._db = connection
        self._files = files

    def all(self) -> list[Folder]:
        """List the folders in the order they were added."""
        rows = self._db.execute(
            "SELECT folders.id, folders.path, folders.online,"
            f" (SELECT count(*) FROM photos WHERE folder_id = folders.id AND {SHOWN})"
            " FROM folders ORDER BY folders.id"
        )
        return [
            Folder(folder_id, Path(from_column(path)), bool(online), photos)
            for folder_id, path, online, photos in rows
        ]

    def paths(self) -> dict[FolderId, Path]:
        """Give the folders' places; cheaper than `all`, which counts photos."""
        rows: list[Any] = self._db.execute("SELECT id, path FROM folders").fetchall()
        return {folder_id: Path(from_column(path)) for folder_id, path in rows}

    def add(self, path: Path, taken_over: Collection[FolderId] = ()) -> FolderId:
        """Watch `path`, an absolute folder that is not watched yet; give its id.

        The folders `taken_over` lie inside it: what is known of their photos becomes part of the
        new folder, so that no photo is there twice.
        """
        inner = [each for each in self.all() if each.id in taken_over]
        folder_id = int(
            self._db.execute(
                "INSERT INTO folders (path) VALUES (?) RETURNING id", (to_column(str(path)),)
            ).get
        )
        for each in inner:
            self._take_over(each, folder_id, each.path.relative_to(path).as_posix())
        return folder_id

    def set_online(self, folder_id: FolderId, online: bool) -> None:
        """Remember whether the folder can be reached."""
        self._db.execute("UPDATE folders SET online = ? WHERE id = ?", (online, folder_id))

    def was_mount(self, folder_id: FolderId) -> bool:
        """Whether the folder was the top of a drive when it was last reached."""
        return bool(self._db.execute("SELECT is_mount FROM folders WHERE id = ?", (folder_id,)).get)

    def set_mount(self, folder_id: FolderId, is_mount: bool) -> None:
        """Remember whether the folder is the top of a drive."""
        self._db.execute("UPDATE folders SET is_mount = ? WHERE id = ?", (is_mount, folder_id))

    def mounts(self, folder_id: FolderId) -> list[str]:
        """Give the relative places where drives were mounted at the last look."""
        rows: list[Any] = self._db.execute(
            "SELECT relative_path FROM mounts WHERE folder_id = ?", (folder_id,)
        ).fetchall()
        return [from_column(relative) for (relative,) in rows]

    def set_mounts(self, folder_id: FolderId, mounts: Iterable[str]) -> None:
        """Remember where drives are mounted."""
        self._db.execute("DELETE FROM mounts WHERE folder_id = ?", (folder_id,))
        self._db.executemany(
            "INSERT INTO mounts (folder_id, relative_path) VALUES (?, ?)",
            [(folder_id, to_column(relative)) for relative in mounts],
        )

    def is_online(self, folder_id: FolderId) -> bool:
        """Whether the folder was in reach at the last look."""
        return bool(self._db.execute("SELECT online FROM folders WHERE id = ?", (folder_id,)).get)

    def remove(self, folder_id: FolderId) -> list[PhotoId]:
        """Forget a folder and what is known of its photos; give the ids. Files are not touched."""
        ids = [
            photo_id
            for (photo_id,) in self._db.execute(
                "SELECT id FROM photos WHERE folder_id = ?", (folder_id,)
            )
        ]
        self._files.forget(ids)
        self._db.execute("DELETE FROM folders WHERE id = ?", (folder_id,))
        return ids

    def _take_over(self, inner: Folder, folder_id: FolderId, prefix: str) -> None:
        rows: list[Any] = self._db.execute(
            "SELECT id, relative_path FROM photos WHERE folder_id = ?", (inner.id,)
        ).fetchall()
        for photo_id, relative in rows:
            self._db.execute(
                "UPDATE photos SET folder_id = ?, relative_path = ? WHERE id = ?",
                (folder_id, to_column(f"{prefix}/{from_column(relative)}"), photo_id),
            )
        self._db.execute("DELETE FROM folders WHERE id = ?", (inner.id,))

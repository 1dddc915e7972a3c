"""Every released schema still opens, and the future is refused."""

import shutil
from pathlib import Path

import apsw
import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.library.library import Library
from memoryhunter.library.migrations import migration_names

SNAPSHOTS = sorted((Path(__file__).parent / "snapshots").glob("*.db"))


def schema(path: Path) -> list[tuple[str, str]]:
    """Give the statements that make a database, without the tables of single models."""
    connection = apsw.Connection(str(path))
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'vectors_%'"
        " ORDER BY name"
    ).fetchall()
    connection.close()
    return rows  # type: ignore[return-value]


def test_there_is_a_snapshot_of_every_schema() -> None:
    assert [path.stem for path in SNAPSHOTS] == migration_names()


@pytest.mark.parametrize("snapshot", SNAPSHOTS, ids=lambda path: path.stem)
def test_a_library_of_every_schema_opens_and_keeps_everything(
    snapshot: Path, tmp_path: Path
) -> None:
    path = tmp_path / "library.db"
    shutil.copyfile(snapshot, path)
    with Library(path) as library:
        photos = library.photos.get_many(library.photos.browse_ids())
        assert {photo.path.name for photo in photos.values()} == {"海边.jpg", "beach.jpg"}
        assert [file.reason for file in library.photos.failures()] == ["damaged"]
        vectors = library.find_vectors("snapshot")
        assert vectors is not None
        assert vectors.count() == 2
        assert vectors.get(next(iter(photos))) is not None
    fresh = tmp_path / "fresh.db"
    Library(fresh).close()
    assert schema(path) == schema(fresh)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Library(path).close()
    before = schema(path)
    with Library(path) as library:
        assert library._db.execute("SELECT name FROM migrations").fetchall() == [
            (name,) for name in migration_names()
        ]
    assert schema(path) == before


@pytest.mark.parametrize(
    "change",
    ["INSERT INTO migrations (name) VALUES ('9999_future')", "PRAGMA user_version = 9999"],
)
def test_a_library_from_the_future_is_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "library.db"
    with Library(path) as library:
        library._db.execute(change)
    before = path.read_bytes()
    with pytest.raises(UserError) as raised:
        Library(path)
    assert raised.value.code is ErrorCode.LIBRARY_NEWER
    assert path.read_bytes() == before


def test_a_crash_in_a_migration_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.db"
    steps = {"0001": "CREATE TABLE one (x)", "0002": "CREATE TABLE two (x); SELECT nonsense"}
    monkeypatch.setattr("memoryhunter.library.migrations.migration_names", lambda: list(steps))
    monkeypatch.setattr("memoryhunter.library.migrations._sql", steps.__getitem__)
    with pytest.raises(apsw.SQLError):
        Library(path)
    assert schema(path) == []

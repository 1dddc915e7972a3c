"""Opening, transactions, and what is said when the world is broken."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.library.connection import connect
from memoryhunter.library.library import Library
from tests.builders import add_folder, add_photo


def test_pragmas(library: Library) -> None:
    database = library._db
    assert database.pragma("journal_mode") == "wal"
    assert database.pragma("synchronous") == 1
    assert database.pragma("foreign_keys") == 1
    assert database.pragma("mmap_size") == 0
    assert database.execute("SELECT vec_version()").get.startswith("v0.1.9")


def test_a_transaction_is_all_or_nothing(library: Library, tmp_path: Path) -> None:
    def interrupted() -> None:
        with library.write():
            library.folders.add(tmp_path)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert library.folders.all() == []


def test_a_reader_sees_what_the_writer_committed(library: Library, tmp_path: Path) -> None:
    with Library(library.path) as reader:
        before = reader.version()
        folder = add_folder(library, tmp_path)
        add_photo(library, folder, "a.jpg")
        assert reader.photos.count() == 1
        assert reader.version() != before
        unchanged = reader.version()
        assert reader.photos.count() == 1
        assert reader.version() == unchanged


@pytest.mark.parametrize("content", [b"this is no database, but long enough to look at" * 40])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        Library(path)
    assert raised.value.code is ErrorCode.LIBRARY_DAMAGED
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    other = apsw.Connection(str(path))
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    content = path.read_bytes()
    with pytest.raises(UserError) as raised:
        Library(path)
    assert raised.value.code is ErrorCode.LIBRARY_DAMAGED
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        Library(tmp_path / "not there" / "library.db")
    assert raised.value.code is ErrorCode.LIBRARY_UNAVAILABLE


def test_a_damaged_page_is_no_bug(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    for number in range(2000):
        add_photo(library, folder, f"{number}.jpg")
    library.close()
    content = bytearray(library.path.read_bytes())
    content[4096:40960] = b"\xff" * (40960 - 4096)
    library.path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        Library(library.path)
    assert raised.value.code is ErrorCode.LIBRARY_DAMAGED


def test_a_full_disk_is_told(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    library._db.pragma("max_page_count", library._db.pragma("page_count"))

    def fill() -> None:
        for number in range(2000):
            add_photo(library, folder, f"{number}.jpg")

    with pytest.raises(UserError) as raised:
        fill()
    assert raised.value.code is ErrorCode.DISK_FULL


def test_the_first_error_is_told_when_sqlite_rolled_back_itself(library: Library) -> None:
    def interrupted() -> None:
        with library.write():
            library._db.execute("ROLLBACK")  # as SQLite does by itself after an I/O error
            raise KeyError("the first")

    with pytest.raises(KeyError):
        interrupted()


def test_damage_is_found(library: Library, tmp_path: Path) -> None:
    assert library.quick_check() == []


def test_the_extension_cannot_load_others(tmp_path: Path) -> None:
    connection = connect(tmp_path / "library.db")
    with pytest.raises(apsw.ExtensionLoadingError):
        connection.load_extension("/nothing")
    connection.close()


def test_many_lanes_and_programs_open_a_new_library_at_once(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from memoryhunter.library.library import Library"
    code += "; Library(Path(sys.argv[1])).close()"
    for attempt in range(5):
        path = tmp_path / f"{attempt}.db"
        others = [subprocess.Popen([sys.executable, "-c", code, path]) for _ in range(2)]
        with ThreadPoolExecutor(8) as threads:
            for opened in [threads.submit(Library, path) for _ in range(8)]:
                opened.result().close()
        assert [other.wait(30) for other in others] == [0, 0]

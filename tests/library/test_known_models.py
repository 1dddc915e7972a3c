"""Models that were removed: what they understood goes, and its room is given back."""

from pathlib import Path

import apsw

from memoryhunter.library.library import Library
from tests.builders import add_folder, add_photo, unit_vectors


def understand(library: Library, fingerprint: str, model: str, photos: list[int]) -> None:
    vectors = library.vectors(fingerprint, model, 512)
    rows = []
    for each in photos:
        photo = library.photos.get(each)
        assert photo is not None
        rows.append((each, photo.content_hash or ""))
    with library.write():
        vectors.store(rows[1:], unit_vectors(len(rows) - 1, 512))
        vectors.put_failure(*rows[0], "not-understood")


def fill(library: Library, root: Path, count: int = 20) -> list[int]:
    folder = add_folder(library, root)
    return [add_photo(library, folder, f"{number}.jpg") for number in range(count)]


def test_only_what_was_given_up_goes(library: Library, tmp_path: Path) -> None:
    photos = fill(library, tmp_path)
    for fingerprint, model in (("a1", "a"), ("a2", "a"), ("b", "b")):
        understand(library, fingerprint, model, photos)
    assert library.models.understood("a") == 19  # a photo counts once
    with library.write():
        assert library.models.give_up("a") == ["a1", "a2"]
        assert library.models.give_up("a") == []
    assert library.models.given_up({"a2"}) == ["a1"]
    before = library.find_vectors("b")
    assert before is not None
    with library.write():
        library.models.forget("a1")
        library.models.forget("unknown")
    assert library.find_vectors("a1") is None
    assert library.models.understood("a") == 19
    tables = library._db.execute("SELECT name FROM sqlite_schema WHERE name LIKE 'vectors_1%'")
    assert tables.fetchall() == []
    assert before.count() == 19
    assert before.seen_count() == 20
    understand(library, "a1", "a", photos)
    again = library.find_vectors("a1")
    assert again is not None
    assert again.number > before.number


def test_what_is_given_up_stays_so_until_somebody_wants_it(library: Library) -> None:
    library.vectors("a", "a", 8)
    with library.write():
        library.models.give_up("a")
    library.vectors("a", "a", 8)  # by one that has not heard of it yet
    assert library.models.given_up(()) == ["a"]
    with library.write():
        library.models.keep("a")
    assert library.models.given_up(()) == []


def test_room_is_given_back_beside_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path) as library:
        photos = fill(library, tmp_path, 3000)
        understand(library, "a", "a", photos)
    full = path.stat().st_size
    with Library(path) as library, Library(path) as reader:
        assert reader.photos.count() == 3000
        with library.write():
            library.models.forget("a")
        library.shrink(lambda: True)
        assert library._db.pragma("freelist_count") > 1000
        library.shrink()
        assert library._db.pragma("freelist_count") == 0
        assert library.quick_check() == []
    assert path.stat().st_size < full - 5_000_000


def test_a_library_that_cannot_give_room_back_uses_it_again(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE early (x)")
    connection.execute("DROP TABLE early")
    connection.close()
    with Library(path) as library:
        understand(library, "a", "a", fill(library, tmp_path, 100))
        with library.write():
            library.models.forget("a")
        library.shrink()
        assert library._db.pragma("freelist_count") > 0

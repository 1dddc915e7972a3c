"""Photos, files and folders in the library."""

import os
from pathlib import Path

import pytest

from memoryhunter.domain.failures import FailureReason
from memoryhunter.domain.photo import FileStamp
from memoryhunter.library.filters import InFolder
from memoryhunter.library.library import Library
from tests.builders import add_folder, add_photo, facts, unit_vectors


def test_newest_first(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    old = add_photo(library, folder, "old.jpg", captured_at="1999-01-01T00:00:00")
    new = add_photo(library, folder, "new.jpg", captured_at="2024-01-01T00:00:00")
    middle = add_photo(library, folder, "middle.jpg", captured_at="2010-01-01T00:00:00")
    assert library.photos.browse_ids() == [new, middle, old]


def test_what_was_stored_comes_back(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    told = facts(camera="Canon EOS R5", latitude=31.2, longitude=-121.5, orientation=6)
    with library.write():
        photo_id = library.files.put(folder, "旅行/海边.jpg", FileStamp(5, 6), "ab" * 16, told)
    photo = library.photos.get(photo_id)
    assert photo is not None
    assert photo.facts == told
    assert photo.path == tmp_path / "旅行" / "海边.jpg"
    assert photo.stamp == FileStamp(5, 6)
    assert library.photos.find(tmp_path / "旅行" / "海边.jpg") == photo
    assert library.photos.find(tmp_path / "elsewhere.jpg") is None


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_no_unicode_comes_back(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    name = os.fsdecode(b"caf\xe9/\xff.jpg")
    photo_id = add_photo(library, folder, name)
    photo = library.photos.get(photo_id)
    assert photo is not None
    assert os.fsencode(photo.path.relative_to(tmp_path)) == b"caf\xe9/\xff.jpg"
    assert library.photos.find(tmp_path / name) == photo
    assert [relative for relative, _ in library.files.known(folder, os.fsdecode(b"caf\xe9"))] == [
        name
    ]


def test_known_files_below_a_folder(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    for name in ["a/1.jpg", "a/b/2.jpg", "a.jpg", "ab/3.jpg", "a!/4.jpg", "a0.jpg", "旅/5.jpg"]:
        add_photo(library, folder, name)
    below = {relative for relative, _ in library.files.known(folder, "a")}
    assert below == {"a/1.jpg", "a/b/2.jpg"}
    assert {relative for relative, _ in library.files.known(folder, "旅")} == {"旅/5.jpg"}


def test_failed_and_missing_photos_are_not_shown(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    gone, broken = add_photo(library, folder, "gone.jpg"), add_photo(library, folder, "broken.jpg")
    with library.write():
        library.files.mark_missing([gone])
        library.files.put_failure(
            folder, "broken.jpg", FileStamp(9, 9), FailureReason.DAMAGED, "cut"
        )
    assert library.photos.browse_ids() == []
    assert (library.photos.count(), library.photos.failed_count()) == (0, 1)
    assert [(f.path.name, f.reason, f.detail) for f in library.photos.failures()] == [
        ("broken.jpg", "damaged", "cut")
    ]
    with library.write():
        library.files.mark_found([gone])
        assert (
            library.files.put(folder, "broken.jpg", FileStamp(1, 1), "cc" * 16, facts()) == broken
        )
    assert set(library.photos.browse_ids()) == {gone, broken}


def test_a_move_keeps_the_vector_and_forgets_what_stood_there(
    library: Library, tmp_path: Path
) -> None:
    folder = add_folder(library, tmp_path)
    photo = add_photo(library, folder, "a.jpg", content_hash="aa" * 16)
    stale = add_photo(library, folder, "b.jpg")
    vectors = library.vectors("m", "m", 4)
    with library.write():
        vectors.store([(photo, "aa" * 16)], unit_vectors(1, 4))
        library.files.move(photo, folder, "b.jpg", FileStamp(1, 2))
    assert vectors.count() == 1
    assert library.photos.get(stale) is None
    moved = library.photos.get(photo)
    assert moved is not None
    assert moved.path == tmp_path / "b.jpg"


def test_missing_photos_are_forgotten_only_after_their_time(
    library: Library, tmp_path: Path
) -> None:
    folder = add_folder(library, tmp_path)
    old, recent = add_photo(library, folder, "old.jpg"), add_photo(library, folder, "recent.jpg")
    with library.write():
        library.files.mark_missing([old, recent])
        library._db.execute(
            "UPDATE photos SET missing_since = datetime('now', '-31 days') WHERE id = ?", (old,)
        )
        assert library.files.forget_missing(30) == [old]
    assert library.photos.get(recent) is not None


def test_removing_a_folder_forgets_its_photos_and_vectors(library: Library, tmp_path: Path) -> None:
    first, second = add_folder(library, tmp_path / "1"), add_folder(library, tmp_path / "2")
    gone = add_photo(library, first, "a.jpg", content_hash="aa" * 16)
    kept = add_photo(library, second, "b.jpg", content_hash="bb" * 16)
    vectors = library.vectors("m", "m", 4)
    with library.write():
        vectors.store([(gone, "aa" * 16), (kept, "bb" * 16)], unit_vectors(2, 4))
        assert library.folders.remove(first) == [gone]
    assert library.photos.browse_ids() == [kept]
    assert vectors.load().ids.tolist() == [kept]


def test_a_folder_taken_over_keeps_its_photos(library: Library, tmp_path: Path) -> None:
    inner = add_folder(library, tmp_path / "2023" / "trip")
    photo = add_photo(library, inner, "a.jpg")
    with library.write():
        library.folders.add(tmp_path, [inner])
    assert [folder.path for folder in library.folders.all()] == [tmp_path]
    taken = library.photos.get(photo)
    assert taken is not None
    assert taken.path == tmp_path / "2023" / "trip" / "a.jpg"


def test_mounts_are_remembered(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    with library.write():
        library.folders.set_mounts(folder, ["NAS", "usb/disk"])
        library.folders.set_mounts(folder, ["NAS"])
    assert library.folders.mounts(folder) == ["NAS"]


def test_a_restored_photo_is_no_longer_damaged(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    photo = add_photo(library, folder, "a.jpg", content_hash="aa" * 16)
    with library.write():
        library.files.put_failure(folder, "a.jpg", FileStamp(1, 1), FailureReason.DAMAGED, "cut")
        library.files.mark_missing([photo])
        library.files.move(photo, folder, "restored.jpg", FileStamp(2, 2))
    assert library.photos.browse_ids() == [photo]
    assert library.photos.failures() == []


def test_ids_are_never_given_twice(library: Library, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    first = add_photo(library, folder, "a.jpg")
    with library.write():
        library.files.forget([first])
    assert add_photo(library, folder, "a.jpg") > first


def test_a_filter_says_the_same_in_sql_and_in_memory(library: Library, tmp_path: Path) -> None:
    folders = [add_folder(library, tmp_path / str(number)) for number in range(3)]
    ids = [add_photo(library, folders[number % 3], f"{number}.jpg") for number in range(12)]
    for each in map(InFolder, folders):
        in_memory = {
            photo.id for photo in library.photos.get_many(ids).values() if each.matches(photo)
        }
        assert set(library.photos.browse_ids([each])) == in_memory
        assert len(in_memory) == 4

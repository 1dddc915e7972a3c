"""Vectors in sqlite-vec, and the work still to be done as a query."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memoryhunter.domain.photo import FileStamp
from memoryhunter.library.library import Library
from memoryhunter.library.vectors import Vectors
from tests.builders import add_folder, add_photo, facts, unit_vectors


@pytest.fixture
def vectors(library: Library) -> Vectors:
    return library.vectors("model", "model", 8)


def fill(library: Library, vectors: Vectors, root: Path, count: int) -> list[int]:
    folder = add_folder(library, root)
    ids = [add_photo(library, folder, f"{n}.jpg", content_hash=f"{n:032x}") for n in range(count)]
    with library.write():
        rows = [(photo_id, f"{n:032x}") for n, photo_id in enumerate(ids)]
        vectors.store(rows, unit_vectors(count, vectors.dimension))
    return ids


def test_reading_chunks_gives_what_the_table_gives(
    library: Library, vectors: Vectors, tmp_path: Path
) -> None:
    ids = fill(library, vectors, tmp_path, 2500)  # more than two chunks of 1,024
    with library.write():
        library.files.forget(ids[3:1200:7])
        vectors.store([(ids[0], f"{0:032x}")], unit_vectors(1, 8, seed=9))
    block = vectors.load()
    rows: Any = library._db.execute("SELECT photo_id, embedding FROM vectors_1").fetchall()
    by_row: dict[int, bytes] = dict(rows)
    assert sorted(block.ids.tolist()) == sorted(by_row)
    for photo_id, vector in zip(block.ids.tolist(), block.vectors, strict=True):
        assert vector.tobytes() == by_row[photo_id]


def test_an_empty_table_reads_as_empty(vectors: Vectors) -> None:
    assert vectors.load().vectors.shape == (0, 8)
    assert vectors.sequence() == 0


def test_the_backlog_is_what_has_no_vector_of_its_present_content(
    library: Library, vectors: Vectors, tmp_path: Path
) -> None:
    ids = fill(library, vectors, tmp_path, 3)
    folder = library.folders.all()[0].id
    assert (vectors.backlog(), vectors.count()) == ([], 3)
    new = add_photo(library, folder, "new.jpg")
    with library.write():
        library.files.put(folder, "1.jpg", FileStamp(7, 7), "dd" * 16, facts())
    assert set(vectors.backlog()) == {new, ids[1]}
    assert vectors.backlog_count() == 2
    assert vectors.current_ids("1", ()).tolist() == [ids[0], ids[2]]
    with library.write():
        vectors.put_failure(new, library.photos.get(new).content_hash, "not-understood")  # type: ignore[union-attr,arg-type]
    assert vectors.backlog() == [ids[1]]
    assert (vectors.backlog_count(), vectors.count(), vectors.seen_count()) == (1, 2, 3)


def test_the_last_of_the_backlog_is_its_oldest(
    library: Library, vectors: Vectors, tmp_path: Path
) -> None:
    folder = add_folder(library, tmp_path)
    assert vectors.last_due() is None
    for year in (2021, 2019, 2020):
        add_photo(library, folder, f"{year}.jpg", captured_at=f"{year}-01-01T00:00:00")
    assert vectors.last_due() == vectors.backlog()[-1]
    oldest = library.photos.get(vectors.backlog()[-1])
    assert oldest is not None
    assert oldest.path.name == "2019.jpg"
    assert oldest.content_hash is not None
    with library.write():
        vectors.store([(oldest.id, oldest.content_hash)], unit_vectors(1, 8))
    assert vectors.last_due() == vectors.backlog()[-1] != oldest.id
    with library.write():
        library.files.mark_missing(vectors.backlog())
    assert vectors.last_due() is None


def test_photos_out_of_reach_wait(library: Library, vectors: Vectors, tmp_path: Path) -> None:
    folder = add_folder(library, tmp_path)
    add_photo(library, folder, "a.jpg")
    with library.write():
        library.folders.set_online(folder, False)
    assert vectors.backlog() == []
    assert vectors.backlog_count() == 1
    assert vectors.out_of_reach_count() == 1
    add_photo(library, add_folder(library, tmp_path / "here"), "b.jpg")
    assert (vectors.backlog_count(), vectors.out_of_reach_count()) == (2, 1)


def test_changes_since_a_moment(library: Library, vectors: Vectors, tmp_path: Path) -> None:
    ids = fill(library, vectors, tmp_path, 3)
    before = vectors.sequence()
    with library.write():
        vectors.store([(ids[2], f"{2:032x}")], unit_vectors(1, 8, seed=5))
    changed = vectors.changed_since(before)
    assert changed.ids.tolist() == [ids[2]]
    assert np.array_equal(changed.vectors, unit_vectors(1, 8, seed=5))


def test_the_sequence_never_goes_back(library: Library, vectors: Vectors, tmp_path: Path) -> None:
    ids = fill(library, vectors, tmp_path, 3)
    folder = library.folders.all()[0].id
    before = vectors.sequence()
    with library.write():
        library.files.forget(ids)
    new = add_photo(library, folder, "new.jpg", content_hash="ee" * 16)
    with library.write():
        vectors.store([(new, "ee" * 16)], unit_vectors(1, 8))
    assert vectors.sequence() > before
    assert vectors.changed_since(before).ids.tolist() == [new]


def test_what_no_model_understands_is_listed(
    library: Library, vectors: Vectors, tmp_path: Path
) -> None:
    folder = add_folder(library, tmp_path)
    photo = add_photo(library, folder, "odd.jpg", content_hash="aa" * 16)
    with library.write():
        vectors.put_failure(photo, "aa" * 16, "not-understood")
    assert [(f.path.name, f.reason) for f in library.photos.failures()] == [
        ("odd.jpg", "not-understood")
    ]
    assert library.photos.failed_count() == 1
    other = library.vectors("other", "other", 4)
    with library.write():
        other.store([(photo, "aa" * 16)], unit_vectors(1, 4))
    assert library.photos.failures() == []


def test_forgetting_photos_is_quick_in_a_large_library(
    library: Library, vectors: Vectors, tmp_path: Path
) -> None:
    fill(library, vectors, tmp_path, 1)
    plan: Any = library._db.execute(
        "EXPLAIN QUERY PLAN DELETE FROM embedded WHERE photo_id = 1"
    ).fetchall()
    assert "embedded_by_photo" in str(plan)


def test_a_copy_takes_the_vector_of_its_content(
    library: Library, vectors: Vectors, tmp_path: Path
) -> None:
    ids = fill(library, vectors, tmp_path, 1)
    copy = add_photo(library, library.folders.all()[0].id, "copy.jpg", content_hash=f"{0:032x}")
    assert vectors.holder_of(f"{0:032x}") == ids[0]
    with library.write():
        vectors.copy(ids[0], copy, f"{0:032x}")
    assert np.array_equal(vectors.get(copy), vectors.get(ids[0]))  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, 3.0])
def test_vectors_that_would_rank_wrongly_are_refused(
    library: Library, vectors: Vectors, tmp_path: Path, bad: float
) -> None:
    ids = fill(library, vectors, tmp_path, 1)
    with pytest.raises(ValueError, match="unit length"), library.write():
        vectors.store([(ids[0], "00" * 16)], np.full((1, 8), bad, np.float32))


def test_models_do_not_see_each_others_vectors(
    library: Library, vectors: Vectors, tmp_path: Path
) -> None:
    fill(library, vectors, tmp_path, 2)
    other = library.vectors("other", "other", 4)
    assert (other.count(), other.backlog_count()) == (0, 2)
    assert library.find_vectors("nobody") is None
    assert vectors.count() == 2

"""Queries against a library, ranked exactly, kept current."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.photo import PixelSpec
from memoryhunter.domain.query import SearchQuery
from memoryhunter.library.filters import InFolder
from memoryhunter.library.library import Library
from memoryhunter.search.ranking import Ranking
from memoryhunter.search.service import SearchService
from tests.builders import add_folder, add_photo, unit_vectors
from tests.fakes import COLOURS, ColourEmbedder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db") as opened:
        yield opened


def paint(path: Path, spec: PixelSpec) -> NDArray[np.uint8]:
    """Read a "picture": its name is its colour."""
    if not path.exists():
        raise FileFailure(FailureReason.VANISHED)
    if path.stem not in COLOURS:
        raise FileFailure(FailureReason.DAMAGED, "cut short")
    return np.full((spec.size, spec.size, 3), COLOURS[path.stem], np.uint8)


class Shelf:
    """A library with photos of known colours, embedded."""

    def __init__(self, library: Library, root: Path) -> None:
        self.library = library
        self.embedder = ColourEmbedder()
        package = self.embedder.package
        self.vectors = library.vectors(package.fingerprint, package.id, package.dimension)
        self.folder = add_folder(library, root)
        self.service = SearchService(library, lambda: self.embedder, paint)

    def add(self, name: str, colour: str, folder: int | None = None) -> int:
        photo_id = add_photo(self.library, folder or self.folder, name)
        photo = self.library.photos.get(photo_id)
        assert photo is not None
        assert photo.content_hash is not None
        pixels = np.full((1, 8, 8, 3), COLOURS[colour], np.uint8)
        with self.library.write():
            self.vectors.store([(photo_id, photo.content_hash)], self.embedder.embed_images(pixels))
        return photo_id

    def ids(self, **query: object) -> list[int]:
        hits = self.service.search(SearchQuery(**query))  # type: ignore[arg-type]
        return [hit.photo_id for hit in hits]


@pytest.fixture
def shelf(library: Library, tmp_path: Path) -> Shelf:
    return Shelf(library, tmp_path)


def test_words_find_what_fits(shelf: Shelf) -> None:
    red, _green, _blue = (shelf.add(f"{c}.jpg", c) for c in ("red", "green", "blue"))
    (hit,) = shelf.service.search(SearchQuery("red"))
    assert (hit.photo_id, hit.certain) == (red, True)
    assert hit.score == pytest.approx(1, abs=0.01)
    assert shelf.ids(text=" ｒｅｄ ") == [red]


def test_everything_ranks_every_photo(shelf: Shelf) -> None:
    ids = [shelf.add(f"{n}.jpg", c) for n, c in enumerate(["red", "green", "blue", "white"])]
    found = shelf.ids(text="green", everything=True)
    assert set(found) == set(ids)
    assert found[0] == ids[1]
    assert shelf.ids(text="green", everything=True, limit=2) == found[:2]


def test_the_order_is_exact() -> None:
    matrix, query = unit_vectors(3000, 64), unit_vectors(1, 64, seed=7)[0]
    scores = matrix.astype(np.float64) @ query.astype(np.float64)
    expected = np.argsort(-scores)[:200]
    found = np.argsort(-(matrix @ query), kind="stable")[:200]
    assert found.tolist() == expected.tolist()


def test_the_ranking_follows_the_library(shelf: Shelf) -> None:
    ranking = Ranking(shelf.library, shelf.embedder.package.fingerprint, 4)
    query = shelf.embedder.embed_texts(["red"])[0]
    assert ranking.rank(query).ids.tolist() == []
    first = shelf.add("a.jpg", "red")
    second = shelf.add("b.jpg", "blue")
    assert ranking.rank(query).ids.tolist() == [first, second]
    third = shelf.add("c.jpg", "red")
    assert ranking.rank(query).ids.tolist() == [first, third, second]
    with shelf.library.write():
        shelf.library.files.mark_missing([first])
    assert ranking.rank(query).ids.tolist() == [third, second]
    with shelf.library.write():
        shelf.library.files.mark_found([first])
        shelf.library.files.forget([third])
    assert ranking.rank(query).ids.tolist() == [first, second]
    other = Library(shelf.library.path)
    with other.write():
        other.folders.remove(shelf.folder)
    other.close()
    assert ranking.rank(query).ids.tolist() == []


def test_a_photo_whose_content_changed_waits_for_its_new_vector(shelf: Shelf) -> None:
    shelf.add("a.jpg", "red")
    changed = add_photo(shelf.library, shelf.folder, "a.jpg")
    assert shelf.ids(text="red", everything=True) == []
    assert shelf.library.photos.get(changed) is not None


def test_filters_narrow_the_ranking(shelf: Shelf, tmp_path: Path) -> None:
    other = add_folder(shelf.library, tmp_path.parent / "elsewhere")
    shelf.add("a.jpg", "red")
    there = shelf.add("b.jpg", "red", folder=other)
    assert shelf.ids(text="red", filters=(InFolder(other),)) == [there]


def test_a_photo_of_the_library_as_query(shelf: Shelf) -> None:
    red = shelf.add("1.jpg", "red")
    same = shelf.add("2.jpg", "red")
    shelf.add("3.jpg", "blue")
    assert shelf.ids(similar_to=red) == [red, same]


def test_a_photo_as_query_does_not_hide_what_resembles_it(shelf: Shelf, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)

    def add(name: str, near: float) -> int:
        photo_id = add_photo(shelf.library, shelf.folder, name)
        photo = shelf.library.photos.get(photo_id)
        assert photo is not None
        assert photo.content_hash is not None
        vector = np.array([near, *rng.normal(size=3) * np.sqrt((1 - near**2) / 3)], np.float32)
        vector /= np.linalg.norm(vector)
        with shelf.library.write():
            shelf.vectors.store([(photo_id, photo.content_hash)], vector[np.newaxis])
        return photo_id

    query = add("query.jpg", 1.0)
    alike = {add(f"alike{n}.jpg", 0.8) for n in range(5)}
    for n in range(40):
        add(f"other{n}.jpg", 0.1)
    assert {query, *alike} <= set(shelf.ids(similar_to=query))


def test_a_picture_file_as_query(shelf: Shelf, tmp_path: Path) -> None:
    red = shelf.add("1.jpg", "red")
    shelf.add("2.jpg", "blue")
    outside = tmp_path / "outside" / "red.jpg"
    outside.parent.mkdir()
    outside.touch()
    assert shelf.ids(image=outside) == [red]


def test_a_picture_file_of_the_library_is_not_read_again(shelf: Shelf, tmp_path: Path) -> None:
    red = shelf.add("photo.jpg", "red")
    assert shelf.ids(image=tmp_path / "photo.jpg") == [red]


def test_words_and_a_picture_are_combined(shelf: Shelf, tmp_path: Path) -> None:
    both = add_photo(shelf.library, shelf.folder, "both.jpg")
    photo = shelf.library.photos.get(both)
    assert photo is not None
    assert photo.content_hash is not None
    pixels = np.full((1, 8, 8, 3), (255, 0, 255), np.uint8)
    with shelf.library.write():
        shelf.vectors.store([(both, photo.content_hash)], shelf.embedder.embed_images(pixels))
    shelf.add("1.jpg", "red")
    shelf.add("2.jpg", "blue")
    (tmp_path / "blue.jpg").touch()
    assert shelf.ids(text="red", image=tmp_path / "blue.jpg")[0] == both


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_query_is_refused(shelf: Shelf, text: str) -> None:
    with pytest.raises(UserError) as raised:
        shelf.service.search(SearchQuery(text))
    assert raised.value.code is ErrorCode.EMPTY_QUERY


def test_without_a_model(library: Library) -> None:
    service = SearchService(library, lambda: None, paint)
    service.warm_up()
    with pytest.raises(UserError) as raised:
        service.search(SearchQuery("red"))
    assert raised.value.code is ErrorCode.NO_MODEL


def test_another_model_is_used_from_the_next_search_on(shelf: Shelf) -> None:
    red = shelf.add("1.jpg", "red")
    assert shelf.ids(text="red") == [red]
    shelf.embedder = ColourEmbedder("another")
    assert shelf.ids(text="red") == []


def test_pictures_that_cannot_be_read(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").touch()
    with pytest.raises(UserError) as raised:
        shelf.service.search(SearchQuery(image=tmp_path / "broken.jpg"))
    assert raised.value.code is ErrorCode.PICTURE_UNREADABLE
    with pytest.raises(UserError) as raised:
        shelf.service.search(SearchQuery(image=tmp_path / "nowhere.jpg"))
    assert raised.value.code is ErrorCode.FILE_NOT_FOUND


def test_an_empty_library_has_no_answer(shelf: Shelf) -> None:
    assert shelf.ids(text="red") == []
    shelf.service.warm_up()


def test_another_model_answers_for_one_that_cannot_be_run(library: Library) -> None:
    damaged, other = Damaged("damaged"), ColourEmbedder("other")
    in_use: list[ColourEmbedder] = [damaged]
    noted: list[UserError] = []

    def note(error: UserError) -> None:
        noted.append(error)
        in_use[:] = [other]

    search = SearchService(library, lambda: in_use[0], paint, note)
    assert search.search(SearchQuery("red")) == []
    assert [error.values["model"] for error in noted] == ["damaged"]
    in_use[:] = [damaged]
    search.warm_up()
    assert len(noted) == 2
    alone = SearchService(library, lambda: damaged, paint, noted.append)
    with pytest.raises(UserError) as caught:
        alone.search(SearchQuery("red"))
    assert caught.value.code is ErrorCode.MODEL_DAMAGED
    with pytest.raises(UserError):
        alone.warm_up()


class Damaged(ColourEmbedder):
    """Reads well and cannot be run."""

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise UserError(ErrorCode.MODEL_DAMAGED, model=self.package.id, detail=str(texts))

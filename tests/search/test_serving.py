"""Which model answers while another takes its place."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from memoryhunter.domain.photo import PhotoId
from memoryhunter.domain.query import SearchQuery
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.library.library import Library
from memoryhunter.search.service import SearchService
from memoryhunter.search.serving import Coverage, ServingModel
from tests.builders import add_folder, add_photo
from tests.fakes import COLOURS, ColourEmbedder
from tests.search.test_service import paint


class Change:
    """A library that `old` knows, and `new` taking its place."""

    def __init__(self, library: Library, root: Path) -> None:
        self.library = library
        self.embedders = {name: ColourEmbedder(name) for name in ("old", "new", "third")}
        self.chosen: str | None = "new"
        self.installed = ["old", "new"]
        self.unsound: set[str] = set()
        self.now = 0.0
        self.folder = add_folder(library, root)
        self.photos: list[PhotoId] = []
        self.model = self.open()

    def open(self) -> ServingModel:
        return ServingModel(
            self.library,
            lambda: None if self.chosen is None else self.embedders[self.chosen].package,
            lambda: [self.embedders[each].package for each in self.installed],
            is_sound=lambda package: package.id not in self.unsound,
            clock=lambda: self.now,
        )

    def add(self, count: int) -> None:
        first = len(self.photos)
        for number in range(first, first + count):
            day = f"2023-01-01T{number // 60:02}:{number % 60:02}:00"
            self.photos.append(
                add_photo(self.library, self.folder, f"{number}.jpg", captured_at=day)
            )

    def understand(self, model: str, photos: list[PhotoId], failure: str | None = None) -> None:
        embedder = self.embedders[model]
        package = embedder.package
        vectors = self.library.vectors(package.fingerprint, package.id, package.dimension)
        vector = embedder.embed_images(np.full((1, 8, 8, 3), COLOURS["red"], np.uint8))
        with self.library.write():
            for photo_id in photos:
                photo = self.library.photos.get(photo_id)
                assert photo is not None
                assert photo.content_hash is not None
                if failure is None:
                    vectors.store([(photo_id, photo.content_hash)], vector)
                else:
                    vectors.put_failure(photo_id, photo.content_hash, failure)

    @property
    def answers(self) -> str | None:
        package = self.model.package()
        return None if package is None else package.id


@pytest.fixture
def change(tmp_path: Path) -> Iterator[Change]:
    with Library(tmp_path / "library.db") as library:
        made = Change(library, tmp_path)
        made.add(10)
        made.understand("old", made.photos)
        yield made


def test_the_old_model_answers_until_the_new_one_knows_every_photo(change: Change) -> None:
    assert change.answers == "old"
    for photo in reversed(change.photos[1:]):  # newest first, as the indexer does
        change.understand("new", [photo])
        assert change.answers == "old"
    change.understand("new", change.photos[:1])
    assert change.answers == "new"  # without any waiting: the clock stood still


def test_any_order_will_do(change: Change) -> None:
    for photo in change.photos[:-1]:
        change.understand("new", [photo])
        assert change.answers == "old"
    change.understand("new", change.photos[-1:], failure="not-understood")
    assert change.answers == "new"  # it will never know this one


def test_new_photos_do_not_bring_the_old_model_back(change: Change) -> None:
    change.understand("new", change.photos)
    assert change.answers == "new"
    change.add(5)
    assert change.answers == "new"
    change.model = change.open()  # nor after a restart: the old one knows no more
    assert change.answers == "new"


def test_a_fuller_new_model_need_not_be_complete(change: Change) -> None:
    change.understand("new", change.photos[5:])
    change.add(9)
    assert change.answers == "old"
    change.understand("new", change.photos[10:])
    change.now += 10
    assert change.answers == "new"


def test_the_way_back_is_at_once(change: Change) -> None:
    assert change.answers == "old"
    change.chosen = "old"
    assert change.answers == "old"
    change.chosen = "new"
    assert change.answers == "old"


def test_an_old_model_that_was_removed_does_not_answer(change: Change) -> None:
    assert change.answers == "old"
    change.installed = ["new"]
    assert change.answers == "new"
    change.installed = ["old", "new"]
    assert change.answers == "old"


def test_the_fullest_sound_model_stands_in(change: Change) -> None:
    change.installed = ["old", "new", "third"]
    change.understand("third", change.photos[:7])
    assert change.answers == "old"
    change.unsound = {"old"}
    change.now += 10
    assert change.answers == "third"
    change.unsound = {"old", "third"}
    change.now += 10
    assert change.answers == "new"


def test_a_model_that_cannot_be_run_is_tried_once(change: Change) -> None:
    tried: list[str] = []

    def is_sound(package: ModelPackage) -> bool:
        tried.append(package.id)
        return False

    model = ServingModel(
        change.library,
        lambda: change.embedders["new"].package,
        lambda: [change.embedders["old"].package],
        is_sound=is_sound,
        clock=lambda: change.now,
    )
    for _ in range(3):
        package = model.package()
        assert package is not None
        assert package.id == "new"
        change.now += 10
        model._settled = None
    assert tried == ["old"]


def test_photos_that_are_not_understood_count_as_seen(change: Change) -> None:
    change.understand("new", change.photos[:4], failure="not-understood")
    change.understand("new", change.photos[4:])
    change.add(1)  # and the old model knows more photos than the new one, but has seen no more
    assert change.answers == "new"


def test_nothing_chosen_and_nothing_to_know(change: Change) -> None:
    change.chosen = None
    assert change.answers is None
    change.chosen = "new"
    with change.library.write():
        change.library.files.forget(change.photos)
    assert change.answers == "new"


def test_a_search_follows_the_change_and_keeps_its_texts(change: Change) -> None:
    asked: list[str] = []

    class Counting(ColourEmbedder):
        def embed_texts(self, texts):  # type: ignore[no-untyped-def]
            asked.append(self.package.id)
            return super().embed_texts(texts)

    embedders = {name: Counting(name) for name in ("old", "new")}

    def embedder() -> Counting | None:
        package: ModelPackage | None = change.model.package()
        return None if package is None else embedders[package.id]

    service = SearchService(change.library, embedder, paint)
    query = SearchQuery("red", everything=True)
    assert len(service.search(query)) == 10
    change.understand("new", change.photos[4:])
    assert len(service.search(query)) == 10
    assert asked == ["old"]  # the second search took the vector from before
    change.understand("new", change.photos[:4])
    assert len(service.search(query)) == 10
    assert asked == ["old", "new"]  # and this one could not: the vectors are of other spaces
    change.chosen, change.model = "old", change.open()
    assert len(service.search(query)) == 10
    assert asked == ["old", "new"]
    for number in range(600):
        service.search(SearchQuery(f"text {number}"))
    assert len(service._texts) == 512


def test_a_model_that_was_removed_and_is_back_starts_anew(change: Change) -> None:
    change.chosen = "old"
    service = SearchService(change.library, lambda: change.embedders["old"], paint)
    query = SearchQuery("red", everything=True)
    assert len(service.search(query)) == 10
    fingerprint = change.embedders["old"].package.fingerprint
    with change.library.write():
        change.library.models.forget(fingerprint)
    assert service.search(query) == []
    assert service._ranking is not None
    assert len(service._ranking._matrix) == 0  # nor does it take memory
    change.understand("old", change.photos[:3])
    assert len(service.search(query)) == 3
    with change.library.write():
        change.library.models.forget(fingerprint)
    change.understand("old", change.photos[:4])  # nobody searched in between
    assert len(service.search(query)) == 4


def test_a_chosen_model_that_is_removed_and_back_answers_once_it_knows_enough(
    change: Change,
) -> None:
    change.understand("new", change.photos)
    assert change.answers == "new"
    with change.library.write():
        change.library.models.forget(change.embedders["new"].package.fingerprint)
    assert change.answers == "old"
    change.understand("new", change.photos)
    assert change.answers == "new"
    with change.library.write():
        change.library.models.forget(change.embedders["new"].package.fingerprint)
    change.understand("new", change.photos[:1])  # nobody searched in between
    assert change.answers == "old"


def test_how_far_a_model_is_is_counted_now_and_then(change: Change) -> None:
    coverage = Coverage(change.library, change.embedders["new"].package, lambda: change.now)
    assert coverage.count() == (0, 10)
    change.understand("new", change.photos[:4], failure="not-understood")
    assert coverage.count() == (0, 10)
    change.now += 3
    assert coverage.count() == (4, 10)

"""Which model is shown what, while one takes the place of another."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.indexing.control import Control, Stopped
from memoryhunter.indexing.indexer import Indexer, IndexerParts
from memoryhunter.indexing.report import IndexSummary
from memoryhunter.indexing.survey import Scope
from memoryhunter.search.serving import ServingModel
from tests.fakes import ColourEmbedder
from tests.indexing.conftest import Bench


@dataclass
class Change:
    """A bench whose photos `old` knows, which answers as long as `answers` says."""

    bench: Bench
    old: ColourEmbedder = field(default_factory=lambda: ColourEmbedder("old"))
    new: ColourEmbedder = field(default_factory=lambda: ColourEmbedder("new"))
    answers: Callable[[], bool] = lambda: True

    def run(self, control: Control | None = None) -> IndexSummary:
        bench = self.bench
        parts = IndexerParts(
            bench.library,
            bench.media,
            self.new,
            bench.thumbnails,
            frozenset({bench.thumbnails}),
            stand_in=lambda: self.old if self.answers() else None,
        )
        indexer = Indexer(parts, control=control, on_change=bench.changes.append)
        return indexer.run([Scope(each) for each in bench.library.folders.paths()])

    def known_to(self, embedder: ColourEmbedder) -> int:
        vectors = self.bench.library.find_vectors(embedder.package.fingerprint)
        return 0 if vectors is None else vectors.count()


@pytest.fixture
def change(bench: Bench) -> Change:
    for number in range(3):
        bench.photo(f"{number}.png")
    made = Change(bench)
    bench.embedder = made.old
    bench.index()
    bench.changes.clear()
    return made


def test_new_photos_are_shown_to_the_model_that_answers_first(change: Change) -> None:
    change.bench.photo("new.png", "blue")
    change.bench.photo("copy of new.png", "blue")
    known: list[int] = []
    change.new.on_seen = lambda _seen: known.append(change.known_to(change.old))
    summary = change.run()
    assert set(known) == {5}  # before the new model saw any
    assert (change.known_to(change.old), change.known_to(change.new)) == (5, 5)
    assert summary.embedded == 5


def test_photos_listed_by_an_earlier_run_are_caught_up_with(change: Change) -> None:
    change.answers = lambda: False
    change.bench.photo("new.png", "blue")
    change.run()
    assert (change.known_to(change.old), change.known_to(change.new)) == (3, 4)
    change.answers = lambda: True
    assert change.run().embedded == 0
    assert change.known_to(change.old) == 4


def test_a_photo_that_comes_during_the_change_does_not_wait_for_its_end(change: Change) -> None:
    for number in range(40):
        change.bench.photo(f"many/{number}.png")
    change.bench.embedder = change.old
    change.bench.index()
    bench = change.bench
    scopes: list[Scope] = []
    known: list[int] = []

    def take_a_photo(_seen: int) -> None:
        change.new.on_seen = lambda _seen: None
        bench.photo("new.png", "blue")
        scopes.append(Scope(bench.folder))

    change.new.on_seen = take_a_photo
    change.old.on_seen = lambda _seen: known.append(change.known_to(change.new))
    parts = IndexerParts(
        bench.library,
        bench.media,
        change.new,
        bench.thumbnails,
        frozenset({bench.thumbnails}),
        stand_in=lambda: change.old,
    )

    def more() -> list[Scope]:
        taken = list(scopes)
        scopes.clear()
        return taken

    Indexer(parts).run([Scope(bench.folder)], more)
    assert (change.known_to(change.old), change.known_to(change.new)) == (44, 44)


def test_one_that_cannot_be_run_holds_nobody_up(change: Change) -> None:
    change.bench.photo("new.png", "blue")
    change.old.damaged = True
    assert change.run().embedded == 4
    assert (change.known_to(change.old), change.known_to(change.new)) == (3, 4)


def test_photos_that_are_not_understood_are_news_too(
    change: Change, caplog: pytest.LogCaptureFixture
) -> None:
    change.answers = lambda: False
    change.new.fails_on = "red"
    assert change.run().embedded == 0
    assert "a batch of 3 pictures failed" in caplog.text
    caplog.clear()
    everything = LibraryChange()
    for each in change.bench.changes:
        everything = everything.merged(each)
    assert everything.updated == set(change.bench.library.photos.browse_ids())


def test_a_model_that_is_closed_to_end_the_run_is_no_trouble(change: Change) -> None:
    control = Control()

    def close(_seen: int) -> None:
        control.stop()
        raise UserError(ErrorCode.INDEXING_INTERRUPTED, detail="the model is being closed")

    change.new.on_seen = close
    with pytest.raises(Stopped):
        change.run(control)


def test_what_was_not_understood_is_tried_again_by_the_next_indexer(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.photo("red.png")
    bench.photo("blue.png", "blue")
    bench.embedder.fails_on = "red"
    bench.index()
    assert "out of order" in caplog.text
    caplog.clear()
    vectors = bench.library.find_vectors(bench.embedder.package.fingerprint)
    assert vectors is not None
    assert (vectors.count(), vectors.backlog_count()) == (1, 0)
    bench.embedder.fails_on = ""  # as a model that was repaired: it is known by the same name
    assert bench.index().embedded == 1
    assert vectors.count() == 2


def test_what_was_not_understood_counts_as_seen_until_it_is_tried_again(
    change: Change, caplog: pytest.LogCaptureFixture
) -> None:
    bench = change.bench
    bench.photo("blue.png", "blue")
    bench.embedder = change.old
    bench.index()
    bench.embedder = change.new
    change.new.fails_on = "red"
    bench.index()
    vectors = bench.library.find_vectors(change.new.package.fingerprint)
    assert vectors is not None
    packages = [change.old.package, change.new.package]

    def answers() -> ModelPackage | None:
        return ServingModel(bench.library, lambda: packages[1], lambda: packages).package()

    assert answers() == packages[1]
    caplog.clear()
    indexer = bench.indexer()
    assert (vectors.count(), vectors.seen_count(), answers()) == (1, 4, packages[1])
    away = bench.root.with_name("away")
    bench.root.rename(away)
    indexer.run([Scope(bench.folder)])
    assert caplog.text == ""
    assert (vectors.seen_count(), answers()) == (4, packages[1])
    away.rename(bench.root)
    indexer.run([Scope(bench.folder)])
    assert "out of order" in caplog.text
    assert answers() == packages[1]
    caplog.clear()
    indexer.run([Scope(bench.folder)])  # once is enough
    assert caplog.text == ""
    assert len(bench.library.photos.failures()) == 0  # the old model understands them

"""The library follows the folders, and nothing is done twice."""

import hashlib
import os
import shutil
from concurrent.futures import Future
from pathlib import Path

import pytest

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.progress import Phase, Progress
from memoryhunter.indexing.adding import add_folder as watch_folder
from memoryhunter.indexing.control import Control, Stopped
from memoryhunter.indexing.indexer import Indexer, IndexerParts
from memoryhunter.indexing.survey import Scope
from memoryhunter.media.prepare import PreparedPhoto, PrepareRequest
from memoryhunter.media.workers import MediaPool
from tests.builders import add_folder
from tests.fakes import ColourEmbedder
from tests.indexing.conftest import Bench, age


def digest(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_folder_is_indexed_once(bench: Bench) -> None:
    for number in range(20):
        bench.photo(f"{number % 3}/{number}.png")
    before = digest(bench.root)
    assert bench.counts(bench.index()) == (20, 0, 0, 0, 20)
    assert (bench.library.photos.count(), bench.vectors) == (20, 20)
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)
    assert bench.embedder.seen == 20
    assert digest(bench.root) == before
    assert len(list(bench.thumbnails.rglob("*.jpg"))) == 20


def test_a_renamed_file_moved(bench: Bench) -> None:
    path = bench.photo("a.png")
    bench.photo("b.png")
    bench.index()
    known = bench.library.photos.find(path)
    path.rename(bench.root / "new name.png")
    assert bench.counts(bench.index()) == (0, 0, 1, 0, 0)
    moved = bench.library.photos.find(bench.root / "new name.png")
    assert known is not None
    assert moved is not None
    assert (moved.id, bench.vectors) == (known.id, 2)
    assert bench.library.photos.find(path) is None


def test_a_file_moved_to_another_folder(bench: Bench, tmp_path: Path) -> None:
    path = bench.photo("a.png")
    other = tmp_path / "other"
    other.mkdir()
    # The folder that now has the file is looked at first.
    bench.library.close()
    bench.library.__init__(bench.library.path)  # type: ignore[misc]
    with bench.library.write():
        bench.library.folders.remove(bench.folder)
    add_folder(bench.library, other)
    bench.folder = add_folder(bench.library, bench.root)
    bench.index()
    known = bench.library.photos.find(path)
    shutil.move(path, other / "a.png")
    assert bench.counts(bench.index()) == (0, 0, 1, 0, 0)
    moved = bench.library.photos.find(other / "a.png")
    assert known is not None
    assert moved is not None
    assert moved.id == known.id


def test_a_renamed_folder_moves_all_its_photos(bench: Bench) -> None:
    for number in range(10):
        bench.photo(f"trip/{number}.png")
    bench.index()
    (bench.root / "trip").rename(bench.root / "旅行")
    assert bench.counts(bench.index()) == (0, 0, 10, 0, 0)
    assert bench.embedder.seen == 10


def test_a_deleted_file_disappears_and_comes_back(bench: Bench, tmp_path: Path) -> None:
    path = bench.photo("a.png")
    bench.photo("b.png")
    bench.index()
    shutil.move(path, tmp_path / "kept.png")
    assert bench.counts(bench.index()) == (0, 0, 0, 1, 0)
    assert bench.names() == ["b.png"]
    shutil.move(tmp_path / "kept.png", path)
    assert bench.counts(bench.index()) == (1, 0, 0, 0, 0)
    assert bench.names() == ["a.png", "b.png"]
    assert bench.embedder.seen == 2


def test_a_file_that_comes_back_elsewhere_keeps_its_vector(bench: Bench, tmp_path: Path) -> None:
    path = bench.photo("a.png")
    bench.photo("b.png")
    bench.index()
    shutil.move(path, tmp_path / "kept.png")
    bench.index()
    shutil.move(tmp_path / "kept.png", bench.root / "back.png")
    bench.index()
    assert bench.names() == ["b.png", "back.png"]
    assert bench.embedder.seen == 2


def test_a_changed_file_is_read_again(bench: Bench) -> None:
    path = bench.photo("a.png")
    bench.index()
    bench.photo("a.png", "blue")
    age(path)
    assert bench.counts(bench.index()) == (0, 1, 0, 0, 1)
    assert bench.vectors == 1


def test_two_files_that_swapped_names(bench: Bench) -> None:
    a, b = bench.photo("a.png", "red"), bench.photo("b.png", "blue")
    bench.index()
    a.rename(bench.root / "c.png")
    b.rename(a)
    (bench.root / "c.png").rename(b)
    age(a)
    age(b)
    bench.index()
    assert bench.names() == ["a.png", "b.png"]
    package = bench.embedder.package
    vectors = bench.library.find_vectors(package.fingerprint)
    red, photo = bench.embedder.embed_texts(["red"])[0], bench.library.photos.find(b)
    assert vectors is not None
    assert photo is not None
    stored = vectors.current(photo.id)
    assert stored is not None
    assert float(stored @ red) > 0.99


def test_copies_are_embedded_once(bench: Bench) -> None:
    path = bench.photo("a.png")
    shutil.copyfile(path, bench.root / "b.png")
    assert bench.index().embedded == 2
    assert bench.embedder.seen == 1
    shutil.copyfile(path, bench.root / "c.png")
    assert bench.counts(bench.index()) == (1, 0, 0, 0, 0)
    assert (bench.embedder.seen, bench.vectors) == (1, 3)


def test_broken_files_are_listed_and_cost_nothing_else(bench: Bench) -> None:
    good = bench.photo("good.png")
    (bench.root / "cut.png").write_bytes(good.read_bytes()[:60])
    (bench.root / "empty.jpg").write_bytes(b"")
    (bench.root / "text.jpg").write_text("not a picture")
    if hasattr(os, "mkfifo"):
        os.mkfifo(bench.root / "pipe.jpg")
    bench.index()
    assert bench.names() == ["good.png"]
    reasons = {f.path.name: f.reason for f in bench.library.photos.failures()}
    assert reasons.pop("pipe.jpg", "not-a-file") == "not-a-file"
    assert reasons == {"cut.png": "damaged", "empty.jpg": "empty", "text.jpg": "not-a-picture"}
    seen = len(bench.progress)
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)
    assert all(each.total == 0 for each in bench.progress[seen:])  # not tried again
    shutil.copyfile(good, bench.root / "cut.png")
    age(bench.root / "cut.png")
    assert bench.counts(bench.index())[0] == 1
    assert "cut.png" in bench.names()


def test_a_folder_out_of_reach_keeps_its_photos(bench: Bench, tmp_path: Path) -> None:
    bench.photo("a.png")
    bench.index()
    bench.root.rename(tmp_path / "unplugged")
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)
    assert bench.names() == ["a.png"]
    photo = bench.library.photos.get(bench.library.photos.browse_ids()[0])
    assert photo is not None
    assert not photo.online
    (tmp_path / "unplugged").rename(bench.root)
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)
    assert [folder.online for folder in bench.library.folders.all()] == [True]


def test_an_emptied_mount_point_is_not_a_deletion(bench: Bench) -> None:
    for number in range(12):
        bench.photo(f"{number}.png")
    bench.index()
    for path in bench.root.iterdir():
        path.unlink()
    assert bench.index().removed == set()
    assert bench.library.photos.count() == 12
    bench.photo("one is back.png")
    assert len(bench.index().removed) == 12


def test_without_a_model_photos_are_listed_and_understood_later(
    bench: Bench, media: MediaPool
) -> None:
    bench.photo("a.png")
    parts = IndexerParts(bench.library, media, None, bench.thumbnails, frozenset())
    summary = Indexer(parts).run([Scope(bench.folder)])
    assert (len(summary.added), summary.embedded) == (1, 0)
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 1)


def test_another_model_fills_its_own_vectors(bench: Bench) -> None:
    for number in range(3):
        bench.photo(f"{number}.png")
    bench.index()
    first = bench.embedder.package.fingerprint
    bench.embedder = ColourEmbedder("second")
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 3)
    kept = bench.library.find_vectors(first)
    assert kept is not None
    assert kept.count() == 3


@pytest.mark.parametrize("batch", [1, 3, 64])
def test_the_model_gets_as_many_pictures_at_once_as_it_wants(bench: Bench, batch: int) -> None:
    for number in range(7):
        bench.photo(f"{number}.png")
    bench.embedder.image_batch = batch
    assert bench.index().embedded == 7
    # Fewer where nothing more is being read: at the end, or while the workers are slower.
    assert sum(bench.embedder.batches) == 7
    assert max(bench.embedder.batches) <= batch


def test_a_large_batch_is_not_waited_for_where_files_are_slow(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        bench.photo(f"{number}.png")
    bench.embedder.image_batch = 64
    monkeypatch.setattr("memoryhunter.indexing.embedding._PATIENCE", -1.0)  # each is too slow
    assert bench.index().embedded == 7
    assert bench.embedder.batches == [1] * 7


def test_one_picture_the_model_fails_on_costs_no_neighbour(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        bench.photo(f"{number}.png", "red")
    bench.photo("odd.png", "blue")
    bench.embedder.fails_on = "blue"
    assert bench.index().embedded == 3
    assert "a batch of" in caplog.text
    assert bench.library.photos.count() == 4  # still there to browse
    assert [(f.path.name, f.reason) for f in bench.library.photos.failures()] == [
        ("odd.png", "not-understood")
    ]
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)


def test_a_damaged_model_blames_no_photo(bench: Bench) -> None:
    bench.photo("a.png")
    bench.embedder.damaged = True
    with pytest.raises(UserError):
        bench.index()
    assert bench.library.photos.failures() == []
    bench.embedder.damaged = False
    assert bench.index().embedded == 1


def test_a_failure_that_may_pass_hides_no_photo(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bench.photo("a.png")
    bench.index()
    bench.embedder = ColourEmbedder("second")  # so that the file is read again

    def asleep(*_: object) -> Future[object]:
        future: Future[object] = Future()
        future.set_exception(FileFailure(FailureReason.TOO_SLOW))
        return future

    with monkeypatch.context() as patch:
        patch.setattr(bench.media, "prepare", asleep)
        assert bench.index().embedded == 0
        new = bench.photo("b.png")
        bench.index()
    assert bench.names() == ["a.png"]
    assert [f.path for f in bench.library.photos.failures()] == [new]
    assert bench.index().embedded == 2  # another program start tries both again
    assert bench.names() == ["a.png", "b.png"]
    assert bench.library.photos.find(path) is not None


def test_a_worker_that_does_something_unheard_of_costs_one_file(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bench.photo("good.png")
    bench.photo("odd.png")
    prepare = bench.media.prepare

    def odd(request: PrepareRequest) -> Future[PreparedPhoto]:
        if request.path.name != "odd.png":
            return prepare(request)
        future: Future[PreparedPhoto] = Future()
        future.set_exception(LookupError("unheard of"))
        return future

    monkeypatch.setattr(bench.media, "prepare", odd)
    bench.index()
    assert bench.names() == ["good.png"]
    assert [f.reason for f in bench.library.photos.failures()] == ["crashed"]
    assert "unheard of" in caplog.text


def test_taking_the_place_of_a_photo_removes_it(bench: Bench) -> None:
    a, b = bench.photo("a.png", "red"), bench.photo("b.png", "blue")
    bench.index()
    gone = bench.library.photos.find(b)
    assert gone is not None
    a.replace(b)
    age(b)
    summary = bench.index()
    assert summary.removed == {gone.id}
    assert len(summary.moved) == 1
    assert bench.names() == ["b.png"]


def test_a_broken_file_that_goes_was_no_photo(bench: Bench) -> None:
    (bench.root / "broken.png").write_text("broken")
    bench.index()
    (bench.root / "broken.png").unlink()
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)
    assert bench.library.photos.failures() == []


def test_the_number_of_failed_files_is_told_at_every_run(bench: Bench) -> None:
    (bench.root / "broken.png").write_text("broken")
    bench.index()
    bench.progress.clear()
    bench.index()
    assert bench.progress
    assert all(each.failed == 1 for each in bench.progress)


def test_thumbnails_nothing_needs_are_deleted(bench: Bench) -> None:
    bench.photo("a.png")
    bench.photo("b.png")
    bench.index()
    assert len(list(bench.thumbnails.rglob("*.jpg"))) == 2
    with bench.library.write():
        bench.library.files.forget(bench.library.photos.browse_ids()[:1])
        bench.library.folders.remove(bench.folder)
    bench.index()
    add_folder(bench.library, bench.root)
    (bench.root / "b.png").unlink()
    bench.index()
    assert len(list(bench.thumbnails.rglob("*.jpg"))) == 1


@pytest.mark.parametrize("hidden", [".private", "@eaDir"])
def test_a_hidden_folder_inside_a_watched_one_is_its_own(bench: Bench, hidden: str) -> None:
    bench.photo("a.png")
    bench.photo(f"{hidden}/b.png")
    inner = watch_folder(bench.library, bench.root / hidden, frozenset())
    assert inner != bench.folder
    bench.index()
    assert bench.names() == ["a.png", "b.png"]
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)


def test_an_outer_folder_does_not_take_over_what_it_does_not_reach(
    bench: Bench, tmp_path: Path
) -> None:
    with bench.library.write():
        bench.library.folders.remove(bench.folder)
    for name in ("plain", ".private", "unplugged"):
        bench.photo(f"{name}/in {name}.png")
        watch_folder(bench.library, bench.root / name, frozenset())
    bench.index()
    (bench.root / "unplugged").rename(tmp_path / "away")
    bench.index()  # notices that it is not there
    outer = watch_folder(bench.library, bench.root, frozenset())
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)
    assert bench.names() == ["in .private.png", "in plain.png", "in unplugged.png"]
    paths = bench.library.folders.paths()
    assert paths[outer] == bench.root
    assert bench.root / "plain" not in paths.values()
    (tmp_path / "away").rename(bench.root / "unplugged")
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)


def test_a_photo_without_a_suffix_is_recognised(bench: Bench) -> None:
    bench.photo("recovered")
    (bench.root / "LICENSE").write_text("no photo")
    (bench.root / "empty").touch()
    bench.index()
    assert bench.names() == ["recovered"]
    assert bench.library.photos.failures() == []


def test_own_folders_and_other_programs_are_passed_over(bench: Bench) -> None:
    bench.photo("a.png")
    for ignored in (".hidden/b.png", "@eaDir/c.png", "Photos.photoslibrary/d.png", "._e.png"):
        bench.photo(ignored)
    bench.thumbnails = bench.root / "our cache"
    bench.photo("our cache/f.png")
    bench.index()
    assert bench.names() == ["a.png"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_make_no_loops(bench: Bench) -> None:
    bench.photo("sub/a.png")
    (bench.root / "sub" / "loop").symlink_to(bench.root)
    (bench.root / "dead.png").symlink_to("nowhere.png")
    bench.index()
    assert bench.names() == ["a.png"]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_strange_names(bench: Bench) -> None:
    names = ["new\nline.png", "😀.png", os.fsdecode(b"caf\xe9.png"), "n" * 251 + ".png", "'--;.png"]
    for name in names:
        bench.photo(name)
    bench.index()
    assert bench.names() == sorted(names)
    assert bench.counts(bench.index()) == (0, 0, 0, 0, 0)


def test_stopping_keeps_what_was_done_and_the_next_run_continues(bench: Bench) -> None:
    for number in range(60):
        bench.photo(f"{number}.png")
    control = Control()
    bench.embedder.on_seen = lambda seen: control.stop() if seen >= 16 else None
    with pytest.raises(Stopped):
        bench.indexer(control).run([Scope(bench.folder)])
    assert 16 <= bench.vectors <= bench.library.photos.count() < 60
    bench.index()
    assert (bench.library.photos.count(), bench.vectors) == (60, 60)
    assert bench.embedder.seen == 60  # nothing twice


def test_pause_and_resume(bench: Bench) -> None:
    for number in range(30):
        bench.photo(f"{number}.png")
    control = Control()
    phases: list[Phase] = []

    def watch(progress: Progress) -> None:
        phases.append(progress.phase)
        if progress.phase is Phase.READING and Phase.PAUSED not in phases:
            control.pause()
        if progress.phase is Phase.PAUSED:
            control.resume()

    bench.indexer(control, watch).run([Scope(bench.folder)])
    assert Phase.PAUSED in phases
    assert bench.vectors == 30
    assert phases[-1] is Phase.IDLE


def test_changes_tell_what_happened(bench: Bench, tmp_path: Path) -> None:
    a, b = bench.photo("a.png"), bench.photo("b.png")
    bench.index()
    total = LibraryChange()
    for change in bench.changes:
        total = total.merged(change)
    assert total.added == set(bench.library.photos.browse_ids())
    bench.changes.clear()
    gone = bench.library.photos.find(a)
    assert gone is not None
    shutil.move(a, tmp_path)
    b.rename(bench.root / "c.png")
    bench.index()
    total = LibraryChange()
    for change in bench.changes:
        total = total.merged(change)
    assert total.removed == {gone.id}


def test_a_removed_folder_is_not_read_to_its_end(bench: Bench) -> None:
    for number in range(40):
        bench.photo(f"{number}.png")
    asked = iter(range(1000))

    def remove_after_a_while() -> list[Scope]:
        if next(asked) == 5:
            with bench.library.write():
                bench.library.folders.remove(bench.folder)
        return []

    bench.indexer().run([Scope(bench.folder)], remove_after_a_while)
    assert bench.library.photos.count() == 0
    assert bench.embedder.seen < 40


def test_a_full_disk_stops_the_run_with_a_clear_error(bench: Bench) -> None:
    bench.photo("a.png")
    bench.thumbnails.write_text("a file where the folder should be")
    with pytest.raises(UserError) as raised:
        bench.index()
    assert raised.value.code is ErrorCode.DISK_FULL
    assert bench.library.photos.count() == 0


def test_a_pause_is_told_again_and_again(bench: Bench) -> None:
    bench.photo("a.png")
    control = Control()
    control.pause()
    told: list[bool] = []

    def between_batches() -> None:
        told.append(control.paused)
        if len(told) == 3:
            control.resume()

    parts = IndexerParts(
        bench.library, bench.media, bench.embedder, bench.thumbnails, frozenset(), between_batches
    )
    assert Indexer(parts, control=control).run([Scope(bench.folder)]).embedded == 1
    assert told[:3] == [True] * 3
    assert set(told[3:]) == {False}  # after the batch

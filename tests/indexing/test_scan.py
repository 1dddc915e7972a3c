"""Walking through a folder, and comparing it with the library."""

import errno
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from memoryhunter.domain.failures import TRANSIENT, FailureReason
from memoryhunter.domain.photo import FileStamp
from memoryhunter.indexing import scan
from memoryhunter.indexing.scan import (
    Found,
    Identity,
    compare,
    enclosing,
    is_reachable,
    lost_mounts,
    walk,
)
from memoryhunter.library.files import KnownFile

STAMP = FileStamp(1, 2)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)

as_others = pytest.mark.skipif(os.name == "nt", reason="POSIX")


def known(
    photo_id: int,
    stamp: FileStamp = STAMP,
    *,
    missing: bool = False,
    failure: str | None = None,
) -> KnownFile:
    return KnownFile(photo_id, stamp, missing, failure)


def errors(number: int) -> OSError:
    return OSError(number, os.strerror(number))


class Entry:
    """An entry of a folder on a disk that may be broken, or be another system's."""

    def __init__(self, real: os.DirEntry[str], disk: "Disk") -> None:
        self.name, self.path = real.name, real.path
        self._real = real
        self._disk = disk

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        if self.name in self._disk.kind_errors:
            raise self._disk.kind_errors[self.name]
        return self._real.is_dir(follow_symlinks=follow_symlinks)

    def stat(self, *, follow_symlinks: bool = True) -> object:
        if self.name in self._disk.stat_errors:
            raise self._disk.stat_errors[self.name]
        status = self._real.stat(follow_symlinks=follow_symlinks)
        names = ("st_mode", "st_size", "st_mtime_ns", "st_dev", "st_ino")
        return SimpleNamespace(
            **{each: getattr(status, each) for each in names},
            **self._disk.attributes.get(self.name, {}),
        )


class Disk:
    """What is wrong or special with the entries of some names."""

    def __init__(self) -> None:
        self.kind_errors: dict[str, OSError] = {}
        self.stat_errors: dict[str, OSError] = {}
        self.attributes: dict[str, dict[str, int]] = {}
        self._scandir = os.scandir

    @contextmanager
    def _entries(self, path: Path) -> Iterator[Iterator[Entry]]:
        with self._scandir(str(path)) as entries:
            yield (Entry(each, self) for each in entries)

    def scandir(self, path: Path) -> AbstractContextManager[Iterator[Entry]]:
        return self._entries(path)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(os, "scandir", made.scandir)
    return made


class Drives:
    """Other drives at some places below a root, as stat() and ismount() tell it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.places: set[str] = set()

    def identity(self, folder: Path) -> Identity:
        status = folder.stat()
        relative = folder.relative_to(self.root).as_posix()
        drive = max(
            (each for each in self.places if f"{relative}/".startswith(f"{each}/")), default=""
        )
        return hash(drive) % 1000 if drive else status.st_dev, status.st_ino

    def is_mount(self, path: Path) -> bool:
        return path.is_dir() and path.relative_to(self.root).as_posix() in self.places


@pytest.fixture
def drives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drives:
    made = Drives(tmp_path)
    monkeypatch.setattr(scan, "identity", made.identity)
    monkeypatch.setattr(os.path, "ismount", made.is_mount)
    return made


def test_new_changed_gone_and_returned_files() -> None:
    found = Found({"new.jpg": STAMP, "same.jpg": STAMP, "changed.jpg": STAMP, "back.jpg": STAMP})
    difference = compare(
        found,
        [
            ("same.jpg", known(1)),
            ("changed.jpg", known(2, FileStamp(9, 2))),
            ("gone.jpg", known(3)),
            ("back.jpg", known(4, missing=True)),
            ("long gone.jpg", known(5, missing=True)),
        ],
    )
    assert set(difference.to_read) == {"new.jpg", "changed.jpg"}
    assert [each.photo_id for each in difference.gone] == [3]
    assert difference.returned == [4]


@pytest.mark.parametrize(
    ("place", "gone"), [("a", [2]), ("", []), ("ab", [1, 2]), ("a/1.jpg", [2]), ("a/1", [1, 2])]
)
def test_what_cannot_be_looked_at_is_not_gone(place: str, gone: list[int]) -> None:
    found = Found({}, [place])
    difference = compare(found, [("a/1.jpg", known(1)), ("b/2.jpg", known(2))])
    assert [each.photo_id for each in difference.gone] == gone


@pytest.mark.parametrize("reason", FailureReason)
def test_failures_that_pass_are_tried_again_when_asked(reason: FailureReason) -> None:
    found = Found({"a.jpg": STAMP, "back.jpg": STAMP, "good.jpg": STAMP})
    files = [
        ("a.jpg", known(1, failure=str(reason))),
        ("back.jpg", known(2, missing=True, failure=str(reason))),
        ("good.jpg", known(3)),
    ]
    assert compare(found, files).to_read == {}
    difference = compare(found, files, retry=True)
    assert set(difference.to_read) == ({"a.jpg", "back.jpg"} if reason in TRANSIENT else set())
    assert difference.returned == [2]


def test_folders_around_a_place() -> None:
    assert list(enclosing("a/b/c.jpg")) == ["", "a", "a/b"]
    assert list(enclosing("a")) == [""]
    assert list(enclosing("")) == []


def test_a_walk_below_a_folder_that_is_gone_finds_nothing(tmp_path: Path) -> None:
    found = walk(tmp_path, "not/there", frozenset())
    assert (found.files, found.unreadable) == ({}, [])


def test_what_was_the_top_of_a_drive_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    assert is_reachable(tmp_path, was_mount=False, known=1000)
    assert not is_reachable(tmp_path, was_mount=True, known=0)
    assert not is_reachable(tmp_path / "not there", was_mount=False, known=0)


def test_only_what_lies_there_is_a_photo(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "photo.jpg").mkdir(parents=True)
    (root / "photo.jpg" / "inside.jpg").write_bytes(PNG)
    assert set(walk(root, "", frozenset()).files) == {"photo.jpg/inside.jpg"}


@as_others
def test_links_lead_to_files_only(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "photo.jpg").write_bytes(PNG)
    (root / "link.jpg").symlink_to(outside / "photo.jpg")
    (root / "folder.jpg").symlink_to(outside)
    (root / "dead.jpg").symlink_to("nowhere.jpg")
    (root / "circle.jpg").symlink_to("circle.jpg")
    (root / "below a file.jpg").symlink_to(outside / "photo.jpg" / "x")
    found = walk(root, "", frozenset())
    assert set(found.files) == {"link.jpg"}
    assert found.unreadable == []


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EACCES])
def test_a_file_that_cannot_be_asked_about_is_not_gone(
    tmp_path: Path, disk: Disk, number: int
) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(PNG)
    disk.stat_errors["a.jpg"] = errors(number)
    found = walk(tmp_path, "", frozenset())
    assert set(found.files) == {"b.jpg"}
    assert compare(found, [("a.jpg", known(1))]).gone == []


def test_a_file_deleted_while_it_is_listed_is_gone(tmp_path: Path, disk: Disk) -> None:
    (tmp_path / "a.jpg").write_bytes(PNG)
    disk.stat_errors["a.jpg"] = errors(errno.ENOENT)
    found = walk(tmp_path, "", frozenset())
    assert [each.photo_id for each in compare(found, [("a.jpg", known(1))]).gone] == [1]


def test_an_entry_of_unknown_kind_is_not_gone(tmp_path: Path, disk: Disk) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.jpg").write_bytes(PNG)
    disk.kind_errors["sub"] = errors(errno.EIO)
    found = walk(tmp_path, "", frozenset())
    assert set(found.files) == {"b.jpg"}
    assert compare(found, [("sub/a.jpg", known(1)), ("sub", known(2))]).gone == []


@as_others
@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_a_file_without_a_suffix_that_cannot_be_opened_is_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    (tmp_path / "rescued").write_bytes(PNG)

    def refuse(path: Path, flags: int) -> int:
        raise errors(number)

    monkeypatch.setattr(os, "open", refuse)
    found = walk(tmp_path, "", frozenset())
    assert (found.files, found.unreadable) == ({}, ["rescued"])


def test_what_the_library_knows_is_not_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("known", "new", "named.jpg"):
        (tmp_path / "sub" / name).write_bytes(PNG)
    opened: list[str] = []

    def looks(path: Path) -> bool:
        opened.append(path.name)
        return True

    monkeypatch.setattr(scan, "looks_like_photo", looks)
    stamp = walk(tmp_path, "", frozenset()).files["sub/known"]
    opened.clear()
    found = walk(tmp_path, "", frozenset(), knows=lambda *asked: asked == ("sub/known", stamp))
    assert opened == ["new"]
    assert set(found.files) == {"sub/known", "sub/new", "sub/named.jpg"}


@pytest.mark.parametrize(
    "attributes",
    [
        {"st_file_attributes": 0x1000},
        {"st_file_attributes": 0x40000},
        {"st_file_attributes": 0x400000},
        {"st_flags": 0x40000000},
    ],
)
def test_files_in_the_cloud_are_not_downloaded_to_look_at_them(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch, attributes: dict[str, int]
) -> None:
    (tmp_path / "rescued").write_bytes(PNG)
    disk.attributes["rescued"] = attributes
    monkeypatch.setattr(scan, "looks_like_photo", lambda _path: pytest.fail("opened"))
    found = walk(tmp_path, "", frozenset())
    assert (found.files, found.unreadable) == ({}, ["rescued"])
    found = walk(tmp_path, "", frozenset(), knows=lambda _relative, _stamp: True)
    assert set(found.files) == {"rescued"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a Unix thing")
def test_only_files_are_opened_to_look_at_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(scan, "looks_like_photo", lambda _path: pytest.fail("opened"))
    assert walk(tmp_path, "", frozenset()).files == {}


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        (0xA0000003, set()),  # a junction, or a drive mounted in a folder
        (0x9000001A, {"sub/a.jpg"}),  # a folder of OneDrive
    ],
)
def test_junctions_are_passed_over(tmp_path: Path, disk: Disk, tag: int, names: set[str]) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.jpg").write_bytes(PNG)
    disk.attributes["sub"] = {"st_reparse_tag": tag}
    assert set(walk(tmp_path, "", frozenset()).files) == names


@pytest.mark.parametrize("below", ["", "sub", "sub/deep"])
def test_a_folder_inside_itself_ends_the_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    (tmp_path / "sub" / "deep" / "loop" / "again").mkdir(parents=True)
    (tmp_path / "sub" / "deep" / "a.jpg").write_bytes(PNG)
    (tmp_path / "sub" / "deep" / "loop" / "a.jpg").write_bytes(PNG)
    real = scan.identity

    def identity(folder: Path) -> Identity:
        return real(tmp_path / "sub") if folder.name == "loop" else real(folder)

    monkeypatch.setattr(scan, "identity", identity)
    found = walk(tmp_path, below, frozenset())
    assert set(found.files) == {"sub/deep/a.jpg"}
    assert found.unreadable == ["sub/deep/loop"]


def test_folders_that_have_no_numbers_are_no_loops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "sub" / "deep" / "a.jpg").write_bytes(PNG)
    monkeypatch.setattr(scan, "identity", lambda _folder: (7, 0))
    assert set(walk(tmp_path, "", frozenset()).files) == {"sub/deep/a.jpg"}


@as_others
@pytest.mark.parametrize(
    ("below", "mounts"),
    [
        ("", ["NAS", "NAS/inner", "trip/card"]),
        ("NAS", ["NAS", "NAS/inner"]),
        ("NAS/2023", ["NAS"]),
        ("trip", ["trip/card"]),
    ],
)
def test_drives_inside_a_folder_are_noted(
    tmp_path: Path, drives: Drives, below: str, mounts: list[str]
) -> None:
    for folder in ("NAS/2023", "NAS/inner", "trip/card/DCIM"):
        (tmp_path / folder).mkdir(parents=True)
    drives.places = {"NAS", "NAS/inner", "trip/card"}
    found = walk(tmp_path, below, frozenset())
    assert sorted(found.mounts) == mounts
    assert lost_mounts(["NAS", "NAS/inner", "trip/card"], found, tmp_path) == []


@as_others
@pytest.mark.parametrize("below", ["", "NAS", "NAS/2023"])
@pytest.mark.parametrize("left", ["an empty folder", "nothing"])
def test_the_photos_of_a_drive_that_left_are_not_gone(
    tmp_path: Path, drives: Drives, below: str, left: str
) -> None:
    if left == "an empty folder":
        (tmp_path / "NAS").mkdir()
    (tmp_path / "trip").mkdir()
    found = walk(tmp_path, below, frozenset())
    lost = lost_mounts(["NAS", "trip/NAS"], found, tmp_path)
    assert lost == (["NAS", "trip/NAS"] if not below else ["NAS"])
    found.unreadable += lost
    difference = compare(found, [("NAS/2023/a.jpg", known(1)), ("b.jpg", known(2))])
    assert [each.photo_id for each in difference.gone] == [2]


@as_others
def test_a_drive_that_leaves_during_the_walk_is_lost(tmp_path: Path, drives: Drives) -> None:
    (tmp_path / "NAS").mkdir()
    drives.places = {"NAS"}
    found = walk(tmp_path, "", frozenset())
    drives.places.clear()
    assert lost_mounts([], found, tmp_path) == ["NAS"]


@as_others
def test_a_drive_that_comes_back_after_the_walk_was_not_seen(
    tmp_path: Path, drives: Drives
) -> None:
    (tmp_path / "NAS").mkdir()
    found = walk(tmp_path, "", frozenset())
    drives.places = {"NAS"}
    assert lost_mounts(["NAS"], found, tmp_path) == ["NAS"]


def test_a_place_deleted_with_the_folder_around_it_is_gone(tmp_path: Path) -> None:
    found = walk(tmp_path, "", frozenset())
    assert lost_mounts(["trip/NAS"], found, tmp_path) == []


def test_the_top_of_a_drive_is_recognised_without_pathlib(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_mount(path: Path) -> bool:
        raise NotImplementedError("as on Windows before Python 3.12")

    monkeypatch.setattr(Path, "is_mount", is_mount)
    assert not is_reachable(tmp_path, was_mount=True, known=0)

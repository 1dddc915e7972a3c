"""What people point at: folders, files in them, drives around them, archives."""

import errno
import io
import random
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine import archive as archives
from memoryhunter.engine.given_model import given_model
from memoryhunter.engine.packages import NEEDED_FILES, write_manifest
from memoryhunter.engine.prepare.hub_folder import read_hub_folder
from memoryhunter.engine.prepare.progress import PreparationCancelledError, stop_if

HUB = Path(__file__).parents[1] / "models" / "shapes-clip"
NAMES = sorted(path.name for path in HUB.iterdir())
FACTS = {
    "id": "ready",
    "name": "Ready",
    "architecture": "chinese_clip",
    "dimension": 8,
    "image": {"size": 16, "resize": "squash", "mean": [0.5, 0.5, 0.5], "std": [0.2, 0.2, 0.2]},
    "text": {"max_tokens": 12},
    "precision": "int8",
    "agreement": {},
    "licence": "MIT",
    "source": "somebody/model",
}


@pytest.fixture
def downloads(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "downloads"
    yield folder
    assert [path.name for path in folder.iterdir()] == [".given.lock"]


def put_hub(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).symlink_to(HUB / name)
    return folder


def put_package(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in NEEDED_FILES:
        (folder / name).write_bytes(name.encode())
    write_manifest(folder, FACTS, NEEDED_FILES)
    return folder


def put_archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def hub_files(prefix: str = "") -> dict[str, bytes]:
    return {prefix + name: (HUB / name).read_bytes() for name in NAMES}


def found(path: Path, downloads: Path) -> Path:
    with given_model(path, downloads) as folder:
        return folder


def refused(path: Path, downloads: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        found(path, downloads)
    return caught.value


# Folders


def test_a_folder_its_files_and_the_drive_around_it(tmp_path: Path, downloads: Path) -> None:
    drive = tmp_path / "stick"
    hub = put_hub(drive / "模型" / "model")
    (drive / "photos").mkdir()
    (drive / ".hidden").mkdir()
    for path in (hub, hub / "config.json", hub / "model.safetensors", hub.parent, drive):
        assert found(path, downloads) == hub
    ready = put_package(tmp_path / "ready")
    for path in (ready, ready / "model.json", ready / "image.onnx"):
        assert found(path, downloads) == ready


def test_which_of_several_is_asked(tmp_path: Path, downloads: Path) -> None:
    put_hub(tmp_path / "stick" / "a")
    put_package(tmp_path / "stick" / "b")
    error = refused(tmp_path / "stick", downloads)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert "a, b" in str(error.values["detail"])


def test_a_file_that_is_none_of_a_model(tmp_path: Path, downloads: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    assert refused(tmp_path / "holiday.jpg", downloads).code is ErrorCode.MODEL_SOURCE_INVALID


# Archives


@pytest.mark.parametrize("prefix", ["", "chinese-clip/", "a/b/chinese-clip/"])
def test_an_archive(tmp_path: Path, downloads: Path, prefix: str) -> None:
    files = hub_files(prefix) | {prefix + "clip.pt": b"x", "/etc/evil": b"x", "../evil": b"x"}
    path = put_archive(tmp_path / "chinese-clip.zip", files)
    with given_model(path, downloads) as folder:
        assert folder.name == "chinese-clip"
        assert sorted(each.name for each in folder.iterdir()) == NAMES
        assert (folder / "vocab.txt").read_bytes() == (HUB / "vocab.txt").read_bytes()
    assert not list(tmp_path.rglob("evil"))


def test_an_archive_of_a_package(tmp_path: Path, downloads: Path) -> None:
    ready = put_package(tmp_path / "x")
    files = {path.name: path.read_bytes() for path in ready.iterdir()} | {"more.txt": b"x"}
    path = put_archive(tmp_path / "ready.zip", files)
    with given_model(path, downloads) as folder:
        assert {each.name for each in folder.iterdir()} == {*NEEDED_FILES, "model.json"}


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"photo.jpg": b"x"},
        hub_files("a/") | hub_files("b/"),
        {"model.json": b"nonsense"},
        {"model.json": b"{}"},
        hub_files() | {"config.json": b" " * (archives._MOST_TEXT + 1)},
    ],
    ids=["empty", "photos", "two", "nonsense", "no files", "bomb"],
)
def test_an_archive_that_holds_no_model(
    tmp_path: Path, downloads: Path, files: dict[str, bytes]
) -> None:
    path = put_archive(tmp_path / "x.zip", files)
    error = refused(path, downloads)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert error.values["path"] == str(path)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_no_damage_to_an_archive_is_taken_for_a_bug(
    tmp_path: Path, downloads: Path, method: int
) -> None:
    dice = random.Random(method)
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", compression=method) as file:
        for name in NAMES:
            file.writestr(f"模型/{name}", dice.randbytes(500) + b"a" * 500)
    whole = path.read_bytes()
    codes = []
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(dice.choice((1, 1, 2, 5))):
            # Mostly in the directory, which is at the end.
            far = min(400, len(content)) if dice.random() < 0.6 else len(content)
            content[-1 - dice.randrange(far)] = dice.randrange(256)
        path.write_bytes(content)
        try:
            found(path, downloads)
        except UserError as error:
            codes.append(error.code)
    assert len(codes) > 20
    assert set(codes) <= {ErrorCode.MODEL_SOURCE_INVALID, ErrorCode.NOT_ENOUGH_SPACE}


def test_a_full_disk_is_not_a_damaged_archive(
    tmp_path: Path, downloads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_archive(tmp_path / "x.zip", hub_files())
    really = Path.open

    class Full(io.BytesIO):
        def write(self, _content: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def opened(self: Path, mode: str = "r", **options: Any) -> Any:
        return Full() if mode == "xb" else really(self, mode, **options)

    monkeypatch.setattr(Path, "open", opened)
    error = refused(path, downloads)
    assert (error.code, error.values["path"]) == (ErrorCode.DISK_FULL, str(downloads))


def test_errors_name_the_archive_and_not_where_it_was_unpacked(
    tmp_path: Path, downloads: Path
) -> None:
    path = put_archive(tmp_path / "x.zip", hub_files() | {"config.json": b"{}"})
    with pytest.raises(UserError) as caught, given_model(path, downloads) as folder:
        read_hub_folder(folder)
    assert caught.value.code is ErrorCode.MODEL_SOURCE_INVALID
    assert caught.value.values["path"] == str(path)
    # Other places are known to the person.
    elsewhere = UserError(ErrorCode.DISK_FULL, path=str(tmp_path))
    with pytest.raises(UserError) as caught, given_model(path, downloads):
        raise elsewhere
    assert caught.value is elsewhere


def test_a_damaged_archive(tmp_path: Path, downloads: Path) -> None:
    path = put_archive(tmp_path / "x.zip", hub_files())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    assert refused(path, downloads).code is ErrorCode.MODEL_SOURCE_INVALID
    path.write_bytes(content[: len(content) // 2])
    assert refused(path, downloads).code is ErrorCode.MODEL_SOURCE_INVALID


def test_an_archive_with_a_password(tmp_path: Path, downloads: Path) -> None:
    path = put_archive(tmp_path / "x.zip", hub_files())
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 1)
    path.write_bytes(content)
    error = refused(path, downloads)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert "has a password" in str(error.values["detail"])


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"<html>", "is a web page"), (b"other", "not a zip file")],
)
def test_what_came_instead_of_an_archive_is_said(
    tmp_path: Path, downloads: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert words in str(refused(path, downloads).values["detail"])


def test_what_an_archive_lacks_is_named(tmp_path: Path, downloads: Path) -> None:
    path = put_archive(tmp_path / "x.zip", {})
    assert refused(path, downloads).values["detail"] == "the archive is empty"
    some = {name: content for name, content in hub_files("a/").items() if "config" not in name}
    path = put_archive(tmp_path / "x.zip", some)
    assert refused(path, downloads).values["detail"] == "in the archive config.json is missing"


def test_an_archive_larger_than_the_disk(
    tmp_path: Path, downloads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_archive(tmp_path / "x.zip", hub_files())
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage._replace(free=5_000_000))
    assert refused(path, downloads).code is ErrorCode.NOT_ENOUGH_SPACE


def test_unpacking_can_be_stopped(tmp_path: Path, downloads: Path) -> None:
    path = put_archive(tmp_path / "x.zip", hub_files())
    with (
        pytest.raises(PreparationCancelledError),
        given_model(path, downloads, stop_if(lambda: True)),
    ):
        pass


def test_what_an_ended_program_left_is_cleared(tmp_path: Path, downloads: Path) -> None:
    (downloads / ".given" / "old").mkdir(parents=True)
    assert found(HUB, downloads) == HUB


def test_one_at_a_time(downloads: Path) -> None:
    with given_model(HUB, downloads):
        assert refused(HUB, downloads).code is ErrorCode.INSTALLATION_RUNNING

"""What people point at: folders, files in them, drives around them, archives."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine import archive as archives
from memoryhunter.engine.catalogue import Offer, RemoteFile
from memoryhunter.engine.given_model import given_model
from memoryhunter.engine.packages import NEEDED_FILES, write_manifest
from memoryhunter.engine.prepare.hub_folder import read_hub_folder
from memoryhunter.engine.prepare.progress import PreparationCancelledError

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
# Of the same shape as the trained model of the tests.
OFFER = Offer(
    id="offered",
    name="Offered",
    dimension=64,
    image_size=read_hub_folder(HUB).image_size,
    download_megabytes=4,
    installed_megabytes=4,
    memory_megabytes=4,
    licence="MIT",
    quality={},
    suits={},
    sources={"one": (RemoteFile("config.json", "https://models.invalid/x/config.json"),)},
)


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


def found(path: Path, downloads: Path, model: str | None = None) -> Path:
    with given_model(path, model, None, downloads, None) as folder:
        return folder


def refused(path: Path, downloads: Path, model: str | None = None) -> UserError:
    with pytest.raises(UserError) as caught:
        found(path, downloads, model)
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
        assert found(path, downloads, "ready") == ready


def test_which_of_several_is_asked(tmp_path: Path, downloads: Path) -> None:
    put_hub(tmp_path / "stick" / "a")
    put_package(tmp_path / "stick" / "b")
    error = refused(tmp_path / "stick", downloads)
    assert error.code is ErrorCode.MODEL_SOURCE_INVALID
    assert "a, b" in str(error.values["detail"])


def test_a_file_that_is_none_of_a_model(tmp_path: Path, downloads: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    assert refused(tmp_path / "holiday.jpg", downloads).code is ErrorCode.MODEL_SOURCE_INVALID


# Which model it is


def test_it_must_be_the_model_that_was_meant(tmp_path: Path, downloads: Path) -> None:
    ready = put_package(tmp_path / "ready")
    for path, name in ((ready, "ready"), (HUB, "shapes-clip")):
        error = refused(path, downloads, "another")
        assert error.code is ErrorCode.MODEL_IS_ANOTHER
        assert error.values == {"path": str(path), "model": "another", "found": name}


def test_files_that_do_not_say_what_they_are_are_known_by_their_shape(
    tmp_path: Path, downloads: Path
) -> None:
    folder = put_hub(tmp_path / "New folder (2)")
    with given_model(folder, "offered", OFFER, downloads, None) as named:
        hub = read_hub_folder(named)
        assert (hub.id, hub.name, hub.licence) == ("offered", "Offered", "MIT")
        assert (named / "model.safetensors").read_bytes() == (
            HUB / "model.safetensors"
        ).read_bytes()
    config = json.loads((HUB / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(
        json.dumps(config | {"_name_or_path": "somebody/another"}), encoding="utf-8"
    )
    with pytest.raises(UserError) as caught, given_model(folder, "offered", OFFER, downloads, None):
        pass
    assert caught.value.values["found"] == "another"


# Archives


@pytest.mark.parametrize("prefix", ["", "chinese-clip/", "a/b/chinese-clip/"])
def test_an_archive(tmp_path: Path, downloads: Path, prefix: str) -> None:
    files = hub_files(prefix) | {prefix + "clip.pt": b"x", "/etc/evil": b"x", "../evil": b"x"}
    path = put_archive(tmp_path / "chinese-clip.zip", files)
    with given_model(path, None, None, downloads, None) as folder:
        assert folder.name == "chinese-clip"
        assert sorted(each.name for each in folder.iterdir()) == NAMES
        assert (folder / "vocab.txt").read_bytes() == (HUB / "vocab.txt").read_bytes()
    assert not list(tmp_path.rglob("evil"))


def test_an_archive_of_a_package(tmp_path: Path, downloads: Path) -> None:
    ready = put_package(tmp_path / "x")
    files = {path.name: path.read_bytes() for path in ready.iterdir()} | {"more.txt": b"x"}
    path = put_archive(tmp_path / "ready.zip", files)
    with given_model(path, "ready", None, downloads, None) as folder:
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
    assert refused(path, downloads).code is ErrorCode.MODEL_SOURCE_INVALID


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
        given_model(path, None, None, downloads, lambda: True),
    ):
        pass


def test_what_an_ended_program_left_is_cleared(tmp_path: Path, downloads: Path) -> None:
    (downloads / ".given" / "old").mkdir(parents=True)
    assert found(HUB, downloads) == HUB


def test_one_at_a_time(downloads: Path) -> None:
    with given_model(HUB, None, None, downloads, None):
        assert refused(HUB, downloads).code is ErrorCode.MODEL_PREPARATION_FAILED

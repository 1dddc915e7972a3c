"""The shelf over a real store and a real server; models are ready packages, or hub folders."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine import installation
from memoryhunter.engine.download.patience import Patience
from memoryhunter.engine.packages import NEEDED_FILES, ModelPackage, write_manifest
from memoryhunter.engine.prepare.progress import (
    PreparationCancelledError,
    PrepareProgress,
    PrepareStep,
    at_step,
)
from memoryhunter.engine.store import ModelStore
from memoryhunter.model_shelf import Choice, ModelEntry, ModelShelf, WantedModel
from tests.engine.download.server import FileServer, Manner
from tests.engine.test_given_model import FACTS, HUB

CATALOGUE = """
format = 1
[sources]
one = "{address}/one/{{repository}}/{{file}}"
two = "{address}/two/{{repository}}/{{file}}"
[[models]]
id = "second-in-name"
name = "Second in Name"
dimension = 64
image_size = 64
download_megabytes = 4
installed_megabytes = 4
memory_megabytes = 4
licence = "MIT"
files = ["config.json", "vocab.txt", "model.safetensors"]
[models.repositories]
one = "shapes"
two = "shapes"
[models.quality]
[models.suits]
en = "Tests."
"""


@dataclass
class Home:
    """What a shelf stands in; `chosen` is what settings would keep."""

    folder: Path
    catalogue: Path
    chosen: str | None = None

    def __post_init__(self) -> None:
        self.store = ModelStore(self.folder / "models", self.folder / "built-in")
        self.downloads = self.folder / "downloads"
        patience = Patience(stall_seconds=5, first_pause=0.01)
        choice = Choice(self.in_use, self.change)
        self.measured: list[str] = []
        self.released: list[str] = []
        self.wanted: list[str] = []
        self.shelf = ModelShelf(
            self.store,
            self.catalogue,
            self.downloads,
            choice,
            patience=patience,
            measure=lambda package: self.measured.append(package.id),
            release=lambda package: self.released.append(package.id),
            want=lambda package: self.wanted.append(package.id),
        )

    def in_use(self) -> ModelPackage | None:
        return self.store.find(self.chosen) if self.chosen is not None else None

    def change(self, change: "object") -> None:
        assert callable(change)
        self.chosen = change(self.chosen)

    def put(self, model: str, parent: str = "models") -> Path:
        folder = self.folder / parent / model
        folder.mkdir(parents=True)
        for name in NEEDED_FILES:
            (folder / name).write_bytes(f"{model} {name}".encode())
        write_manifest(folder, FACTS | {"id": model}, NEEDED_FILES)
        return folder

    def entries(self) -> dict[str, ModelEntry]:
        return {entry.id: entry for entry in self.shelf.entries()}

    def refused(self, wanted: WantedModel) -> UserError:
        with pytest.raises(UserError) as caught:
            self.shelf.install(wanted)
        return caught.value


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with FileServer().running() as running:
        for source in ("one", "two"):
            for path in HUB.iterdir():
                running.files[f"/{source}/shapes/{path.name}"] = path.read_bytes()
        yield running


@pytest.fixture
def home(tmp_path: Path, server: FileServer) -> Home:
    catalogue = tmp_path / "models.toml"
    catalogue.write_text(CATALOGUE.format(address=server.address), encoding="utf-8")
    return Home(tmp_path / "home", catalogue)


def test_what_is_offered_comes_first_and_nobody_is_asked_for_it(
    home: Home, server: FileServer
) -> None:
    home.put("another")
    home.put("included", "built-in")
    damaged = home.put("damaged")
    (damaged / "text.onnx").unlink()
    home.chosen = "included"
    entries = home.entries()
    assert list(entries) == ["included", "second-in-name", "another", "damaged"]
    offered = entries["second-in-name"]
    assert offered.offer is not None
    assert (offered.package, offered.kept_bytes, offered.name) == (None, 0, "Second in Name")
    assert entries["included"].built_in
    assert entries["included"].in_use
    assert not entries["another"].in_use
    assert entries["damaged"].problem is not None
    assert server.asked == []


def test_a_chosen_model_that_is_gone_does_not_hide_the_others(home: Home) -> None:
    home.put("another")
    home.chosen = "gone"
    assert not any(entry.in_use for entry in home.shelf.entries())


def test_the_first_model_is_the_one_in_use(home: Home, tmp_path: Path) -> None:
    first, second = home.put("first", "stick"), home.put("second", "stick")
    assert home.shelf.install(WantedModel(path=first)).id == "first"
    assert home.chosen == "first"
    assert home.shelf.install(WantedModel(path=second)).id == "second"
    assert home.chosen == "first"
    assert home.wanted == ["first", "second"]
    assert home.shelf.use("second").id == "second"
    assert home.wanted == ["first", "second", "second"]
    assert home.chosen == "second"
    home.chosen = "gone"
    home.shelf.install(WantedModel(path=first))
    assert home.chosen == "first"


def test_using_and_verifying(home: Home) -> None:
    folder = home.put("model")
    assert home.shelf.verify("model").id == "model"
    (folder / "text.onnx").write_bytes((folder / "text.onnx").read_bytes()[::-1])
    with pytest.raises(UserError) as caught:
        home.shelf.verify("model")
    assert caught.value.code is ErrorCode.MODEL_DAMAGED
    with pytest.raises(UserError):
        home.shelf.use("nothing")
    assert home.chosen is None


def test_a_model_that_lies_somewhere_is_not_an_installed_one(home: Home) -> None:
    home.put("model")
    home.put("damaged").joinpath("text.onnx").unlink()
    elsewhere = home.put("other", "stick")
    for model, code in (
        (str(elsewhere), ErrorCode.MODEL_UNKNOWN),
        (str(home.folder / "models" / "model"), ErrorCode.MODEL_UNKNOWN),
        ("damaged", ErrorCode.MODEL_DAMAGED),
    ):
        for work in (home.shelf.use, home.shelf.verify):
            with pytest.raises(UserError) as caught:
                work(model)
            assert caught.value.code is code
    assert home.chosen is None


def test_comparing_files_is_told_and_can_be_stopped(home: Home) -> None:
    home.put("second-in-name")
    home.put("another")
    steps: list[object] = []
    for wanted in (
        WantedModel("second-in-name"),
        WantedModel(path=home.folder / "models" / "another"),
    ):
        with pytest.raises(PreparationCancelledError):
            home.shelf.install(wanted, steps.append, lambda: True)
        assert steps == [at_step(PrepareStep.READ)] * len(steps)
        assert steps
    assert home.measured == []
    assert home.chosen is None


def test_what_is_imported_from_a_folder_without_a_name(home: Home) -> None:
    usb = home.folder / "usb"
    shutil.copytree(HUB, usb)
    package = home.shelf.install(WantedModel(path=usb))
    assert (package.id, package.name) == ("second-in-name", "Second in Name")
    again = home.folder / "模型"
    usb.rename(again)
    assert home.shelf.install(WantedModel(path=again)) == package
    assert [path.name for path in home.downloads.iterdir()] == [".given.lock"]
    with (again / "vocab.txt").open("a", encoding="utf-8") as file:
        file.write("\n")  # other files, all the same
    assert home.shelf.install(WantedModel(path=again)).id == "chinese-clip"
    assert home.store.find_installed("second-in-name") == package


def test_removing(home: Home) -> None:
    home.put("model")
    home.put("other")
    home.put("included", "built-in")
    home.chosen = "model"
    home.shelf.remove("model")
    assert home.chosen is None
    assert home.released == ["model"]
    home.chosen = "included"
    home.shelf.remove("other")
    for model, code in (
        ("included", ErrorCode.MODEL_BUILT_IN),
        ("model", ErrorCode.MODEL_UNKNOWN),
        ("../home", ErrorCode.MODEL_UNKNOWN),
    ):
        with pytest.raises(UserError) as caught:
            home.shelf.remove(model)
        assert caught.value.code is code
    assert home.chosen == "included"
    assert list(home.entries()) == ["included", "second-in-name"]


def test_a_model_that_cannot_be_removed_stays_chosen(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.put("model")
    home.chosen = "model"

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(installation, "_SECONDS_BETWEEN", 0)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(UserError) as caught:
        home.shelf.remove("model")
    assert caught.value.code is ErrorCode.MODEL_NOT_REMOVED
    assert home.chosen == "model"


def test_a_stopped_download_is_kept_and_can_be_removed(home: Home, server: FileServer) -> None:
    size = len(server.files["/one/shapes/model.safetensors"])
    server.manners["/one/shapes/model.safetensors"].append(Manner(stall_after=size // 2))
    with pytest.raises(PreparationCancelledError):
        home.shelf.install(
            WantedModel("second-in-name"),
            None,
            lambda: home.entries()["second-in-name"].kept_bytes > size // 2,
        )
    assert home.entries()["second-in-name"].kept_bytes > size // 2
    assert home.chosen is None
    home.shelf.remove("second-in-name")
    assert home.entries()["second-in-name"].kept_bytes == 0
    assert [path.name for path in home.downloads.iterdir()] == ["second-in-name.lock"]


def install_until_prepared(home: Home) -> None:
    """Install, and cancel when all is downloaded and the preparation begins."""
    told: list[object] = []
    with pytest.raises(PreparationCancelledError):
        home.shelf.install(
            WantedModel("second-in-name"),
            told.append,
            lambda: bool(told) and isinstance(told[-1], PrepareProgress),
        )


def test_a_download_that_is_no_model_is_not_kept(home: Home, server: FileServer) -> None:
    good = server.files["/one/shapes/config.json"]
    server.files["/one/shapes/config.json"] = b'{"model_type": "bert"}'
    error = home.refused(WantedModel("second-in-name"))
    assert (error.code, error.values["sources"]) == (ErrorCode.DOWNLOAD_DAMAGED, "one")
    assert error.values["model"] == "second-in-name"
    assert home.entries()["second-in-name"].kept_bytes == 0
    server.files["/one/shapes/config.json"] = good
    install_until_prepared(home)


def test_a_download_that_is_what_the_hub_says_is_not_blamed(home: Home, server: FileServer) -> None:
    server.files["/one/shapes/config.json"] = b'{"model_type": "bert"}'
    for path, content in server.files.items():
        server.stated[path] = {"X-Linked-ETag": hashlib.sha256(content).hexdigest()}
    for _ in range(2):
        assert home.refused(WantedModel("second-in-name")).code is ErrorCode.MODEL_SOURCE_INVALID
    assert len(server.asked) == 3
    assert home.entries()["second-in-name"].kept_bytes > 1_000_000


def test_a_preparation_that_was_stopped_keeps_the_download(home: Home, server: FileServer) -> None:
    install_until_prepared(home)
    assert home.entries()["second-in-name"].kept_bytes > 1_000_000
    server.asked.clear()
    install_until_prepared(home)
    assert server.asked == []


@pytest.mark.parametrize("code", [ErrorCode.MODEL_PREPARATION_FAILED, ErrorCode.DISK_FULL])
def test_a_preparation_that_failed_here_keeps_the_download(
    home: Home, monkeypatch: pytest.MonkeyPatch, code: ErrorCode
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise UserError(code, path="somewhere", detail="there is not enough memory")

    monkeypatch.setattr(home.store, "install", fail)
    assert home.refused(WantedModel("second-in-name")).code is code
    assert home.entries()["second-in-name"].kept_bytes > 1_000_000


def test_an_installed_model_is_not_downloaded_again(home: Home, server: FileServer) -> None:
    folder = home.put("second-in-name")
    assert home.shelf.install(WantedModel("second-in-name")).folder == folder
    assert server.asked == []
    assert home.chosen == "second-in-name"


def test_what_is_not_on_offer(home: Home, tmp_path: Path) -> None:
    assert home.refused(WantedModel("nothing")).code is ErrorCode.MODEL_UNKNOWN
    assert home.refused(WantedModel()).code is ErrorCode.MODEL_UNKNOWN
    unknown = WantedModel("second-in-name", sources=("three",))
    assert home.refused(unknown).code is ErrorCode.SOURCE_UNKNOWN
    another = WantedModel("second-in-name", home.put("first", "stick"))
    assert home.refused(another).code is ErrorCode.MODEL_IS_ANOTHER
    assert home.refused(WantedModel(path=tmp_path / "none")).code is ErrorCode.MODEL_SOURCE_INVALID
    home.catalogue.write_text("nonsense", encoding="utf-8")
    assert home.refused(WantedModel("second-in-name")).code is ErrorCode.CATALOGUE_INVALID


def test_hashes_are_those_of_the_files(home: Home, server: FileServer) -> None:
    install_until_prepared(home)
    known = (home.downloads / "second-in-name.json").read_text(encoding="utf-8")
    for name in ("config.json", "vocab.txt", "model.safetensors"):
        content = server.files[f"/one/shapes/{name}"]
        assert hashlib.sha256(content).hexdigest() in known


def test_a_model_is_measured_before_anybody_finds_it(home: Home) -> None:
    found: list[list[str]] = []

    def measure(_package: ModelPackage) -> None:
        found.append([each.id for each in home.store.installed()])

    choice = Choice(home.in_use, home.change)
    shelf = ModelShelf(home.store, home.catalogue, home.downloads, choice, measure=measure)
    source = home.put("model", "stick")
    shelf.install(WantedModel(path=source))
    assert found == [[]]
    shelf.install(WantedModel(path=source))
    assert found == [[], ["model"]]  # again, for a computer that may be another one now


def test_a_model_that_does_not_run_is_not_installed(home: Home) -> None:
    def measure(package: ModelPackage) -> None:
        raise UserError(ErrorCode.MODEL_DAMAGED, model=package.id, detail="a test")

    choice = Choice(home.in_use, home.change)
    shelf = ModelShelf(home.store, home.catalogue, home.downloads, choice, measure=measure)
    with pytest.raises(UserError) as caught:
        shelf.install(WantedModel(path=home.put("model", "stick")))
    assert caught.value.code is ErrorCode.MODEL_DAMAGED
    assert home.store.installed() == []
    assert home.chosen is None
    assert [path for path in (home.folder / "models").iterdir() if path.is_dir()] == []


def test_a_model_that_does_not_run_is_not_chosen_and_is_installed_again(home: Home) -> None:
    unsound: set[Path] = set()

    def check(package: ModelPackage) -> None:
        if package.folder in unsound:
            raise UserError(ErrorCode.MODEL_DAMAGED, model=package.id, detail="a test")

    choice = Choice(home.in_use, home.change)
    shelf = ModelShelf(home.store, home.catalogue, home.downloads, choice, check=check)
    source = home.put("model", "stick")
    folder = shelf.install(WantedModel(path=source)).folder
    unsound.add(folder)
    home.chosen = "another"
    for work in (shelf.use, shelf.verify):
        with pytest.raises(UserError) as caught:
            work("model")
        assert caught.value.code is ErrorCode.MODEL_DAMAGED
    assert home.chosen == "another"
    before = folder.stat().st_ino
    shelf.install(WantedModel(path=source))
    assert folder.stat().st_ino != before


def test_what_an_ended_program_unpacked_is_removed_by_the_next(home: Home) -> None:
    room = home.downloads / ".given"
    room.mkdir(parents=True)
    with FileLock(home.downloads / ".given.lock"):
        home.entries()
        assert room.exists()
    Home(home.folder, home.catalogue).entries()
    assert not room.exists()


def test_removing_what_is_not_there_leaves_nothing(home: Home) -> None:
    home.downloads.mkdir(parents=True)
    with pytest.raises(UserError):
        home.shelf.remove("nope")
    assert list(home.downloads.iterdir()) == []

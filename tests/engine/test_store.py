import json
import shutil
import threading
from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine import installation
from memoryhunter.engine.installation import installation_lock
from memoryhunter.engine.packages import ModelPackage, verify_package
from memoryhunter.engine.prepare import PreparationCancelledError, PrepareProgress
from memoryhunter.engine.store import ModelStore
from tests.engine.conftest import HubModels


@pytest.fixture
def empty(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "not made yet" / "models")


def entries(store: ModelStore) -> list[str]:
    return sorted(path.name for path in store._folder.iterdir() if path.name != ".install.lock")


def alter(package: ModelPackage, target: Path) -> Path:
    """Copy a package with other pre-processing, so that it is another model of the same id."""
    shutil.copytree(package.folder, target)
    manifest = json.loads((target / "model.json").read_text(encoding="utf-8"))
    manifest["text"]["max_tokens"] = 40
    (target / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    return target


def error_of(store: ModelStore, model: str) -> ErrorCode:
    with pytest.raises(UserError) as caught:
        store.find(model)
    return caught.value.code


def test_a_store_may_be_empty(empty: ModelStore) -> None:
    assert empty.installed() == []
    assert empty.damaged() == []
    assert error_of(empty, "anything") is ErrorCode.MODEL_UNKNOWN
    assert error_of(empty, "") is ErrorCode.MODEL_UNKNOWN


def test_converted_models_are_found_by_id(
    store: ModelStore, int8_package: ModelPackage, mixed_package: ModelPackage
) -> None:
    assert [package.id for package in store.installed()] == ["tiny-outliers", "tiny-pickle"]
    assert store.find("tiny-pickle") == int8_package
    assert int8_package.folder == store._folder / "tiny-pickle"
    verify_package(int8_package)
    assert entries(store) == ["tiny-outliers", "tiny-pickle"]


def test_installing_again_returns_what_is_there(
    store: ModelStore, int8_package: ModelPackage, hub_models: HubModels
) -> None:
    steps: list[PrepareProgress] = []
    again = store.install(hub_models.pickled, on_progress=steps.append)
    assert again == int8_package
    assert [progress.step for progress in steps] == ["read"]  # compared, which takes a while


def test_a_package_folder_can_be_used_where_it_is(
    empty: ModelStore, int8_package: ModelPackage, hub_models: HubModels, tmp_path: Path
) -> None:
    assert empty.find(str(int8_package.folder)) == int8_package
    with pytest.raises(UserError) as caught:
        empty.find_installed(str(int8_package.folder))
    assert caught.value.code is ErrorCode.MODEL_UNKNOWN
    assert error_of(empty, str(hub_models.pickled)) is ErrorCode.MODEL_NOT_A_PACKAGE
    assert error_of(empty, str(tmp_path / "nowhere")) is ErrorCode.MODEL_UNKNOWN


def test_a_package_is_installed_by_copying(empty: ModelStore, int8_package: ModelPackage) -> None:
    steps: list[str] = []
    package = empty.install(
        int8_package.folder, on_progress=lambda progress: steps.append(progress.step)
    )
    assert steps == ["read", "write"]
    assert package.files == int8_package.files
    assert package.fingerprint == int8_package.fingerprint
    assert entries(empty) == ["tiny-pickle"]
    assert empty.install(package.folder) == package


def test_another_model_of_the_same_id_takes_its_place(
    empty: ModelStore, int8_package: ModelPackage, tmp_path: Path
) -> None:
    before = empty.install(int8_package.folder)
    other = alter(int8_package, tmp_path / "other")
    after = empty.install(other)
    assert after.max_tokens == 40
    assert after.fingerprint != before.fingerprint
    assert empty.installed() == [after]
    assert entries(empty) == ["tiny-pickle"]


def test_a_model_that_is_moved_is_let_go_of_first(
    empty: ModelStore,
    int8_package: ModelPackage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on Windows, where no file in a folder may be open that is renamed."""
    before = empty.install(int8_package.folder)
    monkeypatch.setattr(installation, "_SECONDS_BETWEEN", 0)
    loaded = [before]
    held_on = iter([True, False, True, False])
    really = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if loaded and self.name == before.id:
            raise PermissionError(13, "Access is denied")
        return really(self, target)

    def release(package: ModelPackage) -> None:
        if not next(held_on):  # the next search loaded it again
            loaded.remove(package)

    monkeypatch.setattr(Path, "rename", rename)
    after = empty.install(alter(int8_package, tmp_path / "other"), release=release)
    assert after.max_tokens == 40
    loaded.append(after)
    empty.remove(after.id, release)
    assert entries(empty) == []


def test_a_model_that_cannot_be_moved_stays_and_is_called_that(
    empty: ModelStore,
    int8_package: ModelPackage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    package = empty.install(int8_package.folder)
    other = alter(int8_package, tmp_path / "other")
    monkeypatch.setattr(installation, "_SECONDS_BETWEEN", 0)

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "rename", refuse)
    for work in (lambda: empty.remove(package.id), lambda: empty.install(other)):
        with pytest.raises(UserError) as caught:
            work()
        assert caught.value.code is ErrorCode.MODEL_NOT_REMOVED
        assert caught.value.values == {"model": package.id, "detail": "Access is denied"}
        assert empty.installed() == [package]


def test_installing_again_repairs(empty: ModelStore, int8_package: ModelPackage) -> None:
    package = empty.install(int8_package.folder)
    content = bytearray((package.folder / "text.onnx").read_bytes())
    content[-1] ^= 1
    (package.folder / "text.onnx").write_bytes(content)
    verify_package(empty.install(int8_package.folder))


def test_a_damaged_source_is_not_installed(
    empty: ModelStore, int8_package: ModelPackage, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    shutil.copytree(int8_package.folder, source)
    content = bytearray((source / "image.onnx").read_bytes())
    content[100] ^= 1
    (source / "image.onnx").write_bytes(content)
    with pytest.raises(UserError) as caught:
        empty.install(source)
    assert caught.value.code is ErrorCode.MODEL_DAMAGED
    assert entries(empty) == []


def test_damaged_models_are_told_apart(
    empty: ModelStore, int8_package: ModelPackage, tmp_path: Path
) -> None:
    package = empty.install(int8_package.folder)
    (package.folder / "image.onnx").unlink()
    assert empty.installed() == []
    (problem,) = empty.damaged()
    assert problem.code is ErrorCode.MODEL_NOT_A_PACKAGE
    assert error_of(empty, "tiny-pickle") is ErrorCode.MODEL_DAMAGED
    empty.remove("tiny-pickle")
    assert entries(empty) == []


def test_a_cancelled_copy_leaves_nothing(empty: ModelStore, int8_package: ModelPackage) -> None:
    with pytest.raises(PreparationCancelledError):
        empty.install(int8_package.folder, cancelled=lambda: True)
    assert entries(empty) == []


def test_a_cancelled_conversion_leaves_nothing(empty: ModelStore, hub_models: HubModels) -> None:
    seen: list[str] = []

    def look() -> bool:
        seen[:] = entries(empty)
        return bool(seen)

    with pytest.raises(PreparationCancelledError):
        empty.install(hub_models.pickled, cancelled=look)
    assert seen[0].startswith(".partial-")
    assert entries(empty) == []
    assert empty.installed() == []


def test_leftovers_are_removed_by_the_next_installation(
    empty: ModelStore, int8_package: ModelPackage
) -> None:
    leftover = empty._folder / ".partial-0123456789ab"
    leftover.mkdir(parents=True)
    (leftover / "image.onnx").write_bytes(b"half")
    assert empty.installed() == []
    empty.install(int8_package.folder)
    assert entries(empty) == ["tiny-pickle"]


def test_leftovers_are_removed_by_the_next_program(empty: ModelStore) -> None:
    leftover = empty._folder / ".partial-0123456789ab"
    leftover.mkdir(parents=True)
    with installation_lock(empty._folder):
        ModelStore(empty._folder).installed()
        assert leftover.exists()  # it may be what is being worked at
    ModelStore(empty._folder).installed()
    assert not leftover.exists()


def test_a_replacement_cut_in_half_is_undone(empty: ModelStore, int8_package: ModelPackage) -> None:
    package = empty.install(int8_package.folder)
    package.folder.rename(package.folder.with_name(".replaced-tiny-pickle"))
    assert empty.installed() == [package]
    shutil.copytree(package.folder, package.folder.with_name(".replaced-tiny-pickle"))
    assert empty.installed() == [package]
    assert entries(empty) == ["tiny-pickle"]


def test_too_full_a_disk_is_told_before_minutes_of_work(
    empty: ModelStore,
    hub_models: HubModels,
    int8_package: ModelPackage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    for source in (hub_models.pickled, int8_package.folder):
        with pytest.raises(UserError) as caught:
            empty.install(source)
        assert caught.value.code is ErrorCode.NOT_ENOUGH_SPACE
        assert caught.value.values["path"] == str(empty._folder)
    assert entries(empty) == []


def test_two_installations_do_not_meet(empty: ModelStore, int8_package: ModelPackage) -> None:
    empty._folder.mkdir(parents=True)
    with installation_lock(empty._folder), pytest.raises(UserError) as caught:
        empty.install(int8_package.folder)
    assert caught.value.code is ErrorCode.INSTALLATION_RUNNING
    empty.install(int8_package.folder)


def test_installing_works_outside_the_main_thread(
    empty: ModelStore, int8_package: ModelPackage
) -> None:
    thread = threading.Thread(target=empty.install, args=(int8_package.folder,))
    thread.start()
    thread.join()
    assert [package.id for package in empty.installed()] == ["tiny-pickle"]


def test_neither_kind_of_folder(empty: ModelStore, tmp_path: Path) -> None:
    source = tmp_path / "holiday"
    source.mkdir()
    (source / "beach.jpg").write_bytes(b"jpeg")
    with pytest.raises(UserError) as caught:
        empty.install(source)
    assert caught.value.code is ErrorCode.MODEL_SOURCE_INVALID
    assert not empty._folder.exists()


def test_a_folder_that_cannot_be_made_is_reported(
    int8_package: ModelPackage, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError) as caught:
        ModelStore(tmp_path / "file" / "models").install(int8_package.folder)
    assert caught.value.code is ErrorCode.MODEL_PREPARATION_FAILED


def test_built_in_models_are_found_and_kept(
    int8_package: ModelPackage, mixed_package: ModelPackage, tmp_path: Path
) -> None:
    built_in = tmp_path / "built-in"
    shutil.copytree(int8_package.folder, built_in / "a")
    store = ModelStore(tmp_path / "models", built_in)
    assert store.find("tiny-pickle").folder == built_in / "a"
    for model in ("tiny-pickle", "../built-in", "", "unknown"):
        with pytest.raises(UserError) as caught:
            store.remove(model)
        assert caught.value.code is ErrorCode.MODEL_UNKNOWN
    store.install(mixed_package.folder)
    store.install(alter(int8_package, tmp_path / "own"))
    assert [package.id for package in store.installed()] == ["tiny-outliers", "tiny-pickle"]
    assert store.find("tiny-pickle").max_tokens == 40
    store.remove("tiny-pickle")
    assert store.find("tiny-pickle").max_tokens == 52

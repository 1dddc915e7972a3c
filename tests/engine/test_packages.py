import json
from pathlib import Path
from typing import Any

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.packages import (
    ModelPackage,
    read_package,
    verify_package,
    write_manifest,
)

FACTS: dict[str, Any] = {
    "id": "small-model",
    "name": "小模型",
    "architecture": "chinese_clip",
    "dimension": 8,
    "image": {"size": 16, "resize": "squash", "mean": [0.5, 0.5, 0.5], "std": [0.2, 0.2, 0.2]},
    "text": {"max_tokens": 12},
    "precision": "int8",
    "agreement": {"image_cosine_min": 0.995},
    "licence": "MIT",
    "source": "somebody/small-model",
}
FILES = ("image.onnx", "text.onnx", "tokenizer.json", "model.safetensors")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode() * 100)
    write_manifest(tmp_path, FACTS, FILES)
    return tmp_path


def change(folder: Path, **fields: object) -> None:
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    manifest.update(fields)
    (folder / "model.json").write_text(json.dumps(manifest), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_package(folder)
    assert caught.value.code is ErrorCode.MODEL_NOT_A_PACKAGE
    assert caught.value.values["path"] == str(folder)
    return str(caught.value.values["detail"])


def test_what_was_written_is_read(folder: Path) -> None:
    package = read_package(folder)
    assert (package.id, package.name, package.dimension) == ("small-model", "小模型", 8)
    assert (package.pixels.size, package.pixels.resize) == (16, "squash")
    assert package.std == (0.2, 0.2, 0.2)
    assert (package.max_tokens, package.precision) == (12, "int8")
    assert package.agreement == {"image_cosine_min": 0.995}
    assert set(package.files) == set(FILES)
    assert package.megabytes == pytest.approx(sum(map(len, FILES)) * 100 / 1e6)
    assert "小模型" in (folder / "model.json").read_text(encoding="utf-8")
    assert not (folder / "model.json.partial").exists()
    verify_package(package)


def test_what_it_says_of_itself_moves_no_vectors(folder: Path) -> None:
    before = read_package(folder)
    assert (before.names, before.about) == ({}, {})
    change(folder, names={"en": "Quick", "zh": "快速"}, about={"en": "Good at scenes."})
    package = read_package(folder)
    assert package.names == {"en": "Quick", "zh": "快速"}
    assert package.about == {"en": "Good at scenes."}
    assert package.fingerprint == before.fingerprint
    change(folder, about={"en": 5})
    assert "about.en" in refusal(folder)


def test_a_package_can_be_a_key(folder: Path) -> None:
    assert len({read_package(folder), read_package(folder)}) == 1


def test_a_manifest_that_could_not_be_read_is_not_written(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ValueError, match="dimension"):
        write_manifest(tmp_path, FACTS | {"dimension": 0}, FILES)
    assert not (tmp_path / "model.json").exists()


def test_the_fingerprint_follows_what_moves_vectors(folder: Path) -> None:
    def fingerprint() -> str:
        package: ModelPackage = read_package(folder)
        return package.fingerprint

    before = fingerprint()
    change(folder, name="another name", licence="other", agreement={})
    assert fingerprint() == before
    change(folder, text={"max_tokens": 11})
    shorter = fingerprint()
    change(folder, image=FACTS["image"] | {"mean": [0.5, 0.5, 0.4]})
    assert len({before, shorter, fingerprint()}) == 3
    (folder / "model.safetensors").write_bytes(b"half precision")
    write_manifest(folder, FACTS, FILES)
    assert fingerprint() == before
    (folder / "text.onnx").write_bytes(b"another graph")
    write_manifest(folder, FACTS, FILES)
    assert fingerprint() != before


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"format": 1}, "format 1"),
        ({"format": None}, "format"),
        ({"id": "../elsewhere"}, "id"),
        ({"id": "CON"}, "id"),
        ({"name": " "}, "name"),
        ({"dimension": "8"}, "dimension"),
        ({"dimension": True}, "dimension"),
        ({"precision": "int2"}, "precision"),
        ({"image": {"size": 16}}, "image.resize"),
        ({"image": FACTS["image"] | {"resize": "crop"}}, "squash"),
        ({"image": FACTS["image"] | {"std": [1, 0, 1]}}, "image.std"),
        ({"image": FACTS["image"] | {"mean": [1, 2]}}, "image.mean"),
        ({"text": []}, "text"),
        ({"agreement": {"image": "good"}}, "agreement.image"),
        ({"files": {"../../secret": {"sha256": "0", "bytes": 1}}}, "own folder"),
        ({"files": {}}, "image.onnx"),
    ],
)
def test_a_wrong_field_is_named(folder: Path, fields: dict[str, object], word: str) -> None:
    change(folder, **fields)
    assert word in refusal(folder)


def test_a_missing_field_is_named(folder: Path) -> None:
    content = {"format": 2} | {name: value for name, value in FACTS.items() if name != "text"}
    (folder / "model.json").write_text(json.dumps(content | {"files": {}}), encoding="utf-8")
    assert "text is missing" in refusal(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_broken_manifest_is_refused(folder: Path, content: bytes) -> None:
    (folder / "model.json").write_bytes(content)
    assert refusal(folder)


def test_a_folder_without_a_manifest_is_no_package(tmp_path: Path) -> None:
    assert "no model.json" in refusal(tmp_path)
    assert "no such folder" in refusal(tmp_path / "nowhere")


def test_a_downloaded_model_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    assert "yet to be installed" in refusal(tmp_path)


def test_missing_and_shortened_files_are_noticed_at_once(folder: Path) -> None:
    (folder / "text.onnx").write_bytes(b"short")
    assert "text.onnx has 5 bytes" in refusal(folder)
    (folder / "text.onnx").unlink()
    assert "text.onnx is missing" in refusal(folder)


def test_a_single_changed_byte_is_found_by_hashing(folder: Path) -> None:
    content = bytearray((folder / "text.onnx").read_bytes())
    content[7] ^= 1
    (folder / "text.onnx").write_bytes(content)
    package = read_package(folder)
    with pytest.raises(UserError) as caught:
        verify_package(package)
    assert caught.value.code is ErrorCode.MODEL_DAMAGED
    assert caught.value.values["model"] == "small-model"
    assert "text.onnx" in str(caught.value.values["detail"])

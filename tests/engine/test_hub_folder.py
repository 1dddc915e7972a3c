import json
import math
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.prepare.hub_folder import read_hub_folder
from tests.engine.conftest import HubModels


@pytest.fixture
def folder(hub_models: HubModels, tmp_path: Path) -> Path:
    target = tmp_path / "Some Model"
    shutil.copytree(hub_models.outliers, target)
    return target


def change(path: Path, **fields: object) -> None:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(content | fields), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_hub_folder(folder)
    assert caught.value.code is ErrorCode.MODEL_SOURCE_INVALID
    assert caught.value.values["path"] == str(folder)
    return str(caught.value.values["detail"])


def test_the_facts_are_read(folder: Path) -> None:
    hub = read_hub_folder(folder)
    assert (hub.id, hub.name, hub.source) == ("some-model", "Some Model", "Some Model")
    assert (hub.dimension, hub.image_size, hub.max_tokens) == (24, 32, 52)
    assert (hub.mean, hub.std) == ((0.48, 0.46, 0.41), (0.27, 0.26, 0.28))
    assert hub.licence == "apache-2.0"
    assert hub.lowercase
    assert hub.weights.name == "model.safetensors"


def test_the_hub_name_is_preferred_to_the_folder(folder: Path) -> None:
    change(folder / "config.json", _name_or_path="OFA-Sys/chinese-clip-vit-base-patch16")
    hub = read_hub_folder(folder)
    assert hub.id == hub.name == "chinese-clip-vit-base-patch16"
    assert hub.source == "OFA-Sys/chinese-clip-vit-base-patch16"


@pytest.mark.parametrize("path", ["/home/jane/tuned-clip/", r"C:\Users\jane\tuned-clip"])
def test_where_somebody_kept_it_is_not_recorded(folder: Path, path: str) -> None:
    change(folder / "config.json", _name_or_path=path)
    hub = read_hub_folder(folder)
    assert hub.id == hub.source == "tuned-clip"


def test_the_cache_of_the_hub_knows_the_name(folder: Path) -> None:
    snapshot = folder.parent / "models--OFA-Sys--chinese-clip-vit-base-patch16/snapshots/36e679e"
    snapshot.parent.mkdir(parents=True)
    folder.rename(snapshot)
    hub = read_hub_folder(snapshot)
    assert hub.source == "OFA-Sys/chinese-clip-vit-base-patch16"
    assert hub.id == "chinese-clip-vit-base-patch16"


def test_a_name_without_usable_letters_still_has_an_id(folder: Path) -> None:
    renamed = folder.rename(folder.with_name("模型"))
    hub = read_hub_folder(renamed)
    assert (hub.id, hub.name) == ("chinese-clip", "模型")


def test_names_cannot_steer_a_terminal(folder: Path) -> None:
    change(folder / "config.json", _name_or_path="a/\x1b[31mred\x07\u202e")
    (folder / "README.md").write_text("---\nlicense: m\x1bit\n---\n", encoding="utf-8")
    hub = read_hub_folder(folder)
    assert (hub.name, hub.source, hub.licence) == ("[31mred", "[31mred", "mit")


def test_missing_optional_files_have_defaults(folder: Path) -> None:
    (folder / "preprocessor_config.json").unlink()
    (folder / "README.md").unlink()
    hub = read_hub_folder(folder)
    assert hub.mean[0] == pytest.approx(0.4815, abs=1e-4)
    assert hub.licence == "unknown"


def test_lower_casing_follows_the_tokenizer_settings(folder: Path) -> None:
    change(folder / "tokenizer_config.json", do_lower_case=False)
    assert not read_hub_folder(folder).lowercase


def test_early_configurations_are_understood(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    change(
        folder / "config.json",
        vision_config_dict={"image_size": config["vision_config"]["image_size"]},
        vision_config={},
        text_config_dict=None,
    )
    assert read_hub_folder(folder).image_size == 32


@pytest.mark.parametrize("size", [32, {"height": 32, "width": 32}, {"shortest_edge": 32}])
def test_sizes_come_in_three_forms(folder: Path, size: object) -> None:
    change(folder / "preprocessor_config.json", size=size)
    assert read_hub_folder(folder).image_size == 32


@pytest.mark.parametrize(
    ("file", "fields", "word"),
    [
        ("config.json", {"model_type": "clip"}, "'clip'"),
        ("config.json", {"projection_dim": "wide"}, "projection_dim"),
        ("config.json", {"text_config": {"vocab_size": 21128}}, "21128"),
        ("config.json", {"vision_config": {"image_size": [224, 224]}}, "image_size"),
        ("config.json", {"vision_config": {"hidden_act": "swish"}}, "'swish'"),
        ("config.json", {"text_config": {"hidden_act": ["gelu"]}}, "hidden_act"),
        ("config.json", {"vision_config": {"num_attention_heads": 5}}, "5 heads"),
        ("config.json", {"vision_config": {"num_channels": 1}}, "num_channels"),
        ("config.json", {"vision_config": {"layer_norm_eps": 0}}, "layer_norm_eps"),
        ("config.json", {"vision_config": {"image_size": 16}}, "patch_size"),
        ("config.json", {"vision_config": {"image_size": 10**6}}, "2048 at most"),
        ("config.json", {"vision_config": {"image_size": 224, "patch_size": 1}}, "too small"),
        ("config.json", {"text_config": {"num_hidden_layers": 10**9}}, "256 at most"),
        ("config.json", {"text_config": {"hidden_size": 12 * 10**9}}, "16384 at most"),
        ("config.json", {"projection_dim": 10**9}, "8192 at most"),
        ("preprocessor_config.json", {"do_center_crop": True}, "centre crop"),
        ("preprocessor_config.json", {"size": {"height": 32, "width": 64}}, "size"),
        ("preprocessor_config.json", {"size": []}, "size"),
        ("preprocessor_config.json", {"image_mean": [1, 2]}, "image_mean"),
        ("preprocessor_config.json", {"image_std": [0, 0, 0]}, "image_std"),
        ("preprocessor_config.json", {"image_mean": [math.nan, 0, 0]}, "image_mean"),
        ("preprocessor_config.json", {"image_std": [10**400, 1, 1]}, "image_std"),
    ],
)
def test_a_wrong_setting_is_named(
    folder: Path, file: str, fields: dict[str, object], word: str
) -> None:
    change(folder / file, **fields)
    assert word in refusal(folder)


@pytest.mark.parametrize("name", ["config.json", "vocab.txt", "model.safetensors"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in refusal(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_broken_json_is_refused(folder: Path, content: bytes) -> None:
    (folder / "config.json").write_bytes(content)
    assert "config.json" in refusal(folder)


def test_a_vocabulary_of_another_encoding_is_refused(folder: Path) -> None:
    (folder / "vocab.txt").write_bytes("海边".encode("gb18030"))
    assert "UTF-8" in refusal(folder)


def test_a_vocabulary_needs_its_marks(folder: Path) -> None:
    path = folder / "vocab.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("[SEP]", "[sep]"), encoding="utf-8")
    assert "[SEP]" in refusal(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"nonsense",
        b"PK\x03\x04" + bytes(5000),
    ],
    ids=["other", "part"],
)
def test_weights_that_did_not_come_completely_are_refused(folder: Path, content: bytes) -> None:
    (folder / "model.safetensors").unlink()
    weights = folder / "pytorch_model.bin"
    weights.write_bytes(content)
    detail = "pytorch_model.bin is damaged, or did not come completely; download it again"
    assert refusal(folder) == detail
    # As torch wrote them before version 1.6; what is in them is the converter's to judge.
    weights.write_bytes(pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2))
    assert read_hub_folder(folder).weights == weights


def test_weights_in_several_files_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    (folder / "model.safetensors.index.json").write_text("{}", encoding="utf-8")
    assert "several files" in refusal(folder)


def test_shortened_safetensors_are_noticed_without_torch(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    assert "damaged" in refusal(folder)


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("---\nlicense: mit\n---\n", "mit"),
        ("---\r\ntags:\r\n- a\r\nlicense: 'apache-2.0'\r\n---\r\n", "apache-2.0"),
        ("---\nlicense:\n---\n", "unknown"),
        ("# Title\nlicense: mit\n", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_licence_stands_in_the_front_matter(folder: Path, text: str, licence: str) -> None:
    (folder / "README.md").write_bytes(text.encode())
    assert read_hub_folder(folder).licence == licence


def test_the_fingerprint_follows_the_files(folder: Path) -> None:
    before = read_hub_folder(folder).fingerprint()
    (folder / "README.md").write_text("other", encoding="utf-8")
    assert read_hub_folder(folder).fingerprint() == before
    change(folder / "config.json", comment="changed")
    assert read_hub_folder(folder).fingerprint() != before


def test_no_folder_at_all(tmp_path: Path) -> None:
    assert "no such folder" in refusal(tmp_path / "nowhere")


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 753\n"


@pytest.mark.parametrize("name", ["config.json", "vocab.txt", "model.safetensors"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty; download it again"),
        ("<!DOCTYPE html><title>Sign in</title>", "is a web page that was saved by this name"),
        (POINTER, "fetch it with 'git lfs pull'"),
    ],
)
def test_what_came_instead_of_a_file_is_said(
    folder: Path, name: str, content: str, words: str
) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    detail = refusal(folder)
    assert detail.startswith(name)
    assert words in detail


def test_weights_that_are_not_read_may_be_anything(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_text(POINTER, encoding="utf-8")
    assert read_hub_folder(folder).weights.name == "model.safetensors"


def test_all_that_is_missing_is_named(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    weights = "the weights (model.safetensors or pytorch_model.bin)"
    assert refusal(folder) == f"{weights} are missing"
    (folder / "vocab.txt").unlink()
    assert refusal(folder) == f"vocab.txt and {weights} are missing"

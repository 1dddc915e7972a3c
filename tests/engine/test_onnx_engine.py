import dataclasses
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.onnx_engine import OnnxEmbedder, unit_rows
from memoryhunter.engine.onnx_graph import OnnxGraph
from memoryhunter.engine.open_embedder import check_runs
from memoryhunter.engine.packages import ModelPackage, read_package
from tests.engine.conftest import HubModels, Reference
from tests.engine.texts import MALFORMED, TRICKY

Rows = NDArray[np.float32]


@pytest.fixture
def reference(hub_models: HubModels) -> Reference:
    return hub_models.reference("tiny-pickle")


@pytest.fixture
def embedder(int8_package: ModelPackage) -> Embedder:
    return OnnxEmbedder(int8_package)


def cosines(first: Rows, second: Rows) -> Rows:
    product: Rows = np.sum(unit_rows(first) * unit_rows(second), axis=1)
    return product


def test_vectors_agree_with_transformers(
    int8_package: ModelPackage, mixed_package: ModelPackage, hub_models: HubModels
) -> None:
    for package, least in ((int8_package, 0.99), (mixed_package, 0.9999)):
        embedder = OnnxEmbedder(package)
        wanted = hub_models.reference(package.id)
        assert cosines(embedder.embed_images(wanted.pixels), wanted.images).min() > least
        assert cosines(embedder.embed_texts(TRICKY), wanted.texts).min() > 0.99


def test_vectors_have_unit_length(embedder: Embedder, reference: Reference) -> None:
    for rows in (embedder.embed_images(reference.pixels), embedder.embed_texts(TRICKY)):
        assert rows.dtype == np.float32
        assert rows.shape[1] == embedder.package.dimension
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_neighbours_do_not_matter(embedder: Embedder, reference: Reference) -> None:
    together = embedder.embed_images(reference.pixels)
    alone = [embedder.embed_images(reference.pixels[i : i + 1]) for i in range(len(together))]
    np.testing.assert_array_equal(together, np.concatenate(alone))
    together = embedder.embed_texts(TRICKY)
    np.testing.assert_array_equal(
        together, np.concatenate([embedder.embed_texts([text]) for text in TRICKY])
    )


def test_nothing_gives_nothing(embedder: Embedder, reference: Reference) -> None:
    assert embedder.embed_images(reference.pixels[:0]).shape == (0, embedder.package.dimension)
    assert embedder.embed_texts([]).shape == (0, embedder.package.dimension)


@pytest.mark.parametrize("text", [*MALFORMED, "海 " * 20_000, "\x00\x01", "\u200d", "龘" * 9])
def test_every_text_has_a_vector(embedder: Embedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_texts([text])) == pytest.approx(1, abs=1e-6)


def test_what_is_not_used_is_unloaded(int8_package: ModelPackage, reference: Reference) -> None:
    now = [0.0]
    embedder = OnnxEmbedder(int8_package, clock=lambda: now[0])

    def loaded() -> tuple[bool, bool]:
        return embedder._image._made is not None, embedder._text._made is not None

    embedder.unload_idle(60)
    assert loaded() == (False, False)
    pictures, texts = embedder.embed_images(reference.pixels), embedder.embed_texts(TRICKY)
    now[0] = 60
    embedder.unload_idle(60)
    assert loaded() == (True, True)
    now[0] = 61
    embedder.unload_idle(60)
    assert loaded() == (False, True)  # somebody waits for a text
    now[0] = 15 * 60 + 1
    embedder.unload_idle(60)
    assert loaded() == (False, False)
    np.testing.assert_array_equal(embedder.embed_images(reference.pixels), pictures)
    np.testing.assert_array_equal(embedder.embed_texts(TRICKY), texts)
    embedder.unload()
    assert loaded() == (False, False)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no such priority")
def test_pictures_step_back_and_nothing_else_does(
    int8_package: ModelPackage, reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    seen: list[int] = []
    run = OnnxGraph.run

    def noting(graph: OnnxGraph, inputs: dict[str, Any]) -> Rows:
        seen.append(os.getpriority(os.PRIO_PROCESS, 0))
        return run(graph, inputs)

    monkeypatch.setattr(OnnxGraph, "run", noting)
    embedder = OnnxEmbedder(int8_package)
    embedder.embed_images(reference.pixels[:3])
    assert seen == [max(usual, 10)] * 3
    seen.clear()
    embedder.embed_images(reference.pixels[:1])
    embedder.embed_texts(["猫"])
    assert seen == [usual] * 2


def test_a_long_text_is_cut(embedder: Embedder) -> None:
    rows = embedder.embed_texts(["猫" * 50, "猫" * 51, "猫" * 49])
    np.testing.assert_array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[0], rows[2])


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((1, 32, 32, 3), dtype=np.float32),
        np.zeros((32, 32, 3), dtype=np.uint8),
        np.zeros((1, 16, 16, 3), dtype=np.uint8),
        np.zeros((1, 32, 32, 4), dtype=np.uint8),
    ],
)
def test_other_pixels_are_a_mistake(embedder: Embedder, pixels: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="uint8"):
        embedder.embed_images(pixels)


def test_unusable_rows_become_nan() -> None:
    rows = np.array([[3, 4], [0, 0], [np.inf, 1], [np.nan, 1], [1e30, 1e30]], dtype=np.float32)
    result = unit_rows(rows)
    np.testing.assert_allclose(result[0], [0.6, 0.8])
    assert np.isnan(result[1:]).all()


def test_texts_are_embedded_while_pictures_are(embedder: Embedder, reference: Reference) -> None:
    pictures = np.tile(reference.pixels, (40, 1, 1, 1))
    wanted_images = embedder.embed_images(pictures)
    wanted_texts = embedder.embed_texts(TRICKY)
    embedder.unload()
    results: list[Rows] = []
    work = [
        threading.Thread(target=lambda: results.append(embedder.embed_images(pictures)))
        for _ in range(2)
    ]
    for thread in work:
        thread.start()
    for _ in range(20):
        np.testing.assert_array_equal(embedder.embed_texts(TRICKY), wanted_texts)
    for thread in work:
        thread.join()
    for rows in results:
        np.testing.assert_array_equal(rows, wanted_images)
    assert len(results) == 2


def test_it_loads_again_after_unloading(embedder: Embedder) -> None:
    before = embedder.embed_texts(["猫"])
    embedder.unload()
    embedder.unload()
    np.testing.assert_array_equal(embedder.embed_texts(["猫"]), before)


def damage(package: ModelPackage, folder: Path, name: str, content: bytes) -> Embedder:
    shutil.copytree(package.folder, folder)
    package = read_package(folder)
    (folder / name).write_bytes(content)
    return OnnxEmbedder(package)


@pytest.mark.parametrize("content", [b"", b"not a graph", b"\x08\x07" * 50])
def test_a_damaged_graph_is_reported(
    int8_package: ModelPackage, tmp_path: Path, reference: Reference, content: bytes
) -> None:
    embedder = damage(int8_package, tmp_path / "copy", "image.onnx", content)
    for _ in range(2):  # the second time is no different
        with pytest.raises(UserError) as caught:
            embedder.embed_images(reference.pixels)
        assert caught.value.code is ErrorCode.MODEL_DAMAGED
        assert "\n" not in str(caught.value.values["detail"])
    assert np.isfinite(embedder.embed_texts(["猫"])).all()


@pytest.mark.parametrize("name", ["image.onnx.data", "text.onnx.data", "tokenizer.json"])
def test_a_file_of_the_same_size_is_not_enough(
    int8_package: ModelPackage, tmp_path: Path, name: str
) -> None:
    content = bytearray((int8_package.folder / name).read_bytes())
    content[-2:] = b"\n\n" if name.endswith(".json") else bytes([content[-2] ^ 1, 0])
    embedder = damage(int8_package, tmp_path / "copy", name, bytes(content))
    pixels = np.zeros((1, 32, 32, 3), np.uint8)
    with pytest.raises(UserError, match=name) as caught:
        embedder.embed_images(pixels) if "image" in name else embedder.embed_texts(["猫"])
    assert caught.value.code is ErrorCode.MODEL_DAMAGED
    shutil.copyfile(int8_package.folder / name, tmp_path / "copy" / name)  # it is repaired
    assert np.isfinite(embedder.embed_images(pixels)).all()
    assert np.isfinite(embedder.embed_texts(["猫"])).all()


def test_files_that_changed_while_a_model_rested_are_compared_again(
    int8_package: ModelPackage, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(int8_package.folder, folder)
    embedder = OnnxEmbedder(read_package(folder))
    pixels = np.zeros((1, 32, 32, 3), np.uint8)
    embedder.embed_images(pixels)
    embedder.unload()
    weights = folder / "image.onnx.data"
    weights.write_bytes(bytes(weights.stat().st_size))
    with pytest.raises(UserError, match="is not the file that was installed"):
        embedder.embed_images(pixels)


def test_a_manifest_with_another_dimension_is_noticed(
    int8_package: ModelPackage, tmp_path: Path
) -> None:
    check_runs(int8_package)
    shutil.copytree(int8_package.folder, tmp_path / "copy")
    package = dataclasses.replace(int8_package, folder=tmp_path / "copy", dimension=25)
    with pytest.raises(UserError, match="25") as caught:
        check_runs(package)
    assert caught.value.code is ErrorCode.MODEL_DAMAGED


def test_a_damaged_tokenizer_is_reported(int8_package: ModelPackage, tmp_path: Path) -> None:
    embedder = damage(int8_package, tmp_path / "copy", "tokenizer.json", b"{}")
    with pytest.raises(UserError, match="tokenizer"):
        embedder.embed_texts(["猫"])


def test_a_graph_of_the_other_kind_is_reported(
    int8_package: ModelPackage, tmp_path: Path, reference: Reference
) -> None:
    graph = (int8_package.folder / "text.onnx").read_bytes()
    embedder = damage(int8_package, tmp_path / "copy", "image.onnx", graph)
    with pytest.raises(UserError, match="model-damaged"):
        embedder.embed_images(reference.pixels)


def test_folders_may_have_any_name(
    int8_package: ModelPackage, tmp_path: Path, embedder: Embedder
) -> None:
    folder = tmp_path / "模型 folder ü 😀"
    shutil.copytree(int8_package.folder, folder)
    moved = OnnxEmbedder(read_package(folder))
    np.testing.assert_array_equal(moved.embed_texts(["猫"]), embedder.embed_texts(["猫"]))

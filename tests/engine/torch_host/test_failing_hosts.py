"""What becomes of pictures when a host dies, hangs, runs out of memory, or never was any good."""

import gc
import shutil
import signal
import threading
from multiprocessing import active_children
from multiprocessing.connection import wait
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.onnx_engine import OnnxEmbedder
from memoryhunter.engine.packages import ModelPackage, read_package
from memoryhunter.engine.torch_host.embedder import HostEmbedder
from memoryhunter.engine.torch_host.host import HostError, Limits
from tests.engine.torch_host.conftest import CARD, Clock, Opened, make_host, on_host
from tests.engine.torch_host.test_host_embedder import Pixels, pictures, send

pytestmark = [
    pytest.mark.usefixtures("caplog"),  # a host that fails is told in the log
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops and kills processes"),
]


def agree(embedder: HostEmbedder, some: Pixels) -> bool:
    """Whether it embeds as the processor does, whoever computes."""
    wanted = OnnxEmbedder(embedder.package).embed_images(some)
    return bool(np.sum(embedder.embed_images(some) * wanted, axis=1).min() > 0.999)


def kill(embedder: HostEmbedder) -> None:
    """Kill the host's process from outside, and wait until it is gone."""
    process = embedder._host._process
    assert process is not None
    send(process.pid, signal.SIGKILL)
    wait([process.sentinel])


def test_a_host_that_dies_is_started_again_and_a_second_time_given_up(
    mixed_package: ModelPackage, opened: Opened
) -> None:
    clock, some = Clock(), pictures(20)
    embedder = opened(on_host(mixed_package, clock=clock))
    assert agree(embedder, some)
    first = embedder._host.pid

    kill(embedder)  # while idle
    assert agree(embedder, some)
    assert embedder._host.pid not in {first, None}
    assert embedder.device.name == CARD.name

    clock.now += 601  # that was long ago
    send(embedder._host.pid, signal.SIGSTOP)
    results = []
    busy = threading.Thread(target=lambda: results.append(agree(embedder, some)))
    busy.start()
    kill(embedder)  # amid its work
    busy.join()
    assert results == [True]
    assert not embedder.gave_up

    kill(embedder)
    assert agree(embedder, some)
    assert embedder.gave_up
    assert embedder.device.name.startswith("CPU: ")
    assert embedder.device.reason == (
        "Test Card stopped unexpectedly (SIGKILL); the processor took over"
    )
    assert embedder.image_batch == OnnxEmbedder(mixed_package).image_batch
    assert not active_children()


def test_a_host_that_hangs_is_ended(mixed_package: ModelPackage) -> None:
    host = make_host(mixed_package)
    host.start()
    host._limits = Limits(batch=0.2)
    send(host.pid, signal.SIGSTOP)
    with pytest.raises(HostError, match="stopped answering") as caught:
        host.embed(pictures(9))
    assert not caught.value.lasting
    assert not host.started
    assert not active_children()


def test_the_batch_is_what_fits(mixed_package: ModelPackage, opened: Opened) -> None:
    embedder = opened(on_host(mixed_package, make_host(mixed_package, "small_memory")))
    assert agree(embedder, pictures(11))
    assert embedder._host.batch == 4
    assert embedder.image_batch == 8
    assert not embedder.gave_up


def test_memory_that_others_take_halves_the_batch(
    mixed_package: ModelPackage, opened: Opened
) -> None:
    embedder = opened(on_host(mixed_package, make_host(mixed_package, "memory_taken_by_others")))
    embedder._host.start()
    before = embedder.image_batch
    assert before >= 64
    assert agree(embedder, pictures(before + 1))
    assert embedder.image_batch == 8
    assert agree(embedder, pictures(7))
    assert not embedder.gave_up


@pytest.mark.parametrize(
    ("tower", "reason"),
    [
        ("no_memory", "ran out of memory"),
        ("no_memory_for_weights", "ran out of memory"),
        (
            "broken_device",
            "failed (CUDA error: an illegal memory access was encountered)",
        ),
        ("right_in_fp32", "did not compute what the processor computes"),
    ],
)
def test_the_processor_takes_over_and_the_device_says_why(
    mixed_package: ModelPackage, opened: Opened, tower: str, reason: str
) -> None:
    host = make_host(mixed_package, tower, precisions=("bf16",))
    if tower == "broken_device":
        host = make_host(mixed_package, tower)
    embedder = opened(on_host(mixed_package, host))
    assert agree(embedder, pictures(9))
    assert embedder.device.reason.startswith(f"Test Card {reason}")
    assert embedder.device.reason.endswith("; the processor took over")
    assert not active_children()
    assert agree(embedder, pictures(3))


def test_the_first_precision_that_agrees_is_used(
    mixed_package: ModelPackage, opened: Opened
) -> None:
    host = make_host(mixed_package, "right_in_fp32", precisions=("fp16", "bf16", "fp32"))
    embedder = opened(on_host(mixed_package, host))
    assert agree(embedder, pictures(9))
    assert host.precision == "fp32"
    embedder.unload()
    assert not active_children()
    assert not embedder.gave_up


class NothingForWhite(OnnxEmbedder):
    """Has no vector for a white picture either; notes how many pictures it was given."""

    asked = 0

    def embed_images(self, pixels: Pixels) -> NDArray[np.float32]:
        self.asked += len(pixels)
        rows = super().embed_images(pixels)
        rows[(pixels == 255).all(axis=(1, 2, 3))] = np.nan
        return rows


def test_the_processor_computes_what_has_no_vector_on_the_card(
    mixed_package: ModelPackage, opened: Opened
) -> None:
    embedder = opened(on_host(mixed_package, make_host(mixed_package, "no_vector_for_white")))
    some = pictures(3)
    some[1] = 255
    rows = embedder.embed_images(some)
    wanted = OnnxEmbedder(mixed_package).embed_images(some)
    np.testing.assert_array_equal(rows[1], wanted[1])
    assert np.sum(rows * wanted, axis=1).min() > 0.999
    assert not embedder.gave_up


def test_a_picture_without_a_usable_vector_anywhere_gets_nan(
    mixed_package: ModelPackage, opened: Opened
) -> None:
    processor = NothingForWhite(mixed_package)
    host = make_host(mixed_package, "no_vector_for_white")
    embedder = opened(on_host(mixed_package, host, processor=processor))
    some = pictures(3)
    some[1] = 255
    assert np.isfinite(embedder.embed_images(some)).all(axis=1).tolist() == [True, False, True]
    assert processor.asked == 1, "the others had a vector"


@pytest.mark.parametrize("damage", ["truncated", "other tensors", "no activation", "no config"])
def test_weights_that_cannot_be_used(
    mixed_package: ModelPackage, tmp_path: Path, opened: Opened, damage: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(mixed_package.folder, folder)
    package = read_package(folder)
    weights, config = folder / "model.safetensors", folder / "config.json"
    if damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:5000])
    elif damage == "other tensors":
        header = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
        weights.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    elif damage == "no activation":
        text = config.read_text(encoding="utf-8").replace("quick_gelu", "mystery")
        config.write_text(text, encoding="utf-8")
    else:
        config.unlink()
    embedder = opened(on_host(package))
    assert agree(embedder, pictures(9))
    start = "Test Card could not be used: the model's weights cannot be read ("
    assert embedder.device.reason.startswith(start)
    assert not active_children()


def test_a_damaged_graph_is_the_models_fault(
    mixed_package: ModelPackage, tmp_path: Path, opened: Opened
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(mixed_package.folder, folder)
    package = read_package(folder)
    (folder / "image.onnx").write_bytes(b"not a graph")
    embedder = opened(on_host(package))
    with pytest.raises(UserError) as caught:
        embedder.embed_images(pictures(9))
    assert caught.value.code is ErrorCode.MODEL_DAMAGED
    assert not active_children()


def test_rest_and_close(mixed_package: ModelPackage, opened: Opened) -> None:
    clock, some = Clock(), pictures(9)
    embedder = opened(on_host(mixed_package, worth_starting=8, clock=clock))
    embedder.embed_images(some[:7])
    assert embedder._host.pid is None, "a few pictures are no reason to start it"
    assert agree(embedder, some)
    clock.now += 60
    embedder.unload_idle(61)
    assert embedder._host.pid is not None
    assert agree(embedder, some[:1]), "it is there, so it is used"
    clock.now += 62
    embedder.unload_idle(61)
    assert not active_children()

    assert agree(embedder, some)
    assert not embedder.gave_up
    send(embedder._host.pid, signal.SIGSTOP)
    errors = []

    def work() -> None:
        with pytest.raises(UserError) as caught:
            embedder.embed_images(some)
        errors.append(caught.value.code)

    busy = threading.Thread(target=work)
    busy.start()
    embedder.close()
    busy.join()
    assert errors == [ErrorCode.INDEXING_INTERRUPTED]
    assert not active_children()
    with pytest.raises(UserError):
        embedder.embed_images(some)


def test_the_process_ends_with_the_last_reference(mixed_package: ModelPackage) -> None:
    embedder = on_host(mixed_package)
    embedder.embed_images(pictures(9))
    (process,) = active_children()
    del embedder
    gc.collect()
    process.join(20)
    assert process.exitcode == 0

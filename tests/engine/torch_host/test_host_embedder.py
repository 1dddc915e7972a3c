"""One host on the processor, for all that leaves it alive."""

import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memoryhunter.engine.device_choice import choose_device
from memoryhunter.engine.graphics_check import check_graphics
from memoryhunter.engine.onnx_engine import OnnxEmbedder, unit_rows
from memoryhunter.engine.open_embedder import open_embedder, reference_rows
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.torch_host.embedder import HostEmbedder
from memoryhunter.engine.torch_host.messages import TOWER, Request, Work
from tests.engine.conftest import HubModels
from tests.engine.texts import TRICKY
from tests.engine.torch_host.conftest import CARD, Opened, make_host, on_host

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 Linux' name for it

HAS_CARD = choose_device("auto").kind is not None

Pixels = NDArray[np.uint8]


def pictures(count: int, size: int = 32) -> Pixels:
    return np.random.default_rng(count).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def send(process: int | None, number: int) -> None:
    """Send a signal to a process that must be there: number 0 would mean ourselves."""
    assert process
    os.kill(process, number)


@pytest.fixture(scope="module")
def embedder(mixed_package: ModelPackage) -> Iterator[HostEmbedder]:
    """An embedder whose host runs."""
    embedder = on_host(mixed_package)
    embedder.embed_images(pictures(1))
    yield embedder
    embedder.close()


def test_vectors_are_those_of_the_processor_and_of_the_original(
    embedder: HostEmbedder, mixed_package: ModelPackage, hub_models: HubModels
) -> None:
    reference = hub_models.reference(mixed_package.id)
    rows = embedder.embed_images(reference.pixels)
    wanted = OnnxEmbedder(mixed_package).embed_images(reference.pixels)
    assert np.sum(rows * wanted, axis=1).min() > 0.999
    assert np.sum(rows * unit_rows(reference.images), axis=1).min() > 0.99999
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_any_number_of_pictures_goes_through_the_slots(embedder: HostEmbedder) -> None:
    batch = embedder._host.batch
    many = pictures(4 * batch + 3)  # two slots, twice over
    rows = embedder.embed_images(many)
    for count in (1, 2, batch - 1, batch, batch + 1, 2 * batch, 3 * batch + 1):
        np.testing.assert_allclose(embedder.embed_images(many[:count]), rows[:count], atol=1e-5)
    assert embedder.embed_images(many[:0]).shape == (0, embedder.package.dimension)


def test_a_batch_is_computed_while_the_next_is_copied(
    mixed_package: ModelPackage, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also on a device that would rather have all of them at once, as this one up to 32."""
    monkeypatch.setattr("memoryhunter.engine.torch_host.host._MOST_AT_ONCE", 16)
    host = make_host(mixed_package, TOWER)
    embedder = opened(on_host(mixed_package, host))
    embedder.embed_images(pictures(1))
    assert host.batch <= 16
    parts, send_to_host = [], host._send

    def send(request: Request) -> None:
        assert isinstance(request, Work)
        parts.append(request.count)
        send_to_host(request)

    monkeypatch.setattr(host, "_send", send)
    embedder.embed_images(pictures(embedder.image_batch))
    assert parts == [host.batch, host.batch]


def test_the_speed_that_is_told_is_that_of_batches(
    embedder: HostEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, embed = [], embedder._host.embed

    def note(pixels: Pixels) -> NDArray[np.float32]:
        asked.append(len(pixels))
        return embed(pixels)

    monkeypatch.setattr(embedder._host, "embed", note)
    speed = check_graphics(embedder)
    assert speed is not None
    assert speed.by_card
    assert speed.images_per_second > 0
    assert set(asked[1:]) == {embedder.image_batch}


def test_the_processor_keeps_nothing_of_the_comparison(
    mixed_package: ModelPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[OnnxEmbedder] = []

    class Noted(OnnxEmbedder):
        def unload(self) -> None:
            made.append(self)
            super().unload()

    monkeypatch.setattr("memoryhunter.engine.open_embedder.OnnxEmbedder", Noted)
    assert reference_rows(mixed_package).shape == (4, mixed_package.dimension)
    assert len(made) == 1


def test_pictures_may_lie_anyhow_in_memory(embedder: HostEmbedder) -> None:
    some = pictures(6)
    turned = np.ascontiguousarray(some.transpose(3, 2, 1, 0)).transpose(3, 2, 1, 0)
    np.testing.assert_array_equal(
        embedder.embed_images(turned[::-1]), embedder.embed_images(some)[::-1]
    )


@pytest.mark.parametrize("shape", [(1, 31, 32, 3), (32, 32, 3), (1, 3, 32, 32)])
def test_other_shapes_are_refused(embedder: HostEmbedder, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pixels are"):
        embedder.embed_images(np.zeros(shape, np.uint8))


def test_the_device_tells_what_runs(embedder: HostEmbedder) -> None:
    assert embedder.device.name == CARD.name
    assert "fp32" in embedder.device.reason
    assert [child.name for child in active_children()].count("engine host") == 1


@pytest.mark.skipif(not SHARED_MEMORY.is_dir(), reason="shared memory is elsewhere")
def test_the_shared_memory_has_no_name_any_more(embedder: HostEmbedder) -> None:
    ring = embedder._host._ring
    assert ring is not None
    assert not (SHARED_MEMORY / ring.name).exists()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process")
def test_nothing_small_waits_for_a_busy_host(embedder: HostEmbedder) -> None:
    """While the host is stopped amid its work, texts and a picture alone are answered."""
    some, results = pictures(9), []
    wanted = embedder.embed_images(some)
    send(embedder._host.pid, signal.SIGSTOP)
    busy = threading.Thread(target=lambda: results.append(embedder.embed_images(some)))
    embedder._worth_starting = 8
    try:
        busy.start()
        while not embedder._lock.locked():
            pass
        assert np.isfinite(embedder.embed_texts(TRICKY)).all()
        alone = embedder.embed_images(some[:1])
        embedder.unload_idle(0.0)  # not while it is busy
        assert not results
    finally:
        embedder._worth_starting = 1
        send(embedder._host.pid, signal.SIGCONT)
        busy.join()
    np.testing.assert_array_equal(results[0], wanted)
    assert np.sum(alone * wanted[:1]) > 0.999


def test_several_threads_share_it(embedder: HostEmbedder) -> None:
    some = pictures(40)
    wanted, results = embedder.embed_images(some), {}

    def work(count: int) -> None:
        results[count] = embedder.embed_images(some[:count])

    threads = [threading.Thread(target=work, args=(count,)) for count in (40, 33, 7, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for count, rows in results.items():
        np.testing.assert_allclose(rows, wanted[:count], atol=1e-5)
    assert len(results) == 4


@pytest.mark.skipif(not HAS_CARD, reason="no graphics card that the installed torch can use")
def test_a_real_card_computes_the_same(mixed_package: ModelPackage) -> None:
    embedder = open_embedder(mixed_package, choose_device("gpu"))
    try:
        some = pictures(200)
        wanted = OnnxEmbedder(mixed_package).embed_images(some)
        assert np.sum(embedder.embed_images(some) * wanted, axis=1).min() > 0.99
        assert embedder.device.name.startswith("GPU: ")
    finally:
        embedder.close()

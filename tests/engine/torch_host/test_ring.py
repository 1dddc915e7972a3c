"""The shared memory and how it is divided."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from memoryhunter.engine.torch_host.messages import RingShape
from memoryhunter.engine.torch_host.ring import Ring, ring_shape


def test_slots_do_not_overlap() -> None:
    ring = Ring.create(RingShape(slots=3, pictures=5, size=7, dimension=3))
    try:
        for slot in range(3):
            ring.pixels(slot)[:] = slot + 1
            ring.rows(slot)[:] = slot / 3
        for slot in range(3):
            assert ring.pixels(slot).shape == (5, 7, 7, 3)
            assert (ring.pixels(slot) == slot + 1).all()
            assert (ring.rows(slot) == np.float32(slot / 3)).all()
        other = Ring.attach(ring.name, ring.shape)
        other.rows(2)[4, 2] = 7
        assert ring.rows(2)[4, 2] == 7
        other.close()
    finally:
        ring.forget_name()
        ring.forget_name()
        ring.close()


def test_slots_hold_no_more_than_pays() -> None:
    assert ring_shape(2, 32, 224, 512).pictures == 32
    assert 400 < ring_shape(2, 10_000, 224, 512).pictures < 450


def test_little_shared_memory_makes_small_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container often has 64 MB; Linux would kill the program that writes beyond."""
    monkeypatch.setattr("memoryhunter.engine.torch_host.ring.sys.platform", "linux")
    for free, pictures in ((64_000_000, 104), (1_000_000, 1)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        assert ring_shape(2, 512, 224, 512).pictures == pictures
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(MemoryError):
        ring_shape(2, 512, 224, 512)

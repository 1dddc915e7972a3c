"""What is read about the computer, where the system tells and where it does not."""

import os
import sys
from pathlib import Path

import pytest

from memoryhunter.engine import memory, processor
from memoryhunter.engine.memory import give_back_memory, resident_megabytes, system_megabytes
from memoryhunter.engine.processor import int8_support, processor_model, usable_processors

X86 = "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nflags\t\t: fpu avx2 avx512_vnni amx_int8\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd asimddp i8mm\n"


def test_this_computer() -> None:
    assert processor_model()
    assert usable_processors() >= 1
    give_back_memory()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
def test_memory_is_told() -> None:
    resident, whole = resident_megabytes(), system_megabytes()
    assert resident is not None
    assert whole is not None
    assert 10 < resident < whole


@pytest.mark.parametrize(
    ("text", "name", "int8"),
    [
        (X86, "Some CPU @ 2 GHz", ["AVX2", "AVX-512 VNNI", "AMX"]),
        (ARM, None, ["dot products", "int8 matrix products"]),
        (None, None, []),
    ],
)
def test_what_the_system_says(
    monkeypatch: pytest.MonkeyPatch, text: str | None, name: str | None, int8: list[str]
) -> None:
    def read(_path: Path, encoding: str) -> str:
        if text is None:
            raise FileNotFoundError(2, "No such file")
        return text

    monkeypatch.setattr(Path, "read_text", read)
    assert int8_support() == int8
    assert processor_model() == name if name else processor_model() != "Some CPU @ 2 GHz"
    assert memory.system_megabytes() is None
    assert processor.usable_processors() >= 1


@pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux'")
@pytest.mark.parametrize(
    ("limits", "usable"),
    [
        ({}, 8),
        ({"": "max 100000\n"}, 8),
        ({"": "200000 100000\n"}, 2),
        ({"a/b": "max 100000\n", "a": "250000 100000\n"}, 3),
        ({"a/b": "100000 100000\n", "a": "400000 100000\n"}, 1),
        ({"a/b": "1000 100000\n"}, 1),
        ({"a/b": "6400000 100000\n"}, 8),
        ({"a/b": "nonsense", "a": "", "": "100000 0"}, 8),
    ],
)
def test_a_container_has_fewer_processors(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limits: dict[str, str], usable: int
) -> None:
    groups = tmp_path / "groups"
    for group, limit in limits.items():
        (groups / group).mkdir(parents=True, exist_ok=True)
        (groups / group / "cpu.max").write_text(limit, encoding="utf-8")
    own = tmp_path / "own"
    own.write_text("1:cpu:/old\n0::/a/b\n", encoding="utf-8")
    monkeypatch.setattr(processor, "_CGROUPS", groups)
    monkeypatch.setattr(processor, "_OWN_GROUP", own)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(8)))
    assert usable_processors() == usable

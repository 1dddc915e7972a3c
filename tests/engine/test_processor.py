"""What is read about the computer, where the system tells and where it does not."""

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

"""Whether files that came whole are told from parts of them, and from what they are not."""

import json
from pathlib import Path

import pytest

from memoryhunter.engine.download.content import why_not
from tests.engine.download.conftest import WEIGHTS


def safetensors(*ends: int, size: int | None = None) -> bytes:
    """Give a file whose header says that tensors end there; `size` is that of what follows it."""
    begins = (0, *ends)
    tensors = {
        str(at): {"dtype": "U8", "shape": [end - begin], "data_offsets": [begin, end]}
        for at, (begin, end) in enumerate(zip(begins, ends, strict=False))
    }
    header = json.dumps({"__metadata__": {"format": "pt"}, **tensors}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(ends[-1] if size is None else size)


def refused(tmp_path: Path, name: str, content: bytes) -> str:
    path = tmp_path / "came.part"
    path.write_bytes(content)
    return why_not(path, name) or ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b"{}"),
        ("vocab.txt", b"[PAD]"),
        ("pytorch_model.bin", WEIGHTS),
        ("pytorch_model.bin", b"\x80\x02}q\x00."),  # as torch wrote it before 2019
        ("model.safetensors", safetensors(100, 300)),
    ],
)
def test_what_is_whole(tmp_path: Path, name: str, content: bytes) -> None:
    assert refused(tmp_path, name, content) == ""


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("vocab.txt", b"", "empty"),
        ("config.json", b"[]", "JSON object"),
        ("config.json", b'{"a": ', "JSON"),
        ("config.json", b"<!DOCTYPE html>", "web page"),
        ("pytorch_model.bin", b"nonsense", "no weights"),
        ("pytorch_model.bin", WEIGHTS[:-1], "not whole"),
        ("pytorch_model.bin", WEIGHTS[:200_000], "not whole"),
        ("pytorch_model.bin", WEIGHTS[:1000] + WEIGHTS[2000:], "not whole"),
        ("pytorch_model.bin", WEIGHTS[:1000] + WEIGHTS, "not whole"),
        ("model.safetensors", safetensors(100, 300)[:-1], "should have"),
        ("model.safetensors", safetensors(100, 300, size=301), "should have"),
        ("model.safetensors", safetensors(100, 300)[:40], "no weights"),
        ("model.safetensors", safetensors(300, 100), "no weights"),
        ("model.safetensors", b"\x02", "no weights"),
        ("model.safetensors", b"\xff" * 300, "no weights"),
        ("model.safetensors", (4).to_bytes(8, "little") + b"[{}]", "no weights"),
    ],
)
def test_what_is_not(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    assert told in refused(tmp_path, name, content)

"""The fingerprint stands for the content and nothing else."""

import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.media.fingerprint import content_hash
from memoryhunter.media.prepare import fingerprint_photo


def test_is_blake2b_of_all_content_and_rewinds(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    path = tmp_path / "a"
    path.write_bytes(content)
    with path.open("rb") as file:
        file.seek(100)
        assert content_hash(file) == hashlib.blake2b(content, digest_size=16).hexdigest()
        assert file.tell() == 0


def test_one_byte_makes_a_difference() -> None:
    assert content_hash(BytesIO(b"photo 1")) != content_hash(BytesIO(b"photo 2"))


def test_a_failing_disk_makes_the_file_unreadable() -> None:
    class Failing(BytesIO):
        def readinto(self, _: object, /) -> int:
            raise OSError(5, "Input/output error")

        def getbuffer(self) -> memoryview:
            raise OSError(5, "Input/output error")

    with pytest.raises(FileFailure) as caught:
        content_hash(cast("BinaryIO", Failing(b"x")))
    assert caught.value.reason is FailureReason.UNREADABLE
    assert caught.value.detail == "EIO: Input/output error"


def test_fingerprint_of_a_file_comes_with_its_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)
    stamp, fingerprint = fingerprint_photo(path)
    assert stamp.size == 10
    assert fingerprint == hashlib.blake2b(b"x" * 10, digest_size=16).hexdigest()

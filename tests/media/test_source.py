"""Opening: only regular files, never waiting, only for reading."""

import errno
import os
import socket
from pathlib import Path

import pytest

from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.media.source import looks_like_photo, open_photo, stamp_of


def reason_of(path: Path) -> FailureReason:
    with pytest.raises(FileFailure) as caught:
        open_photo(path)
    assert str(path) not in caught.value.detail
    return caught.value.reason


def test_opens_a_file_for_reading(tmp_path: Path) -> None:
    path = tmp_path / "照片.jpg"
    path.write_bytes(b"content")
    os.utime(path, ns=(5, 1_700_000_000_123_456_789))
    with open_photo(path) as file:
        assert file.read() == b"content"
        assert not file.writable()
        assert stamp_of(file).size == 7
        assert stamp_of(file).mtime_ns == path.stat().st_mtime_ns


def test_missing(tmp_path: Path) -> None:
    assert reason_of(tmp_path / "gone.jpg") is FailureReason.VANISHED
    assert reason_of(tmp_path / "gone" / "a.jpg") is FailureReason.VANISHED
    assert reason_of(tmp_path / "a\0b.jpg") is FailureReason.VANISHED


def test_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    assert reason_of(tmp_path / "file" / "a.jpg") is FailureReason.VANISHED


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert reason_of(tmp_path / "a.jpg") is FailureReason.EMPTY


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").mkdir()
    assert reason_of(tmp_path / "a.jpg") is FailureReason.NOT_A_FILE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a Unix thing")
def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    assert reason_of(tmp_path / "a.jpg") is FailureReason.NOT_A_FILE


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no local sockets")
def test_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("a.jpg")
        assert reason_of(tmp_path / "a.jpg") is FailureReason.NOT_A_FILE


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no devices")
def test_device() -> None:
    assert reason_of(Path("/dev/null")) is FailureReason.NOT_A_FILE


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root"
)
def test_forbidden(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x")
    path.chmod(0)
    assert reason_of(path) is FailureReason.NO_PERMISSION


def test_what_the_system_says_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x")
    for code, reason in (
        (errno.EACCES, FailureReason.NO_PERMISSION),
        (errno.EIO, FailureReason.UNREADABLE),
        (errno.ELOOP, FailureReason.UNREADABLE),
    ):

        def refuse(*_: object, code: int = code) -> int:
            raise OSError(code, os.strerror(code), str(path))

        with monkeypatch.context() as patch:
            patch.setattr(os, "open", refuse)
            assert reason_of(path) is reason


@pytest.mark.parametrize(
    ("content", "expected"), [(b"\xff\xd8\xff" + bytes(30), True), (b"text", False), (b"", False)]
)
def test_first_bytes_tell_a_photo(tmp_path: Path, content: bytes, expected: bool) -> None:
    (tmp_path / "a").write_bytes(content)
    assert looks_like_photo(tmp_path / "a") == expected
    assert not looks_like_photo(tmp_path / "gone")
    assert not looks_like_photo(tmp_path)


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EACCES, FailureReason.NO_PERMISSION), (errno.EIO, FailureReason.UNREADABLE)],
)
def test_a_file_that_cannot_be_opened_may_be_a_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: FailureReason
) -> None:
    (tmp_path / "a").write_bytes(b"x")

    def refuse(path: Path, flags: int) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileFailure) as caught:
        looks_like_photo(tmp_path / "a")
    assert caught.value.reason is reason

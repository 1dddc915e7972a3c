"""What the converter's process makes of its failures."""

import errno
import os
import sys
from multiprocessing import Pipe
from pathlib import Path
from types import ModuleType

import pytest

from memoryhunter.domain.errors import ErrorCode
from memoryhunter.engine.prepare import child

NAME = "memoryhunter.engine.prepare.convert"


def outcome(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception) -> child.Message:
    def convert(*arguments: object) -> None:
        raise error

    converter = ModuleType(NAME)
    converter.convert = convert  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, NAME, converter)
    receiver, sender = Pipe(duplex=False)
    with receiver, sender:
        return child._outcome(tmp_path / "source", tmp_path / "models/new", tmp_path, sender)


def test_a_full_disk_is_called_that(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failed = outcome(monkeypatch, tmp_path, OSError(errno.ENOSPC, "No space left on device"))
    values: dict[str, str | int] = {
        "path": str(tmp_path / "models"),
        "detail": "No space left on device",
    }
    assert failed == child.Failed(ErrorCode.DISK_FULL, values)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), ErrorCode.DISK_FULL),
        (ValueError("something else"), ErrorCode.MODEL_PREPARATION_FAILED),
    ],
)
def test_a_log_that_cannot_be_written_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, code: ErrorCode
) -> None:
    with Path("/dev/full").open("w", buffering=1, encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stderr", full)
        failed = outcome(monkeypatch, tmp_path, error)
        monkeypatch.undo()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, full.fileno())  # for what waits to be written still
        os.close(nowhere)
    assert isinstance(failed, child.Failed)
    assert failed.code is code


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (MemoryError(), "there is not enough memory"),
        (ZeroDivisionError("first\nsecond"), "ZeroDivisionError: first"),
        (OSError(errno.EIO, "Input/output error"), "OSError: [Errno 5] Input/output error"),
    ],
)
def test_other_failures_say_what_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, detail: str
) -> None:
    failed = outcome(monkeypatch, tmp_path, error)
    values: dict[str, str | int] = {"path": str(tmp_path / "source"), "detail": detail}
    assert failed == child.Failed(ErrorCode.MODEL_PREPARATION_FAILED, values)

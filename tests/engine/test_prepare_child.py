"""What the converter's process makes of its failures."""

import errno
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
    assert failed == child.Failed(ErrorCode.DISK_FULL, {"path": str(tmp_path / "models")})


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

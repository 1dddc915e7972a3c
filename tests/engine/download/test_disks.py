"""Disks that are full, or refuse to write or delete."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download.downloader import Downloader
from tests.engine.download.conftest import (
    assert_complete,
    failing,
    make_weights,
)
from tests.engine.download.server import FileServer

BIN = "/one/pytorch_model.bin"


def test_too_little_space_is_told_before_anything_is_asked(
    downloader: Downloader,
    offer: Offer,
    server: FileServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1_900_000))
    error = failing(downloader, offer)
    assert error.code is ErrorCode.NOT_ENOUGH_SPACE
    assert (error.values["needed"], error.values["free"]) == (2, 1)
    assert server.asked == []


def test_too_little_space_for_what_a_server_announces(
    downloader: Downloader, offer: Offer, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files[BIN] = make_weights(bytes(1_100_000))
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=2_050_000))
    error = failing(downloader, offer)  # 1 MB to download, says the catalogue, and 1 MB installed
    assert error.code is ErrorCode.NOT_ENOUGH_SPACE
    assert (error.values["needed"], error.values["free"]) == (3, 2)
    assert downloader.kept_bytes("small") < 1000


def test_what_cannot_be_deleted_is_told(
    downloader: Downloader, offer: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    folder = downloader.download(offer)
    monkeypatch.setattr(os, "unlink", refuse)
    for delete in (downloader.forget, downloader.distrust):
        with pytest.raises(UserError) as caught:
            delete("small")
        assert (caught.value.code, caught.value.values["path"]) == (
            ErrorCode.HOME_UNUSABLE,
            str(folder),
        )
    assert_complete(folder)
    downloader.drop("small")  # a model was made of it, and that is not in vain for this
    monkeypatch.undo()
    assert downloader.forget("small")
    assert [path.name for path in (tmp_path / "downloads").iterdir()] == ["small.lock"]
    assert not downloader.forget("small")


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_refuses_is_told(
    downloader: Downloader, offer: Offer, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    error = failing(downloader, offer)
    full = number != errno.EACCES
    assert error.code is (ErrorCode.DISK_FULL if full else ErrorCode.HOME_UNUSABLE)

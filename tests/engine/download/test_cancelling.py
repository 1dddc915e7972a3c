"""Leaving a download at any moment, and two that meet."""

import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download.downloader import Downloader
from memoryhunter.engine.prepare.progress import PreparationCancelledError
from tests.engine.download.conftest import (
    HURRIED,
    make_offer,
)
from tests.engine.download.server import FileServer, Manner

BIN = "/one/pytorch_model.bin"


def test_cancelling_while_nothing_comes(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    patient = Downloader(downloader._folder, replace(HURRIED, stall_seconds=60))
    server.manners[BIN].append(Manner(stall_after=150_000))
    with pytest.raises(PreparationCancelledError):
        patient.download(offer, (), None, lambda: downloader.kept_bytes("small") >= 150_000)
    assert server.stalled.is_set()


def test_cancelling_while_connecting(downloader: Downloader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # accepts nobody, answers nothing
        patient = Downloader(
            downloader._folder, replace(HURRIED, connect_seconds=60, stall_seconds=60)
        )
        begun = time.monotonic()
        with pytest.raises(PreparationCancelledError):
            patient.download(
                make_offer(f"https://127.0.0.1:{deaf.getsockname()[1]}"),
                (),
                None,
                lambda: time.monotonic() - begun > 0.3,
            )


def test_cancelling_while_a_name_is_looked_up(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def look_up(*_args: object, **_options: object) -> list[object]:
        asked.set()
        answer.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(PreparationCancelledError):
        downloader.download(make_offer("http://models.invalid"), (), None, asked.is_set)
    assert not answer.is_set()
    answer.set()


def test_cancelling_between_attempts(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    server.always["/one/config.json"] = Manner(status=503, headers={"Retry-After": "3600"})
    patient = Downloader(downloader._folder, replace(HURRIED, longest_pause=3600))
    with pytest.raises(PreparationCancelledError):
        patient.download(offer, (), None, lambda: bool(server.asked))


def test_only_one_downloads_a_model(downloader: Downloader, tmp_path: Path) -> None:
    other = Downloader(tmp_path / "downloads")
    with downloader.only_one("small"):
        with pytest.raises(UserError) as caught, other.only_one("small"):
            pass
        assert caught.value.code is ErrorCode.DOWNLOAD_RUNNING
        with other.only_one("large"):
            pass
    with other.only_one("small"):
        pass

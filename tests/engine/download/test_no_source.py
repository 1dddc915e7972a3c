"""When no source delivers: what is told of the reasons."""

import socket
from dataclasses import replace

import pytest

from memoryhunter.domain.errors import ErrorCode
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download.downloader import Downloader
from tests.engine.download.conftest import (
    failing,
    make_offer,
)
from tests.engine.download.server import FileServer, Manner


def test_no_network(downloader: Downloader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = failing(downloader, make_offer(f"http://127.0.0.1:{port}"))
    assert error.code is ErrorCode.NO_NETWORK
    assert failing(downloader, make_offer("http://no.such.host.invalid")).code is (
        ErrorCode.NO_NETWORK
    )


def test_an_address_that_the_system_does_not_take(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = failing(downloader, make_offer("http://127.0.0.1:99999"))
    assert error.code is ErrorCode.NO_NETWORK
    assert "0-65535" in str(error.values["detail"])

    def look_up(*_args: object, **_options: object) -> list[object]:
        raise UnicodeError("label too long")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    error = failing(downloader, make_offer("http://models.invalid"))
    assert error.code is ErrorCode.NO_NETWORK
    assert "label too long" in str(error.values["detail"])


def test_every_source_refuses(downloader: Downloader, offer: Offer, server: FileServer) -> None:
    server.files.clear()
    error = failing(downloader, offer)
    assert error.code is ErrorCode.DOWNLOAD_FAILED
    assert (error.values["trouble"], error.values["sources"]) == ("refused", "one, two, three")
    assert "404" in str(error.values["detail"])


def test_a_server_that_does_not_speak_tls(downloader: Downloader, server: FileServer) -> None:
    error = failing(downloader, make_offer(server.address.replace("http:", "https:")))
    assert error.code is ErrorCode.NO_NETWORK


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_does_not_refuse(
    downloader: Downloader, offer: Offer, server: FileServer, status: int
) -> None:
    for source in offer.sources:
        server.always[f"/{source}/config.json"] = Manner(status)
    error = failing(downloader, offer)
    assert (error.code, error.values["trouble"]) == (ErrorCode.DOWNLOAD_FAILED, "busy")


def test_silence_is_given_a_name(downloader: Downloader, offer: Offer, server: FileServer) -> None:
    server.always["/one/config.json"] = Manner(stall_after=0)
    error = failing(downloader, replace(offer, sources={"one": offer.sources["one"]}))
    assert error.values["detail"] == "one: 127.0.0.1: nothing came for too long"

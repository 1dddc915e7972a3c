"""Servers that speak TLS, with a certificate that is trusted or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.download.downloader import Downloader
from tests.engine.download.conftest import FILES, assert_complete, make_offer
from tests.engine.download.server import FileServer, Manner

# Made for these tests and for nothing else: openssl req -x509 -newkey rsa:2048 -nodes -days 36500
# -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1
CERTIFICATE = Path(__file__).parent / "localhost.pem"


@pytest.fixture
def secure(server: FileServer) -> Iterator[FileServer]:
    with FileServer(CERTIFICATE).running() as running:
        running.files.update(server.files)
        yield running


def test_a_certificate_the_system_knows(
    downloader: Downloader, secure: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert_complete(downloader.download(make_offer(secure.address)))


def test_one_that_nobody_knows(downloader: Downloader, secure: FileServer) -> None:
    with pytest.raises(UserError) as caught:
        downloader.download(make_offer(secure.address))
    assert caught.value.code is ErrorCode.DOWNLOAD_FAILED
    assert caught.value.values["trouble"] == "certificate"
    assert secure.asked == []


def test_nothing_is_fetched_without_encryption_for_one_that_has_it(
    downloader: Downloader,
    secure: FileServer,
    server: FileServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    for name in FILES:
        secure.always[f"/one/{name}"] = Manner(redirect=f"{server.address}/one/{name}")
    assert_complete(downloader.download(make_offer(secure.address)))
    assert server.asked == []
    assert "/two/vocab.txt" in {each.path for each in secure.asked}

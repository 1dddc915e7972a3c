"""Servers that speak TLS, with a certificate that is trusted or not."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.download.downloader import Downloader
from tests.engine.download.conftest import FILES, assert_complete, make_offer
from tests.engine.download.server import FileServer, Manner


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority, and nobody else."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.fixture
def secure(server: FileServer, authority: trustme.CA) -> Iterator[FileServer]:
    encryption = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(encryption)
    with FileServer(encryption).running() as running:
        running.files.update(server.files)
        yield running


@pytest.mark.usefixtures("trusted")
def test_a_certificate_the_system_knows(downloader: Downloader, secure: FileServer) -> None:
    assert_complete(downloader.download(make_offer(secure.address)))


def test_one_that_nobody_knows(downloader: Downloader, secure: FileServer) -> None:
    with pytest.raises(UserError) as caught:
        downloader.download(make_offer(secure.address))
    assert caught.value.code is ErrorCode.DOWNLOAD_FAILED
    assert caught.value.values["trouble"] == "certificate"
    assert secure.asked == []


@pytest.mark.parametrize("content", [None, "nonsense"])
def test_certificates_that_cannot_be_read_are_no_matter_of_the_disk(
    downloader: Downloader,
    secure: FileServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: str | None,
) -> None:
    path = tmp_path / "certificates.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(UserError) as caught:
        downloader.download(make_offer(secure.address))
    assert caught.value.code is ErrorCode.DOWNLOAD_FAILED
    assert caught.value.values["trouble"] == "certificate"
    assert "SSL_CERT_FILE" in str(caught.value.values["detail"])


@pytest.mark.usefixtures("trusted")
def test_nothing_is_fetched_without_encryption_for_one_that_has_it(
    downloader: Downloader, secure: FileServer, server: FileServer
) -> None:
    for name in FILES:
        secure.always[f"/one/{name}"] = Manner(redirect=f"{server.address}/one/{name}")
    assert_complete(downloader.download(make_offer(secure.address)))
    assert server.asked == []
    assert "/two/vocab.txt" in {each.path for each in secure.asked}

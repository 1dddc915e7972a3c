"""A server with the files of a model under three addresses, and the offer that names them."""

import io
import random
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from memoryhunter.domain.errors import UserError
from memoryhunter.engine.catalogue import Offer, RemoteFile
from memoryhunter.engine.download import proxies
from memoryhunter.engine.download.downloader import Downloader
from memoryhunter.engine.download.patience import Patience
from tests.engine.download.server import FileServer


def make_weights(content: bytes) -> bytes:
    """Give what torch writes, as far as a download looks into it; the same for the same content."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("archive/data/0"), content)
    return file.getvalue()


WEIGHTS = make_weights(random.Random(3).randbytes(400_000))
OTHER_WEIGHTS = make_weights(bytes(400_000))
FILES = {
    "config.json": b'{"model_type": "chinese_clip"}',
    "vocab.txt": "[PAD]\n猫\n".encode(),
    "pytorch_model.bin": WEIGHTS,
}
SOURCES = ("one", "two", "three")
HURRIED = Patience(
    connect_seconds=2,
    stall_seconds=0.4,
    attempts=3,
    enough_bytes=1,
    first_pause=0.01,
    longest_pause=0.05,
)


@pytest.fixture(autouse=True)
def plain_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be as on a machine without a proxy or certificates of its own, wherever the tests run."""
    for name in ("http", "https", "all", "socks", "ftp", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)
    monkeypatch.setattr(proxies, "getproxies", dict)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


@pytest.fixture(autouse=True)
def names_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody asked for names that end in .invalid; some name servers answer for them."""
    look_up = socket.getaddrinfo

    def looked_up(host: str | bytes | None, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if name.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer().running() as running:
        for source in SOURCES:
            for name, content in FILES.items():
                running.files[f"/{source}/{name}"] = content
        yield running


@pytest.fixture
def offer(server: FileServer) -> Offer:
    return make_offer(server.address)


def make_offer(address: str, sources: tuple[str, ...] = SOURCES, **pins: str) -> Offer:
    """Offer the files at `address`; `pins` are hashes by a file's name up to its dot."""
    return Offer(
        id="small",
        name="Small",
        dimension=8,
        image_size=16,
        download_megabytes=1,
        installed_megabytes=1,
        memory_megabytes=1,
        licence="MIT",
        quality={},
        suits={"en": "Tests.", "zh": "测试。"},
        sources={
            source: tuple(
                RemoteFile(name, f"{address}/{source}/{name}", sha256=pins.get(name.split(".")[0]))
                for name in FILES
            )
            for source in sources
        },
    )


@pytest.fixture
def downloader(tmp_path: Path) -> Downloader:
    return Downloader(tmp_path / "downloads", HURRIED)


def assert_complete(folder: Path) -> None:
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES


def failing(downloader: Downloader, offer: Offer, *sources: str) -> UserError:
    with pytest.raises(UserError) as caught:
        downloader.download(offer, sources)
    return caught.value

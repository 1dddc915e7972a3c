"""Sources that go on sending, and so little that nobody can wait for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download.downloader import Downloader
from tests.engine.download.conftest import HURRIED, WEIGHTS, assert_complete
from tests.engine.download.server import FileServer, Manner

BIN = "pytorch_model.bin"
SLOW = Manner(trickle_after=1000)


@pytest.fixture
def downloader(tmp_path: Path) -> Downloader:
    patience = replace(HURRIED, slow_seconds=0.2, slow_bytes=100_000)
    return Downloader(tmp_path / "downloads", patience)


def test_a_slow_source_is_left_for_another(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    server.always[f"/one/{BIN}"] = SLOW
    assert_complete(downloader.download(offer))
    assert server.sent(f"/two/{BIN}") == len(WEIGHTS)


def test_the_last_source_may_be_slow(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    """Slow ones are tried again when all others failed, and are waited for then."""
    server.manners[f"/one/{BIN}"].append(SLOW)
    server.manners[f"/two/{BIN}"].append(SLOW)
    del server.files[f"/three/{BIN}"]
    assert_complete(downloader.download(offer))
    assert len(server.ranges(f"/one/{BIN}")) == 2


def test_a_source_without_others_is_waited_for(
    downloader: Downloader, offer: Offer, server: FileServer
) -> None:
    alone = replace(offer, sources={"one": offer.sources["one"]})
    server.manners["/one/config.json"].append(Manner(trickle_after=1))  # takes half a second
    assert_complete(downloader.download(alone))
    assert len(server.ranges("/one/config.json")) == 1

"""Downloads in programs of their own: killed in the middle, and on a disk that fills up."""

import subprocess
import sys
from pathlib import Path

import pytest

from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.download.downloader import Downloader
from tests.engine.conftest import REPOSITORY, environment
from tests.engine.download.conftest import WEIGHTS, assert_complete
from tests.engine.download.server import FileServer, Manner

BIN = "/one/pytorch_model.bin"


def start(*arguments: str | Path) -> "subprocess.Popen[str]":
    words = [str(each) for each in arguments]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.engine.download.downloading_program", *words],
        cwd=REPOSITORY,
        env=environment() | {"no_proxy": "*"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def test_a_program_killed_in_the_middle_loses_nothing(
    downloader: Downloader, offer: Offer, server: FileServer, tmp_path: Path
) -> None:
    server.manners[BIN].append(Manner(stall_after=300_000))
    part = tmp_path / "downloads" / "small" / "pytorch_model.bin.part"
    with start(server.address, tmp_path / "downloads") as running:
        assert running.stdout is not None
        assert any(int(done) >= 300_000 for done in running.stdout)  # reads until that is told
        running.kill()
    assert part.stat().st_size == 300_000
    server.asked.clear()
    assert_complete(downloader.download(offer))  # the lock of a killed program is no lock
    assert [each.path for each in server.asked] == [BIN]
    assert server.sent(BIN) == len(WEIGHTS) - 300_000


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit that Windows does not have")
def test_a_disk_that_fills_up_keeps_what_came(
    downloader: Downloader, offer: Offer, server: FileServer, tmp_path: Path
) -> None:
    with start(server.address, tmp_path / "downloads", "250000") as running:
        told, _ = running.communicate(timeout=60)
    assert told.split()[-1] == "disk-full"
    part = tmp_path / "downloads" / "small" / "pytorch_model.bin.part"
    assert part.stat().st_size == 250_000
    server.asked.clear()
    assert_complete(downloader.download(offer))
    assert server.ranges(BIN) == ["bytes=250000-"]


def test_nothing_of_the_network_is_loaded_before_a_download() -> None:
    program = "import memoryhunter.workspace, sys; print(*{'httpx2', 'httpcore2'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=environment(),
    )
    assert done.stdout.split() == []

"""The whole way from a server to an answer, by the command line: download, install, search."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from memoryhunter.config.resources import CATALOGUE_VARIABLE
from tests.e2e.conftest import MODEL_SOURCE
from tests.engine.download.server import FileServer, Manner
from tests.program import Program

CATALOGUE = """
format = 1
[sources]
school = "{address}/{{repository}}/{{file}}"
[[models]]
id = "shapes"
name = "Shapes"
dimension = 64
image_size = 64
download_megabytes = 4
installed_megabytes = 4
memory_megabytes = 8
licence = "MIT"
files = ["config.json", "preprocessor_config.json", "vocab.txt", "model.safetensors"]
[models.repositories]
school = "lab/shapes"
[models.quality]
Shapes = [99.0, 100, 100]
[models.suits]
en = "For shapes."
zh = "图形。"
"""
WEIGHTS = "/lab/shapes/model.safetensors"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer().running() as running:
        for path in MODEL_SOURCE.iterdir():
            running.files[f"/lab/shapes/{path.name}"] = path.read_bytes()
        yield running


@pytest.fixture
def program(tmp_path: Path, server: FileServer, monkeypatch: pytest.MonkeyPatch) -> Program:
    catalogue = tmp_path / "mirror.toml"
    catalogue.write_text(CATALOGUE.format(address=server.address), encoding="utf-8")
    monkeypatch.setenv(CATALOGUE_VARIABLE, str(catalogue))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return Program(tmp_path / "home")


def test_from_a_server_with_a_bad_line_to_an_answer(
    program: Program, server: FileServer, photos: Path
) -> None:
    size = len(server.files[WEIGHTS])
    (offered,) = program.ask("models")
    assert (offered["id"], offered["installed"], offered["sources"]) == (
        "shapes",
        False,
        ["school"],
    )
    assert offered["download_megabytes"] == 4
    assert server.asked == []

    server.manners[WEIGHTS].extend([Manner(drop_after=size // 3)] * 2)
    outcome = program.run("models", "install", "shapes", "--json")
    assert outcome.status == 0, outcome.err
    installed = outcome.json
    assert (installed["id"], installed["name"], installed["in_use"]) == ("shapes", "Shapes", True)
    assert installed["licence"] == "MIT"
    assert "Downloading from school" in outcome.err
    assert server.sent(WEIGHTS) == size
    assert server.ranges(WEIGHTS) == [None, f"bytes={size // 3}-", f"bytes={size // 3 * 2}-"]
    assert not (program.home / "downloads" / "shapes").exists()

    assert program.ask("index", photos)["embedded"] == 36
    best = program.ask("search", "三个红色的圆", "--limit", "1")[0]["path"]
    assert Path(best).name == "3-red-circle.jpg"

    asked = len(server.asked)
    assert program.ask("models", "install", "shapes")["id"] == "shapes"  # is there already
    assert program.ask("models", "remove", "shapes", "--yes") == {"id": "shapes", "removed": True}
    assert len(server.asked) == asked
    status = program.ask("status")
    assert (status["model"], status["photos"]) == (None, 36)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("by", ["interrupt", "kill"])
def test_a_download_goes_on_in_the_next_run(program: Program, server: FileServer, by: str) -> None:
    server.manners[WEIGHTS].append(Manner(stall_after=2_000_000))
    running = subprocess.Popen(
        program.command("models", "install", "shapes"), stderr=subprocess.PIPE
    )
    part = program.home / "downloads" / "shapes" / "model.safetensors.part"
    deadline = time.monotonic() + 60
    while not part.exists() or part.stat().st_size < 2_000_000:
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.send_signal(signal.SIGINT if by == "interrupt" else signal.SIGKILL)
    _, err = running.communicate(timeout=30)
    if by == "interrupt":
        assert running.returncode == 1
        assert err.splitlines()[-1].endswith(
            b"what was downloaded is kept, run it again to continue."
        )
        assert b"Traceback" not in err
    (listed,) = program.ask("models")
    assert listed["kept_megabytes"] >= 2
    # Taken up again, by a source that is gone now: what it says is plain, and nothing is lost.
    server.always[WEIGHTS] = Manner(status=404)
    outcome = program.run("models", "install", "shapes")
    assert (outcome.status, outcome.out) == (1, "")
    assert "the server refuses it" in outcome.err
    assert part.stat().st_size == 2_000_000
    assert server.ranges(WEIGHTS)[-1] == "bytes=2000000-"


def test_sources_and_paths(
    program: Program, server: FileServer, tmp_path: Path, shapes_model: Path
) -> None:
    for words, told in (
        (["nothing"], "There is no model nothing"),
        (["shapes", "--source", "hf"], "There is no source hf"),
        ([tmp_path / "none"], "there is no such folder"),
        (["nothing", "--source", MODEL_SOURCE], "There is no model nothing"),
        (["shapes", "--source", shapes_model], "holds the model shapes-clip, not shapes"),
        (["shapes", "--source", shapes_model / "model.json"], "not shapes"),
    ):
        outcome = program.run("models", "install", *words)
        assert (outcome.status, outcome.out) == (1, ""), words
        assert told in outcome.err
        assert "Traceback" not in outcome.err
    assert program.run("models", "install", "shapes", "--source", "").status == 2
    assert server.asked == []
    told = program.run("models").out
    assert told.startswith("No model is installed")
    assert "For shapes." in told

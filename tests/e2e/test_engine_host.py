"""The engine host behind the real command line, on the processor for want of a card."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.engine.test_isolation import is_running
from tests.program import Program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(autouse=True)
def wish_for_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMORYHUNTER_DEVICE", "torch-cpu")


def hosts_of(program: int) -> Iterator[int]:
    """Give the processes the program started that have loaded torch."""
    with suppress(OSError):
        children = Path(f"/proc/{program}/task/{program}/children").read_text(encoding="ascii")
        for child in children.split():
            with suppress(OSError):
                if "libtorch_cpu" in Path(f"/proc/{child}/maps").read_text(encoding="utf-8"):
                    yield int(child)


def test_the_host_finds_what_the_processor_finds(
    program: Program, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = program.ask("index", photos)
    assert (done["embedded"], done["failed"]) == (36, 0)
    assert program.ask("status")["device"]["name"] == "PyTorch on the processor"
    graphics = program.ask("doctor")["graphics"]
    assert graphics["ok"]
    assert graphics["used"]
    assert graphics["images_per_second"] > 0

    monkeypatch.setenv("MEMORYHUNTER_DEVICE", "cpu")
    here = Program(tmp_path / "home of the processor", program.model)
    here.ask("index", photos)
    for query in ("三个红色的圆", "a blue square"):
        found, wanted = (each.ask("search", query, "--limit", "3") for each in (program, here))
        assert [each["path"] for each in found] == [each["path"] for each in wanted]
        for one, other in zip(found, wanted, strict=True):
            assert one["score"] == pytest.approx(other["score"], abs=0.02)
    status = here.ask("status")["device"]
    assert status["name"].startswith("CPU: ")
    assert "the settings ask for it" in status["reason"]
    assert here.ask("doctor")["graphics"] == {"ok": True, "used": False, "note": status["reason"]}


def test_a_host_that_is_killed_again_and_again_costs_no_photo(
    program: Program, photos: Path
) -> None:
    running = subprocess.Popen(
        program.command("index", photos, "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    killed: set[int] = set()
    while running.poll() is None:
        for host in set(hosts_of(running.pid)) - killed:
            with suppress(ProcessLookupError):
                os.kill(host, signal.SIGKILL)
            killed.add(host)
        time.sleep(0.01)  # there is nothing to wait for: another process's child
    out, err = running.communicate()
    assert running.returncode == 0, err
    assert len(killed) == 2
    assert '"embedded": 36' in out
    assert err.splitlines() == [
        "PyTorch on the processor stopped unexpectedly (SIGKILL); the processor took over."
    ]
    assert program.ask("status")["backlog"] == 0


def test_the_host_ends_with_a_program_that_is_killed(program: Program, photos: Path) -> None:
    running = subprocess.Popen(
        program.command("index", photos), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    hosts: list[int] = []
    while running.poll() is None and not hosts:
        hosts = list(hosts_of(running.pid))
        time.sleep(0.01)
    running.kill()
    running.wait()
    (host,) = hosts
    deadline = time.monotonic() + 20
    while is_running(host) and time.monotonic() < deadline:
        time.sleep(0.05)  # there is no one left to tell of its end
    assert not is_running(host)


@pytest.mark.parametrize("command", ["index", "evaluate"])
def test_ctrl_c_does_not_wait_for_a_host_that_hangs(
    program: Program, photos: Path, tmp_path: Path, command: str
) -> None:
    captions = tmp_path / "captions.tsv"
    captions.write_text("red/3-red-circle.jpg\t三个红色的圆\n", encoding="utf-8")
    given = [photos] if command == "index" else [captions, photos]
    running = subprocess.Popen(
        program.command(command, *given),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    hosts: list[int] = []
    while running.poll() is None and not hosts:
        hosts = list(hosts_of(running.pid))
        time.sleep(0.01)
    (host,) = hosts
    os.kill(host, signal.SIGSTOP)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=40)  # a start may take 120
    assert "Stopped." in err
    assert not is_running(host)

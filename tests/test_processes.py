"""Children that do not hear Ctrl-C, seen from inside a child."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import multiprocessing
import signal

from memoryhunter.processes import start_child


def blocked():
    return {signal.SIGINT, signal.SIGHUP} <= signal.pthread_sigmask(signal.SIG_BLOCK, ())


def tell(connection):
    connection.send(blocked())


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    for _ in range(2):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=tell, args=(theirs,))
        start_child(process)
        print("child", ours.recv(), "parent", blocked())
        process.join()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal masks")
def test_a_child_is_deaf_to_its_terminal_before_it_runs_our_code(tmp_path: Path) -> None:
    # The first child of a program was not: multiprocessing lets Ctrl-C through on that occasion.
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    told = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["child True parent False"] * 2, told.stderr

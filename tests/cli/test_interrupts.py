"""Ctrl-C at any moment, and a terminal that is closed, in real processes."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")

# Ctrl-C comes while this module is looked for.
_INTERRUPTED = """
import importlib.abc, os, signal, sys
class Interrupting(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from memoryhunter.main import main
sys.exit(main(sys.argv[2:]))
"""

_HEARING = """
import os, signal, sys
from memoryhunter.cli.interrupts import stopped_by_signals
from memoryhunter.indexing.control import Control
if sys.argv[2] == "ignored":
    signal.signal(signal.Signals[sys.argv[1]], signal.SIG_IGN)
control = Control()
with stopped_by_signals(control):
    os.kill(os.getpid(), signal.Signals[sys.argv[1]])
    print(control.stopped)
"""


def run(program: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("module", ["memoryhunter.cli.app", "memoryhunter.workspace", "apsw"])
def test_while_the_program_is_loaded_it_just_ends(tmp_path: Path, module: str) -> None:
    done = run(_INTERRUPTED, module, "--home", tmp_path, "status")
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_once_it_runs_it_says_that_it_stopped(tmp_path: Path) -> None:
    done = run(_INTERRUPTED, "memoryhunter.gui.application", "--home", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("memoryhunter: Stopped.")
    assert done.stderr.count("\n") == 1


def test_what_a_shell_has_put_into_the_background_does_not_hear_it(tmp_path: Path) -> None:
    ignoring = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n" + _INTERRUPTED
    done = run(ignoring, "memoryhunter.cli.app", "--home", tmp_path, "status")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_work_is_stopped_by_signals(name: str) -> None:
    assert run(_HEARING, name, "heard").stdout == "True\n"


def test_work_goes_on_where_the_end_of_the_terminal_is_ignored() -> None:
    assert run(_HEARING, "SIGHUP", "ignored").stdout == "False\n"  # as nohup wants it

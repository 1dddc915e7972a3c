"""What the program's own process must not load, and must not print."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from memoryhunter.engine.store import ModelStore
from tests.engine.conftest import REPOSITORY, HubModels, environment


def test_the_program_stays_light_and_silent(program: "subprocess.CompletedProcess[str]") -> None:
    assert program.stderr == ""
    assert json.loads(program.stdout) == {"unwanted": [], "shapes": [[2, 24], [1, 24]]}


INTERRUPTED = """
import sys
from multiprocessing import active_children
from pathlib import Path
from memoryhunter.engine.store import ModelStore

if __name__ == "__main__":
    ModelStore(Path(sys.argv[2])).install(
        Path(sys.argv[1]),
        on_progress=lambda progress: print(progress.step, active_children()[0].pid, flush=True),
    )
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_child_ends_with_the_program(hub_models: HubModels, tmp_path: Path) -> None:
    script, models = tmp_path / "program.py", tmp_path / "models"
    script.write_text(INTERRUPTED, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script), str(hub_models.pickled), str(models)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=REPOSITORY,
        env=environment(),
        encoding="utf-8",
    ) as program:
        assert program.stdout is not None
        step, child = program.stdout.readline().split()
        while step != "export-image":
            step, child = program.stdout.readline().split()
        program.kill()
    deadline = time.monotonic() + 20
    while is_running(int(child)) and time.monotonic() < deadline:
        time.sleep(0.05)  # there is no one left to tell of its end
    assert not is_running(int(child))
    assert [path.name[:9] for path in models.glob(".p*")] == [".partial-"]
    assert ModelStore(models).installed() == []
    assert list(models.glob(".p*")) == []  # cleared at the next start


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.split()[0] != "Z"

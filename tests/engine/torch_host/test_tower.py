"""The tower written out by hand is that of transformers, whatever its shape."""

import json
import subprocess
import sys
from pathlib import Path

from tests.engine.conftest import REPOSITORY, environment


def test_the_tower_is_that_of_transformers(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.torch_host.compare_towers", str(tmp_path)],
        check=False,
        capture_output=True,
        cwd=REPOSITORY,
        env=environment(),
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    cosines = json.loads(done.stdout)
    assert len(cosines) == 6
    assert {name: cosine for name, cosine in cosines.items() if cosine < 0.99999} == {}

"""Tiles and previews are loaded in several threads at once from the first moment on."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

PROGRAM = Path(__file__).parent / "many_threads.py"


@pytest.mark.parametrize("maker", ["tile", "preview", "viewer"])
@pytest.mark.parametrize("_attempt", range(4))
def test_threads_do_not_wait_for_each_other_for_ever(
    tmp_path: Path, maker: str, _attempt: int
) -> None:
    # Without touch_types, 15 of 25 attempts hung.
    Image.new("RGB", (300, 200), "red").save(tmp_path / "red.jpg")
    done = subprocess.run(
        [sys.executable, PROGRAM, tmp_path / "red.jpg", maker, "touched"], timeout=60, check=False
    )
    assert done.returncode == 0

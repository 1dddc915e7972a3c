"""The whole way in the window: drop a folder, type Chinese, find similar, open; nothing changes."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.program import Program

DRIVER = Path(__file__).parent / "drive_window.py"


def test_a_person_finds_three_red_circles(program: Program, photos: Path) -> None:
    def digest() -> dict[str, str]:
        return {
            str(each): hashlib.sha256(each.read_bytes()).hexdigest()
            for each in photos.rglob("*")
            if each.is_file()
        }

    before = digest()
    done = subprocess.run(
        [sys.executable, DRIVER, program.home, str(program.model), photos],
        capture_output=True,
        encoding="utf-8",
        timeout=110,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "LANGUAGE": "en", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["status"] == 0, (seen, done.stderr)
    assert "36" in seen["browsing"]
    assert seen["found"][0].startswith("3-red-circle.jpg")
    assert seen["similar"] != seen["found"]
    assert any("red" in name for name in seen["similar"][:3])
    assert seen["back"] == "三个红色的圆"
    assert seen["viewer"]
    assert seen["followed"]
    assert not {"torch", "transformers", "onnx"} & set(seen["loaded"])
    assert "PySide6" in seen["loaded"]
    assert "Traceback" not in done.stderr
    assert digest() == before
    status = program.ask("status")
    assert (status["photos"], status["embedded"]) == (36, 36)

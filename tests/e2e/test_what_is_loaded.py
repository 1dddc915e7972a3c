"""Indexing and searching load neither Qt nor torch, in the program and in its workers."""

import json
import subprocess
import sys
from pathlib import Path

from tests.program import Program

_RUN = """
import json, sys
from memoryhunter.main import main
status = main(sys.argv[1:])
print("LOADED", json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
sys.exit(status)
"""


def test_the_command_line_path(program: Program, photos: Path) -> None:
    for arguments in (
        ["index", photos],
        ["search", "三个红色的圆"],
        ["similar", photos / "red" / "1-red-circle.jpg"],
        ["status"],
        ["doctor"],
    ):
        command = [sys.executable, "-c", _RUN, *program.command(*arguments)[3:]]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", check=True, timeout=100
        )
        loaded = set(json.loads(done.stdout.rpartition("LOADED ")[2]))
        assert "onnxruntime" in loaded
        assert not loaded & {"PySide6", "shiboken6", "torch", "transformers", "onnx"}

"""Indexing and searching load neither Qt nor torch, in the program and in its workers."""

import json
import subprocess
import sys
from pathlib import Path

from tests.program import Program

ROOT = Path(__file__).resolve().parents[2]

HEAVY = {"PySide6", "shiboken6", "torch", "transformers", "onnx"}
# What the program needs and a worker, of which there are several, does not.
NOT_IN_WORKERS = HEAVY | {"onnxruntime", "tokenizers", "apsw", "watchdog"}


def test_the_command_line_path(program: Program, photos: Path, tmp_path: Path) -> None:
    captions = tmp_path / "captions.tsv"
    captions.write_text("red/1-red-circle.jpg\t一个红色的圆\n", encoding="utf-8")
    for arguments, uses_workers in (
        (["index", photos], True),
        (["search", "三个红色的圆"], False),
        (["similar", photos / "red" / "1-red-circle.jpg"], False),
        (["status"], False),
        (["evaluate", captions, photos], True),
        (["doctor"], True),
    ):
        words = program.command(*arguments)[3:]
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.report_loaded", *words],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=100,
            cwd=ROOT,
        )
        loaded = json.loads(done.stdout.rpartition("LOADED ")[2])
        assert "onnxruntime" in loaded["program"]
        assert not set(loaded["program"]) & HEAVY
        assert ("PIL" in loaded["workers"]) is uses_workers, arguments
        assert not set(loaded["workers"]) & NOT_IN_WORKERS, arguments

"""The benchmark programs run and say what they promise; how fast anything is, is no test."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ENGINE_KEYS = {
    "loop_images_per_second",
    "torch_images_per_second",
    "ours_images_per_second",
    "text_ms_8_tokens_median",
    "text_ms_8_tokens_p95_while_indexing",
    "path_cosine_median",
    "path_cosine_min",
    "ratio_to_loop",
    "share_of_engine",
}


def test_the_engine_benchmark(shapes_model: Path) -> None:
    program = ROOT / "tests" / "benchmarks" / "engine.py"
    few = ["--size", "tiny", "--count", "4", "--rounds", "1", "--texts", "3", "--json"]
    done = subprocess.run(
        [sys.executable, str(program), "--model", str(shapes_model), *few],
        capture_output=True,
        encoding="utf-8",
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) >= ENGINE_KEYS
    assert all(told[key] > 0 for key in ENGINE_KEYS)
    assert told["machine"]["processor"].startswith("CPU")
    # Point by point through the program: decoding, resizing, int8; one photo lies on its side.
    assert told["path_cosine_min"] >= 0.97
    assert told["path_cosine_median"] >= 0.99

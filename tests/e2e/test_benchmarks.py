"""The benchmark programs run and say what they promise; how fast anything is, is no test."""

import json
import subprocess
import sys
from pathlib import Path

from memoryhunter.config.paths import app_paths
from memoryhunter.engine.tuning_file import TuningFile
from tests.benchmarks.inputs import prepare_model

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
    assert "side by side" in told["machine"]["threads"]
    # Point by point through the program: decoding, resizing, int8; one photo lies on its side.
    assert told["path_cosine_min"] >= 0.97
    assert told["path_cosine_median"] >= 0.99
    assert told["literal_cosine_min"] < told["path_cosine_min"] - 0.01, "it is read upright"


def test_the_measured_threads_are_those_that_the_program_uses(
    shapes_model: Path, tmp_path: Path
) -> None:
    model = prepare_model(shapes_model, "tiny", tmp_path)
    assert TuningFile(app_paths(model.home).tuning).find(model.package) == model.tuning

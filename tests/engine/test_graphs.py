"""The graphs we build compute what torch computes, whatever a model's form."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.engine.conftest import REPOSITORY, environment


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("graphs")
    program = subprocess.run(
        [sys.executable, "-m", "tests.engine.graph_cases", str(folder)],
        check=False,
        capture_output=True,
        cwd=REPOSITORY,
        env=environment(),
        encoding="utf-8",
    )
    assert program.returncode == 0, program.stderr
    answer: dict[str, Any] = json.loads(program.stdout)
    return answer


@pytest.mark.parametrize("side", ["image", "text"])
@pytest.mark.parametrize("case", ["base", "one-layer", "remainder", "one-head", "one-patch"])
def test_a_graph_computes_what_torch_does(found: dict[str, Any], case: str, side: str) -> None:
    compared = found[f"{case} {side}"]
    assert compared["fp32_error"] < 1e-4
    assert compared["int8_cosine"] > 0.99


def test_float16_is_used_where_it_loses_little(found: dict[str, Any]) -> None:
    assert found["halved"] == {
        "ordinary": "float16",
        "large": "float32",
        "tiny": "float32",
        "zero": "float16",
    }


def test_float32_has_to_be_clearly_faster(found: dict[str, Any]) -> None:
    assert found["preferred"] == ["int8", "int8", "fp32", "int8"]

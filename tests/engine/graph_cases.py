"""Builds graphs of many forms and compares them with torch; a program, like hub_models.

`python -m tests.engine.graph_cases FOLDER` prints a JSON object: for each case and side, how far
the float32 graph is from torch, and the least cosine of the int8 graph.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import ChineseCLIPConfig, ChineseCLIPModel

from memoryhunter.engine.onnx_graph import OnnxGraph
from memoryhunter.engine.prepare.check import Samples, cosines
from memoryhunter.engine.prepare.half_weights import halved
from memoryhunter.engine.prepare.hub_folder import read_hub_folder
from memoryhunter.engine.prepare.sides import Side, picture_side, text_side
from memoryhunter.engine.prepare.trial import Trial, run_all
from memoryhunter.engine.prepare.weights import Weights, opened_weights
from memoryhunter.engine.prepare.wordpiece import write_tokenizer
from tests.engine.hub_models import WORDS, write_hub_folder

# width, inner, layers, heads, activation, epsilon of both towers; size, patch, dimension.
CASES = {
    "base": ((32, 64, 2, 4, "quick_gelu", 1e-5), (32, 64, 2, 4, "gelu", 1e-12), (32, 8, 24)),
    "one-layer": ((48, 96, 1, 3, "gelu", 1e-5), (16, 40, 1, 1, "gelu_new", 1e-12), (28, 14, 8)),
    "remainder": ((24, 56, 3, 2, "relu", 1e-6), (40, 24, 3, 5, "relu", 1e-5), (35, 8, 16)),
    "one-head": ((20, 100, 2, 1, "gelu_new", 1e-3), (36, 72, 4, 6, "quick_gelu", 1e-3), (21, 7, 5)),
    "one-patch": ((64, 64, 4, 8, "quick_gelu", 1e-5), (64, 128, 2, 2, "gelu", 1e-12), (16, 16, 64)),
}


def make_model(name: str) -> ChineseCLIPModel:
    picture, text, (size, patch, dimension) = CASES[name]
    names = (
        "hidden_size",
        "intermediate_size",
        "num_hidden_layers",
        "num_attention_heads",
        "hidden_act",
        "layer_norm_eps",
    )
    spread = {"initializer_range": 0.2}
    torch.manual_seed(len(name))
    model = ChineseCLIPModel(
        ChineseCLIPConfig(
            vision_config={
                **dict(zip(names, picture, strict=True)),
                **spread,
                "image_size": size,
                "patch_size": patch,
            },
            text_config={
                **dict(zip(names, text, strict=True)),
                **spread,
                "vocab_size": len(WORDS),
                "max_position_embeddings": 40,
            },
            projection_dim=dimension,
            initializer_factor=3.0,
        )
    )
    with torch.no_grad():  # what torch begins with, 1 and 0, would hide mistakes
        for key, value in model.named_parameters():
            if "norm" in key.lower() and key.endswith("weight"):
                value.mul_(1 + 0.3 * torch.randn_like(value))
            elif key.endswith("bias"):
                value.add_(0.3 * torch.randn_like(value))
    return model.eval()


def compare(side: Side, weights: Weights, folder: Path) -> dict[str, float]:
    originals = side.originals(weights, side.layers)
    rows = {}
    for precision in ("fp32", "int8"):
        path = folder / f"{precision}-{side.graph}"
        side.build(weights, precision, path, side.layers)
        rows[precision], _ = run_all(OnnxGraph(path, threads=1), side)
    return {
        "fp32_error": float(np.abs(rows["fp32"] - originals).max()),
        "int8_cosine": float(cosines(rows["int8"], originals).min()),
    }


def main(folder: Path) -> None:
    found: dict[str, object] = {}
    for name in CASES:
        write_hub_folder(make_model(name), folder / name, pickled=name == "base")
        hub = read_hub_folder(folder / name)
        write_tokenizer(hub, folder / name / "tokenizer.json")
        samples = Samples(hub, folder / name / "tokenizer.json")
        with opened_weights(hub) as weights:
            for side in (picture_side(hub, samples), text_side(hub, samples)):
                found[f"{name} {side.name}"] = compare(side, weights, folder / name)
    found["halved"] = {
        "ordinary": str(halved(np.linspace(-3, 3, 999, dtype=np.float32)).dtype),
        "large": str(halved(np.array([1.0, 70_000.0], dtype=np.float32)).dtype),
        "tiny": str(halved(np.full(9, 1e-7, dtype=np.float32)).dtype),
        "zero": str(halved(np.zeros(9, dtype=np.float32)).dtype),
    }
    found["preferred"] = [
        Trial(fp32=fp32, int8=int8).preferred
        for fp32, int8 in ((0.03, 0.01), (0.01, 0.0105), (0.01, 0.02), (0.0001, 0.0003))
    ]
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

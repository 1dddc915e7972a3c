"""Compares our tower with that of transformers over small models of many shapes.

A program, so that the tests' own process stays free of torch: `python -m
tests.engine.torch_host.compare_towers FOLDER` prints the least cosine of each as JSON.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import ChineseCLIPConfig, ChineseCLIPModel

from memoryhunter.engine.torch_host.messages import Order
from memoryhunter.engine.torch_host.tower import load_tower

MEAN, STD = (0.48, 0.46, 0.41), (0.27, 0.26, 0.28)

# Layers, heads, width, pixels, patch, activation, epsilon, what weights are stored as.
SHAPES = {
    "one layer": (1, 2, 16, 32, 8, "quick_gelu", 1e-5, torch.float32),
    "stored in half": (3, 4, 32, 32, 16, "quick_gelu", 1e-5, torch.float16),
    "gelu": (2, 1, 16, 24, 8, "gelu", 1e-3, torch.float32),
    "gelu_new": (2, 4, 32, 24, 12, "gelu_new", 1e-6, torch.bfloat16),
    "patches leave a rest": (2, 2, 24, 50, 8, "quick_gelu", 1e-5, torch.float32),
    "odd patches": (2, 3, 24, 42, 14, "gelu", 1e-5, torch.float32),
}


def least_cosine(folder: Path, name: str) -> float:
    layers, heads, width, size, patch, activation, eps, stored = SHAPES[name]
    torch.manual_seed(len(name))
    vision = {
        "hidden_size": width,
        "intermediate_size": 3 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "image_size": size,
        "patch_size": patch,
        "hidden_act": activation,
        "layer_norm_eps": eps,
        "initializer_range": 0.3,
    }
    text = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "vocab_size": 9}
    config = ChineseCLIPConfig(
        text_config=text, vision_config=vision, projection_dim=12, initializer_factor=3.0
    )
    model = ChineseCLIPModel(config).to(stored).float().eval()
    for parameter in model.vision_model.parameters():  # biases too, which start as zeros
        parameter.data = (parameter.data + 0.05 * torch.randn_like(parameter)).to(stored).float()
    tensors = {key: value.to(stored).contiguous() for key, value in model.state_dict().items()}
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(config.to_json_string(), encoding="utf-8")
    tower = load_tower(Order(folder, "cpu", size, 12, MEAN, STD), "fp32")
    pixels = torch.randint(0, 256, (5, size, size, 3), dtype=torch.uint8)
    scaled = (pixels / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    with torch.inference_mode():
        wanted = model.get_image_features(scaled.permute(0, 3, 1, 2).contiguous()).pooler_output
        return float(torch.cosine_similarity(tower(pixels), wanted).min())


def main(folder: Path) -> None:
    print(json.dumps({name: least_cosine(folder, name) for name in SHAPES}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

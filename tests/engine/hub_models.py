"""Makes tiny random Chinese-CLIP models as a hub would serve them, and what torch says of them.

A program, so that the tests' own process stays free of torch: `python -m
tests.engine.hub_models FOLDER` writes the model folders and a `NAME.npz` for each.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import (
    BertTokenizer,
    ChineseCLIPConfig,
    ChineseCLIPImageProcessorPil,
    ChineseCLIPModel,
)

from tests.engine.texts import TRICKY

SIZE, DIMENSION = 32, 24
WORDS = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused1]"),
    *"abcdefghijklmnopqrstuvwxyz0123456789.,%'-",
    *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"),
    *("photo", "cat", "cats", "red", "stamp", "receipt", "un", "##believ", "##able", "cafe"),
    *"海边的日落去年夏天猫照片拍一只狗在草地上红色繁體字與简体全角年月雪山孩子水蓝圆形夜城市灯光",
    *"，。：《》한국日本語の",
]


def make_model(seed: int) -> ChineseCLIPModel:
    """Make a model whose vectors are spread out, so that agreeing with them means something."""
    torch.manual_seed(seed)
    tower = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "initializer_range": 0.2,
    }
    config = ChineseCLIPConfig(
        text_config={**tower, "vocab_size": len(WORDS), "max_position_embeddings": 512},
        vision_config={**tower, "image_size": SIZE, "patch_size": 8},
        projection_dim=DIMENSION,
        initializer_factor=3.0,
        initializer_range=0.2,
    )
    return ChineseCLIPModel(config).eval()


def add_outliers(model: ChineseCLIPModel) -> None:
    """Make activations of the image tower span what 8 bits cannot, computing the same."""
    for layer in model.vision_model.encoder.layers:
        for norm, products in (
            (layer.layer_norm1, ("q_proj", "k_proj", "v_proj")),
            (layer.layer_norm2, ("fc1",)),
        ):
            norm.weight.data[3] *= 3000
            norm.bias.data[3] *= 3000
            for name in products:
                holder = layer.mlp if name == "fc1" else layer.self_attn
                getattr(holder, name).weight.data[:, 3] /= 3000


def write_hub_folder(model: ChineseCLIPModel, folder: Path, *, pickled: bool) -> None:
    folder.mkdir(parents=True)
    size = model.config.vision_config.image_size
    tensors = {name: value.contiguous() for name, value in model.state_dict().items()}
    if pickled:
        torch.save(tensors, folder / "pytorch_model.bin")
    else:
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(model.config.to_json_string(), encoding="utf-8")
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    rules = {
        "do_center_crop": False,
        "size": {"height": size, "width": size},
        "resample": 3,
        "image_mean": [0.48, 0.46, 0.41],
        "image_std": [0.27, 0.26, 0.28],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(rules), encoding="utf-8")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# tiny\n", encoding="utf-8")


def write_reference(folder: Path, path: Path) -> None:
    """Save what transformers makes of pictures and texts, each on its own."""
    model = ChineseCLIPModel.from_pretrained(folder).eval()
    tokenizer = BertTokenizer.from_pretrained(folder)
    processor = ChineseCLIPImageProcessorPil.from_pretrained(folder)
    pixels = np.random.default_rng(7).integers(0, 256, (6, SIZE, SIZE, 3), dtype=np.uint8)
    pixels[1] = np.linspace(0, 255, SIZE, dtype=np.uint8)[:, None, None]
    pixels[2] = (200, 30, 30)
    batches = [
        tokenizer(text, truncation=True, max_length=52, return_tensors="pt") for text in TRICKY
    ]
    with torch.inference_mode():
        images = [
            model.get_image_features(
                **processor(images=picture, return_tensors="pt")
            ).pooler_output.numpy()
            for picture in pixels
        ]
        texts = [
            model.get_text_features(
                input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
            ).pooler_output.numpy()
            for batch in batches
        ]
    ids = np.zeros((len(batches), 52), dtype=np.int64)
    for row, batch in zip(ids, batches, strict=True):
        row[: batch["input_ids"].shape[1]] = batch["input_ids"][0]
    np.savez(
        path, pixels=pixels, images=np.concatenate(images), texts=np.concatenate(texts), ids=ids
    )


def main(target: Path) -> None:
    models = {"tiny-pickle": make_model(1), "tiny-outliers": make_model(2)}
    add_outliers(models["tiny-outliers"])
    for name, model in models.items():
        write_hub_folder(model, target / name, pickled=name == "tiny-pickle")
        write_reference(target / name, target / f"{name}.npz")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

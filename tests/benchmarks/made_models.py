"""Makes a random Chinese-CLIP of a given size, laid out as a model hub would serve it.

A program, so that who needs a model stays free of torch: `python -m tests.benchmarks.made_models
FOLDER SIZE` with a name of `SIZES`. Random weights are as fast as trained ones.
"""

import json
import sys
from pathlib import Path
from typing import Any

# ViT-B/16 with its text tower: github.com/OFA-Sys/Chinese-CLIP, cn_clip/clip/model_configs/
# ViT-B-16.json and RoBERTa-wwm-ext-base-chinese.json. "tiny" is for trying a program out.
SIZES: dict[str, dict[str, Any]] = {
    "b16": {
        "tower": {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12},
        "layers": 12,
        "image_size": 224,
        "patch_size": 16,
        "projection_dim": 512,
        "words": 21_128,
    },
    "tiny": {
        "tower": {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 4},
        "layers": 2,
        "image_size": 32,
        "patch_size": 8,
        "projection_dim": 24,
        "words": 2_000,
    },
}

_MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_FIRST_HAN = 0x4E00  # 一, the first of some 20,900 characters in a row


def vocabulary(words: int) -> list[str]:
    """Give the marks, the printable ASCII characters and Chinese ones, `words` in all."""
    ascii_part = [chr(number) for number in range(33, 127)]
    han = words - len(_MARKS) - len(ascii_part)
    filler = [chr(_FIRST_HAN + number) for number in range(min(han, 20_900))]
    unused = [f"[unused{number}]" for number in range(1, han - len(filler) + 1)]
    return [*_MARKS, *ascii_part, *filler, *unused]


def write_model(folder: Path, size: str) -> None:
    """Write config.json, vocab.txt, preprocessor_config.json and the weights into `folder`."""
    import torch  # noqa: PLC0415 seconds, and `SIZES` is read without it
    from transformers import ChineseCLIPConfig, ChineseCLIPModel  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()
    shape = SIZES[size]
    folder.mkdir(parents=True)
    tower = {**shape["tower"], "num_hidden_layers": shape["layers"]}
    config = ChineseCLIPConfig(
        text_config={**tower, "vocab_size": shape["words"], "max_position_embeddings": 512},
        vision_config={
            **tower,
            "image_size": shape["image_size"],
            "patch_size": shape["patch_size"],
        },
        projection_dim=shape["projection_dim"],
    )
    torch.manual_seed(20240607)
    ChineseCLIPModel(config).eval().save_pretrained(folder)
    words = "\n".join(vocabulary(shape["words"]))
    (folder / "vocab.txt").write_text(f"{words}\n", encoding="utf-8")
    (folder / "preprocessor_config.json").write_text(
        json.dumps(
            {
                "do_center_crop": False,
                "resample": 3,
                "size": {"height": shape["image_size"], "width": shape["image_size"]},
                "image_mean": [0.48145466, 0.4578275, 0.40821073],
                "image_std": [0.26862954, 0.26130258, 0.27577711],
            }
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    write_model(Path(sys.argv[1]), sys.argv[2])

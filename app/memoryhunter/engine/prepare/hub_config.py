"""config.json of a hub folder: its fields, and the forms of the two towers it describes."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from memoryhunter.engine.prepare.graph.activations import ACTIVATIONS
from memoryhunter.engine.prepare.graph.shapes import PictureShape, TextShape, TowerShape

# Chinese-CLIP was trained on texts of 52 tokens (cn_clip's context_length), although its text
# tower has 512 positions.
_TRAINED_TOKENS = 52

# Above what any such model has, and below what this computer would be lost in: a count of layers
# that is no count would be built. 8192 numbers are the most that sqlite-vec stores as a vector.
_MOST = {
    "image_size": 2048,
    "hidden_size": 1 << 14,
    "intermediate_size": 1 << 16,
    "num_hidden_layers": 256,
    "num_attention_heads": 256,
    "projection_dim": 8192,
}
_MOST_PATCHES = 1 << 14


class InvalidError(Exception):
    """What is wrong with a hub folder, in English, in one line."""


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises InvalidError."""
    if not path.is_file():
        raise InvalidError(f"{path.name} is missing")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise InvalidError(f"{path.name} is not valid JSON: {error}") from None
    if not isinstance(content, dict):
        raise InvalidError(f"{path.name} is not a JSON object")
    return cast("dict[str, Any]", content)


def whole(section: Mapping[str, Any], name: str, default: int) -> int:
    """Give the whole number above 0 in the field `name`; raises InvalidError."""
    value = section.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidError(f"{name} in config.json should be a whole number, not {value!r}")
    if value > (most := _MOST.get(name, value)):
        raise InvalidError(f"{name} in config.json should be {most} at most, not {value}")
    return value


def picture_shape(config: Mapping[str, Any]) -> PictureShape:
    """Read the picture tower's form, defaults as in transformers; raises InvalidError."""
    vision = _part(config, "vision_config")
    size, patch = whole(vision, "image_size", 224), whole(vision, "patch_size", 32)
    if patch > size:
        raise InvalidError(f"patch_size {patch} in config.json is above image_size {size}")
    if (size // patch) ** 2 > _MOST_PATCHES:
        raise InvalidError(f"patch_size {patch} in config.json is too small for {size} pixels")
    if whole(vision, "num_channels", 3) != 3:
        raise InvalidError("num_channels in config.json should be 3")
    return PictureShape(_tower(vision, "quick_gelu", 1e-5), size, patch)


def text_shape(config: Mapping[str, Any]) -> TextShape:
    """Read the text tower's form, defaults as in transformers; raises InvalidError."""
    text = _part(config, "text_config")
    return TextShape(
        _tower(text, "gelu", 1e-12),
        words=whole(text, "vocab_size", 30522),
        positions=min(_TRAINED_TOKENS, whole(text, "max_position_embeddings", 512)),
    )


def _part(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    # Early repositories repeat a tower's settings under "..._dict", which then wins.
    parts = [config.get(name), config.get(f"{name}_dict")]
    return {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}


def _tower(section: Mapping[str, Any], activation: str, epsilon: float) -> TowerShape:
    shape = TowerShape(
        width=whole(section, "hidden_size", 768),
        inner=whole(section, "intermediate_size", 3072),
        layers=whole(section, "num_hidden_layers", 12),
        heads=whole(section, "num_attention_heads", 12),
        activation=section.get("hidden_act", activation),
        epsilon=section.get("layer_norm_eps", epsilon),
    )
    if shape.width % shape.heads:
        raise InvalidError(
            f"hidden_size {shape.width} in config.json does not divide into {shape.heads} heads"
        )
    if shape.activation not in tuple(ACTIVATIONS):  # it may be anything, even unhashable
        raise InvalidError(f"hidden_act {shape.activation!r} in config.json is not offered")
    if not isinstance(shape.epsilon, float) or not 0 < shape.epsilon < math.inf:
        raise InvalidError("layer_norm_eps in config.json should be a number above 0")
    return shape

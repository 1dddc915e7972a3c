"""The vectors that the original model gives, by torch in float32. Child process only."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import ChineseCLIPConfig, ChineseCLIPModel

from memoryhunter.engine.onnx_engine import unit_rows
from memoryhunter.engine.prepare.hub_folder import HubFolder, invalid_source
from memoryhunter.engine.prepare.weights import Weights

Rows = NDArray[np.float32]

# The tensors each tower is made of, by how their names begin.
PICTURE_TENSORS = ("vision_model.", "visual_projection.")
TEXT_TENSORS = ("text_model.", "text_projection.")


def picture_rows(hub: HubFolder, weights: Weights, layers: int, pictures: Sequence[Rows]) -> Rows:
    """Give the unit vectors (n, D) of pictures (1, 3, S, S), scaled, by the first `layers`.

    Raises UserError MODEL_SOURCE_INVALID.
    """
    model = _model(hub, weights, layers, PICTURE_TENSORS)
    with torch.inference_mode():
        rows = [model.get_image_features(torch.from_numpy(each)).pooler_output for each in pictures]
    return unit_rows(torch.cat(rows).numpy())


def text_rows(
    hub: HubFolder, weights: Weights, layers: int, texts: Sequence[NDArray[np.int64]]
) -> Rows:
    """Give the unit vectors (n, D) of token ids (1, t), by the first `layers`.

    Raises UserError MODEL_SOURCE_INVALID.
    """
    model = _model(hub, weights, layers, TEXT_TENSORS)
    with torch.inference_mode():
        rows = [
            model.get_text_features(ids, attention_mask=torch.ones_like(ids)).pooler_output
            for ids in map(torch.from_numpy, texts)
        ]
    return unit_rows(torch.cat(rows).numpy())


def _model(
    hub: HubFolder, weights: Weights, layers: int, tensors: tuple[str, ...]
) -> ChineseCLIPModel:
    """Make a model of which one tower, cut off after `layers`, has weights.

    Its tensors are those of the file, mapped: it takes no memory that is not read.
    """
    try:
        config = ChineseCLIPConfig.from_pretrained(hub.folder, local_files_only=True)
        for tower in (config.vision_config, config.text_config):
            tower.num_hidden_layers = layers
        with torch.device("meta"):
            model = ChineseCLIPModel(config).eval()
    except (TypeError, ValueError) as error:
        detail = str(error).strip().splitlines()[0]
        raise invalid_source(hub.folder, f"config.json is not understood: {detail}") from None
    wanted = {name: each for name, each in model.state_dict().items() if name.startswith(tensors)}
    state = {}
    for name, each in wanted.items():
        tensor = weights.tensor(name)
        if tensor.shape != each.shape:
            raise invalid_source(
                hub.folder,
                f"the weights do not fit config.json: {name} is {tuple(tensor.shape)},"
                f" not {tuple(each.shape)}",
            )
        state[name] = tensor.to(torch.float32)
    model.load_state_dict(state, strict=False, assign=True)
    _count_positions(model)
    return model


def _count_positions(model: ChineseCLIPModel) -> None:
    """Fill the buffers that are no weights: they only count the tokens, or are all zero."""
    pictures, text = model.vision_model.embeddings, model.text_model.embeddings
    pictures.position_ids = torch.arange(pictures.num_positions).expand(1, -1)
    text.position_ids = torch.arange(text.position_ids.shape[1]).expand(1, -1)
    text.token_type_ids = torch.zeros_like(text.position_ids)

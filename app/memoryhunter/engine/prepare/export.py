"""Chinese-CLIP's two towers as torch modules and as ONNX graphs. Child process only.

Image graph: "pixels" float32 (n, 3, S, S). Text graph: "input_ids" and "attention_mask" int64
(n, t). Both give "embedding" float32 (n, D), projected and not normalised.
"""

from pathlib import Path
from typing import Any

import onnx
import torch
from transformers import ChineseCLIPModel

from memoryhunter.engine.onnx_graph import IMAGE_INPUT, OUTPUT, TEXT_INPUTS
from memoryhunter.engine.prepare.hub_folder import HubFolder, invalid_source


class ImageTower(torch.nn.Module):  # type: ignore[misc]
    """Pixels to embeddings."""

    def __init__(self, model: ChineseCLIPModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """(n, 3, S, S) to (n, D)."""
        return self.model.get_image_features(pixel_values=pixels).pooler_output


class TextTower(torch.nn.Module):  # type: ignore[misc]
    """Tokens to embeddings."""

    def __init__(self, model: ChineseCLIPModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """(n, t) to (n, D)."""
        return self.model.get_text_features(
            input_ids=input_ids, attention_mask=attention_mask
        ).pooler_output


def load_model(hub: HubFolder, folder: Path) -> ChineseCLIPModel:
    """Load `folder` (config.json and model.safetensors) in float32, ready to run.

    Eager attention: it becomes plain MatMul and Softmax, while "sdpa" adds some 150 nodes to a
    tower and is no faster in ONNX Runtime. Raises UserError MODEL_SOURCE_INVALID when weights
    are missing or of another shape.
    """
    try:
        model, loading = ChineseCLIPModel.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.float32,
            attn_implementation="eager",
            output_loading_info=True,
        )
    except (RuntimeError, ValueError) as error:
        detail = str(error).strip().splitlines()[0]
        raise invalid_source(hub.folder, f"the weights do not fit config.json: {detail}") from None
    if missing := sorted(loading["missing_keys"]):
        raise invalid_source(
            hub.folder, f"the weights lack {len(missing)} tensors, {missing[0]} for one"
        )
    return model.eval()


def export_image(model: ChineseCLIPModel, image_size: int, path: Path) -> None:
    """Write the image graph to `path`, its weights beside it as `path` + ".data"."""
    pixels = torch.zeros(2, 3, image_size, image_size)
    dynamic = {IMAGE_INPUT: {0: torch.export.Dim.DYNAMIC}}
    _export(ImageTower(model), (pixels,), dynamic, path)


def export_text(model: ChineseCLIPModel, path: Path) -> None:
    """Write the text graph to `path`, its weights beside it as `path` + ".data"."""
    ids = torch.ones(2, 7, dtype=torch.int64)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0  # so that nothing is specialised for texts of one length
    sizes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    dynamic = dict.fromkeys(TEXT_INPUTS, sizes)
    _export(TextTower(model), (ids, mask), dynamic, path)


def _export(
    tower: torch.nn.Module,
    inputs: tuple[torch.Tensor, ...],
    dynamic: dict[str, dict[int, object]],
    path: Path,
) -> None:
    program = torch.onnx.export(
        tower.eval(),
        inputs,
        dynamo=True,
        input_names=list(dynamic),
        output_names=[OUTPUT],
        dynamic_shapes=dynamic,
        verbose=False,
    )
    _free_output_name(program.model.graph)
    # Weights apart: one protobuf message cannot hold more than 2 GB (ViT-H/14 has 2.5), and
    # ONNX Runtime maps the file instead of copying it.
    program.save(str(path), external_data=True)
    graph = onnx.load(path, load_external_data=False)
    # The stated shapes contradict what quantisation makes of Gemm nodes.
    graph.graph.ClearField("value_info")
    onnx.save(graph, path)


def _free_output_name(graph: Any) -> None:
    """Rename inner values that have the output's name, which would make the graph invalid.

    torch 2.13 names the result of an embedding look-up "embedding", also where it has folded
    the look-up into a constant.
    """
    inner = [value for node in graph for value in node.outputs]
    inner += list(graph.initializers.values())
    for value in inner:
        if value.name == OUTPUT and value is not graph.outputs[0]:
            value.name = "looked_up"

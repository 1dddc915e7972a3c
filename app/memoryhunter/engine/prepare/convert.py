"""The conversion from a hub folder to a package, step by step. Child process only."""

import dataclasses
import gc
import shutil
from collections.abc import Callable
from pathlib import Path

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.packages import IMAGE_GRAPH, TEXT_GRAPH, TOKENIZER, write_manifest
from memoryhunter.engine.prepare.check import EXACT_COSINE, Agreement, Originals, Samples
from memoryhunter.engine.prepare.export import (
    ImageTower,
    TextTower,
    export_image,
    export_text,
    load_model,
)
from memoryhunter.engine.prepare.hub_folder import (
    ARCHITECTURE,
    HubFolder,
    invalid_source,
    read_hub_folder,
)
from memoryhunter.engine.prepare.progress import PrepareProgress, PrepareStep, at_step
from memoryhunter.engine.prepare.quantise import quantise
from memoryhunter.engine.prepare.weights import write_safetensors
from memoryhunter.engine.prepare.wordpiece import write_tokenizer

# For a host that runs torch; the names are those transformers looks for.
_WEIGHTS, _CONFIG = "model.safetensors", "config.json"

Report = Callable[[PrepareProgress], None]


def convert(source: Path, destination: Path, work: Path, report: Report) -> None:
    """Make a package in `destination` of the hub folder `source`.

    `work` is a folder for files that do not stay; it is gone afterwards. `report` is called
    when a step begins, but for the first. Raises UserError MODEL_SOURCE_INVALID or
    MODEL_PREPARATION_FAILED.
    """
    hub = read_hub_folder(source)
    write_safetensors(hub, destination / _WEIGHTS)
    shutil.copyfile(source / _CONFIG, destination / _CONFIG)
    write_tokenizer(hub, destination / TOKENIZER)
    originals = _export(hub, destination, work, report)
    gc.collect()  # the torch model is in cycles, and quantising needs its room

    report(at_step(PrepareStep.QUANTISE))
    quantise(work / IMAGE_GRAPH, destination / IMAGE_GRAPH)
    quantise(work / TEXT_GRAPH, destination / TEXT_GRAPH)

    report(at_step(PrepareStep.CHECK))
    image_precision, image = _choose(hub, IMAGE_GRAPH, originals, work, destination)
    text_precision, text = _choose(hub, TEXT_GRAPH, originals, work, destination)
    shutil.rmtree(work)

    report(at_step(PrepareStep.WRITE))
    facts = _facts(hub) | {
        "text": {"max_tokens": hub.max_tokens, "precision": text_precision},
        "precision": image_precision,
        "agreement": image | text,
    }
    names = [
        _CONFIG,
        _WEIGHTS,
        TOKENIZER,
        *sorted(path.name for path in destination.glob("*.onnx*")),
    ]
    write_manifest(destination, facts, tuple(names))


def _export(hub: HubFolder, destination: Path, work: Path, report: Report) -> Originals:
    """Write both float32 graphs into `work`; the torch model lives in here only."""
    model = load_model(hub, destination)
    towers = {IMAGE_GRAPH: ImageTower(model), TEXT_GRAPH: TextTower(model)}
    originals = Originals(Samples(hub, destination / TOKENIZER), towers)
    if not originals.are_finite:
        raise invalid_source(hub.folder, "the weights give vectors that are not finite")
    report(at_step(PrepareStep.EXPORT_IMAGE))
    export_image(model, hub.image_size, work / IMAGE_GRAPH)
    report(at_step(PrepareStep.EXPORT_TEXT))
    export_text(model, work / TEXT_GRAPH)
    return originals


def _choose(
    hub: HubFolder, name: str, originals: Originals, work: Path, destination: Path
) -> tuple[str, dict[str, float]]:
    """Keep the int8 graph in `destination` if it is good, else put the float32 graph there.

    Gives the precision, and what was measured, to be recorded.
    """
    exact = originals.agreement(name, work / name)
    if exact.cosine_min < EXACT_COSINE:
        detail = f"{name} does not compute what the original does (cosine {exact.cosine_min:.5f})"
        raise UserError(ErrorCode.MODEL_PREPARATION_FAILED, path=str(hub.folder), detail=detail)
    side = name.removesuffix(".onnx")
    int8 = originals.agreement(name, destination / name)
    if int8.good_enough_for_int8:
        return "int8", _recorded(side, int8)
    for path in work.glob(f"{name}*"):
        path.replace(destination / path.name)
    return "fp32", _recorded(side, exact) | _recorded(f"{side}_int8", int8)


def _recorded(prefix: str, agreement: Agreement) -> dict[str, float]:
    measured = dataclasses.asdict(agreement)
    return {f"{prefix}_{name}": round(value, 6) for name, value in measured.items()}


def _facts(hub: HubFolder) -> dict[str, object]:
    return {
        "id": hub.id,
        "name": hub.name,
        "architecture": ARCHITECTURE,
        "dimension": hub.dimension,
        "image": {
            "size": hub.image_size,
            "resize": "squash",
            "mean": list(hub.mean),
            "std": list(hub.std),
        },
        "licence": hub.licence,
        "source": hub.source,
        "source_sha256": hub.fingerprint(),
    }

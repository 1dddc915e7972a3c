"""The conversion from a hub folder to a package, step by step. Child process only.

Memory stays near that of one tower's weights, which are mapped from their file: torch computes
with them where they lie, and graphs are built one tensor at a time.
"""

import dataclasses
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from memoryhunter.engine.onnx_graph import OnnxGraph
from memoryhunter.engine.packages import TOKENIZER, write_manifest
from memoryhunter.engine.prepare.check import Agreement, Rows, Samples, agreement
from memoryhunter.engine.prepare.half_weights import write_half_weights
from memoryhunter.engine.prepare.hub_folder import (
    ARCHITECTURE,
    HubFolder,
    invalid_source,
    read_hub_folder,
)
from memoryhunter.engine.prepare.hub_origin import Origin
from memoryhunter.engine.prepare.progress import PrepareProgress, PrepareStep, at_step
from memoryhunter.engine.prepare.sides import Side, picture_side, text_side
from memoryhunter.engine.prepare.trial import Trial, check_exact, run_all, try_out
from memoryhunter.engine.prepare.weights import not_finite, opened_weights
from memoryhunter.engine.prepare.wordpiece import write_tokenizer

# For a host that runs torch; the names are those transformers looks for.
_WEIGHTS, _CONFIG = "model.safetensors", "config.json"

Report = Callable[[PrepareProgress], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """The graph that was kept for a side: its precision, and what was measured."""

    precision: str
    agreement: Mapping[str, float]
    seconds: float


def convert(
    source: Path, destination: Path, work: Path, report: Report, origin: Origin | None = None
) -> None:
    """Make a package in `destination` of the hub folder `source`; `origin` as `read_hub_folder`.

    `work` is a folder for files that do not stay; it is gone afterwards. `report` is called
    when a step begins, but for the first. Raises UserError MODEL_SOURCE_INVALID or
    MODEL_PREPARATION_FAILED, and OSError.
    """
    hub = read_hub_folder(source, origin)
    shutil.copyfile(source / _CONFIG, destination / _CONFIG)
    write_tokenizer(hub, destination / TOKENIZER)
    samples = Samples(hub, destination / TOKENIZER)
    sides = (picture_side(hub, samples), text_side(hub, samples))
    originals, trials = {}, {}
    for side, step in zip(sides, (PrepareStep.EXPORT_IMAGE, PrepareStep.EXPORT_TEXT), strict=True):
        report(at_step(step))
        originals[side.name], trials[side.name] = _look_at(hub, side, work)
    shutil.rmtree(work)

    report(at_step(PrepareStep.QUANTISE))
    for side in sides:
        _build(hub, side, trials[side.name].preferred, destination)

    report(at_step(PrepareStep.CHECK))
    kept = {side.name: _keep(hub, side, trials, originals, destination) for side in sides}

    report(at_step(PrepareStep.WRITE))
    with opened_weights(hub) as weights:
        write_half_weights(weights, destination / _WEIGHTS)
    names = [_CONFIG, _WEIGHTS, TOKENIZER]
    names += sorted(path.name for path in destination.glob("*.onnx*"))
    write_manifest(destination, _facts(hub) | _findings(hub, kept, trials), tuple(names))


def _look_at(hub: HubFolder, side: Side, work: Path) -> tuple[Rows, Trial]:
    """Ask the original for the vectors of the samples, and try a few layers of ours."""
    with opened_weights(hub) as weights:
        found = weights.layers(side.stack)
        if found > side.layers:  # a model cut short computes, and understands nothing
            detail = f"the weights have {found} layers for {side.name}s, config.json {side.layers}"
            raise invalid_source(hub.folder, f"{detail}; they belong to different models")
        rows = side.originals(weights, side.layers)
        if not np.isfinite(rows).all():
            raise not_finite(hub, f"the vectors of {side.name}s")
        return rows, try_out(hub, side, weights, work)


def _build(hub: HubFolder, side: Side, precision: str, destination: Path) -> None:
    with opened_weights(hub) as weights:
        side.build(weights, precision, destination / side.graph, side.layers)


def _keep(
    hub: HubFolder,
    side: Side,
    trials: Mapping[str, Trial],
    originals: Mapping[str, Rows],
    destination: Path,
) -> Kept:
    """Keep the graph in `destination` if it agrees with the original, else one in float32."""
    path = destination / side.graph
    precision = trials[side.name].preferred
    measured, seconds = _measured(side, originals, path)
    found = {}
    if precision == "int8":
        if measured.good_enough_for_int8:
            return Kept(precision, _recorded(side.name, measured), seconds)
        found = _recorded(f"{side.name}_int8", measured)
        for each in destination.glob(f"{side.graph}*"):
            each.unlink()
        _build(hub, side, "fp32", destination)
        measured, seconds = _measured(side, originals, path)
    check_exact(hub, side, measured.cosine_min)
    return Kept("fp32", _recorded(side.name, measured) | found, seconds)


def _measured(side: Side, originals: Mapping[str, Rows], path: Path) -> tuple[Agreement, float]:
    rows, seconds = run_all(OnnxGraph(path, side.threads), side)
    return agreement(side.name, rows, originals), seconds


def _recorded(prefix: str, agreement: Agreement) -> dict[str, float]:
    measured = dataclasses.asdict(agreement)
    return {f"{prefix}_{name}": round(value, 6) for name, value in measured.items()}


def _findings(
    hub: HubFolder, kept: Mapping[str, Kept], trials: Mapping[str, Trial]
) -> dict[str, object]:
    """Give what was decided and measured, as fields of the manifest."""
    image, text = kept["image"], kept["text"]
    ratios = {
        f"{name}_fp32_to_int8": round(each.fp32 / each.int8, 3) for name, each in trials.items()
    }
    return {
        "text": {"max_tokens": hub.max_tokens, "precision": text.precision},
        "precision": image.precision,
        "agreement": {**image.agreement, **text.agreement},
        "measured": {
            "images_per_second": round(1 / image.seconds, 2),
            "text_milliseconds": round(1000 * text.seconds, 2),
            **ratios,
        },
    }


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

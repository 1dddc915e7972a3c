"""What `doctor` finds out about the model in use: whether it is whole, runs, and how fast."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from memoryhunter.cli.model_in_use import tell_trouble
from memoryhunter.engine.memory import resident_megabytes, system_megabytes
from memoryhunter.engine.packages import verify_package
from memoryhunter.engine.processor import int8_support, processor_model, usable_processors
from memoryhunter.workspace import Workspace


def check_model(workspace: Workspace) -> dict[str, Any]:
    """Run the model in use and measure it anew; kept unless another program indexes meanwhile.

    Raises `UserError` for one that is not there or is damaged.
    """
    package = workspace.package()
    if package is None:
        return {"id": None, "note": "no model is in use; photos can be browsed"}
    tell_trouble(workspace)
    verify_package(package)
    tuning, kept = workspace.tune(package)
    found = {
        "id": package.id,
        "precision": package.precision,
        "dimension": package.dimension,
        "speed": {
            "images_per_second": round(tuning.images_per_second, 1),
            "text_ms": round(tuning.text_ms, 1),
            "side_by_side": tuning.threads.side_by_side,
            "threads_per_picture": tuning.threads.per_picture,
            "threads_per_text": tuning.threads.per_text,
            "kept": kept,
        },
    }
    before = resident_megabytes()
    embedder = workspace.embedder()
    if embedder is not None:
        size = package.pixels.size
        embedder.embed_texts(["海边的日落"])
        embedder.embed_images(np.zeros((1, size, size, 3), np.uint8))
    after = resident_megabytes()
    if before is not None and after is not None:
        found["memory_megabytes"] = max(0, after - before)
    return found


def machine() -> dict[str, Any]:
    """Describe what decides how fast a model is."""
    return {
        "processor": processor_model(),
        "usable_processors": usable_processors(),
        "int8": int8_support(),
        "memory_megabytes": system_megabytes(),
    }


def machine_lines(machine: dict[str, Any]) -> Iterable[str]:
    """Say it to people."""
    int8 = ", ".join(machine["int8"]) or "not known"
    memory = machine["memory_megabytes"]
    size = f", {memory / 1000:.0f} GB of memory" if memory else ""
    yield (
        f"Processor: {machine['processor']}, {machine['usable_processors']} usable{size};"
        f" instructions for int8: {int8}"
    )


def speed_lines(speed: dict[str, Any]) -> Iterable[str]:
    """Say how fast the model is here, and with which threads."""
    rate, query = speed["images_per_second"], speed["text_ms"]
    many, each = speed["side_by_side"], speed["threads_per_picture"]
    at_once = f"{many} at a time" if many > 1 else "one at a time"
    threads = f", {each} threads to each" if each > 1 else ""
    yield (
        f"      measured now: {rate:.{0 if rate >= 10 else 1}f} photos a second with"
        f" {at_once}{threads}; a query in {query:.{0 if query >= 1 else 1}f} ms"
    )
    if not speed["kept"]:
        yield "      not kept: MemoryHunter is indexing beside it, or nothing can be written"

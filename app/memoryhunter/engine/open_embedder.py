"""From a package and a choice of device to the embedder that runs it."""

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.device import processor
from memoryhunter.engine.device_choice import DeviceChoice
from memoryhunter.engine.embedder import Embedder
from memoryhunter.engine.onnx_engine import OnnxEmbedder
from memoryhunter.engine.packages import IMAGE_GRAPH, ModelPackage
from memoryhunter.engine.threads import Threads
from memoryhunter.engine.torch_host.agreement import check_pictures
from memoryhunter.engine.torch_host.embedder import NEEDED_FILES, WORTH_STARTING, HostEmbedder
from memoryhunter.engine.torch_host.host import TorchHost
from memoryhunter.engine.torch_host.messages import Order


def open_embedder(
    package: ModelPackage, choice: DeviceChoice, threads: Threads | None = None
) -> Embedder:
    """Give the embedder; nothing is loaded and no process started before its first use.

    `threads` are those of the processor, None for the usual ones.
    """
    if choice.kind is None:
        return OnnxEmbedder(package, threads, device=choice.device)
    if any(name not in package.files for name in NEEDED_FILES):
        name = choice.device.name.removeprefix("GPU: ")
        why = f"{name} is not used: this model has no weights for graphics cards"
        return OnnxEmbedder(package, threads, device=processor(why))
    order = Order(
        folder=package.folder,
        kind=choice.kind,
        size=package.pixels.size,
        dimension=package.dimension,
        mean=package.mean,
        std=package.std,
    )
    return HostEmbedder(
        OnnxEmbedder(package, threads),
        TorchHost(order, lambda: reference_rows(package)),
        choice.device,
        # On the processor it is used for its own sake, by tests.
        worth_starting=1 if choice.kind == "cpu" else WORTH_STARTING,
    )


def reference_rows(package: ModelPackage) -> NDArray[np.float32]:
    """Give the processor's vectors (4, D) of `check_pictures`, unit length.

    By an embedder of its own that is unloaded at once: the card computes the pictures from here
    on, and a session that is only dropped leaves its memory with the process (see
    `give_back_memory`).
    Raises UserError MODEL_DAMAGED.
    """
    embedder = OnnxEmbedder(package)
    try:
        return embedder.embed_images(check_pictures(package.pixels.size))
    finally:
        embedder.unload()


def check_runs(package: ModelPackage) -> None:
    """See that both graphs give vectors as the manifest says, in about a second.

    Its files need not have changed for that to fail: the manifest itself has no hash anywhere.
    Raises UserError MODEL_DAMAGED.
    """
    embedder = OnnxEmbedder(package)
    try:
        embedder.embed_texts([""])
        size = package.pixels.size
        rows = embedder.embed_images(np.zeros((1, size, size, 3), np.uint8))
    finally:
        embedder.unload()
    if not np.isfinite(rows).all():
        detail = f"{IMAGE_GRAPH} gives numbers that are not finite"
        raise UserError(ErrorCode.MODEL_DAMAGED, model=package.id, detail=detail)

"""The two sides of a model, pictures and text, which are prepared in the same way.

Child process only.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from memoryhunter.engine.packages import IMAGE_GRAPH, TEXT_GRAPH
from memoryhunter.engine.pixel_scale import PixelScale
from memoryhunter.engine.prepare.check import Inputs, Rows, Samples
from memoryhunter.engine.prepare.graph.image_tower import PixelStatistics, build_image_tower
from memoryhunter.engine.prepare.graph.products import FloatProducts, Int8Products, Products
from memoryhunter.engine.prepare.graph.text_tower import build_text_tower
from memoryhunter.engine.prepare.graph.writer import GraphWriter
from memoryhunter.engine.prepare.hub_folder import HubFolder
from memoryhunter.engine.prepare.originals import picture_rows, text_rows
from memoryhunter.engine.prepare.weights import Weights
from memoryhunter.engine.processor import usable_processors
from memoryhunter.engine.threads import usual_threads

_PRODUCTS: dict[str, Callable[[GraphWriter], Products]] = {
    "int8": Int8Products,
    "fp32": FloatProducts,
}


@dataclass(frozen=True, slots=True)
class Side:
    """One tower and its samples.

    `stack` is how the names of its layers' tensors begin, before the layer's number.
    `threads` compute one item, and `side_by_side` items are computed at once, as the engine
    does it. `originals(weights, layers)` gives the original's unit vectors of the samples, and
    `add(graph, weights, products, layers)` builds the graph, of the first `layers` only.
    """

    name: str
    graph: str
    stack: str
    layers: int
    threads: int
    side_by_side: int
    inputs: Inputs
    originals: Callable[[Weights, int], Rows]
    add: Callable[[GraphWriter, Weights, Products, int], None]

    def build(self, weights: Weights, precision: str, path: Path, layers: int) -> None:
        """Write the graph in "int8" or "fp32" to `path`, its constants to `path` + ".data".

        Raises UserError MODEL_SOURCE_INVALID and OSError.
        """
        with GraphWriter(path) as graph:
            self.add(graph, weights, _PRODUCTS[precision](graph), layers)


def picture_side(hub: HubFolder, samples: Samples) -> Side:
    """Describe the side that reads pictures."""
    scale, statistics = PixelScale(hub.mean, hub.std), PixelStatistics(hub.mean, hub.std)

    def originals(weights: Weights, layers: int) -> Rows:
        return picture_rows(hub, weights, layers, [scale(each) for each in samples.pictures])

    def add(graph: GraphWriter, weights: Weights, products: Products, layers: int) -> None:
        tower = dataclasses.replace(hub.picture.tower, layers=layers)
        shape = dataclasses.replace(hub.picture, tower=tower)
        build_image_tower(graph, weights, products, shape, statistics)

    threads = usual_threads(usable_processors())
    return Side(
        name="image",
        graph=IMAGE_GRAPH,
        stack="vision_model.encoder.layers.",
        layers=hub.picture.tower.layers,
        threads=threads.per_picture,
        side_by_side=threads.side_by_side,
        inputs=samples.image_inputs(),
        originals=originals,
        add=add,
    )


def text_side(hub: HubFolder, samples: Samples) -> Side:
    """Describe the side that reads text."""

    def originals(weights: Weights, layers: int) -> Rows:
        return text_rows(hub, weights, layers, samples.texts)

    def add(graph: GraphWriter, weights: Weights, products: Products, layers: int) -> None:
        tower = dataclasses.replace(hub.text.tower, layers=layers)
        build_text_tower(graph, weights, products, dataclasses.replace(hub.text, tower=tower))

    return Side(
        name="text",
        graph=TEXT_GRAPH,
        stack="text_model.encoder.layer.",
        layers=hub.text.tower.layers,
        threads=usual_threads(usable_processors()).per_text,
        side_by_side=1,
        inputs=samples.text_inputs(),
        originals=originals,
        add=add,
    )

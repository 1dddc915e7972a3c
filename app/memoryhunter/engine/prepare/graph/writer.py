"""An ONNX graph while it is built: nodes in memory, large constants straight to a file beside it.

So a graph of gigabytes is written with the memory of its largest tensor, is not limited to the
2 GB of a protobuf message, and is mapped into memory by ONNX Runtime instead of being copied.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

# Of ONNX itself: the first with everything used here is 17 (LayerNormalization).
_OPSET = 17
# The form of the file; ONNX Runtime 1.16 and later read it.
_IR_VERSION = 9
_MICROSOFT = "com.microsoft"

# Constants below this many bytes stay in the graph's own file.
_SMALL = 1024
# Windows maps files in units of 64 KiB only; constants that are worth mapping start at one.
_UNIT, _WORTH_MAPPING = 1 << 16, 1 << 18

_CODES = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.float16): TensorProto.FLOAT16,
    np.dtype(np.int8): TensorProto.INT8,
    np.dtype(np.uint8): TensorProto.UINT8,
    np.dtype(np.int64): TensorProto.INT64,
}


class GraphWriter:
    """Collects a graph with one output; values are known by their names.

    A context manager, for the file of constants; `save` makes the graph complete.
    """

    def __init__(self, path: Path) -> None:
        """`path` is the graph's file; `path` + ".data" is created at once for its constants."""
        self._path = path
        self._data = path.with_name(path.name + ".data").open("xb")
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._count = 0

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file of constants; without `save` before, there is no graph."""
        self._data.close()

    def constant(self, array: NDArray[Any]) -> str:
        """Add a constant: float32, float16, int8, uint8 or int64; raises OSError."""
        name = self._name("constant")
        if array.nbytes < _SMALL:
            self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
            return name
        tensor = onnx.TensorProto(name=name, data_type=_CODES[array.dtype], dims=array.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (
            ("location", Path(self._data.name).name),
            ("offset", str(self._aligned(array.nbytes))),
            ("length", str(array.nbytes)),
        ):
            tensor.external_data.add(key=key, value=value)
        self._data.write(np.ascontiguousarray(array).data)
        self._constants.append(tensor)
        return name

    def node(self, kind: str, *inputs: str, microsoft: bool = False, **attributes: Any) -> str:
        """Add a node with one output, and give that; "" stands for an input left out."""
        return self.node_of_many(kind, inputs, 1, microsoft=microsoft, **attributes)[0]

    def node_of_many(
        self,
        kind: str,
        inputs: Sequence[str],
        outputs: int,
        *,
        microsoft: bool = False,
        **attributes: Any,
    ) -> list[str]:
        """Add a node with several outputs; `microsoft` is for what ONNX Runtime has added."""
        names = [self._name(kind) for _ in range(outputs)]
        domain = _MICROSOFT if microsoft else ""
        self._nodes.append(
            helper.make_node(kind, inputs, names, name=names[0], domain=domain, **attributes)
        )
        return names

    def save(
        self, inputs: dict[str, tuple[type, list[int | str]]], output: tuple[str, str]
    ) -> None:
        """Write the graph: its inputs with types and shapes, its output's name and value.

        Raises OSError.
        """
        name, value = output
        self._nodes.append(helper.make_node("Identity", [value], [name], name=name))
        graph = helper.make_graph(
            self._nodes,
            self._path.stem,
            [
                helper.make_tensor_value_info(name, _CODES[np.dtype(kind)], shape)
                for name, (kind, shape) in inputs.items()
            ],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)],
            self._constants,
        )
        sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=sets, ir_version=_IR_VERSION)
        self._path.write_bytes(model.SerializeToString())
        self._data.flush()

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}_{self._count}"

    def _aligned(self, size: int) -> int:
        """Fill the file up to where a constant of `size` bytes may start, and give the place."""
        unit = _UNIT if size >= _WORTH_MAPPING else 64
        position = self._data.tell()
        gap = -position % unit
        self._data.write(bytes(gap))
        return position + gap

"""One ONNX graph in a session of ONNX Runtime."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

IMAGE_INPUT = "pixels"
TEXT_INPUT = "input_ids"
OUTPUT = "embedding"


_logger = logging.getLogger(__name__)


class GraphError(Exception):
    """A graph that ONNX Runtime cannot load or run; what it says of that is in the log."""


class OnnxGraph:
    """A loaded graph; `run` may be called from several threads at once."""

    def __init__(self, path: Path, threads: int) -> None:
        """Load `path`, to be computed by `threads` threads; raises GraphError."""
        self._name = path.name
        # Builds for Windows report their use through the system's event tracing.
        onnxruntime.disable_telemetry_events()
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), _options(threads), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's errors share no class of their own
            _logger.info("%s: %s", path, error)
            raise GraphError(f"{path.name} cannot be loaded") from error

    def run(self, inputs: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Give the output "embedding", (n, D) float32, not normalised; raises GraphError."""
        try:
            rows: NDArray[np.float32] = self._session.run([OUTPUT], inputs)[0]
        except Exception as error:  # as above; a graph with other inputs arrives here too
            _logger.info("%s: %s", self._name, error)
            raise GraphError(f"{self._name} cannot be run") from error
        return rows


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1  # the graphs are chains: nothing runs side by side in them
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    # Waiting threads that spin burn a core while nothing happens, and take it from decoding
    # while something does: 2 busy cores ran 20 pictures a second without it, 15 with it, two
    # threads to a picture.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only, and those are raised as well
    return options

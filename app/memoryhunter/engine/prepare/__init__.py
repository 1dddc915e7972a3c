"""A downloaded model becomes a package; all of torch is confined to a child process."""

from memoryhunter.engine.prepare.launcher import prepare_package
from memoryhunter.engine.prepare.progress import (
    PreparationCancelledError,
    PrepareProgress,
    PrepareStep,
)

__all__ = ["PreparationCancelledError", "PrepareProgress", "PrepareStep", "prepare_package"]

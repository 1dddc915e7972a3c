"""What a preparation tells while it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class PrepareStep(StrEnum):
    """The steps in their order.

    Loading torch and the files; trying out the picture tower, then the text tower; building
    the graphs; comparing them with the original; writing the rest of the package.
    """

    READ = "read"
    EXPORT_IMAGE = "export-image"
    EXPORT_TEXT = "export-text"
    QUANTISE = "quantise"
    CHECK = "check"
    WRITE = "write"
    MEASURE = "measure"  # how this computer runs it best, once it is installed


@dataclass(frozen=True, slots=True)
class PrepareProgress:
    """The step that begins now (a PrepareStep), and how many of `total` steps are done."""

    step: str
    done: int
    total: int


ProgressCallback = Callable[[PrepareProgress], None]
CancelledCallback = Callable[[], bool]


def at_step(step: PrepareStep) -> PrepareProgress:
    """Give the progress when `step` begins."""
    steps = list(PrepareStep)
    return PrepareProgress(step.value, steps.index(step), len(steps))


def stop_if(cancelled: CancelledCallback | None) -> Callable[[], None]:
    """Give what raises PreparationCancelledError once `cancelled` gives true."""

    def check() -> None:
        if cancelled is not None and cancelled():
            raise PreparationCancelledError

    return check


def telling(
    on_progress: ProgressCallback | None, step: PrepareStep, check: Callable[[], None]
) -> Callable[[], None]:
    """Give a check that also tells of `step`, when it is called for the first time."""
    told = False

    def tell_and_check() -> None:
        nonlocal told
        if on_progress is not None and not told:
            told = True
            on_progress(at_step(step))
        check()

    return tell_and_check


class PreparationCancelledError(Exception):
    """The person stopped an installation; nothing of it remains."""

"""What goes to the terminal: one document to standard output, all else to standard error."""

import contextlib
import json
import math
import os
import sys
import time
from collections.abc import Iterable

from memoryhunter.cli.command import Document, RefusedError
from memoryhunter.domain.progress import Phase, Progress

# Where standard error is a file, a line now and then tells enough.
_FILE_SECONDS = 10.0
_LONGEST_TOLD = 86_400  # seconds; what takes longer than a day cannot be foreseen


def use_utf8() -> None:
    """Write UTF-8 whatever the system's code page, and never fail on a strange file name."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def write_json(document: Document) -> None:
    """Print exactly one JSON document; raises as `write_lines`."""
    write_lines([json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)])


def write_lines(lines: Iterable[str]) -> None:
    """Print lines.

    Raises BrokenPipeError where nobody reads them any more, and RefusedError where they cannot be
    written.
    """
    if sys.stdout is None:  # the program was started without one
        raise RefusedError("The output could not be written: there is nowhere to write it to.")
    text = "".join(f"{line}\n" for line in lines)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        write_no_more()
        raise
    except OSError as error:
        write_no_more()
        detail = error.strerror or str(error)
        raise RefusedError(f"The output could not be written: {detail}.") from error


def write_no_more() -> None:
    """Let what is still to be written to standard output vanish: it would fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(message: str) -> None:
    """Say something beside the result."""
    put(f"{message}\n")


def put(text: str) -> None:
    """Write to standard error as it is; nobody can be told that this fails.

    It does where a terminal was closed, and what must be tidied up then matters more.
    """
    if sys.stderr is None:  # the program was started without one; print would take stdout
        return
    with contextlib.suppress(OSError):
        print(text, end="", file=sys.stderr, flush=True)


def is_watched() -> bool:
    """Whether standard error is a terminal, where a line can change."""
    return sys.stderr is not None and sys.stderr.isatty()


class ProgressLine:
    """Shows progress on standard error: one line that changes, or a line now and then."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._live = is_watched()
        self._told = time.monotonic()
        self._shown = False

    def show(self, progress: Progress) -> None:
        """Show where the work stands."""
        if progress.phase is not Phase.IDLE:
            self.say(_sentence(progress))

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the last one."""
        if self._live:
            put(f"\r\x1b[K{sentence}")
            self._shown = True
        elif time.monotonic() - self._told > _FILE_SECONDS:
            self._told = time.monotonic()
            tell(sentence)

    def end(self) -> None:
        """Leave the terminal as it was found."""
        if self._shown:
            put("\r\x1b[K")


def _sentence(progress: Progress) -> str:
    if progress.phase is Phase.SCANNING:
        return f"Looking through folders: {progress.done:,} photos so far"
    parts = [f"Reading photos: {progress.done:,} of {progress.total:,}"]
    if progress.images_per_second >= 0.05:
        parts.append(f"{progress.images_per_second:.1f} a second")
    if progress.seconds_left is not None and progress.seconds_left >= 1:
        parts.append(f"{duration(progress.seconds_left)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} could not be read")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Give a length of time in the unit people would use; days are not counted."""
    if not math.isfinite(seconds) or seconds > _LONGEST_TOLD:
        return "more than a day"
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"

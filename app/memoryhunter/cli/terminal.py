"""What goes to the terminal: one document to standard output, all else to standard error."""

import json
import sys
import time
from collections.abc import Iterable

from memoryhunter.cli.command import Document
from memoryhunter.domain.progress import Phase, Progress

# Where standard error is a file, a line now and then tells enough.
_FILE_SECONDS = 10.0


def use_utf8() -> None:
    """Write UTF-8 whatever the system's code page, and never fail on a strange file name."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def write_json(document: Document) -> None:
    """Print exactly one JSON document."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False), flush=True)


def write_lines(lines: Iterable[str]) -> None:
    """Print lines for people."""
    for line in lines:
        print(line)
    sys.stdout.flush()


def tell(message: str) -> None:
    """Say something beside the result."""
    print(message, file=sys.stderr, flush=True)


class ProgressLine:
    """Shows progress on standard error: one line that changes, or a line now and then."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._live = sys.stderr.isatty()
        self._told = time.monotonic()
        self._shown = False

    def show(self, progress: Progress) -> None:
        """Show where the work stands."""
        if progress.phase is Phase.IDLE:
            return
        if self._live:
            print(f"\r\x1b[K{_sentence(progress)}", end="", file=sys.stderr, flush=True)
            self._shown = True
        elif time.monotonic() - self._told > _FILE_SECONDS:
            self._told = time.monotonic()
            tell(_sentence(progress))

    def end(self) -> None:
        """Leave the terminal as it was found."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _sentence(progress: Progress) -> str:
    if progress.phase is Phase.SCANNING:
        return f"Looking through folders: {progress.done:,} photos so far"
    parts = [f"Reading photos: {progress.done:,} of {progress.total:,}"]
    if progress.images_per_second > 0:
        parts.append(f"{progress.images_per_second:.1f} a second")
    if progress.seconds_left is not None and progress.seconds_left >= 1:
        parts.append(f"{duration(progress.seconds_left)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} could not be read")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Give a time as people say it, without needless exactness."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"

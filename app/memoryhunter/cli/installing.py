"""Shows an installation on standard error: one line that changes, or a line now and then."""

import sys
import time

from memoryhunter.cli.terminal import duration, tell
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.prepare.progress import PrepareProgress

_STEPS = {
    "read": "reading the weights",
    "export-image": "converting the picture side",
    "export-text": "converting the text side",
    "quantise": "making it fast",
    "check": "comparing with the original",
    "write": "writing",
    "measure": "measuring how this computer runs it best",
}
# Where standard error is a file, a line now and then tells enough.
_FILE_SECONDS = 10.0


class InstallationLine:
    """Shows what an installation tells."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._live = sys.stderr.isatty()
        self._told = 0.0
        self._said: set[str] = set()
        self._shown = False

    def show(self, progress: DownloadProgress | PrepareProgress) -> None:
        """Show where it stands."""
        if isinstance(progress, PrepareProgress):
            if progress.step not in self._said:
                self._said.add(progress.step)
                self.end()
                tell(f"Preparing the model: {_STEPS.get(progress.step, progress.step)}")
        elif self._live:
            print(f"\r\x1b[K{_sentence(progress)}", end="", file=sys.stderr, flush=True)
            self._shown = True
        elif not self._told or time.monotonic() - self._told > _FILE_SECONDS:
            self._told = time.monotonic()
            tell(_sentence(progress))

    def end(self) -> None:
        """Leave the terminal as it was found."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = False


def _sentence(progress: DownloadProgress) -> str:
    done, total = progress.done_bytes / 1e6, progress.total_bytes / 1e6
    parts = [f"Downloading from {progress.source}: {done:,.0f} of {total:,.0f} MB"]
    if progress.waiting:
        parts.append("no data at the moment, trying again")
    if progress.speed > 0:
        parts.append(f"{progress.speed / 1e6:,.1f} MB a second")
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    return ", ".join(parts)

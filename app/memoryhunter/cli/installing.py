"""Shows an installation on standard error: one line that changes, or a line now and then."""

import time

from memoryhunter.cli.terminal import duration, is_watched, put, tell
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
        self._live = is_watched()
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
            put(f"\r\x1b[K{download_sentence(progress)}")
            self._shown = True
        elif not self._told or time.monotonic() - self._told > _FILE_SECONDS:
            self._told = time.monotonic()
            tell(download_sentence(progress))

    def end(self) -> None:
        """Leave the terminal as it was found."""
        if self._shown:
            put("\r\x1b[K")
            self._shown = False


def download_sentence(progress: DownloadProgress) -> str:
    """Say where a download stands."""
    done, total = progress.done_bytes / 1e6, progress.total_bytes / 1e6
    parts = [f"Downloading from {progress.source}: {done:,.0f} of {total:,.0f} MB"]
    if progress.waiting:
        parts.append("no data at the moment, trying again")
    if progress.speed >= 1:
        parts.append(f"{_speed(progress.speed)} a second")
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    return ", ".join(parts)


def _speed(bytes_a_second: float) -> str:
    if bytes_a_second >= 999_500:
        return f"{bytes_a_second / 1e6:,.1f} MB"
    kilobytes = bytes_a_second / 1e3
    return f"{kilobytes:.0f} KB" if kilobytes >= 1 else f"{bytes_a_second:.0f} bytes"

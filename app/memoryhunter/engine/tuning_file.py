"""Where measurements of this computer are kept: one small JSON file.

Losing it costs a measurement, so whatever is wrong with it, there is just none.
"""

import contextlib
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path

from memoryhunter.engine.manifest import ManifestError, Section
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.threads import Threads
from memoryhunter.engine.tuning import Tuning

_FORMAT_VERSION = 1
# The latest ones; every model and every update of the runtime leaves one behind.
_KEPT = 20
# More threads than that are no measurement of ours.
_MOST_THREADS_PER_PROCESSOR = 4


class TuningFile:
    """The measurements in the file at `path`, which need not exist."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, package: ModelPackage) -> Tuning | None:
        """Give what was measured of `package` on this computer as it is now, or None."""
        fitting = [each for each in self._read() if each.fits(package)]
        return fitting[-1] if fitting else None

    def save(self, tuning: Tuning) -> None:
        """Keep a measurement, in place of an older one of the same; raises OSError."""
        others = [each for each in self._read() if _key(each) != _key(tuning)]
        kept = [*others, tuning][-_KEPT:]
        document = {"format": _FORMAT_VERSION, "tunings": [asdict(each) for each in kept]}
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".tuning-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(document, file, ensure_ascii=False, indent=2)
            temporary.replace(self._path)
        except BaseException:  # a full disk, or Ctrl-C
            temporary.unlink(missing_ok=True)
            raise

    def _read(self) -> list[Tuning]:
        try:
            document = Section(json.loads(self._path.read_text(encoding="utf-8")))
            if document.integer("format") != _FORMAT_VERSION:
                return []
            entries = document.sections("tunings")
        except (OSError, ValueError, RecursionError, ManifestError):
            return []
        found = []
        for entry in entries:
            with contextlib.suppress(ManifestError):
                found.append(_tuning(entry))
        return found


def _key(tuning: Tuning) -> tuple[object, ...]:
    return tuning.fingerprint, tuning.processor, tuning.processors, tuning.runtime


def _tuning(entry: Section) -> Tuning:
    threads = entry.section("threads")
    tuning = Tuning(
        fingerprint=entry.text("fingerprint"),
        processor=entry.text("processor"),
        processors=entry.integer("processors"),
        runtime=entry.text("runtime"),
        threads=Threads(
            side_by_side=threads.integer("side_by_side"),
            per_picture=threads.integer("per_picture"),
            per_text=threads.integer("per_text"),
        ),
        images_per_second=entry.number("images_per_second"),
        text_ms=entry.number("text_ms"),
    )
    most = _MOST_THREADS_PER_PROCESSOR * tuning.processors
    used = tuning.threads
    if max(used.side_by_side * used.per_picture, used.per_text) > most:
        raise ManifestError("more threads than the processor is good for")
    return tuning

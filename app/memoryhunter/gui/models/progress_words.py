"""What the window says about an installation under way, and how far its bar stands."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject

from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.prepare.progress import PrepareProgress, PrepareStep
from memoryhunter.gui.models.words import size_text, speed_text
from memoryhunter.gui.source_names import source_name
from memoryhunter.gui.time_left import TimeLeft

InstallProgress = DownloadProgress | PrepareProgress

FULL = 1000  # a bar's range: bytes do not fit into its 32 bits

# PySide declares what QT_TRANSLATE_NOOP gives as an object; it is the sentence.
_STEPS: Mapping[str, object] = {
    PrepareStep.READ: QT_TRANSLATE_NOOP("InstallSteps", "Reading the model…"),
    PrepareStep.EXPORT_IMAGE: QT_TRANSLATE_NOOP("InstallSteps", "Preparing it for pictures…"),
    PrepareStep.EXPORT_TEXT: QT_TRANSLATE_NOOP("InstallSteps", "Preparing it for words…"),
    PrepareStep.QUANTISE: QT_TRANSLATE_NOOP("InstallSteps", "Making it fast…"),
    PrepareStep.CHECK: QT_TRANSLATE_NOOP("InstallSteps", "Comparing it with the original…"),
    PrepareStep.WRITE: QT_TRANSLATE_NOOP("InstallSteps", "Putting it in its place…"),
    PrepareStep.MEASURE: QT_TRANSLATE_NOOP(
        "InstallSteps", "Measuring how this computer runs it best…"
    ),
}


def share_done(progress: InstallProgress) -> int | None:
    """Give how much of this part of the work is done, 0 to FULL; None where nobody can tell."""
    if isinstance(progress, DownloadProgress):
        if progress.total_bytes <= 0:
            return None
        return min(FULL, round(progress.done_bytes / progress.total_bytes * FULL))
    return round(progress.done / progress.total * FULL) if progress.done else None


class InstallWords(QObject):
    """The sentences; a QObject for the sake of `tr`."""

    def line(self, progress: InstallProgress) -> str:
        """Say where the work stands, such as "ModelScope · 312 MB of 753 MB · 5.2 MB/s"."""
        if isinstance(progress, PrepareProgress):
            return _step_text(progress.step)
        counted = self.tr("{done} of {total}").format(
            done=size_text(progress.done_bytes), total=size_text(progress.total_bytes)
        )
        parts = [source_name(progress.source), counted]
        if progress.waiting:
            parts.append(self.tr("no data at the moment, trying again…"))
        if progress.speed > 0:
            parts.append(speed_text(progress.speed))
        if progress.seconds_left is not None:
            parts.append(TimeLeft().text(progress.seconds_left))
        return " · ".join(parts)

    def brief(self, progress: InstallProgress | None) -> str:
        """Say it in the few words that the main window has room for."""
        if not isinstance(progress, DownloadProgress):
            return (
                self.tr("A model is being prepared")
                if progress is not None
                else self.tr("A model is being installed")
            )
        share = share_done(progress)
        if share is None:
            return self.tr("A model is being downloaded")
        return self.tr("A model is being downloaded · {share} %").format(share=share * 100 // FULL)

    def outcome(self, *, in_use: bool) -> str:
        """Say what came of an installation that ended well."""
        if in_use:
            return self.tr(
                "The model is installed. Your photos are being sorted with it, and can be "
                "found one after another."
            )
        return self.tr(
            "The model is installed. Searches still use the model that was chosen before."
        )


def _step_text(step: str) -> str:
    sentence = _STEPS.get(step, _STEPS[PrepareStep.READ])
    return QCoreApplication.translate("InstallSteps", str(sentence))

"""What the indexer is doing, quietly, at the bottom of the window."""

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QWidget

from memoryhunter.domain.progress import ModelName, Phase, Progress
from memoryhunter.gui.i18n import in_interface_language
from memoryhunter.gui.models.words import shortened
from memoryhunter.gui.theme import Theme
from memoryhunter.gui.time_left import TimeLeft

LONGEST_NAME = 24  # in letters, of a model; the numbers behind it matter more


class IndexProgress(QWidget):
    """The work under way and a button to pause it; hidden while there is none.

    Signals:
        pause_wanted: the person asks to pause (True) or to go on (False).
    """

    pause_wanted = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("indexProgress")
        self.setAccessibleName(self.tr("Progress"))
        self._theme = theme
        self._paused = False
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(120, 6)
        self._label = QLabel()
        self._label.setObjectName("progressText")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QToolButton()
        self._button.setObjectName("pauseButton")
        self._button.setAutoRaise(True)
        self._button.setIconSize(QSize(16, 16))
        self._button.clicked.connect(lambda: self.pause_wanted.emit(not self._paused))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._bar, self._label, self._button):
            row.addWidget(widget)
        self._show_paused(paused=False)
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        """Show a snapshot of the work."""
        self._show_paused(paused=progress.phase is Phase.PAUSED)
        self._bar.setVisible(progress.total > 0)
        if progress.total > 0:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)
        self._label.setText(self.text(progress))
        self._label.setToolTip(self._explanation(progress))
        self.setVisible(progress.phase is not Phase.IDLE)

    def text(self, progress: Progress) -> str:
        """Say it in a short line, such as "Sorting 312 of 1,024 · 6 photos/s · 2 minutes left"."""
        locale = QLocale()
        # Nothing while nobody has counted yet.
        counted = self._of(progress.done, progress.total) if progress.total else ""
        match progress.phase:
            case Phase.SCANNING if progress.done:
                return self.tr("Looking through folders · %Ln file(s)", "", progress.done)
            case Phase.SCANNING:
                return self.tr("Looking through folders…")
            case Phase.PAUSED if progress.total:
                return self.tr("Paused · {counted}").format(counted=counted)
            case Phase.PAUSED:
                return self.tr("Paused")
            case Phase.READING:
                parts = [self._work(progress, counted)]
                if (pace := progress.images_per_second) > 0:
                    shown = locale.toString(pace, "f", 0 if pace >= 3 else 1)
                    parts.append(self.tr("{pace} photos/s").format(pace=shown))
                if progress.seconds_left is not None:
                    parts.append(TimeLeft().text(progress.seconds_left))
                return " · ".join(parts)
        return ""

    def _of(self, done: int, total: int) -> str:
        locale = QLocale()
        return self.tr("{done} of {total}").format(
            done=locale.toString(done), total=locale.toString(total)
        )

    def _work(self, progress: Progress, counted: str) -> str:
        if progress.serving is None:
            if not counted:
                return self.tr("Sorting photos…")
            return self.tr("Sorting {counted}").format(counted=counted)
        model = shortened(_called(progress.model), LONGEST_NAME)
        if progress.photos:  # all of them, where this run may only be the rest
            counted = self._of(progress.seen, progress.photos)
        if not counted:
            return self.tr("Changing to {model}").format(model=model)
        return self.tr("Changing to {model} · {counted}").format(model=model, counted=counted)

    def _explanation(self, progress: Progress) -> str:
        if progress.serving is None:
            return ""
        old, new = _called(progress.serving), _called(progress.model)
        if not progress.photos:
            return self.tr(
                "Searches still use “{old}”, until “{new}” has seen every photo."
            ).format(old=old, new=new)
        return self.tr("“{new}” has seen {counted} photos. Until then “{old}” answers.").format(
            old=old, new=new, counted=self._of(progress.seen, progress.photos)
        )

    def _show_paused(self, *, paused: bool) -> None:
        self._paused = paused
        self._theme.set_icon(self._button, "play" if paused else "pause")
        text = self.tr("Resume") if paused else self.tr("Pause")
        self._button.setToolTip(text)
        self._button.setAccessibleName(text)


def _called(model: ModelName | None) -> str:
    return "" if model is None else in_interface_language(model.names, model.name)


class FailuresLink(QPushButton):
    """Says how many files could not be read, and asks for their list when pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("failuresLink")
        self.setFlat(True)
        self.setProperty("link", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_count(self, failed: int) -> None:
        """Show the number; nothing for none."""
        self.setText(self.tr("%Ln file(s) could not be read", "", failed))
        self.setVisible(failed > 0)

"""The installation under way, as the main window tells it: in a few words at its bottom."""

from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from memoryhunter.domain.errors import UserError
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.models.installer import ModelInstaller
from memoryhunter.gui.models.progress_words import InstallProgress, InstallWords
from memoryhunter.gui.notice import NoticeBar
from memoryhunter.model_shelf import WantedModel


class InstallationLink(QPushButton):
    """Says that a model is being installed, and opens the page of models when pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelProgress")
        self.setFlat(True)
        self.setProperty("link", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("Show the models"))
        self._words = InstallWords(self)
        self.hide()

    def show_progress(self, progress: InstallProgress | None) -> None:
        """Show where the installation is; None while it has told nothing."""
        self.setText(self._words.brief(progress))
        self.show()


class StatusWindow(Protocol):
    """What is needed of the main window."""

    installation: InstallationLink
    notice: NoticeBar

    def settle_status(self) -> None:
        """Show the line at the bottom while there is something in it."""
        ...


class InstallationStatus(QObject):
    """Keeps the line of `window` up to date, and tells the end where `page` is not looked at."""

    def __init__(self, installer: ModelInstaller, window: StatusWindow, page: QWidget) -> None:
        super().__init__(installer)
        self._window = window
        self._page = page
        installer.started.connect(self._show)
        installer.progressed.connect(self._show)
        installer.ended.connect(self._hide)
        installer.installed.connect(self._say_installed)
        installer.failed.connect(self._say_failed)

    def _show(self, _wanted: WantedModel, progress: InstallProgress | None = None) -> None:
        self._window.installation.show_progress(progress)
        self._window.settle_status()

    def _hide(self) -> None:
        self._window.installation.hide()
        self._window.settle_status()

    def _say_installed(self, _wanted: WantedModel, in_use: bool) -> None:
        if not self._page.isVisible():
            self._window.notice.say(InstallWords().outcome(in_use=in_use))

    def _say_failed(self, _wanted: WantedModel, error: UserError) -> None:
        if not self._page.isVisible():
            self._window.notice.say(error_text(error))

"""Says politely that something unexpected happened, with a report that can be copied."""

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from types import TracebackType

from PySide6.QtCore import QObject, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from memoryhunter import __version__
from memoryhunter.gui.jobs import Courier

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


class ProblemDialog(QDialog):
    """One unexpected error; the program goes on."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Something went wrong"))
        text = QLabel(
            self.tr(
                "MemoryHunter met a problem it did not expect. Your photos are safe, and you "
                "can go on working. The report below helps the developers to mend it."
            )
        )
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        shown = QPlainTextEdit(report)
        shown.setReadOnly(True)
        shown.setAccessibleName(self.tr("Report"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = QPushButton(self.tr("Copy the report"))
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (text, shown, buttons):
            column.addWidget(widget)
        self.resize(620, 420)


class ProblemHook(QObject):
    """Takes the place of the exception hooks: as before to the log, then a dialog.

    Errors in other threads are brought over by the courier. While one dialog is open, later
    errors only reach the log.
    """

    def __init__(self, courier: Courier, window: QWidget) -> None:
        super().__init__(window)
        self._courier = courier
        self._window = window
        self._open = False
        self._before: Hook = sys.excepthook
        self._before_threads = threading.excepthook

    def install(self) -> None:
        """See every error from now on."""
        sys.excepthook = self._take
        threading.excepthook = self._take_thread

    def remove(self) -> None:
        """Put the former hooks back."""
        sys.excepthook = self._before
        threading.excepthook = self._before_threads

    def _take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._before(kind, error, trace)
        if not issubclass(kind, KeyboardInterrupt):
            lines = "".join(traceback.format_exception(kind, error, trace))
            self._courier.post(partial(self._show, lines))

    def _take_thread(self, args: threading.ExceptHookArgs) -> None:
        self._before_threads(args)
        if args.exc_value is not None:
            lines = "".join(
                traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)
            )
            self._courier.post(partial(self._show, lines))

    def _show(self, trace: str) -> None:
        if self._open:
            return
        self._open = True
        dialog = ProblemDialog(problem_report(trace), self._window)
        dialog.finished.connect(self._note_closed)
        dialog.open()

    def _note_closed(self) -> None:
        self._open = False


def problem_report(trace: str) -> str:
    """Give the error with what a developer asks first; in English, without names of photos."""
    return (
        f"MemoryHunter {__version__}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{platform.platform()}\n\n{trace}"
    )

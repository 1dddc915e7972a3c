"""Shows a file in the file manager of the system, selected where the system can do that."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from memoryhunter.gui.jobs import Lane


@dataclass(frozen=True, slots=True)
class Place:
    """What the disk says about a path: whether it is there, and the nearest folder that is."""

    path: Path
    exists: bool
    folder: Path | None


class Revealer:
    """Shows files without waiting for their disk, which may be a network drive that is gone."""

    def __init__(self, lane: Lane[None]) -> None:
        """`lane` asks the disk; it may hang for as long as the system likes."""
        self._lane = lane

    def __call__(self, path: Path) -> None:
        """Ask the system to show `path` in its folder, soon; of several, the latest."""
        self._lane.submit(partial(_look, path), show, _never, key="reveal")


def look(path: Path) -> Place:
    """Ask the disk about `path`; may take long."""
    folder = next((parent for parent in path.parents if _is_so(parent.is_dir)), None)
    return Place(path, folder == path.parent and _is_so(path.exists), folder)


def show(place: Place) -> None:
    """Ask the system to show a place; returns at once.

    A file that is gone shows the nearest folder that is still there.
    """
    if not place.exists:
        _open_folder(place)
    elif sys.platform == "win32":
        explorer = QProcess()
        explorer.setProgram("explorer.exe")
        explorer.setNativeArguments(explorer_arguments(place.path))
        explorer.startDetached()
    elif sys.platform == "darwin":
        # A list of arguments needs no quoting, and an absolute path cannot look like an option.
        QProcess.startDetached("/usr/bin/open", ["-R", str(place.path.absolute())])
    else:
        _show_item(place)


def explorer_arguments(path: Path) -> str:
    r"""Give what follows `explorer.exe`, which does not read its arguments as others do.

    It wants quotes around the path alone (`/select,"C:\my photos\a.jpg"`); a list of arguments
    would be quoted as a whole, and then commas and spaces in names open the wrong folder.
    A path of Windows cannot contain a quote, so nothing can break out of these.
    """
    return f'/select,"{path.absolute()}"'


def _is_so(ask: Callable[[], bool]) -> bool:
    """Ask a disk; one that answers with an error says no."""
    try:
        return ask()
    except OSError:
        return False


def _look(path: Path, _resource: None) -> Place:
    return look(path)


def _never(error: Exception) -> None:
    """See that asking a disk, which knows no coded errors, did not learn to raise one."""
    raise error


def _open_folder(place: Place) -> None:
    if place.folder is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place.folder)))


def _show_item(place: Place) -> None:
    """Ask the desktop's file manager over D-Bus; where nobody answers, open the folder."""
    # Other systems have no D-Bus, and a package may leave its library out.
    try:
        from PySide6 import QtDBus  # noqa: PLC0415
    except ImportError:
        _open_folder(place)
        return
    bus = QtDBus.QDBusConnection.sessionBus()
    if not bus.isConnected():
        _open_folder(place)
        return
    message = QtDBus.QDBusMessage.createMethodCall(
        "org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
        "ShowItems",
    )
    message.setArguments([[place.path.absolute().as_uri()], ""])
    # Starting a file manager can take seconds: the answer is not waited for.
    watcher = QtDBus.QDBusPendingCallWatcher(bus.asyncCall(message), QCoreApplication.instance())

    def answered(call: QtDBus.QDBusPendingCallWatcher) -> None:
        if call.isError():
            _open_folder(place)
        call.deleteLater()

    watcher.finished.connect(answered)

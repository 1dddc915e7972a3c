"""Shows a file in the file manager of the system, selected where the system can do that."""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def reveal(path: Path) -> None:
    """Ask the system to show `path` in its folder; returns at once.

    A file that is gone shows the nearest folder that is still there.
    """
    if not path.exists():
        _open_folder(path)
    elif sys.platform == "win32":
        explorer = QProcess()
        explorer.setProgram("explorer.exe")
        explorer.setNativeArguments(explorer_arguments(path))
        explorer.startDetached()
    elif sys.platform == "darwin":
        # A list of arguments needs no quoting, and an absolute path cannot look like an option.
        QProcess.startDetached("/usr/bin/open", ["-R", str(path.absolute())])
    else:
        _show_item(path)


def explorer_arguments(path: Path) -> str:
    r"""Give what follows `explorer.exe`, which does not read its arguments as others do.

    It wants quotes around the path alone (`/select,"C:\my photos\a.jpg"`); a list of arguments
    would be quoted as a whole, and then commas and spaces in names open the wrong folder.
    A path of Windows cannot contain a quote, so nothing can break out of these.
    """
    return f'/select,"{path.absolute()}"'


def _open_folder(path: Path) -> None:
    folder = next((parent for parent in path.parents if parent.is_dir()), None)
    if folder is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _show_item(path: Path) -> None:
    """Ask the desktop's file manager over D-Bus; where nobody answers, open the folder."""
    # Other systems have no D-Bus, and a package may leave its library out.
    try:
        from PySide6 import QtDBus  # noqa: PLC0415
    except ImportError:
        _open_folder(path)
        return
    bus = QtDBus.QDBusConnection.sessionBus()
    if not bus.isConnected():
        _open_folder(path)
        return
    message = QtDBus.QDBusMessage.createMethodCall(
        "org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
        "ShowItems",
    )
    message.setArguments([[path.absolute().as_uri()], ""])
    # Starting a file manager can take seconds: the answer is not waited for.
    watcher = QtDBus.QDBusPendingCallWatcher(bus.asyncCall(message), QCoreApplication.instance())

    def answered(call: QtDBus.QDBusPendingCallWatcher) -> None:
        if call.isError():
            _open_folder(path)
        call.deleteLater()

    watcher.finished.connect(answered)

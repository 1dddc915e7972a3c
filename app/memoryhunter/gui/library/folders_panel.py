"""The folders at the left: what is in the library, and where to look."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from memoryhunter.domain.photo import Folder, FolderId
from memoryhunter.gui.library.folder_list import FOLDER_ROLE, FolderList
from memoryhunter.gui.theme import Theme


class FoldersPanel(QWidget):
    """Shows the folders; choosing one narrows the grid and later searches to it.

    Signals:
        folder_chosen: a FolderId, or None for all photos.
        remove_confirmed: a FolderId; the person agreed to forget that folder.
        add_wanted: the add button was pressed.
    """

    folder_chosen = Signal(object)
    remove_confirmed = Signal(int)
    add_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(self._draw_again)
        self.setObjectName("folderPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Folders"))
        self._folders: dict[FolderId, Folder] = {}
        self._list = FolderList()
        self._list.currentItemChanged.connect(self._announce)
        self._list.customContextMenuRequested.connect(self._show_menu)
        self._list.remove_pressed.connect(self._ask_to_remove)
        heading = QLabel(self.tr("Library"))
        heading.setProperty("heading", True)
        add = QToolButton()
        add.setObjectName("addFolderButton")
        theme.set_icon(add, "folder-add")
        add.setIconSize(QSize(18, 18))
        add.setAutoRaise(True)
        add.setToolTip(self.tr("Add a folder"))
        add.setAccessibleName(self.tr("Add a folder"))
        add.clicked.connect(self.add_wanted)
        top = QHBoxLayout()
        top.setContentsMargins(14, 10, 8, 4)
        top.addWidget(heading, 1)
        top.addWidget(add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._list, 1)

    def show_folders(self, folders: Sequence[Folder]) -> None:
        """Show these, keeping the choice where its folder is still there."""
        chosen = self._list.chosen()
        self._folders = {folder.id: folder for folder in folders}
        with QSignalBlocker(self._list):
            self._list.clear()
            total = sum(folder.photos for folder in folders)
            self._list.add(self.tr("All photos"), total, self._theme.icon("image"), None)
            for folder in sorted(folders, key=lambda folder: folder.path.name.casefold()):
                self._add(folder)
            self._list.choose(chosen)
        if self._list.chosen() != chosen:
            self._announce()

    def select(self, folder: FolderId | None) -> None:
        """Show another choice without announcing it."""
        with QSignalBlocker(self._list):
            self._list.choose(folder)

    def first_focus(self) -> QWidget:
        """Give the widget that takes the keyboard in this panel."""
        return self._list

    def folder(self, folder: FolderId) -> Folder | None:
        """Give a folder on show."""
        return self._folders.get(folder)

    def _add(self, folder: Folder) -> None:
        name = folder.path.name or str(folder.path)
        icon = self._theme.icon("folder" if folder.online else "offline")
        item = self._list.add(name, folder.photos, icon, folder.id)
        tip = str(folder.path)
        if not folder.online:
            tip += "\n" + self.tr("Not connected. Its photos can still be found.")
            spoken = self.tr("{name}, not connected").format(name=name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip(tip)

    def _announce(self) -> None:
        self.folder_chosen.emit(self._list.chosen())

    def _draw_again(self) -> None:
        self.show_folders(list(self._folders.values()))

    def _show_menu(self, place: QPoint) -> None:
        item = self._list.itemAt(place)
        if item is None or item.data(FOLDER_ROLE) is None:
            return
        menu = QMenu(self)
        menu.setObjectName("folderMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove = QAction(self.tr("Remove from Library…"), menu)
        remove.setObjectName("removeFolder")
        remove.triggered.connect(self._ask_to_remove)
        menu.addAction(remove)
        menu.popup(self._list.viewport().mapToGlobal(place))

    def _ask_to_remove(self) -> None:
        folder = self._folders.get(self._list.chosen() or -1)
        if folder is None:
            return
        box = QMessageBox(self.window())
        box.setObjectName("removeFolderDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        name = folder.path.name or str(folder.path)
        box.setText(self.tr("Remove “{name}” from the library?").format(name=name))
        box.setInformativeText(
            self.tr(
                "The photos on your disk are not touched. MemoryHunter only forgets this folder; "
                "you can add it again at any time."
            )
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        remove.clicked.connect(lambda: self.remove_confirmed.emit(folder.id))
        box.open()

"""The folders at the left: what is in the library, and where to look."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QMessageBox,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from memoryhunter.domain.photo import Folder, FolderId
from memoryhunter.gui.theme import Theme

FOLDER_ROLE = Qt.ItemDataRole.UserRole


class FolderList(QTreeWidget):
    """All photos, then each folder with its count. The Delete key asks to remove."""

    remove_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask to remove with Delete (Backspace on a Mac keyboard)."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)


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
        self._list = self._build_list()
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
        chosen = self.chosen()
        self._folders = {folder.id: folder for folder in folders}
        self._list.blockSignals(True)
        self._list.clear()
        total = sum(folder.photos for folder in folders)
        self._list.addTopLevelItem(
            _item(self.tr("All photos"), total, self._theme.icon("image"), None)
        )
        for folder in sorted(folders, key=lambda folder: folder.path.name.casefold()):
            self._list.addTopLevelItem(self._folder_item(folder))
        self._select(chosen)
        self._list.blockSignals(False)
        if self.chosen() != chosen:
            self.folder_chosen.emit(self.chosen())

    def select(self, folder: FolderId | None) -> None:
        """Show another choice without announcing it."""
        self._list.blockSignals(True)
        self._select(folder)
        self._list.blockSignals(False)

    def first_focus(self) -> QWidget:
        """Give the widget that takes the keyboard in this panel."""
        return self._list

    def folder(self, folder: FolderId) -> Folder | None:
        """Give a folder on show."""
        return self._folders.get(folder)

    def chosen(self) -> FolderId | None:
        """Give the chosen folder, None for all photos."""
        item = self._list.currentItem()
        return item.data(0, FOLDER_ROLE) if item is not None else None

    def _build_list(self) -> FolderList:
        tree = FolderList()
        tree.setObjectName("folderList")
        tree.setAccessibleName(self.tr("Folders"))
        tree.setColumnCount(2)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        tree.setIconSize(QSize(18, 18))
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setAllColumnsShowFocus(True)
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._show_menu)
        tree.currentItemChanged.connect(lambda: self.folder_chosen.emit(self.chosen()))
        tree.remove_pressed.connect(self._ask_to_remove)
        return tree

    def _draw_again(self) -> None:
        self.show_folders(list(self._folders.values()))

    def _folder_item(self, folder: Folder) -> QTreeWidgetItem:
        name = folder.path.name or str(folder.path)
        picture = self._theme.icon("folder" if folder.online else "offline")
        item = _item(name, folder.photos, picture, folder.id)
        tip = str(folder.path)
        if not folder.online:
            tip += "\n" + self.tr("Not connected. Its photos can still be found.")
            item.setData(
                0,
                Qt.ItemDataRole.AccessibleTextRole,
                self.tr("{name}, not connected").format(name=name),
            )
        item.setToolTip(0, tip)
        return item

    def _select(self, folder: FolderId | None) -> None:
        for row in range(self._list.topLevelItemCount()):
            item = self._list.topLevelItem(row)
            if item is not None and item.data(0, FOLDER_ROLE) == folder:
                self._list.setCurrentItem(item)
                return
        if (everything := self._list.topLevelItem(0)) is not None:
            self._list.setCurrentItem(everything)

    def _show_menu(self, place: QPoint) -> None:
        item = self._list.itemAt(place)
        if item is None or item.data(0, FOLDER_ROLE) is None:
            return
        self._list.setCurrentItem(item)
        menu = QMenu(self)
        menu.setObjectName("folderMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove = QAction(self.tr("Remove from Library…"), menu)
        remove.setObjectName("removeFolder")
        remove.triggered.connect(self._ask_to_remove)
        menu.addAction(remove)
        menu.popup(self._list.viewport().mapToGlobal(place))

    def _ask_to_remove(self) -> None:
        folder = self._folders.get(self.chosen() or -1)
        if folder is None:
            return
        box = QMessageBox(self.window())
        box.setObjectName("removeFolderDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(
            self.tr("Remove “{name}” from the library?").format(
                name=folder.path.name or str(folder.path)
            )
        )
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


def _item(name: str, photos: int, picture: QIcon, folder: FolderId | None) -> QTreeWidgetItem:
    item = QTreeWidgetItem([name, QLocale().toString(photos)])
    item.setIcon(0, picture)
    item.setData(0, FOLDER_ROLE, folder)
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item

"""The list inside the folder panel: a name, a count, and the choice."""

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from memoryhunter.domain.photo import FolderId

FOLDER_ROLE = Qt.ItemDataRole.UserRole
COUNT_ROLE = Qt.ItemDataRole.UserRole + 1
MARGIN = 10


class FolderDelegate(QStyledItemDelegate):
    """Paints the number of photos quietly at the right end of a row."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a row."""
        count = QLocale().toString(index.data(COUNT_ROLE) or 0)
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        room = shown.fontMetrics.horizontalAdvance(count) + 2 * MARGIN
        icon_room = shown.decorationSize.width() + 2 * MARGIN
        shown.text = shown.fontMetrics.elidedText(
            shown.text, Qt.TextElideMode.ElideMiddle, shown.rect.width() - room - icon_room
        )
        style = shown.widget.style() if shown.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.setFont(shown.font)
        painter.drawText(
            shown.rect.adjusted(0, 0, -MARGIN, 0),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            count,
        )
        painter.restore()


class FolderList(QListWidget):
    """Rows of folders.

    Signals:
        remove_pressed: the person pressed Delete.
    """

    remove_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("folderList")
        self.setAccessibleName(self.tr("Folders"))
        self.setItemDelegate(FolderDelegate(self))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setIconSize(QSize(18, 18))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def add(self, name: str, photos: int, icon: QIcon, folder: FolderId | None) -> QListWidgetItem:
        """Add a row; `folder` is None for all photos."""
        item = QListWidgetItem(icon, name, self)
        item.setData(FOLDER_ROLE, folder)
        item.setData(COUNT_ROLE, photos)
        item.setData(
            Qt.ItemDataRole.AccessibleTextRole,
            self.tr("{name}, %Ln photo(s)", "", photos).format(name=name),
        )
        return item

    def chosen(self) -> FolderId | None:
        """Give the chosen folder, None for all photos."""
        item = self.currentItem()
        folder: FolderId | None = None if item is None else item.data(FOLDER_ROLE)
        return folder

    def choose(self, folder: FolderId | None) -> None:
        """Choose a folder; all photos where it is not in the list."""
        rows = range(self.count())
        self.setCurrentRow(
            next((row for row in rows if self.item(row).data(FOLDER_ROLE) == folder), 0)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask to remove with Delete (Backspace on a Mac keyboard)."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)

"""The photos shown in the grid, as a Qt model over a list of ids.

`data()` touches neither disk nor SQL: facts and pixels come from memories that the model
feeds with what is visible (`look_at`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QPixmap

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.photo import Photo, PhotoId
from memoryhunter.gui.grid.details import PhotoDetails
from memoryhunter.gui.grid.rows import RowsPatch
from memoryhunter.gui.grid.thumbnail_loader import ThumbnailLoader

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Tile:
    """What is painted: `photo` and `pixmap` are None until they are known."""

    photo: Photo | None
    pixmap: QPixmap | None
    possible: bool


class PhotoGridModel(QAbstractListModel):
    """The ids on show, in order, and which of them are only possible answers.

    Signals:
        patch_started, patch_finished: around rows coming and going while the query stays, so
            that a view can hold its place; True when all rows are about to be replaced.
    """

    patch_started = Signal(bool)
    patch_finished = Signal()

    def __init__(
        self,
        details: PhotoDetails,
        thumbnails: ThumbnailLoader,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._details = details
        self._thumbnails = thumbnails
        self._ids: list[PhotoId] = []
        self._snapshot: tuple[PhotoId, ...] = ()
        self._possible: frozenset[PhotoId] = frozenset()
        self._window = range(0)
        self._rows_showing: dict[str, list[int]] = {}
        details.arrived.connect(self._show_details)
        thumbnails.arrived.connect(self._show_thumbnail)

    @property
    def ids(self) -> tuple[PhotoId, ...]:
        """The photos on show, unchanging; for comparing in a worker."""
        return self._snapshot

    def show(self, ids: Sequence[PhotoId], possible: frozenset[PhotoId] = frozenset()) -> None:
        """Show other photos from the top."""
        self.beginResetModel()
        self._snapshot = tuple(ids)
        self._ids = list(ids)
        self._possible = possible
        self.endResetModel()

    def apply(self, patch: RowsPatch, possible: frozenset[PhotoId] = frozenset()) -> None:
        """Let rows come and go; a patch made for another list is replaced by showing the new."""
        if patch.old != self._snapshot or not patch.is_small:
            self.patch_started.emit(True)
            self.show(patch.new, possible)
            self.patch_finished.emit()
            return
        if patch.old == patch.new and possible == self._possible:
            return
        self.patch_started.emit(False)
        nowhere = QModelIndex()
        for first, count in reversed(patch.removed):
            self.beginRemoveRows(nowhere, first, first + count - 1)
            del self._ids[first : first + count]
            self.endRemoveRows()
        for first, count in patch.inserted:
            self.beginInsertRows(nowhere, first, first + count - 1)
            self._ids[first:first] = patch.new[first : first + count]
            self.endInsertRows()
        self._snapshot = patch.new
        self._possible = possible
        self.patch_finished.emit()

    def look_at(self, visible: range) -> None:
        """Fetch facts and pixels for the visible rows, then for a screenful around them."""
        visible = range(visible.start, min(visible.stop, len(self._ids)))
        self._window = visible
        around = len(visible)
        after = range(visible.stop, min(len(self._ids), visible.stop + around))
        before = range(max(0, visible.start - around // 2), visible.start)
        ids = [self._ids[row] for rows in (visible, after, before) for row in rows]
        self._details.want(ids)
        self._rows_showing = {}
        wanted: dict[str, None] = {}
        for number, photo_id in enumerate(ids):
            photo = self._details.get(photo_id)
            if photo is None or photo.content_hash is None:
                continue
            wanted[photo.content_hash] = None
            if number < len(visible):
                row = visible[number]
                self._rows_showing.setdefault(photo.content_hash, []).append(row)
        self._thumbnails.want(list(wanted))

    def refresh(self, change: LibraryChange) -> None:
        """Fetch the facts of what changed again where it is on show.

        A folder that comes or goes changes what all of its photos say about being online.
        """
        if change.folders:
            self._details.forget_all()
        else:
            self._details.forget(change.updated)
        self._thumbnails.forget()
        self.look_at(self._window)

    def photo_id(self, row: int) -> PhotoId:
        """Give the id in a row."""
        return self._ids[row]

    def row_of(self, photo: PhotoId) -> int | None:
        """Give the row of a photo; None when it is not on show."""
        try:
            return self._ids.index(photo)
        except ValueError:
            return None

    def photo(self, row: int) -> Photo | None:
        """Give the photo in a row, where its facts are known."""
        return self._details.get(self._ids[row])

    def tile(self, row: int) -> Tile:
        """Give what to paint in a row."""
        photo_id = self._ids[row]
        photo = self._details.get(photo_id)
        content = photo.content_hash if photo else None
        pixmap = self._thumbnails.pixmap(content) if content else None
        return Tile(photo, pixmap, photo_id in self._possible)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Count the photos on show."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give the file name, the words for screen readers and the tool tip."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        photo = self.photo(index.row())
        if photo is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return photo.path.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (photo.path.name, _captured(photo)) if part)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tool_tip(photo)
        return None

    def _tool_tip(self, photo: Photo) -> str:
        lines = [photo.path.name]
        if photo.facts:
            size = f"{photo.facts.width} × {photo.facts.height}"
            lines.append(f"{_captured(photo)} · {size}")
        if not photo.online:
            lines.append(self.tr("The drive or folder of this photo is not connected."))
        return "\n".join(lines)

    def _show_details(self) -> None:
        self.look_at(self._window)
        if self._window:
            self.dataChanged.emit(self.index(self._window[0]), self.index(self._window[-1]))

    def _show_thumbnail(self, content: str) -> None:
        for row in self._rows_showing.get(content, ()):
            index = self.index(row)
            if index.isValid():  # fewer rows may be on show than when they were looked at
                self.dataChanged.emit(index, index)


def _captured(photo: Photo) -> str:
    """Give the capture date as people write it; the time of day is for the viewer."""
    if photo.facts is None:
        return ""
    moment = QDateTime.fromString(photo.facts.captured_at, Qt.DateFormat.ISODate)
    return QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)

"""What a photo of the grid can be asked to do: open, find similar, reveal, copy its path."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import Photo, PhotoId
from memoryhunter.gui.actions import Actions
from memoryhunter.gui.grid.view import PhotoGridView
from memoryhunter.gui.jobs import Lane
from memoryhunter.gui.results import Results
from memoryhunter.gui.reveal import reveal
from memoryhunter.gui.services import LibraryReader
from memoryhunter.gui.viewer.window import PhotoViewer

NEIGHBOURS = 1_000  # photos before and after the opened one that the viewer can page to


class PhotoCommands(QObject):
    """Carries the commands out, for the current photo or the selection.

    Signals:
        failed: the library could not be read (a UserError).
    """

    failed = Signal(object)

    def __init__(
        self,
        actions: Actions,
        view: PhotoGridView,
        results: Results,
        library: Lane[LibraryReader],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._view = view
        self._results = results
        self._library = library
        self._viewer = PhotoViewer(window)
        self._viewer.find_similar_requested.connect(self._find_similar_to)
        view.opened.connect(self.open)
        view.menu_wanted.connect(self._show_menu)
        actions.open_photo.triggered.connect(self._open_current)
        actions.find_similar.triggered.connect(self._find_similar)
        actions.reveal.triggered.connect(self._reveal)
        actions.copy_path.triggered.connect(self._copy_path)

    def watch_selection(self) -> None:
        """Enable the commands for the selection of the view's model."""
        self._view.selectionModel().selectionChanged.connect(self._enable)
        self._enable()

    def open(self, row: int) -> None:
        """Open the viewer at a row; its neighbours are read first, in the library lane."""
        ids = self._view.photos_model().ids
        photo = ids[row]
        near = ids[max(0, row - NEIGHBOURS) : row + NEIGHBOURS + 1]
        self._library.submit(
            partial(_read_photos, near), partial(self._show_viewer, photo), self.failed.emit,
            key="viewer",
        )

    def _show_viewer(self, photo: PhotoId, photos: list[Photo]) -> None:
        index = next((at for at, near in enumerate(photos) if near.id == photo), None)
        if index is None:
            return  # gone since it was clicked
        model = self._view.photos_model()
        row = model.row_of(photo)
        pixmap = model.tile(row).pixmap if row is not None else None
        self._viewer.show_photos(photos, index, pixmap.toImage() if pixmap else None)

    def _open_current(self) -> None:
        rows = self._view.selected_rows()
        if rows:
            self.open(self._current_row(rows))

    def _find_similar(self) -> None:
        rows = self._view.selected_rows()
        if rows:
            self._find_similar_to(self._view.photos_model().photo_id(self._current_row(rows)))

    def _find_similar_to(self, photo: PhotoId) -> None:
        model = self._view.photos_model()
        row = model.row_of(photo)
        self._results.find_similar(photo, model.tile(row).pixmap if row is not None else None)

    def _reveal(self) -> None:
        photos = self._selected_photos()
        if photos:
            reveal(photos[0].path)

    def _copy_path(self) -> None:
        paths = [str(photo.path) for photo in self._selected_photos()]
        if paths:
            QGuiApplication.clipboard().setText("\n".join(paths))

    def _selected_photos(self) -> list[Photo]:
        model = self._view.photos_model()
        photos = (model.photo(row) for row in self._view.selected_rows())
        return [photo for photo in photos if photo is not None]

    def _current_row(self, selected: list[int]) -> int:
        current = self._view.currentIndex().row()
        return current if current in selected else selected[0]

    def _enable(self) -> None:
        self._actions.enable_photo_commands(enabled=self._view.selectionModel().hasSelection())

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self._view)
        menu.setObjectName("photoMenu")
        for action in (self._actions.open_photo, self._actions.find_similar):
            menu.addAction(action)
        menu.addSeparator()
        for action in (self._actions.reveal, self._actions.copy_path):
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


def _read_photos(ids: tuple[PhotoId, ...], library: LibraryReader) -> list[Photo]:
    photos = library.photos.get_many(ids)
    return [photos[photo] for photo in ids if photo in photos]

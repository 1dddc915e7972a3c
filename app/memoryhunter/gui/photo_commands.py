"""What a photo of the grid can be asked to do: open, find similar, reveal, copy its path."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.photo import Photo, PhotoId
from memoryhunter.gui.actions import Actions
from memoryhunter.gui.grid.details import PhotoDetails
from memoryhunter.gui.grid.tile_image import load_preview
from memoryhunter.gui.grid.view import PhotoGridView
from memoryhunter.gui.jobs import Lane
from memoryhunter.gui.results import Results
from memoryhunter.gui.services import LibraryReader
from memoryhunter.gui.viewer.window import PhotoViewer


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
        *,
        library: Lane[LibraryReader],
        thumbnails: Lane[None],
        details: PhotoDetails,
        thumbnail_path: Callable[[str], Path],
        show_in_folder: Callable[[Path], object],
        viewer: PhotoViewer,
    ) -> None:
        super().__init__(view)
        self._details = details
        self._thumbnails = thumbnails
        self._show_in_folder = show_in_folder
        self._thumbnail_path = thumbnail_path
        self._actions = actions
        self._view = view
        self._results = results
        self._library = library
        self._viewer = viewer
        self._viewer.photo_wanted.connect(self._read_for_viewer)
        self._viewer.preview_wanted.connect(self._read_preview)
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
        """Open the viewer at a row; it can page through everything that is on show."""
        model = self._view.photos_model()
        self._viewer.show_photos(model.ids, row, self._details.get_current)

    def take_change(self, change: LibraryChange) -> None:
        """Let the viewer know what became of its photo."""
        photo = self._viewer.current_id()
        if photo is not None and (change.folders or photo in change.updated | change.removed):
            self._read_for_viewer(photo)

    def _read_for_viewer(self, photo: PhotoId) -> None:
        self._library.submit(
            partial(_read_photo, photo), partial(self._viewer.give_photo, photo), self.failed.emit
        )

    def _read_preview(self, photo: Photo) -> None:
        if photo.content_hash is not None:
            self._thumbnails.submit(
                partial(_read_thumbnail, self._thumbnail_path(photo.content_hash)),
                partial(self._viewer.give_preview, photo.id),
                self.failed.emit,
                key="preview",
            )

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
            self._show_in_folder(photos[0].path)

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


def _read_photo(photo: PhotoId, library: LibraryReader) -> Photo | None:
    return library.photos.get_many([photo]).get(photo)


def _read_thumbnail(path: Path, _resource: None) -> QImage:
    return load_preview(path)

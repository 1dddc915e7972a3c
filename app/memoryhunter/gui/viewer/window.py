"""The window that shows one photo large and goes through the others around it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFontInfo, QImage, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from memoryhunter.domain.failures import FileFailure
from memoryhunter.domain.photo import Photo, PhotoId
from memoryhunter.gui.colours import DARK
from memoryhunter.gui.messages import failure_text
from memoryhunter.gui.style_sheet import style_sheet, viewer_style_sheet
from memoryhunter.gui.theme import Theme, palette_of
from memoryhunter.gui.viewer.actions import ViewerActions
from memoryhunter.gui.viewer.bar import HEIGHT, ViewerBar
from memoryhunter.gui.viewer.canvas import PhotoCanvas
from memoryhunter.gui.viewer.loader import Box, LoadPicture, PictureLoader
from memoryhunter.gui.viewer.notice import ViewerNotice
from memoryhunter.gui.viewer.pictures import Picture, load_picture

PhotoOf = Callable[[PhotoId], Photo | None]

_BAR_HIDES_AFTER = 2000  # milliseconds without a movement of the mouse, in full screen
_SLOW = 700  # milliseconds after which people should be told that something is happening


class PhotoViewer(QWidget):
    """Shows photos of a sequence, one at a time; closing it keeps it for the next time.

    `photo_wanted` names a photo that `photo_of` did not have at hand; answer with
    `give_photo`. `preview_wanted` carries a Photo whose thumbnail would bridge the wait;
    answer with `give_preview`. `find_similar_requested` carries a photo's id.
    """

    photo_wanted = Signal(int)
    preview_wanted = Signal(object)
    find_similar_requested = Signal(int)
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        show_in_folder: Callable[[Path], object],
        load: LoadPicture = load_picture,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("photoViewer")
        self._loader = PictureLoader(self, load)
        self._show_in_folder = show_in_folder
        self._ids: Sequence[PhotoId] = ()
        self._index = 0
        self._photo: Photo | None = None
        self._photo_of: PhotoOf = _nothing

        self._actions = ViewerActions(theme, self)
        self._canvas = PhotoCanvas(self)
        self._notice = ViewerNotice(self._canvas)
        self._bar = ViewerBar(self._actions, self)
        self._bar_timer = QTimer(self, singleShot=True, interval=_BAR_HIDES_AFTER)
        self._slow_timer = QTimer(self, singleShot=True, interval=_SLOW)
        self._connect()
        # Dark in both themes: nothing around a photo should be brighter than it is.
        self.setPalette(palette_of(DARK))
        text_size = QFontInfo(self.font()).pointSizeF()
        self.setStyleSheet(style_sheet(DARK, text_size) + viewer_style_sheet(DARK))
        self.setMouseTracking(True)
        self.setMinimumSize(480, 320)
        self.resize(self.screen().availableSize() * 0.85)

    def show_photos(self, ids: Sequence[PhotoId], index: int, photo_of: PhotoOf) -> None:
        """Open the window on photo `index` of `ids`, which may be long and is not copied.

        `photo_of` is asked on the GUI thread and answers at once.
        """
        self._ids = ids
        self._photo_of = photo_of
        self.show()
        self.activateWindow()
        self._go_to(index)

    def give_photo(self, photo_id: PhotoId, photo: Photo | None) -> None:
        """Tell what `photo_wanted` asked for, or that a photo changed; None if it is gone."""
        if self.current_id() != photo_id or (photo is not None and photo == self._photo):
            return
        self._show_photo(photo)
        if photo is None:
            self._notice.say(self.tr("This photo is not in the library any more."))

    def give_preview(self, photo_id: PhotoId, preview: QImage) -> None:
        """Tell what `preview_wanted` asked for: the whole picture, small, not a cropped tile."""
        if self.current_id() == photo_id:
            self._canvas.add_preview(preview)

    def current_id(self) -> PhotoId | None:
        """Give the id of the photo shown, None while the viewer is closed."""
        return self._ids[self._index] if self._index < len(self._ids) else None

    def join(self, timeout: float) -> bool:
        """After closing, wait at most `timeout` seconds for the worker thread to end."""
        return self._loader.join(timeout)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the pictures and of the worker thread."""
        self._loader.stop()
        self._bar_timer.stop()
        self._slow_timer.stop()
        self._notice.say("")
        self._canvas.clear()
        self._ids, self._photo = (), None
        self._photo_of = _nothing
        super().closeEvent(event)
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out picture and bar."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Lay out anew when full screen begins or ends, which may follow the new size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._lay_out()
            self._show_bar()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Bring the bar back in full screen."""
        super().mouseMoveEvent(event)
        self._show_bar()

    def _connect(self) -> None:
        actions, canvas = self._actions, self._canvas
        actions.previous.triggered.connect(lambda: self._go_to(self._index - 1))
        actions.next.triggered.connect(lambda: self._go_to(self._index + 1))
        actions.first.triggered.connect(lambda: self._go_to(0))
        actions.last.triggered.connect(lambda: self._go_to(len(self._ids) - 1))
        actions.zoom_in.triggered.connect(canvas.zoom_in)
        actions.zoom_out.triggered.connect(canvas.zoom_out)
        actions.fit.triggered.connect(canvas.fit)
        actions.actual_size.triggered.connect(canvas.actual_size)
        actions.similar.triggered.connect(self._find_similar)
        actions.reveal.triggered.connect(self._reveal)
        actions.full_screen.triggered.connect(self._toggle_full_screen)
        actions.close.triggered.connect(self._leave)
        canvas.zoom_changed.connect(self._bar.show_zoom)
        canvas.detail_wanted.connect(self._load)
        self._bar_timer.timeout.connect(self._hide_bar)
        self._slow_timer.timeout.connect(self._say_slow)

    def _go_to(self, index: int) -> None:
        if not self._ids:
            return
        self._index = min(max(index, 0), len(self._ids) - 1)
        photo_id = self._ids[self._index]
        photo = self._photo_of(photo_id)
        self._show_photo(photo)
        if photo is None:
            self.photo_wanted.emit(photo_id)

    def _show_photo(self, photo: Photo | None) -> None:
        self._loader.cancel()
        self._slow_timer.stop()
        self._notice.say("")
        self._photo = photo
        facts = None if photo is None else photo.facts
        size = None if facts is None else QSize(facts.width, facts.height)
        self._canvas.show_preview(None, size)
        self._tell_about(photo)
        if photo is None:
            return
        self.preview_wanted.emit(photo)
        if photo.online:
            self._load()
        else:
            self._notice.say(
                self.tr(
                    "The disk or network folder with this photo is not connected. "
                    "This is the preview kept in the library."
                )
            )

    def _tell_about(self, photo: Photo | None) -> None:
        name = "" if photo is None else photo.path.name
        self.setWindowTitle(name)
        self._canvas.setAccessibleName(name)
        self._bar.show_name(name, "" if photo is None else str(photo.path))
        number, count = (QLocale().toString(n) for n in (self._index + 1, len(self._ids)))
        self._bar.show_position(f"{number} / {count}")
        for action in (self._actions.previous, self._actions.first):
            action.setEnabled(self._index > 0)
        for action in (self._actions.next, self._actions.last):
            action.setEnabled(self._index < len(self._ids) - 1)
        self._actions.similar.setEnabled(photo is not None)
        self._actions.reveal.setEnabled(photo is not None and photo.online)

    def _load(self) -> None:
        """Load as many pixels as the window shows, or all of them once the photo is zoomed."""
        if self._photo is None:
            return
        placement = self._canvas.placement
        box: Box | None = None
        if placement is None or placement.fitted:
            size = self._canvas.size() * self._canvas.devicePixelRatio()
            box = (max(1, size.width()), max(1, size.height()))
        self._slow_timer.start()
        self._loader.request(self._photo.path, box, self._loaded, self._failed)

    def _loaded(self, picture: Picture) -> None:
        self._slow_timer.stop()
        self._notice.say("")
        size = QSize(picture.width, picture.height)
        self._canvas.show_picture(picture.image, size, complete=picture.complete)

    def _failed(self, failure: FileFailure) -> None:
        self._slow_timer.stop()
        self._notice.say(failure_text(failure.reason))

    def _say_slow(self) -> None:
        self._notice.say(self.tr("Opening the photo…"))

    def _find_similar(self) -> None:
        photo_id = self.current_id()
        if photo_id is not None:
            # The answers appear in the window behind this one.
            self.close()
            self.find_similar_requested.emit(photo_id)

    def _reveal(self) -> None:
        if self._photo is not None:
            self._show_in_folder(self._photo.path)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()
        else:
            self.close()

    def _lay_out(self) -> None:
        """Put the bar below the picture, in full screen over it."""
        below = 0 if self.isFullScreen() else HEIGHT
        self._canvas.setGeometry(0, 0, self.width(), self.height() - below)
        self._bar.setGeometry(0, self.height() - HEIGHT, self.width(), HEIGHT)
        self._notice.place()

    def _show_bar(self) -> None:
        self._bar.show()
        self._canvas.hide_cursor(hidden=False)
        if self.isFullScreen():
            self._bar_timer.start()
        else:
            self._bar_timer.stop()

    def _hide_bar(self) -> None:
        if self.isFullScreen() and not self._bar.underMouse():
            self._bar.hide()
            self._canvas.hide_cursor(hidden=True)


def _nothing(_photo_id: PhotoId) -> None:
    """Stand for a source of photos while there is none."""

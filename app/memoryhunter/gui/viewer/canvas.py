"""Shows one picture and lets people zoom and drag it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from memoryhunter.gui.colours import DARK
from memoryhunter.gui.viewer.placement import Placement, Point

ZOOM_STEP = 1.25  # one notch of the wheel, one press of a key
_NOTCH = 120  # what Qt reports for one, in eighths of a degree
_PIXELS_SEEN = 3.0  # from this zoom on people want to see pixels, not a blur


class PhotoCanvas(QWidget):
    """Paints the sharpest version at hand of one photo.

    `zoom_changed` carries the zoom in percent, 0 without a photo. `detail_wanted` says that the
    photo has more pixels than the picture shown, and that this zoom needs them; once for each
    picture.
    """

    zoom_changed = Signal(float)
    detail_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions: list[QPixmap] = []
        self._placement: Placement | None = None
        self._complete = False
        self._may_ask = False
        self._held: QPointF | None = None
        self._cursor_hidden = False
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.grabGesture(Qt.GestureType.PinchGesture)

    @property
    def placement(self) -> Placement | None:
        """Where the photo lies; None while there is nothing to show."""
        return self._placement

    @property
    def is_sharp(self) -> bool:
        """Whether every pixel that can be seen at this zoom is there."""
        placement = self._placement
        if placement is None or not self._versions:
            return False
        needed = placement.photo[0] * min(placement.scale * placement.ratio, 1.0)
        return self._complete or self._versions[-1].width() >= needed * 0.99

    def show_preview(self, preview: QImage | None, size: QSize | None) -> None:
        """Begin with another photo, fitted: a small picture of it, and its size if known.

        A preview of another shape than the photo (a cropped one) is not shown.
        """
        self._versions = []
        self._placement = None
        self._complete = False
        self._may_ask = False
        self._held = None
        if size is not None and not size.isEmpty():
            self._fit(size)
        else:
            self._show_cursor()
            self.zoom_changed.emit(0.0)
        if preview is not None:
            self.add_preview(preview)
        self.update()

    def add_preview(self, preview: QImage) -> None:
        """Show a small picture that came after its photo was begun; zoom and place stay.

        Nothing happens where the photo itself is there already.
        """
        photo = None if self._placement is None else self._placement.photo
        size = None if photo is None else QSizeF(*photo).toSize()
        if self._versions or not _same_shape(preview.size(), size):
            return
        self._versions.append(QPixmap.fromImage(preview))
        if size is None:
            # As large as the view, until the photo itself has been read.
            room = self.size() * self.devicePixelRatio()
            self._fit(preview.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
        self.update()

    def show_picture(self, image: QImage, size: QSize, *, complete: bool) -> None:
        """Go on with a sharper picture of the same photo; zoom and place stay."""
        # Beside the sharpest one only the last smaller one is kept, to paint from when fitted.
        kept = [old for old in self._versions[-1:] if old.width() < image.width()]
        self._versions = [*kept, QPixmap.fromImage(image)]
        self._complete = complete
        self._may_ask = not complete
        if self._placement is None:
            self._fit(size)
        else:
            self._place(self._placement.of((float(size.width()), float(size.height()))))

    def clear(self) -> None:
        """Show nothing and let go of the pictures."""
        self.show_preview(None, None)

    def hide_cursor(self, *, hidden: bool) -> None:
        """Hide the mouse cursor over the photo, or show it again."""
        self._cursor_hidden = hidden
        self._show_cursor()

    def zoom_in(self) -> None:
        """Zoom in by a step, around the middle."""
        self._zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom out by a step, around the middle."""
        self._zoom(1 / ZOOM_STEP)

    def fit(self) -> None:
        """Show the whole photo."""
        if self._placement is not None:
            self._place(self._placement.scaled(0))

    def actual_size(self) -> None:
        """Show one photo pixel on one pixel of the screen."""
        if self._placement is not None:
            self._place(self._placement.actual())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the smallest version that has enough pixels for this zoom."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(DARK.base))
        if self._placement is None or not self._versions:
            return
        target = QRectF(*self._placement.rectangle())
        needed = target.width() * self._placement.ratio
        enough = (version for version in self._versions if version.width() >= needed)
        version = next(enough, self._versions[-1])
        blown_up = self._complete and needed > version.width() * _PIXELS_SEEN
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not blown_up)
        painter.drawPixmap(target, version, QRectF(version.rect()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the photo fitted, or at its zoom and place."""
        super().resizeEvent(event)
        if self._placement is not None and not self.size().isEmpty():
            view = (self.width(), self.height())
            self._place(self._placement.within(view, self.devicePixelRatio()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the cursor."""
        self._zoom(ZOOM_STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the photo."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position()
            self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._held is not None and self._placement is not None:
            way = event.position() - self._held
            self._held = event.position()
            self._place(self._placement.moved(way.x(), way.y()))
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go from the whole photo to 100 % at the cursor, and back."""
        if self._placement is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._placement.fitted:
            self._place(self._placement.actual(_point(event.position())))
        else:
            self.fit()

    def event(self, event: QEvent) -> bool:
        """Zoom by pinching: on a touchpad, or on a touch screen."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom(1 + event.value(), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                middle = self.mapFromGlobal(pinch.centerPoint())
                self._zoom(pinch.scaleFactor(), middle)
                return True
        return super().event(event)

    def _zoom(self, factor: float, at: QPointF | None = None) -> None:
        if self._placement is not None:
            self._place(self._placement.zoomed(factor, None if at is None else _point(at)))

    def _fit(self, size: QSize) -> None:
        photo = (float(size.width()), float(size.height()))
        view = (self.width(), self.height())
        self._place(Placement.fit(photo, view, self.devicePixelRatio()))

    def _place(self, placement: Placement) -> None:
        self._placement = placement
        self._show_cursor()
        self.update()
        self.zoom_changed.emit(placement.percent)
        if self._may_ask and not self.is_sharp:
            self._may_ask = False
            self.detail_wanted.emit()

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._cursor_hidden:
            shape = Qt.CursorShape.BlankCursor
        elif self._placement is not None and self._placement.can_move:
            held = self._held is not None
            shape = Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)


def _same_shape(preview: QSize, photo: QSize | None) -> bool:
    if preview.isEmpty() or photo is None or photo.isEmpty():
        return not preview.isEmpty()
    # Thumbnails are rounded to whole pixels: a pixel more or less in 512, or in fewer.
    expected = preview.width() * photo.height() / photo.width()
    return abs(expected - preview.height()) <= max(2.0, 0.02 * preview.height())


def _point(position: QPointF) -> Point:
    return (position.x(), position.y())

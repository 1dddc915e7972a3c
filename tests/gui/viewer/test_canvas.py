import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from memoryhunter.gui.viewer.canvas import PhotoCanvas

PHOTO = QSize(4000, 3000)


def picture(width: int, height: int, colour: str = "red") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def turn_wheel(canvas: PhotoCanvas, at: QPoint, notches: float) -> None:
    place = QPointF(at)
    event = QWheelEvent(
        place,
        canvas.mapToGlobal(place),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


@pytest.fixture
def canvas(qtbot: QtBot) -> PhotoCanvas:
    canvas = PhotoCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


def rectangle(canvas: PhotoCanvas) -> tuple[float, ...]:
    assert canvas.placement is not None
    return canvas.placement.rectangle()


def test_a_preview_is_stretched_to_the_photo(canvas: PhotoCanvas) -> None:
    canvas.show_preview(picture(512, 384), PHOTO)
    assert rectangle(canvas) == (0, 0, 800, 600)
    assert canvas.grab().toImage().pixelColor(5, 5) == QColor("red")
    assert not canvas.is_sharp


def test_a_preview_of_a_photo_of_unknown_size_fills_the_view(canvas: PhotoCanvas) -> None:
    canvas.show_preview(picture(400, 400), None)
    assert rectangle(canvas) == (100, 0, 600, 600)


def test_a_cropped_preview_is_not_stretched(canvas: PhotoCanvas) -> None:
    canvas.show_preview(picture(300, 300), PHOTO)
    assert canvas.grab().toImage().pixelColor(400, 300) != QColor("red")


def test_zoom_and_place_stay_when_the_sharp_picture_comes(canvas: PhotoCanvas) -> None:
    canvas.show_preview(picture(512, 384), PHOTO)
    turn_wheel(canvas, QPoint(100, 100), 4)
    before = canvas.placement
    canvas.show_picture(picture(800, 600, "blue"), PHOTO, complete=False)
    assert canvas.placement == before
    assert canvas.grab().toImage().pixelColor(400, 300) == QColor("blue")


def test_the_wheel_zooms_to_the_cursor(canvas: PhotoCanvas) -> None:
    canvas.show_preview(picture(512, 384), PHOTO)
    turn_wheel(canvas, QPoint(800, 600), 2)
    left, top, width, height = rectangle(canvas)
    assert width == pytest.approx(800 * 1.25**2)
    # What was in the lower right corner is still there.
    assert left + width == pytest.approx(800, abs=1)
    assert top + height == pytest.approx(600, abs=1)
    turn_wheel(canvas, QPoint(0, 0), -5)
    assert rectangle(canvas) == (0, 0, 800, 600)


def test_pinching_on_a_touchpad_zooms_to_the_fingers(canvas: PhotoCanvas) -> None:
    canvas.show_preview(picture(512, 384), PHOTO)
    place = QPointF(0, 0)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        place,
        place,
        canvas.mapToGlobal(place),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(canvas, pinch)
    assert rectangle(canvas) == pytest.approx((0, 0, 1200, 900))


def test_dragging_moves_a_zoomed_photo(canvas: PhotoCanvas) -> None:
    canvas.show_preview(picture(512, 384), PHOTO)
    canvas.actual_size()
    left, top, _width, _height = rectangle(canvas)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    assert canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseMove(canvas, QPoint(430, 290))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(430, 290))
    assert rectangle(canvas)[:2] == (left + 30, top - 10)
    QTest.mouseMove(canvas, QPoint(500, 300))
    assert rectangle(canvas)[:2] == (left + 30, top - 10)


def test_a_double_click_goes_to_actual_size_there_and_back(canvas: PhotoCanvas) -> None:
    canvas.show_preview(picture(512, 384), PHOTO)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert rectangle(canvas) == (-4, -4, 4000, 3000)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    assert rectangle(canvas) == (0, 0, 800, 600)


def test_detail_is_wanted_once_when_the_zoom_needs_it(canvas: PhotoCanvas, qtbot: QtBot) -> None:
    wishes: list[None] = []
    canvas.detail_wanted.connect(lambda: wishes.append(None))
    canvas.show_preview(picture(512, 384), PHOTO)
    assert not wishes  # the first picture is on its way already
    canvas.show_picture(picture(800, 600), PHOTO, complete=False)
    assert not wishes
    turn_wheel(canvas, QPoint(400, 300), 1)
    turn_wheel(canvas, QPoint(400, 300), 1)
    assert len(wishes) == 1
    canvas.show_picture(picture(4000, 3000), PHOTO, complete=True)
    canvas.actual_size()
    assert len(wishes) == 1
    assert canvas.is_sharp


def test_a_larger_window_wants_a_sharper_picture(canvas: PhotoCanvas, qtbot: QtBot) -> None:
    canvas.show_preview(None, PHOTO)
    canvas.show_picture(picture(800, 600), PHOTO, complete=False)
    with qtbot.waitSignal(canvas.detail_wanted):
        canvas.resize(1200, 900)


def test_the_fitted_photo_is_painted_from_the_smaller_picture(canvas: PhotoCanvas) -> None:
    canvas.show_preview(None, PHOTO)
    canvas.show_picture(picture(800, 600, "green"), PHOTO, complete=False)
    canvas.show_picture(picture(4000, 3000, "blue"), PHOTO, complete=True)
    assert canvas.grab().toImage().pixelColor(400, 300) == QColor("green")
    canvas.actual_size()
    assert canvas.grab().toImage().pixelColor(400, 300) == QColor("blue")


def test_clearing_lets_go(canvas: PhotoCanvas, qtbot: QtBot) -> None:
    canvas.show_preview(picture(512, 384), PHOTO)
    with qtbot.waitSignal(canvas.zoom_changed, check_params_cb=lambda percent: percent == 0):
        canvas.clear()
    assert canvas.placement is None
    canvas.zoom_in()
    turn_wheel(canvas, QPoint(1, 1), 1)
    assert canvas.placement is None

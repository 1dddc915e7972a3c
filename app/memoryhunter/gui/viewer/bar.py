"""The strip of controls along the bottom of the viewer."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from memoryhunter.gui.viewer.actions import ViewerActions

HEIGHT = 48


class ViewerBar(QWidget):
    """The photo's name, where it is among the others, its zoom, and the viewer's actions."""

    def __init__(self, actions: ViewerActions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("viewerBar")
        # Without this a plain QWidget leaves its background to its parent.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._whole_name = ""
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._position = QLabel()
        self._position.setObjectName("viewerPosition")
        self._position.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._position.setMinimumWidth(96)
        self._actual_size = actions.actual_size
        zoom = _button(actions.actual_size)
        zoom.setMinimumWidth(64)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 8, 0)
        layout.setSpacing(2)
        layout.addWidget(self._name, 1)
        layout.addWidget(_button(actions.previous))
        layout.addWidget(self._position)
        layout.addWidget(_button(actions.next))
        right = QHBoxLayout()
        right.setSpacing(2)
        right.addStretch(1)
        for action in (actions.similar, actions.reveal):
            right.addWidget(_button(action))
        right.addSpacing(14)
        right.addWidget(_button(actions.zoom_out))
        right.addWidget(zoom)
        for action in (actions.zoom_in, actions.fit, actions.full_screen):
            right.addWidget(_button(action))
        layout.addLayout(right, 1)

    def show_name(self, name: str, hint: str) -> None:
        """Show the file's name, shortened in its middle where it is long, and `hint` on hover."""
        self._whole_name = name
        self._name.setToolTip(hint)
        self._shorten()

    def show_position(self, text: str) -> None:
        """Show which of how many photos this is."""
        self._position.setText(text)

    def show_zoom(self, percent: float) -> None:
        """Show the zoom on the button that leads to 100 %; 0 stands for no photo."""
        text = self.tr("{percent}%").format(percent=f"{percent:.0f}") if percent else "–"
        self._actual_size.setIconText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the name anew."""
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        metrics = QFontMetrics(self._name.font())
        middle = Qt.TextElideMode.ElideMiddle
        self._name.setText(metrics.elidedText(self._whole_name, middle, self._name.width() - 4))


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(20, 20))
    button.setMinimumSize(32, 32)
    # Every button has a key of its own; focus on one would take the arrow keys.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button

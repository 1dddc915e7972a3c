"""What can be done in the viewer: names, keys and icons of its actions."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from memoryhunter.gui.colours import DARK
from memoryhunter.gui.theme import Theme

Keys = Sequence[Qt.Key | QKeySequence.StandardKey]


class ViewerActions(QObject):
    """The actions of one viewer; the viewer connects them. Single keys work while it is active."""

    def __init__(self, theme: Theme, viewer: QWidget) -> None:
        super().__init__(viewer)
        self._theme = theme
        self._viewer = viewer
        key, standard = Qt.Key, QKeySequence.StandardKey
        self.previous = self._action(
            self.tr("Previous photo"), "previous", [key.Key_Left, key.Key_PageUp, key.Key_Backspace]
        )
        self.next = self._action(
            self.tr("Next photo"), "next", [key.Key_Right, key.Key_PageDown, key.Key_Space]
        )
        self.first = self._action(self.tr("First photo"), None, [key.Key_Home])
        self.last = self._action(self.tr("Last photo"), None, [key.Key_End])
        self.zoom_in = self._action(
            self.tr("Zoom in"), "zoom-in", [key.Key_Plus, key.Key_Equal, standard.ZoomIn]
        )
        self.zoom_out = self._action(
            self.tr("Zoom out"), "zoom-out", [key.Key_Minus, standard.ZoomOut]
        )
        self.actual_size = self._action(self.tr("Actual size"), None, [key.Key_1])
        self.fit = self._action(self.tr("Fit to window"), "fit", [key.Key_0])
        self.similar = self._action(self.tr("Find similar photos"), "similar", [key.Key_S])
        self.reveal = self._action(self.tr("Show in folder"), "reveal", [key.Key_R])
        self.full_screen = self._action(
            self.tr("Full screen"), "fullscreen", [key.Key_F11, key.Key_F, standard.FullScreen]
        )
        self.close = self._action(
            self.tr("Close"), "close", [key.Key_Escape, standard.Close, standard.Cancel]
        )

    def _action(self, text: str, icon: str | None, keys: Keys) -> QAction:
        action = QAction(text, self)
        # The viewer is dark in both themes, so its icons never change.
        if icon is not None:
            action.setIcon(self._theme.icon(icon, DARK.text))
        shortcuts = [
            sequence
            for wanted in keys
            for sequence in (
                QKeySequence.keyBindings(wanted)
                if isinstance(wanted, QKeySequence.StandardKey)
                else [QKeySequence(wanted)]
            )
        ]
        action.setShortcuts(list(dict.fromkeys(shortcuts)))
        action.setToolTip(
            f"{text} ({shortcuts[0].toString(QKeySequence.SequenceFormat.NativeText)})"
        )
        self._viewer.addAction(action)
        return action

"""Every command of the window: its name, its words and its keys.

What a command does is connected elsewhere.
"""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar

from memoryhunter.gui.theme import Theme

Keys = QKeySequence.StandardKey | str | None


class Actions(QObject):
    """The commands as QActions, ready for menus, buttons and shortcuts."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        make = self._make
        self.add_folder = make(
            "addFolder", self.tr("Add Folder…"), QKeySequence.StandardKey.Open, "folder-add"
        )
        self.rescan = make(
            "rescan", self.tr("Look for Changes"), QKeySequence.StandardKey.Refresh, None
        )
        self.models = make("models", self.tr("Models…"), None, None)
        self.quit = make("quit", self.tr("Quit"), QKeySequence.StandardKey.Quit, None)
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.quit.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)  # other windows too
        self.find = make("find", self.tr("Search"), QKeySequence.StandardKey.Find, "search")
        self.back = make("back", self.tr("Leave Search or Folder"), "Esc", None)
        self.open_photo = make("openPhoto", self.tr("Open"), None, "image")
        self.find_similar = make("findSimilar", self.tr("Find Similar"), "Ctrl+D", "similar")
        self.reveal = make("reveal", self.tr("Show in Folder"), "Ctrl+R", "folder")
        self.copy_path = make("copyPath", self.tr("Copy Path"), "Ctrl+Shift+C", None)
        self.larger = make(
            "larger", self.tr("Larger Thumbnails"), QKeySequence.StandardKey.ZoomIn, None
        )
        self.smaller = make(
            "smaller", self.tr("Smaller Thumbnails"), QKeySequence.StandardKey.ZoomOut, None
        )
        self.whole = make("wholePhotos", self.tr("Show Whole Photos"), "F8", None)
        self.whole.setCheckable(True)
        self.folder_panel = make("showFolders", self.tr("Show Folders"), "F9", None)
        self.folder_panel.setCheckable(True)
        self.failures = make("failures", self.tr("Files That Could Not Be Read…"), None, "warning")
        self.about = make("about", self.tr("About MemoryHunter"), None, None)
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def fill(self, bar: QMenuBar) -> None:
        """Put the commands into the menus."""
        menus = (
            (
                self.tr("&File"),
                (self.add_folder, self.rescan, None, self.models, None, self.quit),
            ),
            (
                self.tr("&Photo"),
                (self.open_photo, self.find_similar, None, self.reveal, self.copy_path),
            ),
            (
                self.tr("&View"),
                (
                    self.find,
                    self.back,
                    None,
                    self.larger,
                    self.smaller,
                    self.whole,
                    None,
                    self.folder_panel,
                ),
            ),
            (self.tr("&Help"), (self.failures, None, self.about)),
        )
        for title, actions in menus:
            menu = bar.addMenu(title)
            for action in actions:
                if action is None:
                    menu.addSeparator()
                else:
                    menu.addAction(action)

    def enable_photo_commands(self, *, enabled: bool) -> None:
        """Enable what needs a selected photo."""
        for action in (self.open_photo, self.find_similar, self.reveal, self.copy_path):
            action.setEnabled(enabled)

    def _make(self, name: str, text: str, keys: Keys, icon: str | None) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        if icon is not None:
            self._theme.set_icon(action, icon)
        return action

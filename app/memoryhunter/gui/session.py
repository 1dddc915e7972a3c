"""Brings the main window to life: widgets, controllers and lanes, connected once."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QApplication

from memoryhunter.domain.changes import LibraryChange
from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import FailedFile, Folder
from memoryhunter.domain.progress import Phase, Progress
from memoryhunter.gui.dialogs.about import AboutDialog
from memoryhunter.gui.dialogs.failures import FailuresDialog
from memoryhunter.gui.dialogs.folders import folder_dialog
from memoryhunter.gui.drops import FileDrops
from memoryhunter.gui.grid.details import PhotoDetails
from memoryhunter.gui.grid.model import PhotoGridModel
from memoryhunter.gui.grid.thumbnail_loader import ThumbnailLoader
from memoryhunter.gui.grid.view import ZOOM_STEP
from memoryhunter.gui.jobs import join_all
from memoryhunter.gui.lanes import Lanes
from memoryhunter.gui.library.controller import LibraryController
from memoryhunter.gui.main_window import MainWindow
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.models.dialog import ModelDialog
from memoryhunter.gui.models.installer import ModelInstaller
from memoryhunter.gui.models.keeper import ModelKeeper
from memoryhunter.gui.models.news import NewsTeller
from memoryhunter.gui.models.status import InstallationStatus
from memoryhunter.gui.photo_commands import PhotoCommands
from memoryhunter.gui.results import MODEL_TROUBLE, Results
from memoryhunter.gui.reveal import Revealer
from memoryhunter.gui.search.controller import SearchController
from memoryhunter.gui.services import Searcher, Services
from memoryhunter.gui.theme import Theme
from memoryhunter.gui.viewer.window import PhotoViewer

STOP_SECONDS = 10.0

_logger = logging.getLogger(__name__)


class Session(QObject):
    """A main window at work, from `start` until it is closed."""

    def __init__(self, services: Services, theme: Theme) -> None:
        super().__init__()
        self._services = services
        self._ended = False
        self.window = MainWindow(theme)
        self.lanes = Lanes(services, self)
        self.library = LibraryController(
            services.open_indexing,
            services.check_folder,
            library=self.lanes.library,
            disks=self.lanes.disks,
            courier=self.lanes.courier,
            parent=self,
        )
        self.installer = ModelInstaller(services.models, self.lanes.courier, self)
        self.keeper = ModelKeeper(services.models, self.lanes.courier, self)
        self.reveal = Revealer(self.lanes.disks)
        self.search = SearchController(self.lanes.library, self.lanes.search, self)
        self.thumbnails = ThumbnailLoader(
            self.lanes.thumbnails, services.thumbnail_path, parent=self
        )
        self.details = PhotoDetails(self.lanes.library, self)
        self.model = PhotoGridModel(self.details, self.thumbnails, self)
        window = self.window
        self.results = Results(
            self.search,
            theme,
            view=window.grid,
            empty=window.empty,
            pages=window.pages,
            summary=window.summary,
            chips=window.chips,
            folders=window.folders,
            parent=self,
        )
        window.grid.show_model(self.model)
        self.viewer = PhotoViewer(theme, window, show_in_folder=self.reveal)
        self.model_dialog = ModelDialog(self.installer, self.keeper, window)
        self.installation = InstallationStatus(self.installer, window, self.model_dialog)
        self.news = NewsTeller(
            self.installer,
            self.keeper,
            window,
            self._put_offer_away,
            is_put_away=services.settings.model_offer_put_away,
        )
        self.commands = PhotoCommands(
            window.actions_,
            window.grid,
            self.results,
            library=self.lanes.library,
            thumbnails=self.lanes.thumbnails[0],
            details=self.details,
            thumbnail_path=services.thumbnail_path,
            show_in_folder=self.reveal,
            viewer=self.viewer,
        )
        self.commands.watch_selection()
        self._connect_search()
        self._connect_grid()
        self._connect_library()
        self._connect_models()
        self._connect_window()

    def start(self, add: Sequence[Path] = ()) -> None:
        """Show the window, then begin to work; `add` are folders to watch from now on."""
        settings = self._services.settings
        self.window.restore_place(settings.window)
        self.window.grid.set_tile_edge(settings.thumbnail_size)
        self.window.zoom.setValue(settings.thumbnail_size)
        self.window.actions_.whole.setChecked(settings.whole_photos)
        self.window.actions_.folder_panel.setChecked(settings.folder_panel)
        self.window.folders.setVisible(settings.folder_panel)
        self.window.show()
        self.window.search.setFocus()
        self.library.start()
        self.search.browse()
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        self.lanes.disks.submit(partial(_pictures_folder, place), self._suggest, _ignore)
        self.lanes.search.submit(_warm_up, _ignore, _ignore)
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 for the type checker
        application.applicationStateChanged.connect(self._wake)
        self.library.add_folders(add)

    def stop(self) -> None:
        """Vanish from the screen, end every thread and remember the window's place.

        Nobody has to look at a window that waits for a thread.
        """
        if self._ended:
            return
        self._ended = True
        place = self.window.place()
        self.viewer.close()
        self.model_dialog.hide()
        self.window.hide()
        parts = (self.library, self.installer, self.keeper, self.lanes)
        for part in parts:
            part.stop()
        self._save_settings(place)
        if not join_all([self.viewer.join, *(part.join for part in parts)], STOP_SECONDS):
            _logger.warning("a thread did not end within %s seconds", STOP_SECONDS)

    def _wake(self, state: Qt.ApplicationState) -> None:
        """Load what searching needs when the person comes back; it may have been unloaded."""
        if state is Qt.ApplicationState.ApplicationActive and not self._ended:
            self.lanes.search.submit(_warm_up, _ignore, _ignore)

    def _connect_search(self) -> None:
        field, search = self.window.search, self.search
        field.textChanged.connect(search.set_text)
        field.returnPressed.connect(search.ask_now)
        field.escaped.connect(search.step_back)
        field.left.connect(lambda: self.window.grid.setFocus(Qt.FocusReason.ShortcutFocusReason))
        search.text_set.connect(field.setText)

    def _connect_grid(self) -> None:
        window = self.window
        grid, actions = window.grid, window.actions_
        grid.typed.connect(self._type_into_search)
        grid.edge_settled.connect(self.thumbnails.set_edge)
        grid.dwelt.connect(self.library.look_at)
        grid.tile_edge_changed.connect(window.zoom.setValue)
        window.zoom.valueChanged.connect(grid.set_tile_edge)
        actions.whole.toggled.connect(self._show_whole)
        actions.larger.triggered.connect(lambda: grid.set_tile_edge(grid.wanted_edge + ZOOM_STEP))
        actions.smaller.triggered.connect(lambda: grid.set_tile_edge(grid.wanted_edge - ZOOM_STEP))
        self.details.failed.connect(self._say_error)
        self.commands.failed.connect(self._say_error)

    def _connect_library(self) -> None:
        window, library = self.window, self.library
        library.folders_changed.connect(self._show_folders)
        library.failed_counted.connect(self._show_failed)
        library.photos_changed.connect(self._take_change)
        library.progress_changed.connect(self._show_progress)
        library.failures_read.connect(self._show_failures)
        library.failed.connect(self._say_error)
        library.not_folders.connect(self._say_not_folders)
        window.progress.pause_wanted.connect(library.set_paused)
        window.failures.clicked.connect(library.read_failures)
        window.folders.add_wanted.connect(self._choose_folder)
        window.folders.remove_confirmed.connect(library.remove_folder)
        window.first_run.choose_wanted.connect(self._choose_folder)
        window.first_run.pictures_wanted.connect(lambda path: library.add_folders([path]))
        drops = FileDrops(window, self.tr("Drop folders to add them"))
        drops.dropped.connect(library.add_dropped)

    def _connect_models(self) -> None:
        installer, keeper, link = self.installer, self.keeper, self.window.installation
        for wanted in (
            self.results.model_wanted,
            self.window.actions_.models.triggered,
            link.clicked,
            self.window.news.pressed,
        ):
            wanted.connect(self.model_dialog.open_again)
        for unusable in (self.search.failed, self.library.failed):
            unusable.connect(self.model_dialog.note_damage)
            unusable.connect(self._look_at_models)
        for done in (installer.installed, keeper.used, keeper.removed):
            done.connect(self.search.refresh_now)

    def _connect_window(self) -> None:
        window, actions = self.window, self.window.actions_
        actions.add_folder.triggered.connect(self._choose_folder)
        actions.rescan.triggered.connect(self.library.rescan)
        actions.failures.triggered.connect(self.library.read_failures)
        actions.find.triggered.connect(self._focus_search)
        actions.back.triggered.connect(self.search.step_back)
        actions.folder_panel.toggled.connect(window.folders.setVisible)
        actions.about.triggered.connect(lambda: AboutDialog(window).open())
        actions.quit.triggered.connect(window.close)
        window.closing.connect(self.stop)

    def _show_folders(self, folders: list[Folder]) -> None:
        self.news.note_folders(folders)
        self.window.folders.show_folders(folders)
        self.window.show_first_run(first=not folders)
        if not folders:
            self.search.forget()  # nobody sees the field that would still hold the question

    def _take_change(self, change: LibraryChange) -> None:
        self.model.refresh(change)
        self.commands.take_change(change)
        self.search.refresh()

    def _show_progress(self, progress: Progress) -> None:
        self.window.progress.show_progress(progress)
        self.news.note_model(progress.model)
        self.news.note_work(busy=progress.phase is not Phase.IDLE)
        self._show_failed(progress.failed)
        self.results.note_progress(progress)

    def _show_failed(self, failed: int) -> None:
        self.window.failures.show_count(failed)
        self.window.settle_status()

    def _show_failures(self, failures: list[FailedFile]) -> None:
        FailuresDialog(failures, self.window, show_in_folder=self.reveal).open()

    def _look_at_models(self, error: UserError) -> None:
        if error.code in MODEL_TROUBLE:
            self.news.look()

    def _put_offer_away(self) -> None:
        change = partial(replace, model_offer_put_away=True)
        self.lanes.disks.submit(
            lambda _resource: self._services.save_settings(change), _ignore, self._say_error
        )

    def _say_error(self, error: UserError) -> None:
        self.window.notice.say(error_text(error))

    def _say_not_folders(self, count: int) -> None:
        self.window.notice.say(
            self.tr("%Ln file(s) left alone: drop the folder that holds your photos.", "", count)
        )

    def _choose_folder(self) -> None:
        dialog = folder_dialog(self.window, self.tr("Choose a folder with photos"))
        dialog.setObjectName("folderDialog")
        dialog.filesSelected.connect(lambda names: self.library.add_folders([*map(Path, names)]))
        dialog.open()

    def _show_whole(self, whole: bool) -> None:
        self.thumbnails.set_whole(whole=whole)
        self.model.look_at(self.window.grid.visible_rows())

    def _focus_search(self) -> None:
        self.window.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.window.search.selectAll()

    def _type_into_search(self, text: str) -> None:
        self.window.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.window.search.end(False)
        self.window.search.insert(text)

    def _suggest(self, pictures: Path | None) -> None:
        if pictures is not None:
            self.window.first_run.suggest(pictures)

    def _save_settings(self, place: str) -> None:
        change = partial(
            replace,
            folder_panel=self.window.actions_.folder_panel.isChecked(),
            thumbnail_size=self.window.grid.wanted_edge,
            whole_photos=self.window.actions_.whole.isChecked(),
            window=place,
        )
        try:
            self._services.save_settings(change)
        except UserError as error:
            _logger.warning("settings were not saved: %s", error)


def _pictures_folder(place: str, _resource: None) -> Path | None:
    return Path(place) if place and Path(place).is_dir() and Path(place) != Path.home() else None


def _warm_up(searcher: Searcher) -> None:
    searcher.warm_up()


def _ignore(_answer: object) -> None:
    """Take an answer that changes nothing; a missing model is told when somebody searches."""

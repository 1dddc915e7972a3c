"""Starts Qt, opens the window on a workspace, and ends both in order."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale
from PySide6.QtWidgets import QApplication

from memoryhunter import __version__
from memoryhunter.config.resources import resources_folder
from memoryhunter.domain.errors import UserError
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.prepare.progress import PrepareProgress
from memoryhunter.gui.dialogs.problem import ProblemHook
from memoryhunter.gui.garbage import GarbageCollector
from memoryhunter.gui.i18n import available_languages, choose_language, install_translators
from memoryhunter.gui.services import LibraryReader, Searcher, Services
from memoryhunter.gui.session import Session
from memoryhunter.gui.theme import apply_theme
from memoryhunter.indexing.folder_check import check_folder
from memoryhunter.library.connection import as_user_error
from memoryhunter.model_shelf import ModelEntry, WantedModel
from memoryhunter.workspace import Workspace

# How long a thread that computes may keep the window's thread waiting at a time; Python's own
# 5 ms add up to visible pauses, since one paint takes the interpreter's lock several times.
SWITCH_SECONDS = 0.001


def run(workspace: Workspace, add: Sequence[Path] = ()) -> int:
    """Open the window and stay until it is closed; give the exit status.

    `add` are folders to watch from now on.
    """
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    os.environ.update(input_method_environment(os.environ, plugins))
    app = QApplication([sys.argv[0]])
    app.setApplicationName("MemoryHunter")
    app.setApplicationDisplayName("MemoryHunter")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("memoryhunter")
    folder = resources_folder() / "i18n"
    language = choose_language(
        workspace.settings.language, QLocale.system(), available_languages(folder)
    )
    QLocale.setDefault(QLocale(language) if workspace.settings.language else QLocale.system())
    translators = install_translators(app, folder, language)
    theme = apply_theme(app, resources_folder() / "icons")
    session = Session(services_of(workspace), theme)
    problems = ProblemHook(session.lanes.courier, session.window)
    garbage = GarbageCollector(session)
    problems.install()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    garbage.start()
    try:
        session.start(add)
        return app.exec()
    finally:
        session.stop()
        garbage.stop()
        sys.setswitchinterval(usual)
        problems.remove()
        for translator in translators:
            QCoreApplication.removeTranslator(translator)


def input_method_environment(environment: Mapping[str, str], plugins: Path) -> dict[str, str]:
    """Give the variables that let people of Fcitx type Chinese; empty where nothing is needed.

    The wheels of Qt bring no plugin for Fcitx, and Fcitx also speaks the protocol of IBus
    (hydrusnetwork/hydrus#1794).
    """
    wanted = environment.get("QT_IM_MODULE", "")
    if not wanted and "fcitx" in environment.get("XMODIFIERS", ""):
        wanted = "fcitx"
    contexts = plugins / "platforminputcontexts"
    if not wanted.startswith("fcitx") or any(contexts.glob("*fcitx*")):
        return {}
    return {"QT_IM_MODULE": "ibus"}


def services_of(workspace: Workspace) -> Services:
    """Give what the window needs of a workspace."""

    @contextmanager
    def open_library() -> Iterator[LibraryReader]:
        with workspace.open_library() as library:
            yield library

    @contextmanager
    def open_search() -> Iterator[Searcher]:
        with workspace.open_library() as library:
            yield workspace.open_search(library)

    return Services(
        open_library=open_library,
        open_search=open_search,
        open_indexing=workspace.open_indexing,
        thumbnail_path=workspace.thumbnails.path,
        settings=workspace.settings,
        save_settings=workspace.change_settings,
        check_folder=lambda path: check_folder(path, workspace.paths.own),
        models=_ShelfModels(workspace),
        polite=lambda error: as_user_error(error, workspace.paths.database),
    )


class _ShelfModels:
    """The shelf as the window asks it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._shelf = workspace.shelf

    def entries(self) -> list[ModelEntry]:
        answering = self._answering()
        return [
            replace(self._with_count(entry), answers=not entry.in_use and entry.id == answering)
            for entry in self._shelf.entries()
        ]

    def _answering(self) -> str | None:
        try:
            package = self._workspace.answering()
        except UserError:  # told where somebody searches
            return None
        return package.id if package is not None else None

    def _with_count(self, entry: ModelEntry) -> ModelEntry:
        if entry.built_in or (entry.package is None and entry.problem is None):
            return entry
        try:
            return replace(entry, understood=self._workspace.understood_by(entry.id))
        except UserError:  # of the library, which is told where it is needed
            return entry

    def trouble(self) -> UserError | None:
        return self._workspace.trouble()

    def install(
        self,
        wanted: WantedModel,
        on_progress: Callable[[DownloadProgress | PrepareProgress], None],
        cancelled: Callable[[], bool],
        /,
    ) -> bool:
        package = self._shelf.install(wanted, on_progress, cancelled)
        return any(entry.in_use and entry.id == package.id for entry in self._shelf.entries())

    def use(self, model: str, /) -> None:
        self._shelf.use(model)

    def verify(self, model: str, /) -> None:
        self._shelf.verify(model)

    def remove(self, model: str, /) -> None:
        self._shelf.remove(model)

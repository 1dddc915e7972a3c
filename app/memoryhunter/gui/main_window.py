"""The main window: where everything stands. What happens is connected in `session`."""

import base64

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QSlider,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from memoryhunter.gui.actions import Actions
from memoryhunter.gui.grid.delegate import TileDelegate
from memoryhunter.gui.grid.empty_page import EmptyPage
from memoryhunter.gui.grid.view import LARGEST, SMALLEST, PhotoGridView
from memoryhunter.gui.library.first_run import FirstRunPage
from memoryhunter.gui.library.folders_panel import FoldersPanel
from memoryhunter.gui.library.progress_bar import FailuresLink, IndexProgress
from memoryhunter.gui.models.news import ModelNews
from memoryhunter.gui.models.status import InstallationLink
from memoryhunter.gui.notice import NoticeBar
from memoryhunter.gui.search.bar import SearchBar
from memoryhunter.gui.search.chips import FilterChips
from memoryhunter.gui.search.summary import ResultSummary
from memoryhunter.gui.theme import Theme

_FRAME = QSize(16, 48)  # what a window manager puts around a window, roughly


class MainWindow(QMainWindow):
    """The widgets and their places.

    Signals:
        closing: the window is about to close; its place can still be asked for.
    """

    closing = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle(self.tr("MemoryHunter"))
        self.setMinimumSize(740, 480)  # the chips and the status line in full
        self.resize(1180, 780)
        self.actions_ = Actions(theme, self)
        self.actions_.fill(self.menuBar())
        self.search = SearchBar(theme)
        self.summary = ResultSummary()
        self.chips = FilterChips(theme)
        self.grid = PhotoGridView()
        self.grid.setItemDelegate(TileDelegate(theme, self.grid))
        self.grid.compose_into(self.search)
        self.empty = EmptyPage(theme)
        self.folders = FoldersPanel(theme)
        self.notice = NoticeBar(theme)
        self.progress = IndexProgress(theme)
        self.news = ModelNews(theme)
        self.installation = InstallationLink()
        self.failures = FailuresLink()
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.first_run = FirstRunPage(theme)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.grid)
        self.pages.addWidget(self.empty)
        self.splitter = self._build_splitter()
        self.outer = QStackedWidget()
        self.outer.addWidget(self.splitter)
        self.outer.addWidget(self.first_run)
        self.setCentralWidget(self._build_all())
        self._order_focus()

    def show_first_run(self, *, first: bool) -> None:
        """Show the page of the first minute, or the library."""
        self.outer.setCurrentIndex(1 if first else 0)

    def settle_status(self) -> None:
        """Show the line at the bottom while there is something in it."""
        parts = (self.progress, self.news, self.installation, self.failures)
        self.status.setVisible(not all(part.isHidden() for part in parts))

    def place(self) -> str:
        """Give the window's size and place, for `restore_place`."""
        return base64.b64encode(bytes(self.saveGeometry().data())).decode("ascii")

    def restore_place(self, place: str) -> None:
        """Go back to where the window was, within the screen as it is now.

        What cannot be understood is ignored.
        """
        if place:
            self.restoreGeometry(QByteArray.fromBase64(place.encode("ascii")))
        room = self.screen().availableGeometry().size() - _FRAME
        self.resize(self.size().boundedTo(room))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Announce it, and let it happen."""
        self.closing.emit()
        event.accept()

    def _build_all(self) -> QWidget:
        """Put what is told in a line below the library, and below the page of the first minute."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.outer, 1)
        column.addWidget(self.notice)
        column.addWidget(self._build_status())
        return page

    def _build_splitter(self) -> QSplitter:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_top())
        column.addWidget(self.pages, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.addWidget(self.folders)
        splitter.addWidget(content)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([220, 960])
        splitter.setCollapsible(0, False)
        splitter.setCollapsible(1, False)
        self.folders.setMinimumWidth(150)
        return splitter

    def _build_top(self) -> QWidget:
        """Build the search field over the result, both calm and centred."""
        top = QWidget()
        top.setObjectName("topBar")
        top.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        result = QHBoxLayout()
        result.setSpacing(10)
        result.addWidget(self.chips)
        result.addWidget(self.summary)
        result.addStretch(1)
        self.zoom.setObjectName("zoomSlider")
        self.zoom.setRange(SMALLEST, LARGEST)
        self.zoom.setFixedWidth(110)
        self.zoom.setToolTip(self.tr("Size of the thumbnails"))
        self.zoom.setAccessibleName(self.tr("Size of the thumbnails"))
        result.addWidget(self.zoom)
        grid = QGridLayout(top)
        grid.setContentsMargins(16, 12, 16, 6)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 6)
        grid.setColumnStretch(2, 1)
        grid.setRowMinimumHeight(1, 32)  # of a chip: nothing jumps when one appears
        grid.addWidget(self.search, 0, 1)
        grid.addLayout(result, 1, 0, 1, 3)
        return top

    def _build_status(self) -> QWidget:
        self.status = QWidget()
        self.status.setObjectName("statusBar")
        self.status.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self.status)
        row.setContentsMargins(16, 4, 12, 4)
        row.addWidget(self.progress)
        row.addStretch(1)
        row.addWidget(self.news, 1000)  # all the room there is, while it has something to say
        row.addWidget(self.installation)
        row.addWidget(self.failures)
        self.status.hide()
        return self.status

    def _order_focus(self) -> None:
        self.setTabOrder(self.search, self.grid)
        self.setTabOrder(self.grid, self.folders.first_focus())

"""What is worth knowing about the model in use, told quietly at the bottom of the main window.

That another model works in place of the chosen one, until that is put right; or, while the one
that came with the program is in use, that there is one that finds more, until that was put away.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from memoryhunter.domain.errors import UserError
from memoryhunter.domain.photo import Folder
from memoryhunter.domain.progress import ModelName
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.models.installer import ModelInstaller
from memoryhunter.gui.models.keeper import ModelKeeper
from memoryhunter.gui.models.words import LONGEST_NAME, ModelWords, shortened, size_text
from memoryhunter.gui.theme import Theme
from memoryhunter.model_shelf import ModelEntry

_MEGABYTE = 1_000_000
_SPACING = 4


class ModelNews(QWidget):
    """A few words, a link to the page of models, and for what can be put away a button for that.

    Signals:
        pressed: the person wants to see the models.
        put_away: the person does not want to be told.
    """

    pressed = Signal()
    put_away = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelNews")
        self._before, self._after = _quiet("modelNewsBefore"), _quiet("modelNewsAfter")
        self._link = QPushButton()
        self._link.setObjectName("modelNewsLink")
        self._link.setFlat(True)
        self._link.setProperty("link", True)
        self._link.setCursor(Qt.CursorShape.PointingHandCursor)
        self._link.clicked.connect(self.pressed)
        self._close = QToolButton()
        self._close.setObjectName("modelNewsClose")
        self._close.setAutoRaise(True)
        self._close.setIconSize(QSize(14, 14))
        theme.set_icon(self._close, "close")
        self._close.setToolTip(self.tr("Do not show this again"))
        self._close.setAccessibleName(self.tr("Do not show this again"))
        self._close.clicked.connect(self.put_away)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        for widget in (self._before, self._link, self._after, self._close):
            row.addWidget(widget)
        # Takes the room there is; what stands beside the link goes first where there is little.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.insertStretch(0, 1)
        self.hide()

    def say(
        self, link: str, more: str, *, before: str = "", after: str = "", can_be_put_away: bool
    ) -> None:
        """Show a link, with what stands before or after it; `more` shows on pointing at it."""
        self._before.setText(before)
        self._link.setText(link)
        self._after.setText(after)
        for each in (self._before, self._link, self._after):
            each.setToolTip(more)
        self._link.setAccessibleDescription("\n".join([*filter(None, (before, after)), more]))
        self._close.setVisible(can_be_put_away)
        self._make_room()
        self.show()

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of the link only."""
        parts = [part for part in (self._link, self._close) if not part.isHidden()]
        width = sum(part.sizeHint().width() + _SPACING for part in parts)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        beside = [each for each in (self._before, self._after) if each.text()]
        wanted = self.minimumSizeHint().width()
        wanted += sum(each.sizeHint().width() + _SPACING for each in beside)
        for each in (self._before, self._after):
            each.setVisible(each in beside and wanted <= self.width())


def _quiet(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("role", "quiet")
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


class StatusWindow(Protocol):
    """What is needed of the main window."""

    news: ModelNews

    def settle_status(self) -> None:
        """Show the line at the bottom while there is something in it."""
        ...


class NewsTeller(QObject):
    """Decides what the window tells; looks at the models once there are photos."""

    def __init__(
        self,
        installer: ModelInstaller,
        keeper: ModelKeeper,
        window: StatusWindow,
        put_away: Callable[[], object],
        *,
        is_put_away: bool,
    ) -> None:
        """`put_away` remembers that the person does not want the offer of a larger model."""
        super().__init__(keeper)
        self._installer = installer
        self._keeper = keeper
        self._window = window
        self._is_put_away = is_put_away
        self._words = ModelWords(self)
        self._entries: Sequence[ModelEntry] = ()
        self._trouble: UserError | None = None
        self._photos = 0
        self._asked = False
        self._sorting: tuple[ModelName | None] | None = None  # None before anybody said
        self._busy = False
        keeper.listed.connect(self._take_entries)
        keeper.looked.connect(self._take_trouble)
        installer.started.connect(self._settle)
        installer.ended.connect(self._settle)
        window.news.put_away.connect(self._put_away)
        window.news.put_away.connect(put_away)

    def note_folders(self, folders: Sequence[Folder]) -> None:
        """Take note of how many photos there are."""
        self._photos = sum(folder.photos for folder in folders)
        if self._photos and not self._asked:
            self.look()
        self._settle()

    def note_work(self, *, busy: bool) -> None:
        """Take note of whether photos are being sorted, which is told in the same line."""
        self._busy = busy
        self._settle()

    def note_model(self, model: ModelName | None) -> None:
        """Take note of which model sorts photos: another program may have changed that."""
        if self._sorting is not None and self._sorting != (model,):
            self.look()
        self._sorting = (model,)

    def look(self) -> None:
        """Look at the models again."""
        self._asked = True
        self._keeper.read()

    def _take_entries(self, entries: list[ModelEntry]) -> None:
        self._entries = entries

    def _take_trouble(self, trouble: UserError | None) -> None:  # it comes after each list
        self._trouble = trouble
        self._settle()

    def _put_away(self) -> None:
        self._is_put_away = True
        self._settle()

    def _settle(self) -> None:
        in_use = next((each for each in self._entries if each.in_use), None)
        offered = self._offered(in_use)
        if self._installer.wanted is not None or in_use is None or not self._photos:
            self._window.news.hide()
        elif self._trouble is not None:
            self._say_trouble(self._trouble, in_use)
        elif offered is not None and not self._busy:
            self._say_offer(in_use, offered)
        else:
            self._window.news.hide()
        self._window.settle_status()

    def _offered(self, in_use: ModelEntry | None) -> ModelEntry | None:
        """Give what is offered in place of a built-in model that nobody has gone beyond yet."""
        own = any(each.package is not None and not each.built_in for each in self._entries)
        if self._is_put_away or own or in_use is None or not in_use.built_in:
            return None
        return next((each for each in self._entries if each.offer is not None), None)

    def _say_trouble(self, trouble: UserError, in_use: ModelEntry) -> None:
        name = shortened(self._words.name(in_use), LONGEST_NAME)
        self._window.news.say(
            self.tr("The chosen model cannot be used."),
            error_text(trouble),
            after=self.tr("“{name}” answers searches until then.").format(name=name),
            can_be_put_away=False,
        )

    def _say_offer(self, in_use: ModelEntry, offered: ModelEntry) -> None:
        size = offered.offer.download_megabytes * _MEGABYTE if offered.offer is not None else 0
        self._window.news.say(
            self.tr("{name} finds more: {size}").format(
                name=shortened(self._words.name(offered), LONGEST_NAME), size=size_text(size)
            ),
            self._words.suits(in_use),
            before=self.tr("Sorted by “{name}”.").format(
                name=shortened(self._words.name(in_use), LONGEST_NAME)
            ),
            can_be_put_away=True,
        )

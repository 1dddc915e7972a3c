"""The page of models: every model there is, and everything that can be done with one."""

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.hub_files import is_hub_layout
from memoryhunter.gui.drops import FileDrops
from memoryhunter.gui.i18n import interface_language
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.models.card_list import ModelList
from memoryhunter.gui.models.import_button import ImportButton
from memoryhunter.gui.models.installation_view import InstallationView
from memoryhunter.gui.models.installer import ModelInstaller
from memoryhunter.gui.models.keeper import ModelKeeper
from memoryhunter.gui.models.sources import SourceChoice
from memoryhunter.gui.models.words import ModelState, ModelWords, state_of
from memoryhunter.model_shelf import ModelEntry, WantedModel

_SIZE = QSize(720, 800)
_LEAST = QSize(560, 380)
_FRAME = QSize(16, 48)  # what a window manager puts around a window, roughly


class ModelDialog(QDialog):
    """Stays beside the window; closing it lets the work go on, Cancel ends it."""

    def __init__(
        self, installer: ModelInstaller, keeper: ModelKeeper, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("modelDialog")
        self.setWindowTitle(self.tr("Models"))
        self.setMinimumSize(_LEAST)
        self._installer = installer
        self._keeper = keeper
        self._words = ModelWords(self)
        self._at_hand = False  # a card took the keyboard since the page was opened
        self._lead = QLabel(self._words.lead([]))
        self.sources = SourceChoice()
        self.list = ModelList()
        self.importing = ImportButton()
        self._close = QPushButton(self.tr("Close"))
        self._close.setObjectName("closeModel")
        self._close.setAutoDefault(False)
        self._close.clicked.connect(self.reject)
        self._build()
        self._installation = InstallationView(installer, self.list, self)
        drops = FileDrops(self, self.tr("Drop the folder or file of a model to add it"))
        drops.dropped.connect(self._import_dropped)
        self.importing.chosen.connect(self.import_model)
        self._connect_list()
        self._connect_work()

    def open_again(self) -> None:
        """Show it with the models as they are now, and the work that may be under way."""
        self._keeper.read()
        if not self.isVisible():
            self.resize(_SIZE.boundedTo(self.screen().availableGeometry().size() - _FRAME))
        self.show()
        self.raise_()
        self.activateWindow()

    def install(self, model: str) -> None:
        """Download and install a model of the list."""
        card = self.list.card(model)
        if card is not None:
            order = self.sources.order(card.entry, interface_language())
            self._installer.install(WantedModel(model, sources=order))

    def import_model(self, path: Path) -> None:
        """Install the model in a folder or file."""
        self._installer.install(WantedModel(path=path))

    def note_damage(self, error: UserError) -> None:
        """Offer to install a model again whose files somebody found damaged."""
        if error.code is ErrorCode.MODEL_DAMAGED:
            self.list.note_damage(str(error.values["model"]), error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button at hand, or the main one of the card at hand."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            return
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton):
            focused.click()
        else:
            self.list.press()

    def changeEvent(self, event: QEvent) -> None:
        """Look again when the person comes back: another program may have changed something."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._keeper.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was said when it is closed, not minimised: next time it is old."""
        if not event.spontaneous():
            for card in self.list.cards:
                card.forget()
            self._at_hand = False
        super().hideEvent(event)

    def _build(self) -> None:
        lead = self._lead
        lead.setTextFormat(Qt.TextFormat.PlainText)
        lead.setWordWrap(True)
        label = QLabel(self.tr("Download from"))
        label.setBuddy(self.sources)
        source = QHBoxLayout()
        source.setSpacing(8)
        source.addWidget(label)
        source.addWidget(self.sources)
        source.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.importing)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(lead)
        column.addLayout(source)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)

    def _connect_list(self) -> None:
        cards, keeper = self.list, self._keeper
        cards.install_wanted.connect(self.install)
        cards.cancel_wanted.connect(self._cancel)
        cards.importing.cancel_wanted.connect(self._cancel)
        cards.use_wanted.connect(keeper.use)
        cards.verify_wanted.connect(self._verify)
        cards.remove_wanted.connect(self._ask_to_remove)

    def _connect_work(self) -> None:
        keeper, installer = self._keeper, self._installer
        keeper.listed.connect(self._show_entries)
        keeper.unlisted.connect(self._say_unlisted)
        keeper.ended.connect(self._show_idle)
        keeper.used.connect(self._say_used)
        keeper.verified.connect(self._say_verified)
        keeper.removed.connect(self._show_removed)
        keeper.failed.connect(self._say_failed)
        installer.started.connect(self._block_importing)
        installer.ended.connect(self._allow_importing)

    def _show_entries(self, entries: list[ModelEntry]) -> None:
        self._lead.setText(self._words.lead(entries))
        self.sources.offer(entries)
        self.list.show_entries(entries)
        self._installation.catch_up()
        if not self._at_hand and self.list.cards:
            self._at_hand = True
            self.list.take_keyboard()

    def _block_importing(self) -> None:
        self.importing.setEnabled(False)
        self.importing.setToolTip(self._installation.why_not)
        self.setAcceptDrops(False)

    def _allow_importing(self) -> None:
        self.importing.setEnabled(True)
        self.importing.setToolTip("")
        self.setAcceptDrops(True)
        self._keeper.read()  # what was installed, or kept

    def _import_dropped(self, paths: list[Path]) -> None:
        names = {path.name for path in paths}
        are_one = len({path.parent for path in paths}) == 1 and is_hub_layout(names)
        if len(paths) > 1 and not are_one:
            self.list.importing.show_outcome(
                self.tr("Nothing was added: please drop one model at a time."), wrong=True
            )
            self.list.importing.show()
            self.list.show_card(self.list.importing)
        elif paths:
            self.import_model(paths[0])  # of the files of one model any tells which

    def _cancel(self) -> None:
        self._installation.show_stopping()
        self._installer.cancel()

    def _verify(self, model: str) -> None:
        card = self.list.card(model)
        if card is not None:
            card.show_busy(self.tr("Checking its files…"))
            self._keeper.verify(model)

    def _ask_to_remove(self, model: str) -> None:
        card = self.list.card(model)
        if card is None:
            return
        others = (each.entry for each in self.list.cards if each is not card)
        has_other = any(state_of(each) is ModelState.INSTALLED for each in others)
        question, lost = self._words.removal(card.entry, has_other=has_other)
        box = QMessageBox(self)
        box.setObjectName("removeModelDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        box.setInformativeText(lost)
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        remove.clicked.connect(lambda: self._remove(model))
        box.open()

    def _remove(self, model: str) -> None:
        card = self.list.card(model)
        if card is not None:
            # The keyboard comes back to where it was when the question is gone: not to a button
            # that can do nothing now, from which it would go on to the next.
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            card.show_busy(self.tr("Removing it…"))
        self._keeper.remove(model)

    def _show_idle(self, model: str) -> None:
        card = self.list.card(model)
        if card is not None:
            card.show_idle()

    def _say_used(self, model: str) -> None:
        self._say(
            model,
            self.tr(
                "MemoryHunter now sorts your photos with this model. Go on searching meanwhile."
            ),
        )
        self._keeper.read()

    def _say_verified(self, model: str) -> None:
        card = self.list.card(model)
        if card is not None:
            card.show_checked(self.tr("All its files are as they were installed."))

    def _show_removed(self, model: str) -> None:
        self._say(model, "")
        self._keeper.read()

    def _say_unlisted(self, error: UserError) -> None:
        self.list.say(error_text(error))

    def _say_failed(self, model: str, error: UserError) -> None:
        card = self.list.card(model)
        if card is not None and error.code is ErrorCode.MODEL_DAMAGED:
            card.show_checked(error_text(error), error)
        else:
            self._say(model, error_text(error), wrong=True)
        self._keeper.read()

    def _say(self, model: str, sentence: str, *, wrong: bool = False) -> None:
        card = self.list.card(model)
        if card is not None:
            card.show_done(sentence, wrong=wrong)

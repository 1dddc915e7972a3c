"""The cards below each other, walked through with the arrow keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from memoryhunter.domain.errors import UserError
from memoryhunter.gui.models.card import ModelCard
from memoryhunter.gui.models.import_card import ImportCard
from memoryhunter.gui.models.words import ModelState, state_of
from memoryhunter.model_shelf import ModelEntry

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ModelList(QScrollArea):
    """A card for each model; Enter does what the card at hand is there for.

    Signals:
        install_wanted, cancel_wanted, use_wanted, verify_wanted, remove_wanted: as `ModelCard`.
    """

    install_wanted = Signal(str)
    cancel_wanted = Signal(str)
    use_wanted = Signal(str)
    verify_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelList")
        self.setAccessibleName(self.tr("Models"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its cards take the keyboard
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._cards: dict[str, ModelCard] = {}
        self._blocked = ""
        self._damage: dict[str, UserError] = {}  # of models that have no card yet
        self._note = QLabel(self.tr("Looking for models…"))
        self._note.setObjectName("modelListNote")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self.importing = ImportCard()
        self._content = QWidget()
        self._content.setObjectName("modelListContent")
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(self._note)
        self._column.addWidget(self.importing)
        self._column.addStretch(1)
        self._content.installEventFilter(self)
        self.setWidget(self._content)

    @property
    def cards(self) -> list[ModelCard]:
        """The cards, from top to bottom."""
        return list(self._cards.values())

    def card(self, model: str | None) -> ModelCard | None:
        """Give the card of a model, if it has one."""
        return self._cards.get(model) if model is not None else None

    def show_entries(self, entries: Sequence[ModelEntry]) -> None:
        """Show these, each in the card it may already have."""
        before, self._cards = self._cards, {}
        for place, entry in enumerate(entries):
            card = before.pop(entry.id, None)
            if card is None:
                card = self._new_card(entry)
            else:
                card.show_entry(entry)
            self._cards[entry.id] = card
            self._column.insertWidget(place + 2, card)  # below the note and the import
            card.show()  # now, not with the next event: it may be given the keyboard
        for card in before.values():
            card.hide()
            card.deleteLater()
        self._recommend(entries)
        self.say("" if entries else self.tr("There are no models yet. Add one from this computer."))

    def say(self, sentence: str) -> None:
        """Show a sentence above the cards, "" for none."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))

    def block_installing(self, reason: str) -> None:
        """Say why no model can be installed now; "" allows it again."""
        self._blocked = reason
        for card in self.cards:
            card.block_installing(reason)

    def note_damage(self, model: str, damage: UserError) -> None:
        """Show that the files of a model are damaged, as soon as it has a card."""
        card = self.card(model)
        if card is None:
            self._damage[model] = damage
        else:
            card.note_damage(damage)

    def press(self) -> None:
        """Press the button with the keyboard, or else that of the card with the keyboard."""
        for card in self.cards:
            if card.hasFocus():
                card.press_primary()
                return

    def take_keyboard(self) -> None:
        """Let the arrow keys begin at the model in use, or at the first."""
        chosen = next((card for card in self.cards if card.entry.in_use), self.cards[0])
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_card(chosen)

    def show_card(self, card: QWidget) -> None:
        """Scroll to a card that may have just appeared."""
        self._column.activate()
        self.ensureWidgetVisible(card, 0, 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from card to card."""
        key = Qt.Key(event.key())
        at = self._at()
        cards = self.cards
        if not cards or key not in {*_STEPS, Qt.Key.Key_Home, Qt.Key.Key_End}:
            super().keyPressEvent(event)
            return
        if key in _STEPS:
            to = 0 if at is None else min(max(at + _STEPS[key], 0), len(cards) - 1)
        else:
            to = 0 if key == Qt.Key.Key_Home else len(cards) - 1
        cards[to].setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_card(cards[to])

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """Keep the list as wide as its widest card: it scrolls downwards only."""
        if event.type() == QEvent.Type.LayoutRequest:
            bar = self.verticalScrollBar().sizeHint().width()
            self.setMinimumWidth(self._content.minimumSizeHint().width() + bar)
        return False

    def _at(self) -> int | None:
        for place, card in enumerate(self.cards):
            if card.has_keyboard():
                return place
        return None

    def _new_card(self, entry: ModelEntry) -> ModelCard:
        card = ModelCard(entry)
        card.block_installing(self._blocked)
        if (damage := self._damage.pop(entry.id, None)) is not None:
            card.note_damage(damage)
        for wanted in ("install", "cancel", "use", "verify", "remove"):
            name = f"{wanted}_wanted"
            getattr(card, name).connect(getattr(self, name))
        return card

    def _recommend(self, entries: Sequence[ModelEntry]) -> None:
        """Make one button stand out while there is no model to search with: the first's."""
        usable = {ModelState.IN_USE, ModelState.INSTALLED}
        none_yet = not any(state_of(entry) in usable for entry in entries)
        for place, card in enumerate(self.cards):
            card.set_recommended(recommended=none_yet and place == 0)

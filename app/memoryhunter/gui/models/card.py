"""One model of the page: what it is, how it stands, and what can be done with it."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
)

from memoryhunter.domain.errors import UserError
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.models.progress_words import InstallProgress
from memoryhunter.gui.models.short_line import ShortLine
from memoryhunter.gui.models.words import Fact, ModelState, ModelWords, state_of
from memoryhunter.gui.models.work_view import WorkView
from memoryhunter.gui.style_sheet import set_look
from memoryhunter.model_shelf import ModelEntry

# In letters. Names of models that people bring may be of any length.
LONGEST_NAME = 32
LONGEST_FACT = 24
COLUMNS = 5  # of facts; the same in every card, so that models can be compared downwards


class ModelCard(QFrame):
    """A frame that takes the keyboard, with a button for each thing that can be done now.

    Signals:
        install_wanted, cancel_wanted, use_wanted, verify_wanted, remove_wanted: a button was
            pressed; the model's id comes with it.
    """

    install_wanted = Signal(str)
    cancel_wanted = Signal(str)
    use_wanted = Signal(str)
    verify_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, entry: ModelEntry) -> None:
        super().__init__()
        self.setObjectName("modelCard")
        self.setProperty("card", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._words = ModelWords(self)
        self._installing = False
        self._stopping = False
        # Cancel appears where Install was: the second half of a double click must not meet it.
        self._settling = QTimer(self, singleShot=True)
        self._settling.timeout.connect(self._offer_buttons)
        self._blocked = ""  # why nothing can be installed now
        self._busy = False  # being checked or removed
        self._failed = False  # the last attempt to install it
        self._damage: UserError | None = None  # found by use or a check, not by a list
        self._said_of: ModelState | None = None  # how it stood when `work` said what came of it
        self.entry = entry
        self._name = _short_line("heading")
        self._state = _line("")
        self._suits = _line("quiet")
        self._suits.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts_shown: list[Fact] = []
        self.work = WorkView()
        self._build()
        self.show_entry(entry)

    def show_entry(self, entry: ModelEntry) -> None:
        """Show how the model is now."""
        if self._damage is not None and entry.package is not None:
            entry = replace(entry, problem=self._damage)
        self.entry = entry
        state = state_of(entry)
        self._name.show_text(self._words.name(entry), LONGEST_NAME)
        set_look(self._state, "pill", state.value)
        self._state.setText(self._words.state(entry))
        suits = self._words.suits(entry)
        self._suits.setText(suits)
        self._suits.setVisible(bool(suits))
        facts = self._words.facts(entry)
        if facts != self._facts_shown:  # lists are read again and again, mostly the same
            self._facts_shown = facts
            self._show_facts(facts)
        spoken = [suits, *(f"{fact.label}: {fact.value}" for fact in facts)]
        self.setAccessibleDescription("\n".join(spoken))
        self._forget_what_is_over(state)
        if entry.problem is not None and not self.work.text:
            self.work.say(error_text(entry.problem), wrong=True)
        self._offer_buttons()

    def _forget_what_is_over(self, state: ModelState) -> None:
        """Take away what came of earlier work, as soon as the model stands otherwise again."""
        if self._installing or self._busy or not self.work.text:
            return
        if self._said_of is None:
            self._said_of = state  # the first list since then
        elif self._said_of is not state:
            self._failed = False
            self.work.clear()

    def show_installing(self, sentence: str) -> None:
        """Show that this model is being installed."""
        self._installing, self._failed, self._damage = True, False, None
        self._settling.start(QApplication.doubleClickInterval())
        self.work.begin(sentence)
        self._offer_buttons()

    def show_stopping(self) -> None:
        """Show that the installation is being stopped."""
        if self.has_keyboard():
            self.setFocus()  # as in _offer_buttons
        self._stopping = True
        self._offer_buttons()
        self.work.begin(self.tr("Stopping…"))

    def show_progress(self, progress: InstallProgress) -> None:
        """Show where the installation is, unless it is being stopped."""
        if self._installing and not self._stopping:
            self.work.show_progress(progress)

    def show_ended(self) -> None:
        """Show that the installation is over; what came of it is said by `work`."""
        self._installing = self._stopping = False
        self._settling.stop()
        self.work.clear()
        self._offer_buttons()

    def show_busy(self, sentence: str) -> None:
        """Show that something short is being done; no button does anything meanwhile."""
        self._busy = True
        self.work.begin(sentence)
        self._offer_buttons()

    def show_idle(self) -> None:
        """Show that what was being done is over; what came of it is said by `show_done`."""
        if self._busy:
            self._busy = False
            self.work.clear()
            self._offer_buttons()

    def show_done(self, sentence: str, *, wrong: bool = False) -> None:
        """Show what came of it, until the model stands otherwise than in the next list."""
        self._busy = False
        self._said_of = None
        self.work.say(sentence, wrong=wrong)
        self._offer_buttons()

    def show_failed(self, sentence: str) -> None:
        """Show why the model was not installed."""
        self._failed = True
        self.show_done(sentence, wrong=True)

    def show_checked(self, sentence: str, damage: UserError | None = None) -> None:
        """Show what a check of the files found."""
        self._damage = damage
        self.show_entry(replace(self.entry, problem=damage))
        self.show_done(sentence, wrong=damage is not None)

    def note_damage(self, damage: UserError) -> None:
        """Show that its files are damaged, as somebody found who used them."""
        if not self._installing:  # which puts it right
            self._damage = damage
            self.show_entry(self.entry)

    def forget(self) -> None:
        """Take away what was said of work that is over."""
        if not self._installing and not self._busy:
            self._failed = False
            self.work.clear()
            self._offer_buttons()

    def block_installing(self, reason: str) -> None:
        """Say why nothing can be installed now; "" allows it again."""
        self._blocked = reason
        self._offer_buttons()

    def set_recommended(self, *, recommended: bool) -> None:
        """Make Install the button that stands out."""
        set_look(self._install, "primary", recommended)

    def has_keyboard(self) -> bool:
        """Whether it, or something in it, takes what is typed."""
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def press_primary(self) -> None:
        """Do what this card is there for, as far as it can be done now."""
        for button in (self._install, self._use):
            if button.isVisible() and button.isEnabled():
                button.click()
                return

    def _build(self) -> None:
        self._install = self._button("installButton", self.install_wanted)
        self._use = self._button("useModel", self.use_wanted, self.tr("Use"))
        self._cancel = self._button("cancelModel", self.cancel_wanted, self.tr("Cancel"))
        self._verify = self._button("verifyModel", self.verify_wanted, self.tr("Check files"))
        self._remove = self._button("removeModel", self.remove_wanted)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._name)
        top.addWidget(self._state, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addStretch(1)
        for button in (self._use, self._install, self._cancel):
            top.addWidget(button)
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(1)
        for number in range(COLUMNS):
            self._facts.setColumnStretch(number, 1)
        care = QHBoxLayout()
        care.setSpacing(16)
        for button in (self._verify, self._remove):
            set_look(button, "link", True)
            care.addWidget(button)
        care.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._suits)
        column.addSpacing(2)
        column.addLayout(self._facts)
        column.addWidget(self.work)
        column.addLayout(care)

    def _button(self, name: str, signal: SignalInstance, text: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)  # Enter is the page's
        button.clicked.connect(lambda: signal.emit(self.entry.id))
        return button

    def _show_facts(self, facts: list[Fact]) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for column, fact in enumerate(facts):
            for row, (text, role) in enumerate(((fact.label, "quiet"), (fact.value, ""))):
                label = _short_line(role)
                label.show_text(text, LONGEST_FACT, fact.hint)
                self._facts.addWidget(label, row, column)

    def _offer_buttons(self) -> None:
        was_within = self.has_keyboard()
        state = state_of(self.entry)
        here = state in {ModelState.IN_USE, ModelState.INSTALLED, ModelState.DAMAGED}
        idle = not self._busy and not self._installing
        wants_install = self.entry.offer is not None and state not in {
            ModelState.IN_USE,
            ModelState.INSTALLED,
        }
        self._state.setVisible(not self._installing)  # the bar knows better
        stands = [] if self._installing else [self._state.text()]
        self.setAccessibleName(", ".join([self._words.name(self.entry), *stands]))
        self._install.setText(self._install_text(state))
        self._install.setVisible(wants_install and not self._installing)
        self._install.setEnabled(idle and not self._blocked)
        for button in (self._install, self._remove):
            button.setToolTip(self._blocked)
            button.setAccessibleDescription(self._blocked)
        self._use.setVisible(state is ModelState.INSTALLED and not self._installing)
        self._use.setEnabled(idle)
        self._verify.setVisible(here and state is not ModelState.DAMAGED)
        self._verify.setEnabled(idle)
        removable = (here or state is ModelState.KEPT) and not self.entry.built_in
        kept_only = state is ModelState.KEPT
        self._remove.setText(self.tr("Delete download…") if kept_only else self.tr("Remove…"))
        self._remove.setVisible(removable and not self._installing)
        self._remove.setEnabled(idle and not self._blocked)
        self._cancel.setVisible(self._installing)
        self._cancel.setEnabled(not self._stopping and not self._settling.isActive())
        if was_within and not self.has_keyboard():
            self.setFocus()  # else it would go on to the next card, with the next key

    def _install_text(self, state: ModelState) -> str:
        if self._failed:
            return self.tr("Try again")
        if self.entry.kept_bytes and state in {ModelState.KEPT, ModelState.DAMAGED}:
            return self.tr("Continue")
        if state is ModelState.DAMAGED:
            return self.tr("Install again")
        return self.tr("Install")


def _line(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label


def _short_line(role: str) -> ShortLine:
    line = ShortLine()
    if role:
        line.setProperty("role", role)
    return line

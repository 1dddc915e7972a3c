"""Shows the installation under way in the card of its model."""

from PySide6.QtCore import QObject

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.models.card import ModelCard
from memoryhunter.gui.models.card_list import ModelList
from memoryhunter.gui.models.import_card import ImportCard
from memoryhunter.gui.models.installer import ModelInstaller
from memoryhunter.gui.models.progress_words import InstallProgress, InstallWords
from memoryhunter.model_shelf import WantedModel

# Where the way to the server is the trouble, what has come is kept, and there are other ways.
_LINE_TROUBLE = {ErrorCode.DOWNLOAD_FAILED, ErrorCode.NO_NETWORK, ErrorCode.PROXY_FAILED}
_OTHER_WAYS = {ErrorCode.DOWNLOAD_DAMAGED, *_LINE_TROUBLE}


class InstallationView(QObject):
    """Takes what the installer tells to the right card; holds nothing of its own that matters."""

    def __init__(self, installer: ModelInstaller, cards: ModelList, parent: QObject) -> None:
        super().__init__(parent)
        self._installer = installer
        self._cards = cards
        self._words = InstallWords(self)
        self._before: dict[str, ModelPackage | None] = {}
        self._came = False  # whether something of the download is here
        self._imported = ""  # what to say in the card of a model once it is in the list
        self.why_not = self.tr("A model is being installed. Only one can be installed at a time.")
        installer.started.connect(self._show_started)
        installer.progressed.connect(self._show_progress)
        installer.ended.connect(self._show_ended)
        installer.installed.connect(self._say_installed)
        installer.failed.connect(self._say_failed)
        installer.cancelled.connect(self._say_cancelled)

    def show_stopping(self) -> None:
        """Show that the person's wish to stop has been heard."""
        view = self._view(self._installer.wanted)
        if view is not None:
            view.show_stopping()

    def catch_up(self) -> None:
        """Show in a list that was just read what was said before its cards were there."""
        if self._imported:
            self._say_imported()

    def _show_started(self, wanted: WantedModel) -> None:
        self._cards.block_installing(self.why_not)
        self._before = {card.entry.id: card.entry.package for card in self._cards.cards}
        if wanted.path is not None:
            self._cards.importing.show_importing(wanted.path)
            self._cards.show_card(self._cards.importing)
            return
        self._cards.importing.hide()
        card = self._cards.card(wanted.model)
        self._came = card is not None and card.entry.kept_bytes > 0
        if card is not None:
            card.show_installing(self.tr("Connecting…"))
            self._cards.show_card(card)

    def _show_progress(self, wanted: WantedModel, progress: InstallProgress) -> None:
        if isinstance(progress, DownloadProgress) and progress.done_bytes:
            self._came = True
        view = self._view(wanted)
        if view is not None:
            view.show_progress(progress)

    def _show_ended(self, wanted: WantedModel) -> None:
        self._cards.block_installing("")
        view = self._view(wanted)
        if isinstance(view, ModelCard):
            view.show_ended()
        elif view is not None:
            view.hide()

    def _say_installed(self, wanted: WantedModel, in_use: bool) -> None:
        sentence = self._words.outcome(in_use=in_use)
        if wanted.path is not None:
            self._imported = sentence
        else:
            self._say(wanted, sentence)

    def _say_imported(self) -> None:
        sentence, self._imported = self._imported, ""
        for card in self._cards.cards:
            package = card.entry.package
            if package is not None and package != self._before.get(card.entry.id):
                card.show_done(sentence)
                self._cards.show_card(card)
                return
        self._cards.importing.show_outcome(self.tr("This model is installed already."))
        self._cards.importing.show()

    def _say_failed(self, wanted: WantedModel, error: UserError) -> None:
        sentence = error_text(error)
        if wanted.path is None and error.code in _LINE_TROUBLE and self._came:
            kept = self.tr("What has come so far is kept; the next attempt continues from there.")
            sentence = f"{sentence}\n{kept}"
        if wanted.path is None and error.code in _OTHER_WAYS:
            hint = self.tr(
                "You can also choose another source above, or import the model from this "
                "computer or a USB stick."
            )
            sentence = f"{sentence}\n{hint}"
        card = self._cards.card(wanted.model)
        if card is not None:
            card.show_failed(sentence)
            self._cards.show_card(card)
        else:
            self._say(wanted, sentence, wrong=True)

    def _say_cancelled(self, wanted: WantedModel) -> None:
        if wanted.path is None:
            kept = self.tr("Stopped. What was downloaded is kept for next time.")
            self._say(wanted, kept if self._came else self.tr("Stopped."))

    def _say(self, wanted: WantedModel, sentence: str, *, wrong: bool = False) -> None:
        view = self._view(wanted)
        if isinstance(view, ModelCard):
            view.show_done(sentence, wrong=wrong)
        elif view is not None:
            view.show_outcome(sentence, wrong=wrong)
            view.show()

    def _view(self, wanted: WantedModel | None) -> ModelCard | ImportCard | None:
        if wanted is None:
            return None
        return self._cards.importing if wanted.path is not None else self._cards.card(wanted.model)

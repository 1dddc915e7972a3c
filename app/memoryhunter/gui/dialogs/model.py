"""Installing a model: where it comes from, choosing its folder, and how far the work is."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from memoryhunter.domain.errors import UserError
from memoryhunter.engine.prepare.progress import PrepareProgress, PrepareStep
from memoryhunter.gui.dialogs.folders import folder_dialog
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.model_installer import ModelInstaller

_WIDTH = 560
_NAME = "chinese-clip-vit-base-patch16"
_FILES = ("config.json", "preprocessor_config.json", "vocab.txt", "pytorch_model.bin")

# PySide declares what QT_TRANSLATE_NOOP gives as an object; it is the sentence.
_STEPS: Mapping[str, object] = {
    PrepareStep.READ: QT_TRANSLATE_NOOP("ModelDialog", "Reading the model…"),
    PrepareStep.EXPORT_IMAGE: QT_TRANSLATE_NOOP("ModelDialog", "Preparing it for pictures…"),
    PrepareStep.EXPORT_TEXT: QT_TRANSLATE_NOOP("ModelDialog", "Preparing it for words…"),
    PrepareStep.QUANTISE: QT_TRANSLATE_NOOP("ModelDialog", "Making it fast…"),
    PrepareStep.CHECK: QT_TRANSLATE_NOOP("ModelDialog", "Comparing it with the original…"),
    PrepareStep.WRITE: QT_TRANSLATE_NOOP("ModelDialog", "Putting it in its place…"),
}


class ModelDialog(QDialog):
    """Stays beside the window; closing it lets the work go on, Cancel ends it."""

    def __init__(self, installer: ModelInstaller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelDialog")
        self.setWindowTitle(self.tr("Install a Model"))
        self._installer = installer
        lead = self.tr(
            "A model lets MemoryHunter find photos by description. It is installed once, "
            "from a folder on this computer, which takes some minutes."
        )
        self._source = _text(self._where_from())
        self._source.setObjectName("modelSource")
        self._source.setProperty("role", "quiet")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._state = _text("")
        self._state.setObjectName("modelState")
        buttons = QDialogButtonBox()
        self._choose = QPushButton(self.tr("Install a model from a folder…"))
        self._choose.setObjectName("chooseModel")
        self._choose.setDefault(True)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setObjectName("cancelModel")
        self._close = QPushButton(self.tr("Close"))
        self._close.setObjectName("closeModel")
        roles = QDialogButtonBox.ButtonRole
        for button in (self._cancel, self._close):
            button.setAutoDefault(False)  # neither is what people came for
        buttons.addButton(self._choose, roles.ActionRole)
        buttons.addButton(self._cancel, roles.ActionRole)
        buttons.addButton(self._close, roles.RejectRole)
        self._choose.clicked.connect(self._choose_folder)
        self._cancel.clicked.connect(self._cancel_work)
        buttons.rejected.connect(self.reject)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 18)
        column.setSpacing(14)
        for widget in (_text(lead), self._source, self._state, self._bar, buttons):
            column.addWidget(widget)
        installer.progressed.connect(self._show_progress)
        installer.installed.connect(lambda: self._rest(self.outcome(), then=self._close))
        installer.failed.connect(self._show_error)
        installer.cancelled.connect(lambda: self._rest(self.tr("Nothing was installed.")))
        self._rest("")

    def open_again(self) -> None:
        """Show it, with the work that may be under way."""
        if not self._installer.running and not self.isVisible():
            self._rest("")
        self.show()
        self.raise_()
        self.activateWindow()

    def outcome(self) -> str:
        """Say what came of the installation that ended well."""
        if self._installer.in_use:
            return self.tr(
                "The model is installed. Your photos are being sorted with it, and can be "
                "found one after another."
            )
        return self.tr(
            "The model is installed. Searches still use the model that was chosen before."
        )

    def install(self, source: Path) -> None:
        """Begin with a folder."""
        self._installer.install(source)
        self._say(self.tr("Looking at the folder…"))
        self._bar.setRange(0, 0)
        self._show_working(working=True)

    def _where_from(self) -> str:
        return self.tr(
            "MemoryHunter uses Chinese-CLIP, which you can download from Hugging Face "
            "({hub}) or ModelScope ({scope}). Put these files into one folder: {files}."
        ).format(hub=f"OFA-Sys/{_NAME}", scope=f"AI-ModelScope/{_NAME}", files=", ".join(_FILES))

    def _choose_folder(self) -> None:
        dialog = folder_dialog(self, self.tr("Choose the folder with the model"))
        dialog.setObjectName("modelFolderDialog")
        dialog.filesSelected.connect(lambda names: self.install(Path(names[0])))
        dialog.open()

    def _cancel_work(self) -> None:
        self._cancel.setEnabled(False)
        self._say(self.tr("Stopping…"))
        self._installer.cancel()

    def _show_progress(self, progress: PrepareProgress) -> None:
        if not self._cancel.isEnabled():
            return  # the last step is told while it is being stopped
        step = _STEPS.get(progress.step, _STEPS[PrepareStep.READ])
        self._say(QCoreApplication.translate("ModelDialog", str(step)))
        self._bar.setRange(0, progress.total if progress.done else 0)  # 0 of 0 moves
        self._bar.setValue(progress.done)

    def _show_error(self, error: UserError) -> None:
        self._rest(error_text(error))

    def _rest(self, sentence: str, then: QPushButton | None = None) -> None:
        """Wait for the person, after what `sentence` says; `then` is the likely next button."""
        self._show_working(working=False)
        (then or self._choose).setDefault(True)
        (then or self._choose).setFocus()
        self._say(sentence)

    def _show_working(self, *, working: bool) -> None:
        self._bar.setVisible(working)
        self._cancel.setVisible(working)
        self._cancel.setEnabled(working)
        self._choose.setHidden(working)

    def _say(self, sentence: str) -> None:
        self._state.setText(sentence)
        self._state.setVisible(bool(sentence))
        # The sentences wrap, so the height follows from the width.
        self._column.activate()
        self.setFixedSize(_WIDTH, self._column.totalHeightForWidth(_WIDTH))


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label

"""The button that adds a model from this computer or a USB stick."""

from pathlib import Path

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from memoryhunter.gui.dialogs.folders import folder_dialog

_PATTERNS = "*.zip *.bin *.safetensors *.json"


class ImportButton(QPushButton):
    """Asks for a folder or for a file: the system's windows choose one kind only.

    Signals:
        chosen: the Path of the folder or file.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importModel")
        self.setText(self.tr("Import from this computer or a USB stick"))
        self.setAutoDefault(False)
        menu = QMenu(self)
        self.folder = QAction(self.tr("Folder…"), menu)
        self.folder.triggered.connect(self._ask_for_folder)
        self.file = QAction(self.tr("File (.zip or model file)…"), menu)
        self.file.triggered.connect(self._ask_for_file)
        menu.addActions([self.folder, self.file])
        self.setMenu(menu)

    def _ask_for_folder(self) -> None:
        dialog = folder_dialog(self, self.tr("Choose the folder with the model"))
        dialog.setObjectName("modelFolderDialog")
        self._open(dialog)

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose the file of the model"))
        dialog.setObjectName("modelFileDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = self.tr("Models")
        dialog.setNameFilters([f"{kinds} ({_PATTERNS})", self.tr("All files") + " (*)"])
        dialog.setDirectory(QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.filesSelected.connect(lambda names: self.chosen.emit(Path(names[0])))
        dialog.open()

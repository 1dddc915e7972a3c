"""The list of files that could not be read, and why."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
)
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from memoryhunter.domain.photo import FailedFile
from memoryhunter.gui.messages import failure_text

Index = QModelIndex | QPersistentModelIndex

_REASON = 2  # the column with the words that matter


class FailuresModel(QAbstractTableModel):
    """Failed files as a table: name, folder, reason in words, detail for experts."""

    def __init__(self, failures: Sequence[FailedFile], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.failures = list(failures)
        self._titles = (
            self.tr("File"),
            self.tr("Folder"),
            self.tr("What happened"),
            self.tr("Technical detail"),
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Give the number of files."""
        return 0 if parent.isValid() else len(self.failures)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Give the number of columns."""
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Give a cell's text, and all of it again on hover where a column may be too narrow."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self.row(index.row())[index.column()]

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> str | None:
        """Give a column's title."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def row(self, number: int) -> tuple[str, str, str, str]:
        """Give the texts of a row."""
        failed = self.failures[number]
        return (
            failed.path.name,
            str(failed.path.parent),
            failure_text(failed.reason),
            failed.detail,
        )

    def as_text(self, rows: Sequence[int]) -> str:
        """Give rows as lines with tabs between, as spreadsheets take them, the titles first."""
        lines = [self._titles, *(self.row(number) for number in rows)]
        return "\n".join("\t".join(line) for line in lines)


class FailuresDialog(QDialog):
    """Shows `failures`; their files can be shown in the file manager and the list copied."""

    def __init__(
        self,
        failures: Sequence[FailedFile],
        parent: QWidget | None = None,
        *,
        show_in_folder: Callable[[Path], object],
    ) -> None:
        super().__init__(parent)
        self.setObjectName("failuresDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Files that could not be read"))
        self._show_in_folder = show_in_folder
        self._model = FailuresModel(failures, self)
        self._table = self._make_table()

        summary = QLabel(self._summary(len(failures)))
        summary.setTextFormat(Qt.TextFormat.PlainText)
        summary.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._reveal = QPushButton(self.tr("Show in folder"))
        self._copy = QPushButton(self.tr("Copy list"))
        for button in (self._reveal, self._copy):
            # Enter in the table must not press the first button there is.
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self._reveal.clicked.connect(self._reveal_current)
        self._copy.clicked.connect(self._copy_all)
        self._copy.setEnabled(bool(failures))

        column = QVBoxLayout(self)
        column.setSpacing(12)
        for widget in (summary, self._table, buttons):
            column.addWidget(widget)
        self._table.selectionModel().selectionChanged.connect(self._enable)
        self._enable()
        self.resize(1000, 500)

    def _summary(self, count: int) -> str:
        if not count:
            return self.tr("Every file was read. There is nothing to do.")
        return self.tr(
            "%Ln file(s) could not be read and will not be found. The files themselves were "
            "not changed. What may pass, such as a lost connection, missing rights or too little "
            "memory, is tried again every 15 minutes and at every start; the others when the "
            "file changes.",
            "",
            count,
        )

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        # Fixed heights: measuring the rows of ten thousand files would take seconds.
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 14)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((160, 180, 400, 170)):
            header.resizeSection(column, width)
        header.setSectionResizeMode(_REASON, QHeaderView.ResizeMode.Stretch)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        table.doubleClicked.connect(self._reveal_current)
        return table

    def _selected_rows(self) -> list[int]:
        return sorted(index.row() for index in self._table.selectionModel().selectedRows())

    def _enable(self) -> None:
        self._reveal.setEnabled(bool(self._selected_rows()))

    def _reveal_current(self) -> None:
        rows = self._selected_rows()
        if rows:
            self._show_in_folder(self._model.failures[rows[0]].path)

    def _copy_all(self) -> None:
        everything = range(len(self._model.failures))
        QGuiApplication.clipboard().setText(self._model.as_text(everything))

    def _copy_selected(self) -> None:
        QGuiApplication.clipboard().setText(self._model.as_text(self._selected_rows()))

    def _show_menu(self, place: QPoint) -> None:
        if not self._selected_rows():
            return
        menu = QMenu(self)
        show = QAction(self.tr("Show in folder"), menu)
        show.triggered.connect(self._reveal_current)
        copy = QAction(self.tr("Copy selected rows"), menu)
        copy.triggered.connect(self._copy_selected)
        menu.addActions([show, copy])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._table.viewport().mapToGlobal(place))

"""Shows answers: the grid, the sentence about them, the chips, or why there is nothing."""

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QStackedWidget

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.progress import Phase, Progress
from memoryhunter.gui.grid.empty_page import EmptyPage
from memoryhunter.gui.grid.view import PhotoGridView
from memoryhunter.gui.library.folders_panel import FoldersPanel
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.search.chips import FilterChips
from memoryhunter.gui.search.controller import Answer, SearchController
from memoryhunter.gui.search.question import Question
from memoryhunter.gui.search.summary import ResultSummary
from memoryhunter.gui.theme import Theme

# What another model, or the same one installed again, puts right.
MODEL_TROUBLE = {
    ErrorCode.MODEL_DAMAGED,
    ErrorCode.MODEL_NOT_A_PACKAGE,
    ErrorCode.MODEL_UNKNOWN,
}


class Results(QObject):
    """Connects the search controller to what people see of its answers.

    Signals:
        model_wanted: the person wants to get the model that searching needs.
    """

    model_wanted = Signal()

    def __init__(
        self,
        controller: SearchController,
        theme: Theme,
        *,
        view: PhotoGridView,
        empty: EmptyPage,
        pages: QStackedWidget,
        summary: ResultSummary,
        chips: FilterChips,
        folders: FoldersPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._view = view
        self._empty = empty
        self._pages = pages
        self._summary = summary
        self._chips = chips
        self._folders = folders
        self._picture: QPixmap | None = None
        self._working = False
        self._nothing: Answer | None = None
        controller.answered.connect(self._show)
        controller.failed.connect(self._show_error)
        controller.question_changed.connect(self._show_question)
        chips.similar_removed.connect(controller.leave_similar)
        chips.folder_removed.connect(lambda: controller.set_folder(None))
        folders.folder_chosen.connect(controller.set_folder)
        empty.primary_pressed.connect(self.model_wanted)
        empty.button_pressed.connect(controller.forget)

    def find_similar(self, photo: int, picture: QPixmap | None) -> None:
        """Show photos like this one, with `picture` in the chip."""
        self._picture = picture
        self._controller.find_similar(photo)

    def note_progress(self, progress: Progress) -> None:
        """Remember whether photos are still on their way, for the words of an empty page."""
        working = progress.phase in {Phase.SCANNING, Phase.READING}
        if working != self._working:
            self._working = working
            if self._nothing is not None:
                self._explain_nothing(self._nothing)

    def _show(self, answer: Answer) -> None:
        model = self._view.photos_model()
        if answer.fresh:
            model.show(answer.ids, answer.possible)
        else:
            model.apply(answer.patch, answer.possible)
        self._summary.show_answer(answer)
        self._nothing = None if answer.ids else answer
        if self._nothing is None:
            self._pages.setCurrentWidget(self._view)
        else:
            self._explain_nothing(answer)

    def _explain_nothing(self, answer: Answer) -> None:
        self._pages.setCurrentWidget(self._empty)
        if not answer.question.is_browsing:
            self._empty.explain(
                "search",
                self.tr("No photos like this"),
                self.tr(
                    "Try other words, or fewer of them. New photos are found once they have "
                    "been sorted."
                ),
                self.tr("Show all photos"),
            )
        elif self._working:
            self._empty.explain(
                "image",
                self.tr("Your photos are on their way"),
                self.tr("They appear here one after another; you can already search them."),
            )
        else:
            self._empty.explain(
                "folder",
                self.tr("No photos here"),
                self.tr("There are no pictures in this place that MemoryHunter can read."),
                self.tr("Show all photos") if answer.question.folder is not None else "",
            )

    def _show_error(self, error: UserError) -> None:
        self._nothing = None
        self._summary.setText("")
        self._pages.setCurrentWidget(self._empty)
        if error.code is ErrorCode.NO_MODEL:
            self._empty.explain(
                "search",
                self.tr("Searching needs a model"),
                self.tr(
                    "You can look through all your photos as they are. To find them by "
                    "description, install a model: it is downloaded once, or comes from a USB "
                    "stick."
                ),
                self.tr("Show all photos"),
                primary=self.tr("Choose a Model…"),
            )
        else:
            self._empty.explain(
                "warning",
                self.tr("This did not work"),
                error_text(error),
                self.tr("Show all photos"),
                primary=self.tr("Choose a Model…") if error.code in MODEL_TROUBLE else "",
            )

    def _show_question(self, question: Question) -> None:
        if question.similar_to is None:
            self._chips.hide_similar()
        else:
            self._chips.show_similar(self._picture)
        self._folders.select(question.folder)
        chosen = question.folder
        folder = self._folders.folder(chosen) if chosen is not None else None
        if folder is None:
            self._chips.hide_folder()
        else:
            icon = self._theme.icon("folder").pixmap(QSize(18, 18), self._chips.devicePixelRatioF())
            self._chips.show_folder(folder.path.name or str(folder.path), icon)

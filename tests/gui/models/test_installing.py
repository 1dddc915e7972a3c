"""Installing a model without a terminal: watching, stopping, importing, and what comes of it."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.query import Hit
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.prepare.progress import PrepareStep, at_step
from memoryhunter.gui.models.dialog import ModelDialog
from memoryhunter.gui.session import Session
from memoryhunter.model_shelf import WantedModel
from tests.gui.fakes import FakeWorld
from tests.gui.models.hands import button, card, drop, press, progress_bar, state, texts

STICK = Path("/media/stick/chinese-clip")
HALF = DownloadProgress("modelscope", "pytorch_model.bin", 376_000_000, 753_000_000, 5e6, 60.0)
INVALID = UserError(ErrorCode.MODEL_SOURCE_INVALID, path=str(STICK), detail="")


def install(qtbot: QtBot, dialog: ModelDialog, model: str = "vit-b-16") -> None:
    press(qtbot, card(dialog, model), "installButton")


def test_without_a_model_the_page_leads_to_it_and_the_search_is_asked_again(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.search.error = UserError(ErrorCode.NO_MODEL)
    world.search.answers["cat"] = [Hit(7, 0.5, certain=True)]
    qtbot.keyClicks(session.window.search, "cat")
    primary = session.window.findChild(QPushButton, "emptyPrimary")
    assert isinstance(primary, QPushButton)
    qtbot.waitUntil(primary.isVisible)
    assert "memoryhunter models" not in session.window.empty._text.text()
    qtbot.mouseClick(primary, Qt.MouseButton.LeftButton)
    dialog = session.model_dialog
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: bool(dialog.list.cards))
    install(qtbot, dialog)
    wanted = WantedModel("vit-b-16", sources=("hf", "hf-mirror", "modelscope"))
    qtbot.waitUntil(lambda: world.models.wanted == [wanted])
    world.search.error = None
    world.models.go_on.set()
    qtbot.waitUntil(lambda: session.model.ids == (7,))
    qtbot.waitUntil(lambda: card(dialog, "vit-b-16").entry.in_use)
    assert "installed" in state(card(dialog, "vit-b-16"))
    assert threading.main_thread() not in world.models.threads


def test_a_download_is_told_in_the_card_and_below_the_photos(
    qtbot: QtBot, english: None, session: Session, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.told = [HALF]
    install(qtbot, dialog)
    bar = progress_bar(card(dialog, "vit-b-16"))
    qtbot.waitUntil(lambda: bar.value() == 499)
    assert bar.isVisible()
    told = "ModelScope · 376 MB of 753 MB · 5.0 MB/s · 1 minute left"
    assert state(card(dialog, "vit-b-16")) == told
    link = session.window.installation
    assert link.isVisible()
    assert "49 %" in link.text()
    dialog.close()
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    world.models.go_on.set()
    qtbot.waitUntil(link.isHidden)


def test_the_steps_of_preparing_are_told_in_plain_words(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.told = [at_step(step) for step in PrepareStep]
    seen: list[str] = []
    dialog._installer.progressed.connect(lambda *_: seen.append(state(card(dialog, "vit-b-16"))))
    install(qtbot, dialog)
    qtbot.waitUntil(lambda: len(seen) == len(PrepareStep))
    assert len(set(seen)) == len(PrepareStep)
    assert not any(step in text for step in PrepareStep for text in seen if "-" in step)
    assert progress_bar(card(dialog, "vit-b-16")).value() == round(1000 * 6 / 7)


def test_one_at_a_time_and_the_others_say_why(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    install(qtbot, dialog)
    other = button(card(dialog, "vit-l-14"), "installButton")
    assert not other.isEnabled()
    assert "one can be installed" in other.toolTip()
    assert "one can be installed" in other.accessibleDescription()
    assert not dialog.importing.isEnabled()
    assert not drop(dialog, STICK)
    world.models.go_on.set()
    qtbot.waitUntil(other.isEnabled)
    assert other.toolTip() == ""
    assert dialog.importing.isEnabled()
    assert len(world.models.wanted) == 1


def test_the_keyboard_stays_in_the_card_when_its_button_goes(
    qtbot: QtBot, dialog: ModelDialog
) -> None:
    button(card(dialog, "vit-b-16"), "installButton").setFocus()
    install(qtbot, dialog)
    assert card(dialog, "vit-b-16").has_keyboard()
    cancel = button(card(dialog, "vit-b-16"), "cancelModel")
    qtbot.waitUntil(cancel.isEnabled)
    cancel.setFocus()
    qtbot.keyClick(cancel, Qt.Key.Key_Return)
    assert card(dialog, "vit-b-16").has_keyboard()
    qtbot.waitUntil(lambda: not cancel.isVisible())
    assert card(dialog, "vit-b-16").has_keyboard()


def test_the_state_is_drawn_as_large_as_it_is(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.go_on.set()
    install(qtbot, dialog)
    pill = card(dialog, "vit-b-16")._state
    qtbot.waitUntil(lambda: pill.text() == "In use")
    fresh = QLabel("In use", card(dialog, "vit-b-16"))
    fresh.setProperty("pill", "in-use")
    fresh.ensurePolished()
    assert pill.sizeHint() == fresh.sizeHint()


def test_only_the_bar_says_how_far_an_installation_is(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    install(qtbot, dialog)
    installing = card(dialog, "vit-b-16")
    assert "Not installed" not in texts(installing)
    assert "Not installed" not in installing.accessibleName()
    with qtbot.waitSignal(dialog._keeper.listed):
        dialog.open_again()
    assert "Not installed" not in texts(installing)
    world.models.go_on.set()
    qtbot.waitUntil(lambda: "In use" in texts(installing))


def test_a_double_click_installs_and_stops_nothing(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    install(qtbot, dialog)
    cancel = button(card(dialog, "vit-b-16"), "cancelModel")
    assert cancel.isVisible()
    assert not cancel.isEnabled()
    qtbot.mouseDClick(cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(cancel.isEnabled)
    assert state(card(dialog, "vit-b-16")) != "Stopping…"
    world.models.go_on.set()
    qtbot.waitUntil(lambda: "is installed" in state(card(dialog, "vit-b-16")))


def test_it_can_be_stopped_and_continued(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.told = [HALF]
    install(qtbot, dialog)
    press(qtbot, card(dialog, "vit-b-16"), "cancelModel")
    stopped = "Stopped. What was downloaded is kept for next time."
    qtbot.waitUntil(lambda: state(card(dialog, "vit-b-16")) == stopped)
    again = button(card(dialog, "vit-b-16"), "installButton")
    qtbot.waitUntil(lambda: again.text() == "Continue")
    world.models.go_on.set()
    install(qtbot, dialog)
    qtbot.waitUntil(lambda: "is installed" in state(card(dialog, "vit-b-16")))
    assert len(world.models.wanted) == 2


def test_nothing_is_said_to_be_kept_where_nothing_came(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    install(qtbot, dialog, "vit-l-14")
    press(qtbot, card(dialog, "vit-l-14"), "cancelModel")
    qtbot.waitUntil(lambda: state(card(dialog, "vit-l-14")) == "Stopped.")
    world.models.errors["install"] = UserError(ErrorCode.NO_NETWORK, sources="hf")
    world.models.go_on.set()
    install(qtbot, dialog)
    qtbot.waitUntil(lambda: "no connection" in state(card(dialog, "vit-b-16")))
    assert "is kept" not in state(card(dialog, "vit-b-16"))


def test_what_came_before_the_line_broke_is_kept(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.told = [HALF]
    world.models.errors["install"] = UserError(ErrorCode.NO_NETWORK, sources="hf")
    world.models.go_on.set()
    install(qtbot, dialog)
    qtbot.waitUntil(lambda: "What has come so far is kept" in state(card(dialog, "vit-b-16")))


def test_what_went_wrong_is_said_in_the_card_with_what_to_do(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.errors["install"] = UserError(ErrorCode.NO_NETWORK, sources="hf, modelscope")
    world.models.go_on.set()
    install(qtbot, dialog)
    qtbot.waitUntil(lambda: "another source" in state(card(dialog, "vit-b-16")))
    assert "Hugging Face, ModelScope" in state(card(dialog, "vit-b-16"))
    assert button(card(dialog, "vit-b-16"), "installButton").text() == "Try again"
    dialog.close()
    dialog.open_again()
    assert state(card(dialog, "vit-b-16")) == ""


def test_a_source_whose_files_are_wrong_is_not_the_only_one(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.errors["install"] = UserError(ErrorCode.DOWNLOAD_DAMAGED, sources="hf")
    world.models.go_on.set()
    install(qtbot, dialog)
    qtbot.waitUntil(lambda: "from this computer or a USB stick" in state(card(dialog, "vit-b-16")))


def test_the_chosen_source_is_asked_alone(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    dialog.sources.setCurrentIndex(dialog.sources.findData("hf-mirror"))
    dialog.close()
    dialog.open_again()
    install(qtbot, dialog)
    qtbot.waitUntil(lambda: bool(world.models.wanted))
    assert world.models.wanted[0].sources == ("hf-mirror",)


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_model_is_imported_from_the_menu(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld, kind: str
) -> None:
    getattr(dialog.importing, kind).trigger()
    name = {"folder": "modelFolderDialog", "file": "modelFileDialog"}[kind]
    chooser = dialog.findChild(QFileDialog, name)
    assert isinstance(chooser, QFileDialog)
    chooser.filesSelected.emit([str(STICK)])
    chooser.close()
    importing = dialog.list.importing
    assert importing.isVisible()
    assert "chinese-clip" in importing.accessibleName()
    qtbot.waitUntil(lambda: world.models.wanted == [WantedModel(path=STICK)])
    world.models.go_on.set()
    qtbot.waitUntil(lambda: dialog.list.card("my-own") is not None)
    assert "is installed" in state(card(dialog, "my-own"))
    assert not importing.isVisible()


def test_a_model_is_imported_by_dropping_it(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.go_on.set()
    assert drop(dialog, STICK / "model.zip")
    qtbot.waitUntil(lambda: dialog.list.card("my-own") is not None)
    assert world.models.wanted == [WantedModel(path=STICK / "model.zip")]
    assert drop(dialog, STICK)
    qtbot.waitUntil(lambda: "already" in state(dialog.list.importing))
    press(qtbot, dialog.list.importing, "putAwayImport")
    assert not dialog.list.importing.isVisible()


def test_an_import_that_fails_says_why_until_it_is_put_away(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.errors["install"] = INVALID
    world.models.go_on.set()
    drop(dialog, STICK)
    importing = dialog.list.importing
    qtbot.waitUntil(lambda: str(STICK) in state(importing))
    assert importing.isVisible()
    assert "“chinese-clip” was not added" in texts(importing)
    assert importing.accessibleName() == "“chinese-clip” was not added"
    press(qtbot, importing, "putAwayImport")
    assert not importing.isVisible()


def test_an_import_can_be_stopped(qtbot: QtBot, dialog: ModelDialog, world: FakeWorld) -> None:
    drop(dialog, STICK)
    press(qtbot, dialog.list.importing, "cancelImport")
    qtbot.waitUntil(lambda: not dialog.list.importing.isVisible())
    assert dialog.importing.isEnabled()


def test_a_closed_page_lets_the_work_go_on_and_the_window_tells_the_end(
    qtbot: QtBot, session: Session, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.install_at_once("vit-l-14", in_use=True)
    world.models.told = [HALF]
    install(qtbot, dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    session.window.actions_.models.trigger()
    assert button(card(dialog, "vit-b-16"), "cancelModel").isVisible()
    qtbot.waitUntil(lambda: "ModelScope" in state(card(dialog, "vit-b-16")))
    press(qtbot, dialog, "closeModel")
    world.models.go_on.set()
    qtbot.waitUntil(session.window.notice.isVisible)
    assert "chosen before" in session.window.notice.accessibleName()


def test_a_failure_behind_a_closed_page_is_told_by_the_window(
    qtbot: QtBot, session: Session, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.errors["install"] = INVALID
    install(qtbot, dialog)
    dialog.close()
    world.models.go_on.set()
    qtbot.waitUntil(session.window.notice.isVisible)
    assert str(STICK) in session.window.notice.accessibleName()
    dialog.open_again()
    assert str(STICK) in state(card(dialog, "vit-b-16"))


def test_closing_the_window_stops_an_installation(
    qtbot: QtBot, session: Session, dialog: ModelDialog, world: FakeWorld
) -> None:
    install(qtbot, dialog)
    qtbot.waitUntil(lambda: bool(world.models.wanted))
    worker = world.models.threads[-1]
    session.window.close()
    assert not dialog.isVisible()
    assert not worker.is_alive()


def test_after_a_bug_the_page_can_be_used_again(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_args: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(world.models, "install", stumble)
    with qtbot.captureExceptions() as seen:
        install(qtbot, dialog)
        qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] is ZeroDivisionError
    assert button(card(dialog, "vit-b-16"), "installButton").isEnabled()

"""The page of models: what it shows, and choosing, checking and removing a model."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.models.dialog import ModelDialog
from memoryhunter.gui.session import Session
from memoryhunter.model_shelf import ModelEntry
from tests.gui.fakes import FakeWorld, on_offer, package
from tests.gui.models.hands import button, card, press, state, texts

DAMAGED = UserError(ErrorCode.MODEL_DAMAGED, model="vit-b-16", detail="bits")


@pytest.fixture
def two_installed(world: FakeWorld) -> None:
    world.models.install_at_once("vit-b-16", in_use=True)
    world.models.install_at_once("vit-l-14")


def test_every_model_has_its_card_with_what_helps_to_choose(dialog: ModelDialog) -> None:
    assert [each.entry.id for each in dialog.list.cards] == ["vit-b-16", "vit-l-14"]
    shown = texts(card(dialog, "vit-l-14"))
    for text in ("Chinese-CLIP VIT-L-14", "Quick on any computer.", "68.0 %", "1.63 GB", "MIT"):
        assert text in shown


def test_only_what_can_be_done_has_a_button(
    qtbot: QtBot, world: FakeWorld, session: Session
) -> None:
    shelf = world.models.shelf
    shelf["vit-b-16"] = replace(shelf["vit-b-16"], package=package("vit-b-16"), built_in=True)
    shelf["vit-l-14"] = replace(shelf["vit-l-14"], package=package("vit-l-14"), in_use=True)
    shelf["vit-h-14"] = on_offer("vit-h-14", kept=312_000_000)
    shelf["broken"] = replace(on_offer("broken"), problem=DAMAGED)
    session.window.actions_.models.trigger()
    dialog = session.model_dialog
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 4)

    def shown(model: str) -> set[str]:
        buttons = card(dialog, model).findChildren(QPushButton)
        return {each.text() for each in buttons if each.isVisible()}

    assert shown("vit-b-16") == {"Use", "Check files"}
    assert shown("vit-l-14") == {"Check files", "Remove…"}
    assert shown("vit-h-14") == {"Continue", "Delete download…"}
    assert shown("broken") == {"Install again", "Remove…"}
    assert state(card(dialog, "broken")) == error_text(DAMAGED)


def test_the_first_is_recommended_only_while_there_is_none(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    def stands_out() -> list[str]:
        return [
            each.entry.id
            for each in dialog.list.cards
            if button(each, "installButton").property("primary")
        ]

    assert stands_out() == ["vit-b-16"]
    world.models.install_at_once("vit-l-14", in_use=True)
    dialog.open_again()
    qtbot.waitUntil(lambda: stands_out() == [])


def test_another_installed_model_can_be_used(
    qtbot: QtBot, two_installed: None, dialog: ModelDialog, world: FakeWorld
) -> None:
    press(qtbot, card(dialog, "vit-l-14"), "useModel")
    qtbot.waitUntil(lambda: card(dialog, "vit-l-14").entry.in_use)
    assert ("use", "vit-l-14") in world.models.asked
    assert "this model" in state(card(dialog, "vit-l-14"))


def test_using_another_model_asks_the_search_again(
    qtbot: QtBot, two_installed: None, session: Session, dialog: ModelDialog, world: FakeWorld
) -> None:
    session.search.set_text("cat")
    session.search.ask_now()
    qtbot.waitUntil(lambda: len(world.search.asked) == 1)
    press(qtbot, card(dialog, "vit-l-14"), "useModel")
    qtbot.waitUntil(lambda: len(world.search.asked) == 2)


def test_the_files_can_be_checked(
    qtbot: QtBot, two_installed: None, dialog: ModelDialog, world: FakeWorld
) -> None:
    press(qtbot, card(dialog, "vit-b-16"), "verifyModel")
    qtbot.waitUntil(lambda: "as they were installed" in state(card(dialog, "vit-b-16")))
    world.models.errors["verify"] = DAMAGED
    press(qtbot, card(dialog, "vit-b-16"), "verifyModel")
    qtbot.waitUntil(lambda: state(card(dialog, "vit-b-16")) == error_text(DAMAGED))
    qtbot.waitUntil(lambda: world.models.asked[-1][0] == "entries")  # which does not look inside
    again = button(card(dialog, "vit-b-16"), "installButton")
    assert again.text() == "Install again"
    assert again.isVisible()
    world.models.go_on.set()
    press(qtbot, card(dialog, "vit-b-16"), "installButton")
    qtbot.waitUntil(lambda: not again.isVisible() and again.isEnabled())
    assert "Damaged" not in texts(card(dialog, "vit-b-16"))


@pytest.mark.parametrize("opened_before", [True, False])
def test_damage_that_a_search_meets_can_be_mended(
    qtbot: QtBot, two_installed: None, session: Session, world: FakeWorld, opened_before: bool
) -> None:
    dialog = session.model_dialog
    if opened_before:
        dialog.open_again()
        qtbot.waitUntil(lambda: len(dialog.list.cards) == 2)
    world.search.error = DAMAGED
    with qtbot.waitSignal(session.search.failed):
        session.search.set_text("cat")
        session.search.ask_now()
    dialog.open_again()
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 2)
    again = button(card(dialog, "vit-b-16"), "installButton")
    assert again.isVisible()
    assert again.text() == "Install again"
    assert state(card(dialog, "vit-b-16")) == error_text(DAMAGED)
    world.search.error = None
    world.models.go_on.set()
    press(qtbot, card(dialog, "vit-b-16"), "installButton")
    qtbot.waitUntil(lambda: "Installed" in texts(card(dialog, "vit-b-16")))
    assert not again.isVisible()


def test_mending_goes_on_with_what_is_kept(
    qtbot: QtBot, two_installed: None, dialog: ModelDialog, world: FakeWorld
) -> None:
    shelf = world.models.shelf
    shelf["vit-b-16"] = replace(shelf["vit-b-16"], kept_bytes=312_000_000)
    dialog.note_damage(DAMAGED)
    dialog.open_again()
    again = button(card(dialog, "vit-b-16"), "installButton")
    qtbot.waitUntil(lambda: again.text() == "Continue")


def button_of(box: QMessageBox, role: QMessageBox.ButtonRole) -> QAbstractButton:
    buttons = box.findChild(QDialogButtonBox)
    assert isinstance(buttons, QDialogButtonBox)
    return next(each for each in box.buttons() if box.buttonRole(each) == role)


def question(dialog: ModelDialog) -> QMessageBox:
    box = dialog.findChild(QMessageBox, "removeModelDialog")
    assert isinstance(box, QMessageBox)
    return box


def test_removing_asks_first(
    qtbot: QtBot, two_installed: None, dialog: ModelDialog, world: FakeWorld
) -> None:
    press(qtbot, card(dialog, "vit-b-16"), "removeModel")
    box = question(dialog)
    assert "620 MB" in box.informativeText()
    assert "Your photos" in box.informativeText()
    roles = QMessageBox.ButtonRole
    qtbot.mouseClick(button_of(box, roles.RejectRole), Qt.MouseButton.LeftButton)
    assert ("remove", "vit-b-16") not in world.models.asked
    qtbot.waitUntil(lambda: dialog.findChild(QMessageBox, "removeModelDialog") is None)
    press(qtbot, card(dialog, "vit-b-16"), "removeModel")
    qtbot.mouseClick(button_of(question(dialog), roles.AcceptRole), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: button(card(dialog, "vit-b-16"), "installButton").isVisible())
    assert ("remove", "vit-b-16") in world.models.asked
    assert state(card(dialog, "vit-b-16")) == ""


def test_a_model_that_is_gone_has_no_card(
    qtbot: QtBot, session: Session, world: FakeWorld, dialog: ModelDialog
) -> None:
    world.models.shelf["own"] = ModelEntry("own", "My own", 64, "", package=package("own"))
    dialog.open_again()
    qtbot.waitUntil(lambda: dialog.list.card("own") is not None)
    del world.models.shelf["own"]
    dialog.open_again()
    qtbot.waitUntil(lambda: dialog.list.card("own") is None)


def test_a_long_name_does_not_make_the_page_wide(
    qtbot: QtBot, world: FakeWorld, session: Session
) -> None:
    long = "name" * 60
    world.models.shelf["own"] = ModelEntry("own", long, 64, long, package=package("own"))
    session.window.actions_.models.trigger()
    dialog = session.model_dialog
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 3)
    own = card(dialog, "own")
    assert [each.toolTip() for each in own.findChildren(QLabel)].count(long) == 2
    own.show_done("/".join(["folder"] * 80), wrong=True)
    QApplication.processEvents()
    assert dialog.minimumSizeHint().width() <= 640


@pytest.mark.parametrize("letter", ["W", "名"])
def test_a_long_name_cuts_no_button(
    qtbot: QtBot, world: FakeWorld, session: Session, letter: str
) -> None:
    long = letter * 60
    world.models.shelf["own"] = ModelEntry("own", long, 64, long, package=package("own"))
    session.window.actions_.models.trigger()
    dialog = session.model_dialog
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 3)
    dialog.resize(dialog.minimumSize())
    QApplication.processEvents()
    for each in dialog.list.findChildren(QPushButton):
        if each.isVisible():
            right = each.mapTo(dialog, each.rect().topRight()).x()
            assert right < dialog.width(), each.text()
            assert each.width() >= each.sizeHint().width(), each.text()
    cut = [each for each in card(dialog, "own").findChildren(QLabel) if each.toolTip() == long]
    assert len(cut) == 2
    assert not card(dialog, "own").grab().isNull()  # drawing a cut line raises nothing


def test_models_that_cannot_be_listed_say_why(
    qtbot: QtBot, session: Session, world: FakeWorld
) -> None:
    world.models.errors["entries"] = UserError(ErrorCode.HOME_UNUSABLE, path="/m", detail="")
    session.window.actions_.models.trigger()
    note = session.model_dialog.findChild(QLabel, "modelListNote")
    assert isinstance(note, QLabel)
    qtbot.waitUntil(lambda: "/m" in note.text())


def test_nothing_is_asked_on_the_thread_of_the_window(
    qtbot: QtBot, two_installed: None, dialog: ModelDialog, world: FakeWorld
) -> None:
    press(qtbot, card(dialog, "vit-b-16"), "verifyModel")
    qtbot.waitUntil(lambda: ("verify", "vit-b-16") in world.models.asked)
    assert threading.main_thread() not in world.models.threads


def test_arrows_walk_through_the_cards_and_enter_installs(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    first, second = dialog.list.cards
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Home)
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_End)
    qtbot.keyClick(second, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [each.model for each in world.models.wanted] == ["vit-l-14"])


def test_the_keys_of_quit_work_on_the_page_too(
    qtbot: QtBot, session: Session, dialog: ModelDialog
) -> None:
    session.window.actions_.quit.setShortcut("Ctrl+Q")  # some systems have no keys for it
    with qtbot.waitSignal(session.window.closing):
        qtbot.keyClick(dialog.list.cards[0], Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not dialog.isVisible()


def test_enter_presses_the_button_with_the_keyboard_and_no_other(
    qtbot: QtBot, dialog: ModelDialog, world: FakeWorld
) -> None:
    dialog.importing.setFocus()
    close = button(dialog, "closeModel")
    close.setFocus()
    qtbot.keyClick(close, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert world.models.wanted == []


def test_tab_reaches_everything(qtbot: QtBot, two_installed: None, dialog: ModelDialog) -> None:
    wanted = {
        each
        for each in dialog.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    reached: set[QWidget | None] = set()
    for _ in range(len(wanted) + 2):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
    assert wanted <= reached


def test_everything_that_takes_the_keyboard_has_a_name(
    two_installed: None, dialog: ModelDialog
) -> None:
    nameless = [
        each.objectName() or type(each).__name__
        for each in dialog.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.isVisible()
        and not each.accessibleName()
        and not (isinstance(each, QPushButton) and each.text())
    ]
    assert nameless == []
    assert card(dialog, "vit-b-16").accessibleName() == "Chinese-CLIP VIT-B-16, In use"
    assert "On disk: 620 MB" in card(dialog, "vit-b-16").accessibleDescription()


def test_nothing_is_cut_off_in_the_narrowest_page(
    qtbot: QtBot, two_installed: None, dialog: ModelDialog
) -> None:
    dialog.resize(dialog.minimumSize())
    QApplication.processEvents()
    labels = [each for each in dialog.findChildren(QLabel) if each.isVisible()]
    assert labels
    for label in labels:
        needed = label.minimumSizeHint() if label.wordWrap() else label.sizeHint()
        assert label.width() >= needed.width(), label.text()


def test_in_chinese_every_word_of_ours_is_chinese_and_the_order_of_sources_too(
    qtbot: QtBot, chinese: None, world: FakeWorld, session: Session
) -> None:
    session.window.actions_.models.trigger()
    dialog = session.model_dialog
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 2)
    assert "任何电脑上都很快。" in texts(dialog.list.cards[0])
    buttons = [each for each in dialog.findChildren(QPushButton) if each.isVisible()]
    assert all(any("\u4e00" <= c <= "\u9fff" for c in each.text()) for each in buttons)
    press(qtbot, dialog.list.cards[0], "installButton")
    qtbot.waitUntil(lambda: bool(world.models.wanted))
    assert world.models.wanted[0].sources == ("modelscope", "hf-mirror", "hf")


def test_a_bug_leaves_no_card_busy(
    qtbot: QtBot, two_installed: None, dialog: ModelDialog, world: FakeWorld
) -> None:
    world.models.errors["verify"] = ZeroDivisionError("a bug")
    with qtbot.captureExceptions() as seen:
        press(qtbot, card(dialog, "vit-l-14"), "verifyModel")
        assert not button(card(dialog, "vit-l-14"), "verifyModel").isEnabled()
        qtbot.waitUntil(lambda: bool(seen))
    assert button(card(dialog, "vit-l-14"), "verifyModel").isEnabled()
    assert state(card(dialog, "vit-l-14")) == ""

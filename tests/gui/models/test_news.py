"""What the main window tells about the model in use, quietly."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.progress import ModelName, Phase, Progress
from memoryhunter.gui.messages import error_text
from memoryhunter.gui.session import Session
from memoryhunter.model_shelf import ModelEntry
from tests.gui.conftest import StartSession
from tests.gui.fakes import FakeWorld, on_offer, package

LEFT = Qt.MouseButton.LeftButton
DAMAGED = UserError(ErrorCode.MODEL_DAMAGED, model="vit-b-16", detail="bits")
ABOUT = "Good at scenes."


@pytest.fixture
def with_built_in(world: FakeWorld) -> FakeWorld:
    """Let the program have come with a model, which is in use."""
    quick = ModelEntry(
        "quick",
        "Quick built-in model",
        64,
        "MIT",
        package=package("quick"),
        built_in=True,
        in_use=True,
        about={"en": ABOUT, "zh": "擅长场景。"},
    )
    world.models.shelf = {"quick": quick, **world.models.shelf}
    return world


def link(session: Session) -> QPushButton:
    found = session.window.news.findChild(QPushButton, "modelNewsLink")
    assert isinstance(found, QPushButton)
    return found


def label(session: Session, name: str) -> QLabel:
    found = session.window.news.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found


def tell(world: FakeWorld, progress: Progress) -> None:
    world.indexing.tell(lambda: world.indexing.on_progress(progress))


def test_a_larger_model_is_offered_while_the_built_in_one_works(
    qtbot: QtBot, english: None, with_built_in: FakeWorld, session: Session
) -> None:
    qtbot.waitUntil(link(session).isVisible)
    assert link(session).text() == "Chinese-CLIP VIT-B-16 finds more: 753 MB"
    assert label(session, "modelNewsBefore").text() == "Sorted by “Quick built-in model”."
    assert ABOUT in link(session).toolTip()
    assert label(session, "modelNewsBefore").isVisible()
    assert session.window.status.isVisible()
    qtbot.mouseClick(link(session), LEFT)
    qtbot.waitUntil(session.model_dialog.isVisible)


def test_an_offer_that_was_put_away_does_not_come_back(
    qtbot: QtBot, with_built_in: FakeWorld, start: StartSession
) -> None:
    session = start()
    qtbot.waitUntil(link(session).isVisible)
    close = session.window.news.findChild(QToolButton, "modelNewsClose")
    assert isinstance(close, QToolButton)
    qtbot.mouseClick(close, LEFT)
    assert not session.window.news.isVisible()
    assert not session.window.status.isVisible()
    qtbot.waitUntil(lambda: with_built_in.settings.model_offer_put_away)
    again = start()
    with qtbot.waitSignal(again.keeper.looked):
        pass
    assert not again.window.news.isVisible()


def test_nothing_is_offered_beside_other_work(
    qtbot: QtBot, with_built_in: FakeWorld, session: Session
) -> None:
    qtbot.waitUntil(link(session).isVisible)
    tell(with_built_in, Progress(Phase.READING, 1, 10))
    qtbot.waitUntil(lambda: not link(session).isVisible())
    tell(with_built_in, Progress())
    qtbot.waitUntil(link(session).isVisible)
    session.model_dialog.open_again()
    qtbot.waitUntil(lambda: len(session.model_dialog.list.cards) == 3)
    session.model_dialog.install("vit-b-16")
    qtbot.waitUntil(lambda: not link(session).isVisible())
    with_built_in.models.go_on.set()
    with qtbot.waitSignal(session.installer.installed), qtbot.waitSignal(session.keeper.looked):
        pass
    assert not link(session).isVisible()  # it is here now


@pytest.mark.parametrize("why", ["no photos", "none built in", "another installed"])
def test_there_may_be_nothing_to_offer(
    qtbot: QtBot, with_built_in: FakeWorld, start: StartSession, why: str
) -> None:
    world = with_built_in
    if why == "no photos":
        world.library.photos.shelf.clear()
    elif why == "none built in":
        del world.models.shelf["quick"]
    else:
        world.models.install_at_once("vit-l-14")
    session = start()
    if why == "no photos":
        with qtbot.waitSignal(session.library.folders_changed):
            pass
    else:
        with qtbot.waitSignal(session.keeper.looked):
            pass
    assert session.window.news.isHidden()


def test_that_another_model_answers_is_told_with_the_way_to_the_models(
    qtbot: QtBot, english: None, with_built_in: FakeWorld, session: Session
) -> None:
    qtbot.waitUntil(link(session).isVisible)
    with_built_in.models.in_trouble = DAMAGED
    with_built_in.indexing.tell(lambda: with_built_in.indexing.on_error(DAMAGED))
    qtbot.waitUntil(lambda: link(session).text() == "The chosen model cannot be used.")
    assert label(session, "modelNewsAfter").text() == (
        "“Quick built-in model” answers searches until then."
    )
    assert link(session).toolTip() == error_text(DAMAGED)
    assert not session.window.news.findChild(QToolButton, "modelNewsClose").isVisible()  # type: ignore[union-attr]
    tell(with_built_in, Progress(Phase.READING, 1, 10))
    qtbot.waitUntil(session.window.progress.isVisible)
    assert link(session).isVisible()
    qtbot.mouseClick(link(session), LEFT)
    qtbot.waitUntil(session.model_dialog.isVisible)
    with_built_in.models.in_trouble = None
    session.keeper.use("quick")
    qtbot.waitUntil(lambda: not link(session).isVisible())


def test_another_model_of_another_program_is_followed(
    qtbot: QtBot, english: None, with_built_in: FakeWorld, session: Session
) -> None:
    world = with_built_in
    qtbot.waitUntil(link(session).isVisible)
    dialog = session.model_dialog
    dialog.show()  # without a look at the models
    tell(world, Progress(model=ModelName("quick")))
    qtbot.waitUntil(lambda: session.news._sorting == (ModelName("quick"),))
    world.models.install_at_once("vit-b-16")
    world.models.use("vit-b-16")
    tell(world, Progress(model=ModelName("vit-b-16")))
    qtbot.waitUntil(lambda: not link(session).isVisible())
    card = dialog.list.card("vit-b-16")
    assert card is not None
    assert card.entry.in_use


def test_the_page_does_not_begin_as_if_there_were_no_model(
    qtbot: QtBot, english: None, with_built_in: FakeWorld, session: Session
) -> None:
    dialog = session.model_dialog
    assert dialog._words.lead([]).startswith("A model lets MemoryHunter find photos")
    dialog.open_again()
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 3)
    assert dialog._lead.text().startswith("“Quick built-in model” finds your photos")


def test_only_the_link_stays_where_there_is_little_room(
    qtbot: QtBot, with_built_in: FakeWorld, session: Session
) -> None:
    qtbot.waitUntil(link(session).isVisible)
    news = session.window.news
    news.resize(news.minimumSizeHint().width() + 10, news.height())
    assert not label(session, "modelNewsBefore").isVisible()
    news.resize(2000, news.height())
    assert label(session, "modelNewsBefore").isVisible()


def test_the_page_shows_what_came_with_the_program(
    qtbot: QtBot, chinese: None, with_built_in: FakeWorld, session: Session
) -> None:
    shelf = with_built_in.models.shelf
    shelf["quick"] = replace(shelf["quick"], names={"zh": "快速内置模型"})
    session.window.actions_.models.trigger()
    dialog = session.model_dialog
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 3)
    first = dialog.list.cards[0]
    qtbot.waitUntil(lambda: first.entry.names != {})
    shown = [each.text() for each in first.findChildren(QLabel)]
    assert shown[0] == "快速内置模型"
    assert "随 MemoryHunter 一起提供。擅长场景。" in shown
    names = {each.text() for each in first.findChildren(QPushButton) if each.isVisible()}
    assert names == {"检查文件"}


def test_removing_says_how_many_photos_would_be_understood_anew(
    qtbot: QtBot, english: None, with_built_in: FakeWorld, session: Session
) -> None:
    own = replace(on_offer("own"), package=package("own"), in_use=True, understood=4423)
    dialog = session.model_dialog
    _, lost = dialog._words.removal(own, has_other=True)
    assert "Its understanding of 4,423 photos is deleted too." in lost
    assert "another model takes its place" in lost
    _, lost = dialog._words.removal(own)
    assert "another model is there" in lost
    _, lost = dialog._words.removal(replace(own, in_use=False, answers=True), has_other=True)
    assert "It still answers searches" in lost


def test_two_models_are_not_added_at_once(
    qtbot: QtBot, with_built_in: FakeWorld, session: Session, tmp_path: Path
) -> None:
    dialog = session.model_dialog
    dialog.open_again()
    dialog._import_dropped([tmp_path / "a.zip", tmp_path / "b.zip"])
    assert with_built_in.models.wanted == []
    assert dialog.list.importing.isVisible()
    parts = [tmp_path / name for name in ("config.json", "vocab.txt", "model.safetensors")]
    with_built_in.models.go_on.set()
    with qtbot.waitSignal(session.installer.installed):
        dialog._import_dropped(parts)
    assert [each.path for each in with_built_in.models.wanted] == [parts[0]]


def test_what_was_said_goes_when_the_model_stands_otherwise(
    qtbot: QtBot, with_built_in: FakeWorld, session: Session
) -> None:
    world = with_built_in
    world.models.install_at_once("vit-b-16")
    dialog = session.model_dialog
    dialog.open_again()
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 3)
    card = dialog.list.card("vit-b-16")
    assert card is not None
    with qtbot.waitSignals([session.keeper.used, session.keeper.looked]):
        session.keeper.use("vit-b-16")
    qtbot.waitUntil(lambda: card.entry.in_use)
    assert "this model" in card.work.text
    session.keeper.read()
    with qtbot.waitSignal(session.keeper.looked):
        pass
    assert "this model" in card.work.text
    with qtbot.waitSignals([session.keeper.used, session.keeper.looked]):
        session.keeper.use("quick")
    qtbot.waitUntil(lambda: not card.entry.in_use)
    assert card.work.text == ""


def test_the_keyboard_stays_with_a_model_that_was_not_removed(
    qtbot: QtBot, with_built_in: FakeWorld, session: Session
) -> None:
    world = with_built_in
    world.models.install_at_once("vit-b-16")
    world.models.errors["remove"] = UserError(
        ErrorCode.MODEL_NOT_REMOVED, model="vit-b-16", detail="in use"
    )
    dialog = session.model_dialog
    dialog.open_again()
    qtbot.waitUntil(lambda: len(dialog.list.cards) == 3)
    card = dialog.list.card("vit-b-16")
    assert card is not None
    dialog._ask_to_remove("vit-b-16")
    with qtbot.waitSignal(session.keeper.failed):
        dialog._remove("vit-b-16")
    assert dialog.focusWidget() is card

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.gui.jobs import Courier, Lane, join_all


@pytest.fixture
def courier(qtbot: QtBot) -> Courier:
    return Courier()


def never(_error: object) -> None:
    raise AssertionError(_error)


def end(lane: Lane[None]) -> None:
    lane.stop()
    assert lane.join(5)


def test_work_runs_in_the_lane_and_answers_on_the_gui_thread(
    qtbot: QtBot, courier: Courier
) -> None:
    lane = Lane[None]("test", courier, nullcontext)
    answers: list[tuple[str, threading.Thread]] = []
    lane.submit(
        lambda _: threading.current_thread().name,
        lambda name: answers.append((name, threading.current_thread())),
        never,
    )
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [("gui-test", threading.main_thread())]
    end(lane)


def test_a_user_error_goes_to_on_failed(qtbot: QtBot, courier: Courier) -> None:
    lane = Lane[None]("test", courier, nullcontext)
    errors: list[UserError] = []

    def fail(_: None) -> None:
        raise UserError(ErrorCode.NO_MODEL)

    lane.submit(fail, never, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].code is ErrorCode.NO_MODEL
    end(lane)


def test_a_bug_is_raised_on_the_gui_thread_and_the_lane_goes_on(
    qtbot: QtBot, courier: Courier
) -> None:
    lane = Lane[None]("test", courier, nullcontext)
    answers: list[int] = []
    with qtbot.captureExceptions() as seen:
        lane.submit(lambda _: 1 // 0, never, never)
        lane.submit(lambda _: 2, answers.append, never)
        qtbot.waitUntil(lambda: answers == [2])
    assert [kind for kind, _, _ in seen] == [ZeroDivisionError]
    end(lane)


def test_only_the_latest_of_a_key_is_run(qtbot: QtBot, courier: Courier) -> None:
    lane = Lane[None]("test", courier, nullcontext)
    gate, begun = threading.Event(), threading.Event()
    done: list[str] = []

    def hold(_: None) -> str:
        begun.set()
        gate.wait(5)
        return "first"

    lane.submit(hold, done.append, never)
    assert begun.wait(5)
    lane.submit(lambda _: "h", done.append, never, key="search")
    lane.submit(lambda _: "ha", done.append, never, key="search")
    lane.submit(lambda _: "hai", done.append, never, key="search")
    gate.set()
    qtbot.waitUntil(lambda: "hai" in done)
    assert done == ["first", "hai"]
    end(lane)


def test_opening_is_tried_again_after_it_failed_and_the_resource_is_given_back(
    qtbot: QtBot, courier: Courier
) -> None:
    opened: list[str] = []

    @contextmanager
    def resource() -> Iterator[int]:
        opened.append("open")
        if len(opened) == 1:
            raise UserError(ErrorCode.LIBRARY_LOCKED, path="x", detail="")
        yield 7
        opened.append("close")

    lane = Lane[int]("test", courier, resource)
    results: list[object] = []
    lane.submit(lambda number: number, results.append, results.append)
    lane.submit(lambda number: number, results.append, results.append)
    qtbot.waitUntil(lambda: len(results) == 2)
    assert isinstance(results[0], UserError)
    assert results[1] == 7
    lane.stop()
    assert lane.join(5)
    assert opened == ["open", "open", "close"]


def test_nothing_is_delivered_after_closing(qtbot: QtBot, courier: Courier) -> None:
    answers: list[int] = []
    courier.post(lambda: answers.append(1))
    courier.close()
    courier.post(lambda: answers.append(2))
    qtbot.wait(1)
    assert answers == []


def test_many_answers_leave_room_for_other_events(qtbot: QtBot, courier: Courier) -> None:
    seen: list[int] = []
    for number in range(300):
        courier.post(partial(seen.append, number))
    qtbot.waitUntil(lambda: len(seen) == 300)
    assert seen == list(range(300))


def test_what_is_left_of_the_time_is_shared() -> None:
    asked: list[float] = []

    def hang(seconds: float) -> bool:
        asked.append(seconds)
        threading.Event().wait(seconds)
        return False

    assert not join_all([hang, hang, lambda _seconds: True], 0.05)
    assert asked[0] <= 0.05
    assert asked[1] == 0

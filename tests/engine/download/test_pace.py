"""How often a download tells where it stands, and what, by a clock of the test's own."""

from memoryhunter.engine.download.pace import Pace
from memoryhunter.engine.download.progress import DownloadProgress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def make() -> tuple[Pace, Clock, list[DownloadProgress]]:
    told: list[DownloadProgress] = []
    clock = Clock()
    pace = Pace(told.append, clock)
    pace.source, pace.total_bytes = "one", 10_000
    return pace, clock, told


def test_it_is_told_a_few_times_a_second() -> None:
    pace, clock, told = make()
    for _ in range(1000):
        clock.now += 0.01
        pace.add(5)
        pace.tick()
    assert 30 <= len(told) <= 40
    assert abs(told[-1].speed - 500) < 20
    assert told[-1].seconds_left is not None
    assert abs(told[-1].seconds_left - 10) < 1


def test_where_nothing_comes_nobody_can_say_how_long() -> None:
    pace, clock, told = make()
    pace.add(3000)
    for _ in range(200):
        clock.now += 0.25
        pace.tick()
    assert told[0].speed > 1000
    assert told[-1].speed < 1
    assert told[-1].seconds_left is None
    assert (told[0].waiting, told[-1].waiting) == (False, True)
    pace.add(10)
    clock.now += 0.25
    pace.tick()
    assert not told[-1].waiting


def test_nothing_is_told_before_there_is_a_source() -> None:
    pace, clock, told = make()
    pace.source = ""
    clock.now += 10
    pace.tick()
    assert told == []

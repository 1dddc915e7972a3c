import gc

from pytestqt.qtbot import QtBot

from memoryhunter.gui.garbage import GarbageCollector


class Knot:
    """Refers to itself, so that only collection ends it."""

    def __init__(self, ended: list[bool]) -> None:
        self.itself = self
        self.ended = ended

    def __del__(self) -> None:
        self.ended.append(True)


def test_cycles_are_collected_by_the_timer_only(qtbot: QtBot) -> None:
    ended: list[bool] = []
    collector = GarbageCollector()
    collector.start()
    try:
        assert not gc.isenabled()
        Knot(ended)
        more = [Knot([]) for _ in range(1_000)]
        assert ended == []
        collector._collect()
        assert ended == [True]
        assert len(more) == 1_000
    finally:
        collector.stop()
    assert gc.isenabled()

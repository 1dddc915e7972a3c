from pathlib import Path

from memoryhunter.domain.errors import ErrorCode
from memoryhunter.engine.device import Device
from memoryhunter.engine.device_choice import CPU, choose_device
from memoryhunter.models_at_work import ModelsAtWork
from tests.fakes import ColourEmbedder


class Surrendered(ColourEmbedder):
    """Began on a graphics card."""

    @property
    def device(self) -> Device:
        return Device("CPU: one", "a card ran out of memory", instead_of="a card")


def test_a_card_that_gave_up_is_told_once(tmp_path: Path) -> None:
    at_work = ModelsAtWork(
        lambda: None, lambda: (), lambda: choose_device(CPU), tmp_path / "tuning.json"
    )
    assert at_work.trouble(None) is None
    assert at_work.trouble(ColourEmbedder()) is None
    told = at_work.trouble(Surrendered())
    assert told is not None
    assert told.code is ErrorCode.GRAPHICS_CARD_GAVE_UP
    assert told.values == {"card": "a card", "detail": "a card ran out of memory"}
    assert at_work.trouble(Surrendered()) is None

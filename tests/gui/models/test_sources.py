"""Where a model is downloaded from, and what is tried first."""

import pytest
from pytestqt.qtbot import QtBot

from memoryhunter.gui.models.sources import SourceChoice, source_order
from memoryhunter.gui.source_names import source_name
from tests.gui.fakes import on_offer

ALL = ("hf", "hf-mirror", "modelscope")


@pytest.mark.parametrize(
    ("offered", "language", "order"),
    [
        (ALL, "en", ALL),
        (ALL, "zh_CN", ("modelscope", "hf-mirror", "hf")),
        (ALL, "zh", ("modelscope", "hf-mirror", "hf")),
        (("hf", "school"), "zh_CN", ("hf", "school")),
        (("school", "modelscope"), "zh_CN", ("modelscope", "school")),
        ((), "zh_CN", ()),
    ],
)
def test_in_chinese_what_is_quick_in_china_comes_first(
    offered: tuple[str, ...], language: str, order: tuple[str, ...]
) -> None:
    assert source_order(offered, language) == order


def test_a_chosen_source_is_the_only_one(qtbot: QtBot) -> None:
    choice = SourceChoice()
    qtbot.addWidget(choice)
    entry = on_offer("vit-b-16")
    choice.offer([entry])
    choice.offer([entry])
    assert [choice.itemText(place) for place in range(choice.count())] == [
        "Automatic (tries each)",
        "Hugging Face",
        "hf-mirror.com",
        "ModelScope",
    ]
    assert choice.order(entry, "en") == ALL
    choice.setCurrentIndex(choice.findData("hf-mirror"))
    assert choice.order(entry, "zh_CN") == ("hf-mirror",)


def test_a_source_of_somebody_elses_catalogue_has_the_name_it_has_there() -> None:
    assert source_name("school") == "school"

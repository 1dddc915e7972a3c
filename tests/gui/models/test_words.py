"""What is said about a model, in both languages."""

from dataclasses import replace

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.download.progress import DownloadProgress
from memoryhunter.engine.prepare.progress import PrepareProgress, PrepareStep, at_step
from memoryhunter.gui.i18n import interface_language
from memoryhunter.gui.models.progress_words import FULL, InstallWords, share_done
from memoryhunter.gui.models.words import ModelState, ModelWords, size_text, state_of
from memoryhunter.model_shelf import ModelEntry
from tests.gui.fakes import on_offer, package

DAMAGED = UserError(ErrorCode.MODEL_DAMAGED, model="b", detail="")


def test_sizes_are_those_people_know() -> None:
    assert size_text(753_000_000) == "753 MB"
    assert size_text(1_630_000_000) == "1.63 GB"


@pytest.mark.parametrize(
    ("entry", "state", "words"),
    [
        (on_offer("b"), ModelState.ABSENT, "Not installed"),
        (on_offer("b", kept=312_000_000), ModelState.KEPT, "41 % downloaded"),
        (on_offer("b", kept=753_000_000), ModelState.KEPT, "Downloaded"),
        (on_offer("b", kept=752_400_000), ModelState.KEPT, "Downloaded"),
        (replace(on_offer("b"), package=package("b")), ModelState.INSTALLED, "Installed"),
        (replace(on_offer("b"), package=package("b"), in_use=True), ModelState.IN_USE, "In use"),
        (replace(on_offer("b"), problem=DAMAGED), ModelState.DAMAGED, "Damaged"),
    ],
)
def test_how_a_model_stands(entry: ModelEntry, state: ModelState, words: str) -> None:
    assert state_of(entry) is state
    assert ModelWords().state(entry) == words


def test_the_facts_of_a_model_on_offer() -> None:
    facts = {fact.label: fact for fact in ModelWords().facts(on_offer("b"))}
    assert {label: fact.value for label, fact in facts.items()} == {
        "Right photo first": "62.7 %",
        "Download": "753 MB",
        "On disk": "620 MB",
        "Memory": "376 MB",
        "Licence": "MIT",
    }
    assert "Flickr30K-CN" in facts["Right photo first"].hint
    assert "92.8 %" in facts["Right photo first"].hint


def test_a_model_of_ones_own_has_fewer_facts() -> None:
    own = ModelEntry("own", "My own", 64, "", package=package("own", 3))
    assert [fact.value for fact in ModelWords().facts(own)] == ["3 MB"]
    assert ModelWords().suits(own) == "Added from this computer."
    assert ModelWords().suits(replace(own, built_in=True)) == "Came with MemoryHunter."


def test_an_unknown_licence_is_told_in_the_language_of_the_window(chinese: None) -> None:
    own = ModelEntry("own", "My own", 64, "unknown", package=package("own", 3))
    assert [fact.value for fact in ModelWords().facts(own)][-1] == "未知"


def test_whom_it_suits_is_told_in_the_language_of_the_window(chinese: None) -> None:
    words = ModelWords()
    assert interface_language() == "zh_CN"
    assert words.suits(on_offer("b")) == "任何电脑上都很快。"
    assert words.facts(on_offer("b"))[0].value == "62.7%"


def test_removing_says_what_is_lost() -> None:
    words = ModelWords()
    question, lost = words.removal(replace(on_offer("b"), package=package("b"), in_use=True))
    assert "Chinese-CLIP B" in question
    assert "620 MB" in lost
    assert "Your photos and folders stay" in lost
    assert "in use" in lost
    question, lost = words.removal(on_offer("b", kept=312_000_000))
    assert "downloaded" in question
    assert "312 MB" in lost


def download(done: int, total: int, *, speed: float = 0, left: float | None = None) -> str:
    progress = DownloadProgress("modelscope", "pytorch_model.bin", done, total, speed, left)
    return InstallWords().line(progress)


def test_a_download_is_told_with_source_amount_speed_and_time(english: None) -> None:
    assert download(0, 753_000_000) == "ModelScope · 0 bytes of 753 MB"
    told = download(312_000_000, 753_000_000, speed=5_230_000, left=170)
    assert told == "ModelScope · 312 MB of 753 MB · 5.2 MB/s · 3 minutes left"


def test_a_download_is_told_in_chinese(chinese: None) -> None:
    told = download(312_000_000, 753_000_000, speed=5_230_000, left=170)
    assert told == "ModelScope · 312 MB / 753 MB · 5.2 MB/s · 剩余约 3 分钟"


def test_a_source_that_falls_silent_is_told() -> None:
    progress = DownloadProgress("hf", "f", 376_000_000, 753_000_000, 0, None, waiting=True)
    assert InstallWords().line(progress).endswith("no data at the moment, trying again…")


def test_bars_take_files_of_many_gigabytes() -> None:
    half = DownloadProgress("hf", "f", 3_000_000_000, 6_000_000_000, 0, None)
    assert share_done(half) == FULL // 2
    assert share_done(replace(half, done_bytes=7_000_000_000)) == FULL
    assert share_done(replace(half, total_bytes=0)) is None
    assert share_done(at_step(PrepareStep.READ)) is None
    assert share_done(at_step(PrepareStep.QUANTISE)) == round(FULL * 3 / 7)


def test_a_step_of_a_newer_version_is_told_somehow() -> None:
    assert InstallWords().line(PrepareProgress("polish", 1, 2))

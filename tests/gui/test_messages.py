from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from memoryhunter.config.resources import BUILT_IN_VARIABLE
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason
from memoryhunter.engine.download.trouble import Trouble
from memoryhunter.gui.i18n import install_translators
from memoryhunter.gui.messages import error_text, failure_text

LANGUAGES = Path(__file__).resolve().parents[2] / "resources" / "i18n"

# What the codes may carry, by the comments beside them.
VALUES: dict[str, str | int] = {
    "path": "/照片/{2023}/a b",
    "model": "vit-b-16",
    "reason": FailureReason.DAMAGED,
    "detail": "expert words",
    "missing": 30,
    "other": "/照片",
    "found": "vit-l-14",
    "source": "elsewhere",
    "sources": "hf, modelscope",
    "known": "hf, modelscope",
    "trouble": "dropped",
    "proxy": "http://127.0.0.1:7890",
    "needed": 1400,
    "free": 200,
}


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    installed = install_translators(qapp, LANGUAGES, request.param)
    yield request.param
    for translator in installed:
        QCoreApplication.removeTranslator(translator)


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_has_a_sentence(code: ErrorCode, language: str) -> None:
    text = error_text(UserError(code, **VALUES))
    bare = text.replace(str(VALUES["path"]), "")
    assert is_chinese(bare) == (language == "zh_CN")
    assert bare.endswith((".", "。"))
    assert "{" not in bare
    # Words for experts stay in the log.
    assert "expert words" not in text


# Those of which `engine/download/job` makes DOWNLOAD_FAILED; the others have codes of their own.
TROUBLES = set(Trouble) - {Trouble.UNREACHABLE, Trouble.PROXY, Trouble.WRONG_FILE}


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_every_trouble_of_a_download_has_a_sentence(trouble: Trouble, language: str) -> None:
    text = error_text(UserError(ErrorCode.DOWNLOAD_FAILED, **VALUES | {"trouble": trouble.value}))
    if "-" in trouble.value:  # the others are words of English, too
        assert trouble.value not in text
    assert is_chinese(text) == (language == "zh_CN")
    texts = {
        error_text(UserError(ErrorCode.DOWNLOAD_FAILED, **VALUES | {"trouble": each.value}))
        for each in TROUBLES
    }
    assert len(texts) == len(TROUBLES)


@pytest.mark.parametrize("reason", FailureReason)
def test_every_failure_has_a_sentence(reason: FailureReason, language: str) -> None:
    text = failure_text(reason)
    assert is_chinese(text) == (language == "zh_CN")
    assert text.endswith((".", "。"))


@pytest.mark.parametrize("reason", FailureReason)
def test_no_failure_promises_another_attempt(reason: FailureReason) -> None:
    """The same sentences are told about a picture searched with, which nobody tries again."""
    assert "again" not in failure_text(reason).replace("Copy it again", "")


def test_a_reason_from_a_newer_version_is_still_told(language: str) -> None:
    text = failure_text("eaten-by-the-dog")
    assert is_chinese(text) == (language == "zh_CN")


def test_an_unreadable_picture_says_why() -> None:
    error = UserError(
        ErrorCode.PICTURE_UNREADABLE, path="/a.jpg", reason=FailureReason.EMPTY, detail=""
    )
    assert "/a.jpg" in error_text(error)
    assert failure_text(FailureReason.EMPTY) in error_text(error)


def test_a_missing_value_leaves_a_gap_instead_of_another_error() -> None:
    assert error_text(UserError(ErrorCode.FOLDER_NOT_FOUND)).startswith("The folder “”")


def test_a_model_on_offer_is_told_by_its_name() -> None:
    error = UserError(ErrorCode.MODEL_DAMAGED, model="chinese-clip-vit-base-patch16", detail="")
    assert "“Chinese-CLIP ViT-B/16”" in error_text(error)
    other = UserError(ErrorCode.MODEL_DAMAGED, model="my-own", detail="")
    assert "“my-own”" in error_text(other)
    assert "Install it again" in error_text(other)


def test_a_damaged_model_that_came_with_the_program_is_not_to_be_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BUILT_IN_VARIABLE, str(tmp_path))
    (tmp_path / "quick").mkdir()
    error = UserError(ErrorCode.MODEL_DAMAGED, model="quick", detail="")
    assert "Install MemoryHunter again, or install another model" in error_text(error)

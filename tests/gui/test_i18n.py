from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from memoryhunter.gui.i18n import (
    TsTranslator,
    available_languages,
    choose_language,
    install_translators,
)

TS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="{language}" sourcelanguage="en">
<context>
    <name>Greeter</name>
    <message><source>Hello</source><translation>你好</translation></message>
    <message><source>Open</source><comment>a door</comment><translation>开门</translation></message>
    <message><source>Later</source><translation type="unfinished">以后</translation></message>
    <message><source>Gone</source><translation type="vanished">没了</translation></message>
    <message numerus="yes"><source>%n photo(s)</source><translation>{forms}</translation></message>
</context>
</TS>
"""
ONE = "<numerusform>%n 张照片</numerusform>"
TWO = "<numerusform>%n photo</numerusform><numerusform>%n photos</numerusform>"


class Greeter(QObject):
    def hello(self) -> str:
        return self.tr("Hello")

    def later(self) -> str:
        return self.tr("Later")

    def photos(self, count: int) -> str:
        return self.tr("%n photo(s)", "", count)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chinese = TS.format(language="zh_CN", forms=ONE)
    english = TS.format(language="en", forms=TWO)
    (tmp_path / "memoryhunter_zh_CN.ts").write_text(chinese, encoding="utf-8")
    (tmp_path / "memoryhunter_en.ts").write_text(english, encoding="utf-8")
    return tmp_path


def test_a_finished_sentence_is_translated(folder: Path) -> None:
    translator = TsTranslator(folder / "memoryhunter_zh_CN.ts")
    assert translator.translate("Greeter", "Hello") == "你好"
    assert translator.language() == "zh_CN"
    assert not translator.isEmpty()


def test_sentences_that_differ_in_their_comment_are_kept_apart(folder: Path) -> None:
    translator = TsTranslator(folder / "memoryhunter_zh_CN.ts")
    assert translator.translate("Greeter", "Open", "a door") == "开门"
    assert translator.translate("Greeter", "Open", "a file") is None


@pytest.mark.parametrize("source", ["Later", "Gone", "Never heard of"])
def test_what_is_not_finished_is_left_to_the_next_translator(folder: Path, source: str) -> None:
    assert TsTranslator(folder / "memoryhunter_zh_CN.ts").translate("Greeter", source) is None


def test_chinese_has_one_form_for_any_number(folder: Path) -> None:
    translator = TsTranslator(folder / "memoryhunter_zh_CN.ts")
    forms = {translator.translate("Greeter", "%n photo(s)", None, n) for n in (0, 1, 2, 100)}
    assert forms == {"%n 张照片"}


def test_english_has_one_form_for_one_and_another_for_the_rest(folder: Path) -> None:
    translator = TsTranslator(folder / "memoryhunter_en.ts")
    forms = [translator.translate("Greeter", "%n photo(s)", None, n) for n in (0, 1, 2)]
    assert forms == ["%n photos", "%n photo", "%n photos"]


def test_a_file_without_sentences_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "memoryhunter_en.ts"
    file.write_text('<TS version="2.1" language="en"></TS>', encoding="utf-8")
    assert TsTranslator(file).isEmpty()


def test_installed_translators_answer_qt_and_can_be_removed(
    qapp: QApplication, qtbot: QtBot, folder: Path
) -> None:
    installed = install_translators(qapp, folder, "zh_CN")
    try:
        assert Greeter().hello() == "你好"
        assert Greeter().photos(3) == "3 张照片"
        assert Greeter().later() == "Later"
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(box)
        assert box.buttons()[0].text() == "取消"
    finally:
        for translator in installed:
            QCoreApplication.removeTranslator(translator)
    assert Greeter().hello() == "Hello"


def test_a_language_without_a_file_leaves_english(qapp: QApplication, tmp_path: Path) -> None:
    assert install_translators(qapp, tmp_path, "en") == []


def test_the_languages_are_the_files_and_english(folder: Path, tmp_path: Path) -> None:
    assert available_languages(folder) == ["en", "zh_CN"]
    assert available_languages(tmp_path / "nowhere") == ["en"]


@pytest.mark.parametrize(
    ("wanted", "system", "chosen"),
    [
        (None, "zh_CN", "zh_CN"),
        (None, "zh_TW", "zh_CN"),
        (None, "zh_HK", "zh_CN"),
        (None, "zh_SG", "zh_CN"),
        (None, "en_GB", "en"),
        (None, "de_DE", "en"),
        (None, "C", "en"),
        ("zh_CN", "en_US", "zh_CN"),
        ("zh-Hans-CN", "en_US", "zh_CN"),
        ("en", "zh_CN", "en"),
        ("tlh", "zh_CN", "en"),
        ("", "zh_CN", "zh_CN"),
    ],
)
def test_the_language_nearest_to_the_wish_is_chosen(
    wanted: str | None, system: str, chosen: str
) -> None:
    assert choose_language(wanted, QLocale(system), ["en", "zh_CN"]) == chosen

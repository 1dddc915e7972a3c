"""The language files belong to the sources: nothing missing, nothing half done, no gap lost."""

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import PySide6
import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ROOT / "resources" / "i18n"

# %1, %n, %Ln and {name}: what is filled in later must be in both languages. A percent sign
# alone is text.
GAP = re.compile(r"%L?n|%L?\d+|\{[^}]*\}")


@dataclass(frozen=True)
class Message:
    context: str
    source: str
    forms: tuple[str, ...]
    numerus: bool
    finished: bool


def messages(file: Path) -> Iterator[Message]:
    for context in ElementTree.parse(file).getroot().iter("context"):  # noqa: S314 - our own files
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")]
            yield Message(
                context=context.findtext("name", ""),
                source=message.findtext("source", ""),
                forms=tuple(forms or [translation.text or ""]),
                numerus=message.get("numerus") == "yes",
                finished=translation.get("type") is None,
            )


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the language files as lupdate makes them from the sources of today."""
    package = Path(PySide6.__file__).parent
    if not any((package / name).is_file() for name in ("lupdate", "lupdate.exe")):
        pytest.skip("PySide6 came without lupdate")
    folder = tmp_path_factory.mktemp("languages")
    for file in LANGUAGES.glob("*.ts"):
        shutil.copy(file, folder)
    program = ROOT / "packaging" / "update_translations.py"
    done = subprocess.run(
        [sys.executable, str(program), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_sentence_is_in_chinese(updated: Path) -> None:
    open_ones = [
        f"{message.context}: {message.source}"
        for message in messages(updated / "memoryhunter_zh_CN.ts")
        if not message.finished or not all(message.forms)
    ]
    assert open_ones == []


def test_the_files_hold_no_sentence_that_is_gone(updated: Path) -> None:
    for file in sorted(updated.glob("*.ts")):
        now = {(message.context, message.source) for message in messages(file)}
        kept = {(m.context, m.source) for m in messages(LANGUAGES / file.name)}
        assert kept == now, file.name


def test_english_counts_in_singular_and_plural(updated: Path) -> None:
    plurals = list(messages(updated / "memoryhunter_en.ts"))
    assert plurals
    for message in plurals:
        assert message.numerus
        assert message.finished, message.source
        assert len(message.forms) == 2, message.source
        assert all(message.forms), message.source
        assert not any("(s)" in form for form in message.forms), message.source


@pytest.mark.parametrize("name", ["memoryhunter_zh_CN.ts", "memoryhunter_en.ts"])
def test_the_gaps_of_a_sentence_survive_translation(name: str) -> None:
    for message in messages(LANGUAGES / name):
        gaps = Counter(GAP.findall(message.source))
        for form in message.forms:
            assert Counter(GAP.findall(form)) == gaps, message.source


def test_counted_sentences_are_known_as_such(updated: Path) -> None:
    """In Python lupdate sees a plural in `self.tr` only, not in `translate`."""
    for message in messages(updated / "memoryhunter_zh_CN.ts"):
        counted = "%n" in message.source or "%Ln" in message.source
        assert message.numerus == counted, message.source


def test_lupdate_finds_every_sentence_of_the_sources(updated: Path) -> None:
    """It silently passes over calls that it cannot parse."""
    found = {message.source for message in messages(updated / "memoryhunter_zh_CN.ts")}
    written = {
        text
        for file in sorted((ROOT / "app/memoryhunter/gui").rglob("*.py"))
        for text in translated_texts(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert written - found == set()


def translated_texts(tree: ast.Module) -> Iterator[str]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = call.func.id if isinstance(call.func, ast.Name) else name
        place = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1}.get(name)
        if place is not None and len(call.args) > place:
            text = call.args[place]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def test_every_context_is_the_name_of_a_class(updated: Path) -> None:
    """After `QCoreApplication.translate` lupdate misnames the contexts that follow in a file."""
    contexts = {message.context for message in messages(updated / "memoryhunter_zh_CN.ts")}
    assert all(context.isidentifier() for context in contexts), contexts


def test_chinese_reads_as_chinese() -> None:
    """Half-width punctuation beside Chinese characters is the mark of a careless translation."""
    careless = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;!?][\u4e00-\u9fff]|\.\.\.|[\u4e00-\u9fff]\.")
    for message in messages(LANGUAGES / "memoryhunter_zh_CN.ts"):
        for form in message.forms:
            assert not careless.search(form), form

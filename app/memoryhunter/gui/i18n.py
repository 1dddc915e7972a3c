"""The languages of the window: which there are, which one to use, and how its sentences are found.

A language is one `memoryhunter_<locale>.ts` file in the resources folder, read as it is: parsing
takes milliseconds, and without compiled `.qm` files there is no build step to forget. English
is the language of the sources, so its file holds plural forms only. After changing a sentence
run `python packaging/update_translations.py` and fill in what it marks as unfinished; the tests
fail while anything is missing.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

_PREFIX = "memoryhunter_"
_SOURCE_LANGUAGE = "en"

# Which of a message's forms says "n things"; by language, without the country.
_PLURAL_FORM: Mapping[str, Callable[[int], int]] = {
    "en": lambda n: 0 if n == 1 else 1,
    "zh": lambda n: 0,  # noqa: ARG005 - Chinese nouns do not change with the number
}


class TsTranslator(QTranslator):
    """Answers Qt's questions for translations from one `.ts` file; unfinished entries are left out.

    Raises `OSError` or `ElementTree.ParseError` where the file cannot be used.
    """

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        root = ElementTree.parse(file).getroot()  # noqa: S314 - our own resource
        self._language = root.get("language", "")
        self._form = _PLURAL_FORM.get(self._language.split("_")[0], _PLURAL_FORM["en"])
        self._sentences: dict[tuple[str, str, str], list[str]] = {}
        for context in root.iter("context"):
            name = context.findtext("name", "")
            for message in context.iter("message"):
                forms = _finished_forms(message)
                if forms:
                    key = (name, message.findtext("source", ""), message.findtext("comment", ""))
                    self._sentences[key] = forms

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Give the sentence in this language; None lets Qt ask the next translator."""
        forms = self._sentences.get((context, source, disambiguation or ""))
        if forms is None:
            return None
        if n < 0 or len(forms) == 1:
            return forms[0]
        return forms[min(self._form(n), len(forms) - 1)]

    def isEmpty(self) -> bool:
        """Whether the file holds no finished sentence; Qt does not install such a translator."""
        return not self._sentences

    def language(self) -> str:
        """Give the locale name written in the file."""
        return self._language


def _finished_forms(message: ElementTree.Element) -> list[str]:
    translation = message.find("translation")
    if translation is None or translation.get("type") is not None:
        return []  # unfinished, vanished or obsolete
    forms = [form.text or "" for form in translation.findall("numerusform")]
    if not forms:
        forms = [translation.text or ""]
    return forms if all(forms) else []


def available_languages(folder: Path) -> list[str]:
    """Give the locale names ("en", "zh_CN") that `folder` has a file for, sorted."""
    names = {file.stem.removeprefix(_PREFIX) for file in folder.glob(f"{_PREFIX}*.ts")}
    return sorted(names | {_SOURCE_LANGUAGE})


def choose_language(wanted: str | None, system: QLocale, available: Sequence[str]) -> str:
    """Pick the language of `available` nearest to what the person set, else to the system's.

    The system's languages are tried in the person's order of preference. Any Chinese gets the
    Chinese there is: simplified characters are nearer than English to those who read
    traditional ones. English where nothing fits.
    """
    preferences = [wanted] if wanted else system.uiLanguages()
    for preference in preferences:
        name = preference.replace("-", "_")
        if name in available:
            return name
        language = name.split("_")[0]
        for candidate in available:
            if candidate.split("_")[0] == language:
                return candidate
    return _SOURCE_LANGUAGE


def interface_language() -> str:
    """Give the language that the window speaks, such as "en" or "zh_CN"."""
    return QCoreApplication.translate("Language", "en", "the code of this language")


def in_interface_language(texts: Mapping[str, str], otherwise: str = "") -> str:
    """Give the one of `texts`, by language ("en", "zh"), that the window speaks, or else English.

    `otherwise` where there is neither.
    """
    language = interface_language().partition("_")[0]
    return texts.get(language) or texts.get("en") or otherwise


def install_translators(app: QCoreApplication, folder: Path, language: str) -> list[QTranslator]:
    """Make `app` speak `language`; keep the list, removing what it holds undoes this.

    Installs Qt's own sentences (the standard buttons) and ours; a language without one of
    the files goes without it.
    """
    installed: list[QTranslator] = []
    qt_own = QTranslator(app)
    translations = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != _SOURCE_LANGUAGE and qt_own.load(f"qtbase_{language}", translations):
        installed.append(qt_own)
    file = folder / f"{_PREFIX}{language}.ts"
    if file.is_file():
        installed.append(TsTranslator(file, app))
    for translator in installed:
        app.installTranslator(translator)
    return installed

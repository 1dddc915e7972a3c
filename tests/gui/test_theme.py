from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from memoryhunter.gui.colours import DARK, LIGHT, Colours
from memoryhunter.gui.theme import CHINESE_FONTS, Theme, apply_theme

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"
NAMES = sorted(file.stem for file in ICONS.glob("*.svg") if file.stem != "memoryhunter")


@pytest.fixture
def apply(qapp: QApplication) -> Iterator[list[Theme]]:
    themes: list[Theme] = []
    palette, font, style_sheet = qapp.palette(), qapp.font(), qapp.styleSheet()
    yield themes
    for theme in themes:
        shiboken6.delete(theme)
    qapp.setStyleSheet(style_sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


def luminance(colour: str) -> float:
    """Give the relative luminance of WCAG 2."""
    ink = QColor(colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
        for part in (ink.redF(), ink.greenF(), ink.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(colours: Colours) -> None:
    for ground in (colours.window, colours.panel, colours.base, colours.raised):
        for ink in (colours.text, colours.muted, colours.link, colours.warning):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast(colours.on_accent, colours.accent) >= 4.5


def test_the_scheme_decides_between_light_and_dark(qapp: QApplication, apply: list[Theme]) -> None:
    apply.append(apply_theme(qapp, ICONS, Qt.ColorScheme.Dark))
    assert apply[-1].is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() < 60
    apply.append(apply_theme(qapp, ICONS, Qt.ColorScheme.Light))
    assert not apply[-1].is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() > 200


def test_without_a_word_from_the_system_its_colours_decide(
    qapp: QApplication, apply: list[Theme]
) -> None:
    qapp.setPalette(QPalette(QColor("#202020"), QColor("#101010")))
    apply.append(apply_theme(qapp, ICONS))
    assert apply[-1].is_dark


def test_chinese_fonts_follow_the_system_font(qapp: QApplication, apply: list[Theme]) -> None:
    before = qapp.font().families()[0]
    apply.append(apply_theme(qapp, ICONS))
    families = qapp.font().families()
    assert families[0] == before
    assert [family for family in families if family in CHINESE_FONTS] == list(CHINESE_FONTS)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_the_colour_of_the_text(
    qapp: QApplication, apply: list[Theme], name: str
) -> None:
    apply.append(apply_theme(qapp, ICONS, Qt.ColorScheme.Dark))
    # 20 pixels on a screen of 200 %.
    pixmap = apply[-1].icon(name).pixmap(QSize(20, 20), 2.0)
    assert pixmap.size() == QSize(40, 40)
    image = pixmap.toImage()
    inks = [
        image.pixelColor(x, y)
        for x in range(40)
        for y in range(40)
        if image.pixelColor(x, y).alpha() == 255
    ]
    assert inks
    assert {ink.name() for ink in inks} == {DARK.text}


def test_every_icon_is_used() -> None:
    sources = (ICONS.parents[1] / "app/memoryhunter/gui").rglob("*.py")
    written = "".join(file.read_text(encoding="utf-8") for file in sources)
    assert [name for name in NAMES if f'"{name}"' not in written] == []


def test_a_disabled_icon_is_fainter(qapp: QApplication, apply: list[Theme]) -> None:
    apply.append(apply_theme(qapp, ICONS))
    icon = apply[-1].icon("folder")
    normal = icon.pixmap(QSize(24, 24), 1.0).toImage()
    disabled = icon.pixmap(QSize(24, 24), 1.0, QIcon.Mode.Disabled).toImage()
    assert max_alpha(disabled) < max_alpha(normal) / 2


def max_alpha(image: QImage) -> int:
    return max(
        image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())
    )


def test_an_unknown_icon_is_an_error(qapp: QApplication, apply: list[Theme]) -> None:
    apply.append(apply_theme(qapp, ICONS))
    with pytest.raises(FileNotFoundError):
        apply[-1].icon("no-such-icon")


def test_icons_of_buttons_follow_the_colours(
    qapp: QApplication, qtbot: QtBot, apply: list[Theme]
) -> None:
    theme = apply_theme(qapp, ICONS)
    apply.append(theme)
    button, gone = QToolButton(), QToolButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "search")
    theme.set_icon(gone, "search")
    shiboken6.delete(gone)
    before = button.icon().cacheKey()
    with qtbot.waitSignal(theme.changed):
        theme._scheme = Qt.ColorScheme.Dark  # no system here can be made dark
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert button.icon().cacheKey() != before
    assert theme.is_dark


def test_the_program_has_its_mark(qapp: QApplication, apply: list[Theme]) -> None:
    apply.append(apply_theme(qapp, ICONS))
    mark = qapp.windowIcon().pixmap(QSize(64, 64), 1.0).toImage()
    assert mark.pixelColor(32, 2).alpha() == 255
    assert mark.pixelColor(0, 0).alpha() == 0

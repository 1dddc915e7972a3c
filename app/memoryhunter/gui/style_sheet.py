"""The colours of the window, light and dark, and the rules of shape a palette cannot express."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """A set of colours as #rrggbb; neutral, because the photos bring the colour.

    Text on `window` and `base`, and `on_accent` on `accent`, have a contrast of 4.5 or more
    (WCAG 2 AA), `muted` too; `line` only divides and is fainter.
    """

    window: str
    base: str
    raised: str
    hover: str
    text: str
    muted: str
    line: str
    accent: str
    accent_hover: str
    on_accent: str
    link: str
    warning: str


LIGHT = Colours(
    window="#f5f6f5",
    base="#ffffff",
    raised="#ffffff",
    hover="#e7ebe9",
    text="#1d2423",
    muted="#5f6a68",
    line="#d9dedc",
    accent="#1f7a6d",
    accent_hover="#196459",
    on_accent="#ffffff",
    link="#1a6f63",
    warning="#a85b00",
)

DARK = Colours(
    window="#1b1e1e",
    base="#151717",
    raised="#282c2c",
    hover="#323838",
    text="#e4e8e7",
    muted="#9ba6a4",
    line="#363c3c",
    accent="#26806f",
    accent_hover="#2f9482",
    on_accent="#ffffff",
    link="#62c9b5",
    warning="#f0b35a",
)

# Sizes are in device-independent pixels; colours are put in by name.
_RULES = """
QToolTip { background: %(raised)s; color: %(text)s; border: 1px solid %(line)s; padding: 4px 6px; }

QLineEdit { background: %(base)s; color: %(text)s; border: 1px solid %(line)s;
    border-radius: 6px; padding: 4px 8px; selection-background-color: %(accent)s;
    selection-color: %(on_accent)s; }
QLineEdit:focus { border-color: %(link)s; }
QLineEdit#searchField { border-radius: 9px; padding: 7px 10px; }

QPushButton { background: %(raised)s; color: %(text)s; border: 1px solid %(line)s;
    border-radius: 6px; padding: 5px 14px; min-height: 18px; }
QPushButton:hover { background: %(hover)s; }
QPushButton:focus { border-color: %(link)s; }
QPushButton:disabled { color: %(muted)s; background: transparent; }
QPushButton:default { background: %(accent)s; color: %(on_accent)s; border-color: %(accent)s; }
QPushButton:default:hover { background: %(accent_hover)s; }
QPushButton:default:focus { border: 2px solid %(text)s; padding: 4px 13px; }
QPushButton:default:disabled { background: %(hover)s; color: %(muted)s; border-color: %(line)s; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px;
    padding: 4px; }
QToolButton:hover { background: %(hover)s; }
QToolButton:pressed, QToolButton:checked { background: %(line)s; }
QToolButton:focus { border-color: %(link)s; }

QMenu { background: %(raised)s; border: 1px solid %(line)s; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: %(accent)s; color: %(on_accent)s; }
QMenu::item:disabled { color: %(muted)s; background: transparent; }
QMenu::separator { height: 1px; background: %(line)s; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QProgressBar { background: %(hover)s; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: %(link)s; border-radius: 3px; }

QHeaderView { background: %(window)s; }
QHeaderView::section { background: %(window)s; color: %(muted)s; border: none;
    border-bottom: 1px solid %(line)s; padding: 6px 8px; }
QTableView { border: 1px solid %(line)s; border-radius: 6px; }
QTableView::item { padding: 3px 6px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: %(line)s; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: %(muted)s; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: %(line)s; }
QSplitter::handle:horizontal { width: 1px; }
"""


def style_sheet(colours: Colours) -> str:
    """Give the Qt style sheet of the application in these colours."""
    names = Colours.__dataclass_fields__
    return _RULES % {name: getattr(colours, name) for name in names}

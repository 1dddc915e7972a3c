"""The rules of shape that a palette cannot express, as one Qt style sheet.

Widgets are picked by kind, by object name, or by a property that says what they are for:
`role` ("title", "lead", "heading", "quiet", "warning"), `heading` and `pill` for labels, `primary`
and `link` for buttons, `chip` and `card` for frames.
"""

from dataclasses import asdict

from PySide6.QtWidgets import QWidget

from memoryhunter.gui.colours import Colours

# Sizes are in device-independent pixels; colours are put in by name.
_RULES = """
QToolTip { background: %(raised)s; color: %(text)s; border: 1px solid %(line)s; padding: 4px 6px; }

QLineEdit { background: %(base)s; color: %(text)s; border: 1px solid %(line)s;
    border-radius: 6px; padding: 4px 8px; selection-background-color: %(accent)s;
    selection-color: %(on_accent)s; }
QLineEdit:focus { border-color: %(link)s; }
QLineEdit#searchField { border-radius: 10px; padding: 7px 10px; min-height: 20px;
    font-size: %(search_size)spt; }

QLabel[role="title"] { font-size: %(title_size)spt; font-weight: 600; }
QLabel[role="lead"] { font-size: %(lead_size)spt; color: %(muted)s; }
QLabel[role="quiet"], QLabel#resultSummary { color: %(muted)s; }
QLabel[role="heading"] { font-size: %(lead_size)spt; font-weight: 600; }
QLabel[role="warning"] { color: %(warning)s; }
QLabel[pill] { color: %(muted)s; background: %(hover)s; border-radius: 9px; padding: 2px 9px; }
QLabel[pill="in-use"] { color: %(on_accent)s; background: %(accent)s; }
QLabel[pill="installed"] { color: %(text)s; }
QLabel[pill="damaged"] { color: %(warning)s; }
QLabel[pill="absent"] { background: transparent; }
QLabel[heading="true"] { color: %(muted)s; font-size: %(heading_size)spt; font-weight: 600; }

QPushButton { background: %(raised)s; color: %(text)s; border: 1px solid %(line)s;
    border-radius: 6px; padding: 5px 14px; min-height: 18px; }
QPushButton:hover { background: %(hover)s; }
QPushButton:focus { border-color: %(link)s; }
QPushButton:disabled { color: %(muted)s; background: transparent; }
QPushButton:default, QPushButton[primary="true"] {
    background: %(accent)s; color: %(on_accent)s; border-color: %(accent)s; }
QPushButton:default:hover, QPushButton[primary="true"]:hover { background: %(accent_hover)s; }
QPushButton:default:focus, QPushButton[primary="true"]:focus {
    border: 2px solid %(text)s; padding: 4px 13px; }
QPushButton:default:disabled, QPushButton[primary="true"]:disabled {
    background: %(hover)s; color: %(muted)s; border-color: %(line)s; }
QPushButton[link="true"] { background: transparent; color: %(link)s; border: 1px solid transparent;
    padding: 2px 4px; min-height: 0; }
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border-color: %(link)s; }

QPushButton[link="true"]:disabled { color: %(muted)s; }

QComboBox { background: %(raised)s; color: %(text)s; border: 1px solid %(line)s;
    border-radius: 6px; padding: 5px 10px; min-height: 18px; }
QComboBox:hover { background: %(hover)s; }
QComboBox:focus { border-color: %(link)s; }
QComboBox::drop-down { border: none; width: 24px; }

QFrame[chip="true"] { background: %(hover)s; border: none; border-radius: 13px; }
QFrame[chip="true"] QToolButton { padding: 2px; border-radius: 9px; }
QFrame[chip="true"] QToolButton:hover { background: %(line)s; }

QFrame[card="true"] { background: %(base)s; border: 1px solid %(line)s; border-radius: 8px; }
QFrame[card="true"]:focus { border-color: %(link)s; }
QFrame[card="true"] QPushButton[link="true"] { padding: 2px 0; }
#modelList, #modelListContent { background: transparent; border: none; }

#folderPanel { background: %(panel)s; border: none; }
#folderList { background: transparent; border: none; outline: none; padding: 0 6px; }
#folderList::item { min-height: 30px; padding: 0 6px; border-radius: 6px; color: %(text)s; }
#folderList::item:hover { background: %(hover)s; }
#folderList::item:selected { background: %(line)s; color: %(text)s; }
#photoGrid, #emptyPage, #firstRunPage { background: %(base)s; border: none; }
#noticeBar { background: %(panel)s; border: none; border-top: 1px solid %(line)s; }
#statusBar { border: none; border-top: 1px solid %(line)s; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

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

QSlider#zoomSlider::groove:horizontal { height: 3px; background: %(line)s; border-radius: 1px; }
QSlider#zoomSlider::sub-page:horizontal { background: %(muted)s; border-radius: 1px; }
QSlider#zoomSlider::handle:horizontal { background: %(raised)s; border: 1px solid %(muted)s;
    width: 11px; height: 11px; margin: -5px 0; border-radius: 6px; }
QSlider#zoomSlider::handle:horizontal:hover { border-color: %(link)s; }

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

#modelList QScrollBar:vertical { width: 18px; }
#modelList QScrollBar::handle:vertical { margin: 2px 2px 2px 8px; }

QSplitter::handle { background: %(line)s; }
QSplitter::handle:horizontal { width: 1px; }
"""

_VIEWER_RULES = """
#photoViewer { background: %(base)s; }
#viewerBar { background: %(window)s; }
#viewerBar QToolButton { color: %(text)s; }
#viewerBar QToolButton:disabled { color: %(muted)s; }
#viewerBar QLabel { color: %(text)s; }
#viewerBar #viewerPosition { color: %(muted)s; }
#viewerNotice { background: %(raised)s; color: %(text)s; border: 1px solid %(line)s;
    border-radius: 10px; }
"""


def style_sheet(colours: Colours, text_size: float) -> str:
    """Give the application's style sheet; `text_size` is that of ordinary text, in points."""
    sizes = {"heading": 0.9, "search": 1.1, "lead": 1.1, "title": 1.8}
    return _RULES % {
        **asdict(colours),
        **{f"{name}_size": f"{text_size * factor:.1f}" for name, factor in sizes.items()},
    }


def set_look(widget: QWidget, name: str, value: str | bool) -> None:
    """Change a property that rules go by, at once; Qt looks at it only when a widget is new.

    Rules that differ by it may change colours; of padding and the like Qt would go on with the old.
    """
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def viewer_style_sheet(colours: Colours) -> str:
    """Give what the viewer adds for its own widgets."""
    return _VIEWER_RULES % asdict(colours)

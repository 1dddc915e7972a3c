"""How the window looks: palette, fonts and icons, light or dark as the system is."""

from pathlib import Path
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontInfo, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QStyleFactory

from memoryhunter.gui.colours import DARK, LIGHT, Colours
from memoryhunter.gui.style_sheet import style_sheet

# Asked for after the system's own font, so that Chinese looks the same in every widget and
# gets the simplified forms: left alone, Linux often picks the Japanese ones.
CHINESE_FONTS = ("PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC")

APPLICATION_ICON = "memoryhunter"

# Icons are shown at 16 to 32 pixels, on screens of 100 to 300 %: an exact picture for each
# usual size stays crisp, where scaling would blur the strokes.
_ICON_PIXELS = (16, 18, 20, 24, 28, 30, 32, 36, 40, 48, 60, 64, 72, 96)
_APPLICATION_ICON_PIXELS = (16, 20, 24, 32, 40, 48, 64, 128, 256)


class Theme(QObject):
    """The look in use. `changed` says that the system went from light to dark or back.

    `icon` gives icons for the moment: ask again when painting, or let `set_icon` keep a
    button or action up to date.
    """

    changed = Signal()

    def __init__(self, app: QApplication, icons: Path, scheme: Qt.ColorScheme) -> None:
        super().__init__(app)
        self._app = app
        self._folder = icons
        self._scheme = scheme
        # Some Linux desktops do not say that they are dark, but hand out dark colours.
        own = app.palette()
        self._dark_unless_told = (
            own.color(QPalette.ColorRole.Window).lightness()
            < own.color(QPalette.ColorRole.WindowText).lightness()
        )
        self._cache: dict[tuple[str, str], QIcon] = {}
        self._kept: WeakSet[QAbstractButton | QAction] = WeakSet()
        self.colours: Colours = LIGHT
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._apply)

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in use."""
        return self.colours is DARK

    def icon(self, name: str, colour: str | None = None) -> QIcon:
        """Give the icon `name`.svg in the colour of the text, or in `colour` (#rrggbb)."""
        key = (name, colour or self.colours.text)
        if key not in self._cache:
            self._cache[key] = self._drawn(name, QColor(key[1]))
        return self._cache[key]

    def set_icon(self, target: QAbstractButton | QAction, name: str) -> None:
        """Give `target` the icon `name`, also after the colours change."""
        target.setProperty("themeIcon", name)
        target.setIcon(self.icon(name))
        self._kept.add(target)

    def application_icon(self) -> QIcon:
        """Give the program's own mark, in its own colours."""
        icon = QIcon()
        renderer = self._renderer(APPLICATION_ICON)
        for pixels in _APPLICATION_ICON_PIXELS:
            icon.addPixmap(QPixmap.fromImage(_rendered(renderer, pixels)))
        return icon

    def _apply(self) -> None:
        self.colours = DARK if self._wants_dark() else LIGHT
        self._app.setPalette(palette_of(self.colours))
        self._app.setStyleSheet(style_sheet(self.colours, QFontInfo(self._app.font()).pointSizeF()))
        for target in list(self._kept):
            if shiboken6.isValid(target):
                target.setIcon(self.icon(str(target.property("themeIcon"))))
        self.changed.emit()

    def _wants_dark(self) -> bool:
        unknown = Qt.ColorScheme.Unknown
        scheme = self._scheme if self._scheme != unknown else self._app.styleHints().colorScheme()
        return self._dark_unless_told if scheme == unknown else scheme == Qt.ColorScheme.Dark

    def _drawn(self, name: str, colour: QColor) -> QIcon:
        renderer = self._renderer(name)
        faint = QColor(colour)
        faint.setAlphaF(0.35)
        icon = QIcon()
        for pixels in _ICON_PIXELS:
            drawing = _rendered(renderer, pixels)
            plain = QPixmap.fromImage(_coloured(drawing, colour))
            icon.addPixmap(plain, QIcon.Mode.Normal)
            icon.addPixmap(plain, QIcon.Mode.Selected)  # else the style tints it
            icon.addPixmap(QPixmap.fromImage(_coloured(drawing, faint)), QIcon.Mode.Disabled)
        return icon

    def _renderer(self, name: str) -> QSvgRenderer:
        file = self._folder / f"{name}.svg"
        if not file.is_file():  # Qt would only warn, and draw nothing
            raise FileNotFoundError(file)
        return QSvgRenderer(str(file))


def apply_theme(
    app: QApplication, icons: Path, scheme: Qt.ColorScheme = Qt.ColorScheme.Unknown
) -> Theme:
    """Give `app` its style, font, colours and icon; `icons` is the folder of the drawings.

    Light or dark follows the system, now and when it changes, unless `scheme` names one.
    """
    app.setStyle(QStyleFactory.create("Fusion"))
    font = app.font()
    font.setFamilies([*dict.fromkeys([*font.families(), *CHINESE_FONTS])])
    app.setFont(font)
    theme = Theme(app, icons, scheme)
    app.setWindowIcon(theme.application_icon())
    return theme


def palette_of(colours: Colours) -> QPalette:
    """Give the palette for what the style draws itself."""
    palette = QPalette(QColor(colours.raised), QColor(colours.window))
    roles = QPalette.ColorRole
    for role, name in (
        (roles.Window, colours.window),
        (roles.WindowText, colours.text),
        (roles.Base, colours.base),
        (roles.AlternateBase, colours.window),
        (roles.Text, colours.text),
        (roles.PlaceholderText, colours.muted),
        (roles.Button, colours.raised),
        (roles.ButtonText, colours.text),
        (roles.ToolTipBase, colours.raised),
        (roles.ToolTipText, colours.text),
        (roles.Highlight, colours.accent),
        (roles.HighlightedText, colours.on_accent),
        (roles.Accent, colours.accent),
        (roles.Link, colours.link),
        (roles.LinkVisited, colours.link),
    ):
        palette.setColor(role, QColor(name))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(colours.line))
    return palette


def _rendered(renderer: QSvgRenderer, pixels: int) -> QImage:
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def _coloured(drawing: QImage, colour: QColor) -> QImage:
    """Give the drawing with every stroke in `colour`."""
    image = drawing.copy()
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), colour)
    painter.end()
    return image

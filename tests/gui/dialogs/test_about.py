from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from memoryhunter import __version__
from memoryhunter.gui.dialogs.about import AboutDialog


def test_it_tells_version_licence_and_that_nothing_leaves_the_computer(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot deletes it
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    text = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    assert __version__ in text
    assert "GNU General Public License" in text
    assert "Nothing leaves this computer" in text

"""How long work will still take, in words."""

from PySide6.QtCore import QObject


class TimeLeft(QObject):
    """Says it roughly: nobody plans by the second. A QObject for the sake of `tr`."""

    def text(self, seconds: float) -> str:
        """Say how long `seconds` are, such as "2 minutes left"."""
        minutes = round(seconds / 60)
        if minutes < 1:
            return self.tr("less than a minute left")
        if minutes < 90:
            return self.tr("%Ln minute(s) left", "", minutes)
        return self.tr("%Ln hour(s) left", "", round(minutes / 60))

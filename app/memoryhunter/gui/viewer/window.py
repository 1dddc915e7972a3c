from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget, QDialog
class PhotoViewer(QWidget):
    find_similar_requested = Signal(int)
    closed = Signal()
    def __init__(self, parent=None):
        super().__init__(None)
        self.setObjectName("photoViewer")
    def show_photos(self, photos, index, thumbnail):
        self.photos = photos; self.index = index; self.show()

from PySide6.QtWidgets import QDialog
class AboutDialog(QDialog):
    def __init__(self, *args):
        super().__init__(args[-1])

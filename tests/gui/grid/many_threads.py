"""Loads tiles in several threads at once in a fresh process, as the window does when it opens.

Arguments: a JPEG, and "touched" to go through Qt's calls on the main thread first.
"""

import os
import sys
import threading
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from memoryhunter.gui.grid.tile_image import load_tile, touch_types

SECONDS = 10.0

if __name__ == "__main__":
    app = QGuiApplication(sys.argv[:1])
    if sys.argv[2:] == ["touched"]:
        touch_types()
    start = threading.Barrier(4)

    def load() -> None:
        start.wait()
        assert not load_tile(Path(sys.argv[1]), 64, whole=False).isNull()

    threads = [threading.Thread(target=load, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    # Threads that hang cannot be ended in any other way.
    os._exit(any(thread.is_alive() for thread in threads))

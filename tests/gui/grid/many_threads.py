"""Makes pictures in several threads at once in a fresh process, as the window does when it opens.

Arguments: a JPEG, what makes the picture ("tile", "preview" or "viewer"), and "touched" to go
through Qt's calls on the main thread first.
"""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage

from memoryhunter.gui.grid import tile_image
from memoryhunter.gui.viewer import pictures

SECONDS = 10.0

MAKERS: dict[str, tuple[Callable[[Path], QImage], Callable[[], None]]] = {
    "tile": (lambda path: tile_image.load_tile(path, 64, whole=False), tile_image.touch_types),
    "preview": (tile_image.load_preview, tile_image.touch_types),
    "viewer": (lambda path: pictures.load_picture(path, (64, 64)).image, pictures.touch_types),
}

if __name__ == "__main__":
    app = QGuiApplication(sys.argv[:1])
    file, maker, touched = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    make, touch_types = MAKERS[maker]
    if touched == ["touched"]:
        touch_types()
    start = threading.Barrier(4)

    def load() -> None:
        start.wait()
        assert not make(file).isNull()

    threads = [threading.Thread(target=load, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    # Threads that hang cannot be ended in any other way.
    os._exit(any(thread.is_alive() for thread in threads))

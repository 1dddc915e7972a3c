"""Teaches Pillow to read HEIF, and keeps the two video codecs from starting threads."""

import pillow_heif
from PIL import AvifImagePlugin, Image


def register_heif() -> None:
    """Register the HEIF plugin; calling it again changes nothing.

    Both libheif and libavif start a thread for each core unless told otherwise. Photos are
    decoded in several processes at once already, and libheif takes its process down when a
    thread cannot be started (libheif #1755).
    """
    if "HEIF" in Image.OPEN:
        return
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    # Depth maps and auxiliary pictures are never looked at, so they need not be parsed.
    pillow_heif.register_heif_opener(decode_threads=1, depth_images=False, aux_images=False)

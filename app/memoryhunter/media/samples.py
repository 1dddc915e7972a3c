"""Writes a small picture in any of the formats, so that an installation can try its decoders."""

from pathlib import Path

from PIL import Image

from memoryhunter.media.heif import register_heif

# What Pillow calls the format, for those whose name is not simply the same in capitals.
_PILLOW_NAMES = {"heif": "HEIF", "jpeg2000": "JPEG2000"}
_SIDE = 64


def write_sample(path: Path, format_name: str) -> None:
    """Write a 64 x 64 picture of one colour; raises OSError where there is no encoder for it."""
    register_heif()
    name = _PILLOW_NAMES.get(format_name, format_name.upper())
    try:
        Image.new("RGB", (_SIDE, _SIDE), (200, 40, 40)).save(path, name)
    except KeyError as error:  # Pillow's word for an encoder it was built without
        raise OSError(f"this Pillow cannot write {name}") from error

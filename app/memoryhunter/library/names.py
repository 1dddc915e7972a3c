"""How file names are kept in the database.

A file name on Linux is bytes, usually UTF-8 but not always. Valid names are stored as TEXT, so
that people can read the database; the others as BLOBs, so that nothing is lost.
"""

import os


def to_column(name: str) -> str | bytes:
    """Give the value to store for a name from the file system."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name)
    return name


def from_column(value: str | bytes) -> str:
    """Give back the name as the file system functions want it."""
    return os.fsdecode(value) if isinstance(value, bytes) else value

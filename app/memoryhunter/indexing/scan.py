"""Walks a folder and compares what is there with what the library knows.

Reads names, sizes and times; of files without a suffix also the first bytes.
"""

import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from memoryhunter.domain.photo import FileStamp, PhotoId
from memoryhunter.indexing.ignore import is_candidate, says_nothing, skips_folder
from memoryhunter.library.files import KnownFile
from memoryhunter.media.source import looks_like_photo


@dataclass(slots=True)
class Found:
    """What a walk saw: stamps by relative path ("/" between parts), and folders it could not read.

    `unreadable` holds relative folder paths; nothing is known about the files below them.
    """

    files: dict[str, FileStamp] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be done: relative paths to read, photos whose file is gone or back again."""

    to_read: dict[str, FileStamp]
    gone: list[KnownFile]
    returned: list[PhotoId]


# An empty folder that held this many photos is more likely a drive that is not there.
_MANY = 10


def is_reachable(root: Path, *, was_mount: bool, known: int) -> bool:
    """Whether a watched folder is there, so that a photo not found in it is really gone.

    False for a folder that cannot be listed, for what used to be the top of a drive and is an
    ordinary folder now, and for an empty folder that held many photos (`known` of them).
    """
    try:
        with os.scandir(root) as entries:
            empty = next(entries, None) is None
    except OSError:
        return False
    if was_mount and not root.is_mount():
        return False
    return not (empty and known >= _MANY)


def walk(
    root: Path,
    below: str,
    own: frozenset[Path],
    tick: Callable[[int], None] = lambda _count: None,
) -> Found:
    """List the photo files under `root`/`below`, without following links to folders.

    `tick` is called now and then with the number of files seen; it may raise to stop the walk.
    """
    found = Found()
    pending = [below]
    while pending:
        relative = pending.pop()
        path = root / relative if relative else root
        try:
            with os.scandir(path) as entries:
                pending.extend(_sort_out(entries, relative, own, found))
        except FileNotFoundError:
            continue  # deleted since it was listed: its files count as gone
        except NotADirectoryError:
            continue
        except OSError:
            found.unreadable.append(relative)
        tick(len(found.files))
    return found


def _sort_out(
    entries: Iterable[os.DirEntry[str]], relative: str, own: frozenset[Path], found: Found
) -> list[str]:
    folders = []
    for entry in entries:
        place = f"{relative}/{entry.name}" if relative else entry.name
        if entry.is_dir(follow_symlinks=False):
            if not skips_folder(entry.name, Path(entry.path), own):
                folders.append(place)
        elif is_candidate(entry.name):
            try:
                # Follows a link to a file; a link to a folder or to nothing is passed over.
                status = entry.stat()
            except OSError:
                continue
            if stat.S_ISDIR(status.st_mode):
                continue
            if says_nothing(entry.name) and not looks_like_photo(Path(entry.path)):
                continue
            found.files[place] = FileStamp(status.st_size, status.st_mtime_ns)
    return folders


def compare(found: Found, known: Iterable[tuple[str, KnownFile]]) -> Difference:
    """Tell what changed between the library and a walk over the same part of a folder."""
    to_read = dict(found.files)
    gone: list[KnownFile] = []
    returned: list[PhotoId] = []
    for relative, file in known:
        stamp = found.files.get(relative)
        if stamp is None:
            if not file.missing and not _below_any(relative, found.unreadable):
                gone.append(file)
        elif stamp == file.stamp:
            del to_read[relative]
            if file.missing:
                returned.append(file.photo_id)
    return Difference(to_read, gone, returned)


def _below_any(relative: str, folders: list[str]) -> bool:
    return any(not folder or relative.startswith(f"{folder}/") for folder in folders)

"""Walks a folder and compares what is there with what the library knows.

Reads names, sizes and times; of files without a suffix also the first bytes.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from memoryhunter.domain.failures import TRANSIENT, FailureReason, FileFailure
from memoryhunter.domain.photo import FileStamp, PhotoId
from memoryhunter.indexing.ignore import is_candidate, says_nothing, skips_folder
from memoryhunter.library.files import KnownFile
from memoryhunter.media.source import is_in_the_cloud, looks_like_photo


@dataclass(slots=True)
class Found:
    """What a walk below the relative folder `below` saw, by relative path ("/" between parts).

    `unreadable` holds files and folders that could not be looked at: nothing is known about
    them, nor about what is below them. `mounts` holds the folders at and below `below`, and
    around it, where another drive begins; on POSIX systems only.
    """

    files: dict[str, FileStamp] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    mounts: list[str] = field(default_factory=list)
    below: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be done: relative paths to read, photos whose file is gone or back again."""

    to_read: dict[str, FileStamp]
    gone: list[KnownFile]
    returned: list[PhotoId]


# An empty folder that held this many photos is more likely a drive that is not there.
_MANY = 10

# What stat() says of a link that leads nowhere, and of what was deleted since it was listed.
_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)

# The bit of a Windows reparse tag that says "another name for something elsewhere": junctions and
# mounted volumes have it, the folders of OneDrive have not.
_NAME_SURROGATE = 0x20000000

# Device and inode number of a folder.
Identity = tuple[int, int]


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
    # Not Path.is_mount(), which Windows does not have before Python 3.12.
    if was_mount and not os.path.ismount(root):
        return False
    return not (empty and known >= _MANY)


def identity(folder: Path) -> Identity:
    """Give what stays the same while a folder is renamed; raises OSError."""
    status = folder.stat()
    return status.st_dev, status.st_ino


def walk(
    root: Path,
    below: str,
    own: frozenset[Path],
    tick: Callable[[int], None] = lambda _count: None,
    knows: Callable[[str, FileStamp], bool] = lambda _relative, _stamp: False,
) -> Found:
    """List the photo files under `root`/`below`, without following links to folders.

    `tick` is called now and then with the number of files seen; it may raise to stop the walk.
    `knows` is asked about files whose name does not tell, before they are opened: true for a
    relative path that is in the library with this stamp.
    """
    found = Found(below=below)
    # Each folder with those around it: one that is among them is a loop.
    pending = [(below, _around(root, below, found))]
    while pending:
        relative, around = pending.pop()
        path = root / relative if relative else root
        try:
            with os.scandir(path) as entries:
                # After opening, which is what makes a drive appear that is mounted on demand.
                here = identity(path)
                if here[1] and here in around:
                    found.unreadable.append(relative)
                    continue
                _note_mount(relative, here, around, found)
                folders = _sort_out(entries, relative, own, knows, found)
                pending.extend((each, (*around, here)) for each in folders)
        except FileNotFoundError:
            continue  # deleted since it was listed: its files count as gone
        except NotADirectoryError:
            continue
        except OSError:
            found.unreadable.append(relative)
        tick(len(found.files))
    return found


def _around(root: Path, below: str, found: Found) -> tuple[Identity, ...]:
    """Give the identities of the folders that hold `below`, noting the drives among them."""
    around: tuple[Identity, ...] = ()
    for relative in enclosing(below):
        try:
            here = identity(root / relative)
        except OSError:
            break  # the walk will say the same of `below`
        _note_mount(relative, here, around, found)
        around = (*around, here)
    return around


def _note_mount(relative: str, here: Identity, around: tuple[Identity, ...], found: Found) -> None:
    if os.name == "posix" and around and around[-1][0] != here[0]:
        found.mounts.append(relative)


def _sort_out(
    entries: Iterable[os.DirEntry[str]],
    relative: str,
    own: frozenset[Path],
    knows: Callable[[str, FileStamp], bool],
    found: Found,
) -> list[str]:
    """Note the photos among the entries of a folder, and give its sub-folders."""
    folders = []
    for entry in entries:
        place = f"{relative}/{entry.name}" if relative else entry.name
        try:
            if entry.is_dir(follow_symlinks=False):
                if not (skips_folder(entry.name, Path(entry.path), own) or _is_junction(entry)):
                    folders.append(place)
            elif is_candidate(entry.name) and (stamp := _photo_stamp(entry, place, knows)):
                found.files[place] = stamp
        except FileFailure:
            found.unreadable.append(place)
        except OSError as error:
            if error.errno not in _NOTHING_THERE:
                found.unreadable.append(place)
    return folders


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether a folder is Windows' kind of link to another one, which is_dir() does not tell."""
    tag: int = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return bool(tag & _NAME_SURROGATE)


def _photo_stamp(
    entry: os.DirEntry[str], place: str, knows: Callable[[str, FileStamp], bool]
) -> FileStamp | None:
    """Give the stamp of a file that may be a photo, None for what is none.

    Raises OSError and FileFailure where nobody can tell.
    """
    status = entry.stat()  # follows a link to a file
    if stat.S_ISDIR(status.st_mode):
        return None  # a link to a folder
    stamp = FileStamp(status.st_size, status.st_mtime_ns)
    if not says_nothing(entry.name) or knows(place, stamp):
        return stamp
    if not stat.S_ISREG(status.st_mode):
        return None  # opening a device may be more than looking at it
    if is_in_the_cloud(status):
        raise FileFailure(FailureReason.UNREADABLE, "not on this disk")
    return stamp if looks_like_photo(Path(entry.path)) else None


def lost_mounts(known_mounts: Iterable[str], found: Found, root: Path) -> list[str]:
    """Tell which places of other drives, among those a walk concerned, have no drive any more.

    `known_mounts` are those of earlier walks. A lost one is an ordinary folder now, or was removed
    with the drive while the folder around it is still there; what was on it is not gone. Call it
    after the walk and add what it gives to `found.unreadable`: a drive may have left meanwhile.
    """
    return [
        mount
        for mount in sorted({*known_mounts, *found.mounts})
        if _concerns(found.below, mount)
        and not (mount in found.mounts and os.path.ismount(root / mount))
        and not _is_gone((root / mount).parent)
    ]


def _concerns(below: str, place: str) -> bool:
    return below == place or below in enclosing(place) or place in enclosing(below)


def _is_gone(folder: Path) -> bool:
    try:
        folder.stat()
    except OSError as error:
        return error.errno in _NOTHING_THERE
    return False


def compare(
    found: Found, known: Iterable[tuple[str, KnownFile]], *, retry: bool = False
) -> Difference:
    """Tell what changed between the library and a walk over the same part of a folder.

    With `retry`, files that could not be read for a reason that passes are to be read again.
    """
    to_read = dict(found.files)
    unreadable = frozenset(found.unreadable)
    gone: list[KnownFile] = []
    returned: list[PhotoId] = []
    for relative, file in known:
        stamp = found.files.get(relative)
        if stamp is None:
            if not file.missing and not _is_in(relative, unreadable):
                gone.append(file)
        elif stamp == file.stamp:
            if not (retry and file.failure in TRANSIENT):
                del to_read[relative]
            if file.missing:
                returned.append(file.photo_id)
    return Difference(to_read, gone, returned)


def _is_in(relative: str, places: frozenset[str]) -> bool:
    return relative in places or any(each in places for each in enclosing(relative))


def enclosing(relative: str) -> Iterator[str]:
    """Give the folders that hold a place, outermost first: "", "a", "a/b" for "a/b/c"."""
    if not relative:
        return
    yield ""
    cut = relative.find("/")
    while cut != -1:
        yield relative[:cut]
        cut = relative.find("/", cut + 1)

"""Which folders and files are never photos of the person.

The list comes from what photo programs had to learn to skip: previews that NAS systems keep
(photoprism#555, immich#7980), recycle bins, libraries of other programs, version stores.
"""

from pathlib import Path, PurePath

from memoryhunter.media.formats import is_photo_name

_FOLDERS = frozenset(
    {
        "@eadir",
        "#recycle",
        "@recycle",
        "@recently-snapshot",
        "$recycle.bin",
        "system volume information",
        "node_modules",
        "__macosx",
        "lost+found",
    }
)
_FOLDER_SUFFIXES = (".photoslibrary", ".lrdata", ".lrlibrary", ".aplibrary", ".app")
_FILE_PREFIXES = ("._", "synofile_thumb_", "synophoto_thumb_")


def skips_folder(name: str, path: Path, own: frozenset[Path]) -> bool:
    """Whether a folder is passed over: hidden, a bin, another program's, or one of our `own`."""
    lower = name.casefold()
    return (
        name.startswith(".") or lower in _FOLDERS or lower.endswith(_FOLDER_SUFFIXES) or path in own
    )


def is_candidate(name: str) -> bool:
    """Whether a file may be a photo by its name, which may also say nothing."""
    return (
        not name.startswith(".")
        and not name.casefold().startswith(_FILE_PREFIXES)
        and (is_photo_name(name) or says_nothing(name))
    )


def says_nothing(name: str) -> bool:
    """Whether a name has no suffix: rescued and downloaded photos come like this."""
    return not PurePath(name).suffix

"""Begins to watch a folder, also one inside or around folders that are watched already."""

from pathlib import Path

from memoryhunter.domain.photo import FolderId
from memoryhunter.indexing.ignore import skips_folder
from memoryhunter.library.library import Library


def add_folder(library: Library, path: Path, own: frozenset[Path]) -> FolderId:
    """Watch `path`, an absolute folder; give the id of the folder that has its photos now.

    A folder that a walk of a watched one reaches is that one. Folders that a walk of the new one
    reaches are taken over with all that is known of their photos, so that no photo is there
    twice. Those it would not reach, because they are hidden or out of reach at the moment, stay
    folders of their own, and walks of the outer one pass them over.
    """
    roots = library.folders.paths()
    for folder_id, root in roots.items():
        if path == root or (path.is_relative_to(root) and _is_reached(root, path, own)):
            return folder_id
    inner = [
        folder_id
        for folder_id, root in roots.items()
        if root.is_relative_to(path)
        and _is_reached(path, root, own)
        and library.folders.is_online(folder_id)
        and not library.folders.was_mount(folder_id)
    ]
    with library.write():
        return library.folders.add(path, inner)


def _is_reached(outer: Path, inner: Path, own: frozenset[Path]) -> bool:
    """Whether a walk of `outer` comes to `inner`."""
    place = outer
    for part in inner.relative_to(outer).parts:
        place = place / part
        if skips_folder(part, place, own):
            return False
    return True

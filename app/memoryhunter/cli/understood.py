"""How far the photos are understood, for whoever searches them or has another model now."""

from memoryhunter.cli.terminal import tell
from memoryhunter.domain.errors import UserError
from memoryhunter.library.library import Library
from memoryhunter.workspace import Workspace


def missing_from_search(workspace: Workspace, library: Library) -> str | None:
    """Say which photos no search finds yet with the model that answers; None where none miss."""
    package = workspace.serving(library).package()
    if package is None:
        return None
    photos = library.photos.count()
    if not photos:
        return "There are no photos here yet: 'memoryhunter index FOLDER' adds some."
    vectors = library.find_vectors(package.fingerprint)
    understood = vectors.count() if vectors is not None else 0
    waiting = vectors.backlog_count() if vectors is not None else photos
    if not waiting:
        return None
    away = vectors.out_of_reach_count() if vectors is not None else 0
    remedy = (
        "the others are in folders that are not connected"
        if away == waiting
        else "'memoryhunter index' does the rest"
    )
    if understood:
        return f"Only {understood:,} of {photos:,} photos have been understood so far; {remedy}."
    none = "The one photo has not" if photos == 1 else f"None of the {photos:,} photos has"
    return f"{none} been understood yet; 'memoryhunter index' does it."


def tell_unseen(workspace: Workspace) -> None:
    """Tell how many photos the model in use still has to see, if any."""
    try:
        package = workspace.package()
        if package is None:
            return
        with workspace.open_library() as library:
            vectors = library.find_vectors(package.fingerprint)
            unseen = vectors.backlog_count() if vectors is not None else library.photos.count()
    except UserError:
        return  # of the library: what was asked for, which is about a model, is done
    if unseen:
        photos = "1 photo" if unseen == 1 else f"{unseen:,} photos"
        tell(f"{package.name} has not seen {photos} yet: 'memoryhunter index' shows them to it.")

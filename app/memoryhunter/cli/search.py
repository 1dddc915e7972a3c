"""`search`: photos that fit words or a picture."""

import argparse
from collections.abc import Iterable
from typing import Any

from memoryhunter.cli.arguments import absolute_path, given_path, positive
from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.model_in_use import tell_trouble
from memoryhunter.cli.terminal import tell
from memoryhunter.cli.understood import missing_from_search
from memoryhunter.domain.errors import ErrorCode
from memoryhunter.domain.query import SearchQuery
from memoryhunter.workspace import Workspace


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="?", default="", metavar="QUERY", help="words to look for")
    parser.add_argument("--limit", type=positive, metavar="N", help="show at most N photos")
    parser.add_argument(
        "--image", type=given_path, metavar="FILE", help="look for photos like this one"
    )
    parser.add_argument(
        "--all", action="store_true", help="show every photo, however badly it fits"
    )


def _run(workspace: Workspace, options: argparse.Namespace) -> Document:
    image = options.image
    if image is not None:
        image = absolute_path(image, ErrorCode.FILE_NOT_FOUND)
    return answer(
        workspace,
        SearchQuery(text=options.query, image=image, limit=options.limit, everything=options.all),
    )


def answer(workspace: Workspace, query: SearchQuery) -> list[dict[str, Any]]:
    """Search, and describe the hits as the interface contract has them.

    Which photos could not be among them is told beside that.
    """
    with workspace.open_library() as library:
        hits = workspace.open_search(library).search(query)
        photos = library.photos.get_many([hit.photo_id for hit in hits])
        missing = missing_from_search(workspace, library)
    tell_trouble(workspace)  # which may have turned up only now
    if missing is not None:
        tell(missing)
    return [
        {
            "path": str(photos[hit.photo_id].path),
            "score": round(hit.score, 6),
            "certain": hit.certain,
        }
        for hit in hits
        if hit.photo_id in photos
    ]


def show(document: list[dict[str, Any]]) -> Iterable[str]:
    """Give a line for each hit; a star marks the certain ones."""
    if not document:
        yield "No photos found."
    for hit in document:
        yield f"{hit['score']:.3f} {'*' if hit['certain'] else ' '} {hit['path']}"


SEARCH = Command("search", "find photos by words or by a picture", _configure, _run, show)

"""`similar`: photos like a file, which need not be in the library."""

import argparse

from memoryhunter.cli.arguments import absolute_path, given_path, positive
from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.search import answer, show
from memoryhunter.domain.errors import ErrorCode
from memoryhunter.domain.query import SearchQuery
from memoryhunter.workspace import Workspace


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=given_path, metavar="FILE", help="a picture")
    parser.add_argument("--limit", type=positive, metavar="N", help="show at most N photos")


def _run(workspace: Workspace, options: argparse.Namespace) -> Document:
    file = absolute_path(options.file, ErrorCode.FILE_NOT_FOUND)
    # One more than asked for, because the file itself is left out.
    limit = None if options.limit is None else options.limit + 1
    hits = answer(workspace, SearchQuery(image=file, limit=limit))
    return [hit for hit in hits if hit["path"] != str(file)][: options.limit]


SIMILAR = Command("similar", "find photos like a picture", _configure, _run, show)

"""`status`: where things stand."""

import argparse
from collections.abc import Iterable
from typing import Any

from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.model_in_use import model_in_use
from memoryhunter.indexing.scan import is_reachable
from memoryhunter.workspace import Workspace


def _configure(_parser: argparse.ArgumentParser) -> None:
    pass


def _run(workspace: Workspace, _options: argparse.Namespace) -> Document:
    package = model_in_use(workspace)
    device = workspace.device()
    with workspace.open_library() as library:
        photos = library.photos.count()
        vectors = library.find_vectors(package.fingerprint) if package is not None else None
        waiting_elsewhere = (
            vectors.out_of_reach_count()
            if vectors is not None
            else sum(each.photos for each in library.folders.all() if not each.online)
        )
        serving = workspace.serving(library).package() if package is not None else None
        return {
            "photos": photos,
            "embedded": vectors.count() if vectors is not None else 0,
            "backlog": vectors.backlog_count() if vectors is not None else photos,
            "backlog_offline": waiting_elsewhere,
            "failed": library.photos.failed_count(),
            "folders": [
                {
                    "path": str(folder.path),
                    "online": is_reachable(
                        folder.path,
                        was_mount=library.folders.was_mount(folder.id),
                        known=folder.photos,
                    ),
                    "photos": folder.photos,
                }
                for folder in library.folders.all()
            ],
            "model": {"id": package.id, "precision": package.precision} if package else None,
            "searching_with": serving.id if serving is not None else None,
            "device": {"name": device.name, "reason": device.reason},
        }


def _show(document: dict[str, Any]) -> Iterable[str]:
    yield (
        f"{document['photos']:,} photos, {document['embedded']:,} understood,"
        f" {document['backlog']:,} waiting, {document['failed']:,} could not be read"
    )
    if document["backlog_offline"]:
        yield (
            f"  {document['backlog_offline']:,} of those waiting are in folders that are not"
            " connected"
        )
    for folder in document["folders"]:
        state = "" if folder["online"] else " (offline)"
        yield f"  {folder['path']}: {folder['photos']:,} photos{state}"
    model = document["model"]
    yield f"Model: {model['id']} ({model['precision']})" if model else "Model: none in use"
    serving = document["searching_with"]
    if model and serving != model["id"]:
        yield (
            f"{model['id']} has seen {document['photos'] - document['backlog']:,} of"
            f" {document['photos']:,} photos; until then {serving} answers searches"
        )
    yield f"Device: {document['device']['name']}; {document['device']['reason']}"


STATUS = Command("status", "show where things stand", _configure, _run, _show)

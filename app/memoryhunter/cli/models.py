"""`models`: the models there are, and installing, choosing, checking and removing them."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from memoryhunter.cli.arguments import absolute_path, add_json, given_path, given_text
from memoryhunter.cli.command import Command, Document, RefusedError
from memoryhunter.cli.explain import explain
from memoryhunter.cli.installing import InstallationLine
from memoryhunter.cli.interrupts import stopped_by_signals
from memoryhunter.cli.messages import built_in_install_sentence
from memoryhunter.cli.model_in_use import model_in_use
from memoryhunter.cli.removal import agree_to_removal
from memoryhunter.cli.terminal import tell
from memoryhunter.cli.understood import tell_unseen
from memoryhunter.config.resources import comes_with_program
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.engine.prepare.progress import PreparationCancelledError
from memoryhunter.indexing.control import Control
from memoryhunter.model_shelf import ModelEntry, WantedModel
from memoryhunter.workspace import Workspace


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, summary in (
        ("list", "list the models (what 'models' alone does)"),
        ("install", "download and install a model, or install one from a folder or a file"),
        ("use", "choose the model to search with"),
        ("verify", "compare an installed model with what was installed"),
        ("remove", "delete a model, what it understood, and what is kept of its download"),
    ):
        action = actions.add_parser(name, help=summary, description=summary)
        add_json(action)
        if name == "install":
            action.add_argument("what", type=given_path, metavar="ID|FOLDER|FILE")
            action.add_argument(
                "--source",
                type=given_text,
                metavar="SOURCE[,SOURCE...]|PATH",
                help="where to download from, tried in this order (such as hf,hf-mirror,"
                "modelscope), or a folder or file that holds the model",
            )
        elif name != "list":
            action.add_argument("id", metavar="ID")
        if name == "remove":
            action.add_argument(
                "--yes",
                action="store_true",
                help="do not ask first (needed with --json, and where nobody can answer)",
            )


def _run(workspace: Workspace, options: argparse.Namespace) -> Document:
    actions: dict[str | None, Callable[[], Document]] = {
        None: lambda: _list(workspace),
        "list": lambda: _list(workspace),
        "install": lambda: _install(workspace, _wanted(workspace, options.what, options.source)),
        "use": lambda: _use(workspace, options.id),
        "verify": lambda: _verify(workspace, options.id),
        "remove": lambda: _remove(workspace, options),
    }
    return actions[options.action]()


def _list(workspace: Workspace) -> Document:
    entries = workspace.shelf.entries()
    problems = {entry.id: _detail(entry) for entry in entries if entry.problem is not None}
    for model, detail in problems.items():
        tell(explain(UserError(ErrorCode.MODEL_DAMAGED, model=model, detail=detail)))
    model_in_use(workspace, told=problems)  # tells what is wrong with it
    return [_describe(entry) for entry in entries]


def _wanted(workspace: Workspace, what: Path, source: str | None) -> WantedModel:
    """Tell ids from paths: what is there is a path, unless the catalogue has that id."""
    offers = {entry.id: entry.offer for entry in workspace.shelf.entries() if entry.offer}
    model = str(what) if str(what) in offers else None
    if model is None and not _is_there(what) and comes_with_program(str(what)):
        raise RefusedError(built_in_install_sentence(str(what)))
    if source is None:
        if model is not None and not _is_there(what):
            return WantedModel(model)
        if not _is_there(what) and len(what.parts) == 1 and not what.suffix:
            raise UserError(ErrorCode.MODEL_UNKNOWN, model=str(what))
        return WantedModel(path=_place(what))
    if model is None:
        raise UserError(ErrorCode.MODEL_UNKNOWN, model=str(what))
    names = tuple(name.strip() for name in source.split(",") if name.strip())
    known = offers[model]
    if names and known is not None and set(names) <= set(known.sources):
        return WantedModel(model, sources=names)
    if _is_there(Path(source)) or _looks_like_a_path(source):
        return WantedModel(model, _place(Path(source)))
    return WantedModel(model, sources=names or (source,))


def _is_there(given: Path) -> bool:
    try:
        return given.expanduser().exists()
    except (OSError, RuntimeError, ValueError):  # what cannot be a path
        return False


def _looks_like_a_path(source: str) -> bool:
    return len(Path(source).parts) > 1 or source.startswith(("~", "."))


def _place(given: Path) -> Path:
    """Give the path from the root on; of a file by the name it has here.

    A hub's own cache holds links, and what they lead to has no name that tells anything.
    """
    path = absolute_path(given, ErrorCode.MODEL_SOURCE_INVALID)
    if not path.is_file():
        return path
    shown = given.expanduser()
    return absolute_path(shown.parent, ErrorCode.MODEL_SOURCE_INVALID) / shown.name


def _install(workspace: Workspace, wanted: WantedModel) -> Document:
    control = Control()
    line = InstallationLine()
    try:
        with stopped_by_signals(control):
            package = workspace.shelf.install(wanted, line.show, lambda: control.stopped)
    except PreparationCancelledError:
        raise RefusedError(_stopped(workspace, wanted)) from None
    finally:
        line.end()
    described = _described(workspace, package)
    if described["in_use"]:
        tell_unseen(workspace)
    else:
        tell(f"Another model is in use: 'memoryhunter models use {package.id}' changes that.")
    return described


def _stopped(workspace: Workspace, wanted: WantedModel) -> str:
    downloaded = wanted.path is None and any(
        entry.kept_bytes for entry in workspace.shelf.entries() if entry.id == wanted.model
    )
    kept = "; what was downloaded is kept, run it again to continue" if downloaded else ""
    return f"Stopped. Nothing was installed{kept}."


def _use(workspace: Workspace, model: str) -> Document:
    package = workspace.shelf.use(model)
    tell_unseen(workspace)
    return _described(workspace, package)


def _verify(workspace: Workspace, model: str) -> Document:
    package = workspace.shelf.verify(model)
    return {**_described(workspace, package), "verified": True}


def _remove(workspace: Workspace, options: argparse.Namespace) -> Document:
    if not options.yes:
        agree_to_removal(workspace, options.id, can_ask=not getattr(options, "json", False))
    workspace.shelf.remove(options.id)
    return {"id": options.id, "removed": True}


def _described(workspace: Workspace, package: ModelPackage) -> dict[str, Any]:
    model_in_use(workspace)
    for entry in workspace.shelf.entries():
        if entry.id == package.id:
            return _describe(entry)
    return _describe(  # another program has removed it by now
        ModelEntry(package.id, package.name, package.dimension, package.licence, package=package)
    )


def _describe(entry: ModelEntry) -> dict[str, Any]:
    package, offer = entry.package, entry.offer
    described: dict[str, Any] = {
        "id": entry.id,
        "name": entry.name,
        "dimension": entry.dimension,
        "megabytes": _megabytes(package, offer),
        "installed": package is not None,
        "in_use": entry.in_use,
        "licence": entry.licence,
        "built_in": entry.built_in,
        "kept_megabytes": round(entry.kept_bytes / 1e6, 1),
    }
    if offer is not None:
        described |= {
            "download_megabytes": offer.download_megabytes,
            "memory_megabytes": offer.memory_megabytes,
            "quality": {
                name: {"r1": recall.r1, "r5": recall.r5, "r10": recall.r10}
                for name, recall in offer.quality.items()
            },
            "suits": dict(offer.suits),
            "sources": list(offer.sources),
        }
    if package is not None:
        described |= {"precision": package.precision, "agreement": dict(package.agreement)}
    if entry.about:
        described |= {"names": dict(entry.names), "about": dict(entry.about)}
    if entry.problem is not None:
        described["problem"] = _detail(entry)
    return described


def _detail(entry: ModelEntry) -> str:
    return str(entry.problem.values.get("detail", "")) if entry.problem is not None else ""


def _megabytes(package: ModelPackage | None, offer: Offer | None) -> float:
    """Give the size on disk: as it is, or as it will be."""
    if package is not None:
        return round(package.megabytes, 1)
    return offer.installed_megabytes if offer is not None else 0


def _show(document: dict[str, Any] | list[dict[str, Any]]) -> Iterable[str]:
    if isinstance(document, dict):
        yield _line(document)
        return
    if not any(each["installed"] for each in document):
        yield "No model is installed: 'memoryhunter models install ID' downloads one of these."
    for each in document:
        yield _line(each)
        if "suits" in each and not each["installed"]:
            yield f"    {each['suits']['en']}"
        if "en" in each.get("about", {}):
            yield f"    {each['about']['en']}"


def _line(each: dict[str, Any]) -> str:
    if each.get("removed"):
        return f"{each['id']} is removed, with what it understood of your photos."
    named = f"{each['id']}: {each['name']}" if each["name"] != each["id"] else each["id"]
    state = "in use" if each["in_use"] else "installed" if each["installed"] else ""
    kept = each["kept_megabytes"]
    words = (
        named,
        f"{each['dimension']} dimensions" if each["dimension"] else "",
        _size(each),
        f"licence {each['licence']}" if each["licence"] else "",
        state,
        "built in" if each["built_in"] else "",
        f"{kept:.0f} MB of it here already" if kept else "",
        "every file is as it was installed" if each.get("verified") else "",
    )
    return ", ".join(word for word in words if word)


def _size(each: dict[str, Any]) -> str:
    if each["installed"]:
        return f"{each['megabytes']:.0f} MB, {each['precision']}"
    return "damaged" if "problem" in each else f"{each['download_megabytes']} MB to download"


MODELS = Command(
    "models", "list, download, install, choose, check and remove models", _configure, _run, _show
)

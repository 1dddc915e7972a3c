"""`models`: the models installed, and installing, choosing and checking them."""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from memoryhunter.cli.arguments import absolute_path, add_json, given_path
from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.interrupts import stopped_by_signals
from memoryhunter.cli.model_in_use import model_in_use
from memoryhunter.cli.terminal import tell
from memoryhunter.domain.errors import ErrorCode
from memoryhunter.engine.packages import ModelPackage, verify_package
from memoryhunter.engine.prepare.progress import PrepareProgress
from memoryhunter.indexing.control import Control
from memoryhunter.workspace import Workspace

_STEPS = {
    "read": "reading the weights",
    "export-image": "converting the picture side",
    "export-text": "converting the text side",
    "quantise": "making it fast",
    "check": "comparing with the original",
    "write": "writing",
}


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, summary in (
        ("list", "list the models (what 'models' alone does)"),
        ("install", "install a model from a folder"),
        ("use", "choose the model to search with"),
        ("verify", "compare an installed model with what was installed"),
    ):
        action = actions.add_parser(name, help=summary, description=summary)
        add_json(action)
        if name == "install":
            action.add_argument("source", type=given_path, metavar="FOLDER")
        elif name in {"use", "verify"}:
            action.add_argument("id", metavar="ID")


def _run(workspace: Workspace, options: argparse.Namespace) -> Document:
    actions: dict[str | None, Callable[[], Document]] = {
        None: lambda: _list(workspace),
        "list": lambda: _list(workspace),
        "install": lambda: _install(workspace, options.source),
        "use": lambda: _use(workspace, options.id),
        "verify": lambda: _verify(workspace, options.id),
    }
    return actions[options.action]()


def _list(workspace: Workspace) -> Document:
    for problem in workspace.models.damaged():
        tell(f"{problem.values['path']} cannot be used: {problem.values['detail']}")
    in_use = model_in_use(workspace)
    return [_describe(each, in_use) for each in workspace.models.installed()]


def _install(workspace: Workspace, given: Path) -> Document:
    source = absolute_path(given, ErrorCode.MODEL_SOURCE_INVALID)
    control = Control()
    said: list[str] = []

    def on_progress(progress: PrepareProgress) -> None:
        if progress.step not in said:
            said.append(progress.step)
            tell(f"Preparing the model: {_STEPS.get(progress.step, progress.step)}")

    with stopped_by_signals(control):
        package = workspace.models.install(
            source, on_progress=on_progress, cancelled=lambda: control.stopped
        )
    chosen = workspace.settings.model
    if chosen is None or all(each.id != chosen for each in workspace.models.installed()):
        # The first model is the one people want to search with.
        workspace.save_settings(replace(workspace.settings, model=package.id))
    tell("Measuring how this computer runs the model best")
    workspace.tune(package)
    return _describe(package, model_in_use(workspace))


def _use(workspace: Workspace, model: str) -> Document:
    package = workspace.models.find(model)
    workspace.save_settings(replace(workspace.settings, model=package.id))
    tell("Run 'memoryhunter index' so that this model sees the photos it has not seen yet.")
    return _describe(package, model_in_use(workspace))


def _verify(workspace: Workspace, model: str) -> Document:
    package = workspace.models.find(model)
    verify_package(package)
    return {**_describe(package, model_in_use(workspace)), "verified": True}


def _describe(package: ModelPackage, in_use: ModelPackage | None) -> dict[str, Any]:
    return {
        "id": package.id,
        "name": package.name,
        "dimension": package.dimension,
        "megabytes": round(package.megabytes, 1),
        "installed": True,
        "in_use": in_use is not None and in_use.fingerprint == package.fingerprint,
        "licence": package.licence,
        "precision": package.precision,
        "agreement": dict(package.agreement),
    }


def _show(document: dict[str, Any] | list[dict[str, Any]]) -> Iterable[str]:
    if not document:
        yield "No model is installed: 'memoryhunter models install FOLDER' installs one."
    for each in document if isinstance(document, list) else [document]:
        state = ", in use" if each["in_use"] else ""
        checked = ", every file is as it was installed" if each.get("verified") else ""
        yield (
            f"{each['id']}: {each['name']}, {each['dimension']} dimensions,"
            f" {each['megabytes']:.0f} MB, {each['precision']},"
            f" licence {each['licence']}{state}{checked}"
        )


MODELS = Command("models", "list, install, choose and check models", _configure, _run, _show)

"""Reads the command line, runs what it asks for, and turns errors into one clear line."""

import argparse
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from memoryhunter import __version__
from memoryhunter.cli.arguments import add_json, given_path
from memoryhunter.cli.command import Command, RefusedError
from memoryhunter.cli.doctor import DOCTOR
from memoryhunter.cli.evaluate import EVALUATE
from memoryhunter.cli.explain import explain
from memoryhunter.cli.failures import FAILURES
from memoryhunter.cli.index import INDEX
from memoryhunter.cli.interrupts import interruptible
from memoryhunter.cli.models import MODELS
from memoryhunter.cli.search import SEARCH
from memoryhunter.cli.similar import SIMILAR
from memoryhunter.cli.status import STATUS
from memoryhunter.cli.terminal import tell, use_utf8, write_json, write_lines
from memoryhunter.config.logs import log_uncaught, start_logging, stop_logging
from memoryhunter.config.paths import HOME_VARIABLE, AppPaths, app_paths
from memoryhunter.config.settings import DEVICE_VARIABLE
from memoryhunter.domain.errors import UserError
from memoryhunter.engine.device_choice import WISHES
from memoryhunter.evaluation.evaluate import EvaluationStoppedError
from memoryhunter.indexing.control import Stopped
from memoryhunter.library.connection import as_user_error
from memoryhunter.workspace import Workspace

COMMANDS: tuple[Command, ...] = (INDEX, SEARCH, SIMILAR, STATUS, FAILURES, MODELS, EVALUATE, DOCTOR)

_logger = logging.getLogger(__name__)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser(
        prog="memoryhunter",
        description="Find photos by what is in them, in Chinese or English."
        " Without a command, the window opens.",
    )
    top.add_argument("--version", action="version", version=f"MemoryHunter {__version__}")
    top.add_argument(
        "--home",
        type=given_path,
        metavar="DIR",
        help=f"keep everything under DIR (also the environment variable {HOME_VARIABLE})",
    )
    top.add_argument("--model", metavar="ID|FOLDER", help="use this model for this run")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.summary, description=command.summary)
        add_json(sub)
        command.configure(sub)
    return top


def run(arguments: Sequence[str], open_window: Callable[[Workspace], int]) -> int:
    """Run the program; give its exit status."""
    use_utf8()
    try:
        options = parser().parse_args(arguments)
    except SystemExit as end:
        return _after_help(int(end.code or 0))
    home = options.home or (Path(value) if (value := os.environ.get(HOME_VARIABLE)) else None)
    try:
        paths = app_paths(home)
    except UserError as error:
        return _failed(explain(error))
    handler = start_logging(paths.logs)
    log_uncaught()
    try:
        return _run_politely(paths, options, open_window)
    finally:
        stop_logging(handler)


def _after_help(status: int) -> int:
    """Write what argparse has printed; give the exit status, which argparse says is `status`."""
    try:
        write_lines(())
    except BrokenPipeError:
        return 1
    except RefusedError as error:
        return _failed(str(error))
    return status


def _run_politely(
    paths: AppPaths, options: argparse.Namespace, open_window: Callable[[Workspace], int]
) -> int:
    """Run the program; whatever it raises becomes one line and exit status 1."""
    try:
        with interruptible():
            workspace = Workspace(paths, options.model)
            try:
                return _run(workspace, options, open_window)
            finally:
                workspace.close()
    except BrokenPipeError:
        return 1  # the reader of our output has seen enough, as `head` does
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 told, and logged if unexpected
        return _failed(_sentence(error, paths))


def _sentence(error: BaseException, paths: AppPaths) -> str:
    """Give what to say about an error; one that nobody expected goes to the log in full."""
    if isinstance(error, RefusedError):
        return str(error)
    if isinstance(error, EvaluationStoppedError):
        return "Stopped. The figures would need all of the pictures and captions."
    if isinstance(error, KeyboardInterrupt | Stopped):
        return "Stopped. Everything done so far is kept; run it again to continue."
    expected = error if isinstance(error, UserError) else as_user_error(error, paths.database)
    if expected is not None:
        return explain(expected)
    _logger.error("unexpected error", exc_info=error)
    summary = " ".join(str(error).split())
    return (
        f"unexpected error, please report it: {type(error).__name__}: {summary}"
        f" (details in {paths.logs})"
    )


def _failed(sentence: str) -> int:
    tell(f"memoryhunter: {sentence}")
    return 1


def _run(
    workspace: Workspace, options: argparse.Namespace, open_window: Callable[[Workspace], int]
) -> int:
    if options.command is None:
        return open_window(workspace)
    _tell_unknown_wish()
    command = next(each for each in COMMANDS if each.name == options.command)
    document = command.run(workspace, options)
    if getattr(options, "json", False):
        write_json(document)
    else:
        write_lines(command.show(document))
    return 0


def _tell_unknown_wish() -> None:
    wish = os.environ.get(DEVICE_VARIABLE)
    if wish and wish not in WISHES:
        tell(f"{DEVICE_VARIABLE} is {wish!r}, which is none of auto, cpu and gpu; it is ignored.")

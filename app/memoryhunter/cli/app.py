"""Reads the command line, runs what it asks for, and turns errors into one clear line."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from memoryhunter import __version__
from memoryhunter.cli.arguments import add_json, given_path
from memoryhunter.cli.command import Command
from memoryhunter.cli.doctor import DOCTOR
from memoryhunter.cli.failures import FAILURES
from memoryhunter.cli.index import INDEX
from memoryhunter.cli.messages import error_sentence
from memoryhunter.cli.models import MODELS
from memoryhunter.cli.search import SEARCH
from memoryhunter.cli.similar import SIMILAR
from memoryhunter.cli.status import STATUS
from memoryhunter.cli.terminal import tell, use_utf8, write_json, write_lines
from memoryhunter.config.logs import log_uncaught, start_logging, stop_logging
from memoryhunter.config.paths import HOME_VARIABLE, AppPaths, app_paths
from memoryhunter.domain.errors import UserError
from memoryhunter.engine.prepare.progress import PreparationCancelledError
from memoryhunter.indexing.control import Stopped
from memoryhunter.library.connection import as_user_error
from memoryhunter.workspace import Workspace

COMMANDS: tuple[Command, ...] = (INDEX, SEARCH, SIMILAR, STATUS, FAILURES, MODELS, DOCTOR)

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
    options = parser().parse_args(arguments)
    home = options.home or (Path(value) if (value := os.environ.get(HOME_VARIABLE)) else None)
    try:
        paths = app_paths(home)
    except UserError as error:
        return _failed(error_sentence(error))
    handler = start_logging(paths.logs)
    log_uncaught()
    try:
        return _run_politely(paths, options, open_window)
    finally:
        stop_logging(handler)


def _run_politely(
    paths: AppPaths, options: argparse.Namespace, open_window: Callable[[Workspace], int]
) -> int:
    """Run the program; whatever it raises becomes one line and exit status 1."""
    try:
        workspace = Workspace(paths, options.model)
        try:
            return _run(workspace, options, open_window)
        finally:
            workspace.close()
    except BrokenPipeError:
        # The reader of our output has seen enough, as `head` does.
        # Nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 told, and logged if unexpected
        return _failed(_sentence(error, paths))


def _sentence(error: BaseException, paths: AppPaths) -> str:
    """Give what to say about an error; one that nobody expected goes to the log in full."""
    if isinstance(error, PreparationCancelledError):
        return "Stopped. Nothing was installed; what was downloaded is kept."
    if isinstance(error, KeyboardInterrupt | Stopped):
        return "Stopped. Everything done so far is kept; run it again to continue."
    expected = error if isinstance(error, UserError) else as_user_error(error, paths.database)
    if expected is not None:
        return error_sentence(expected)
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
    command = next(each for each in COMMANDS if each.name == options.command)
    document = command.run(workspace, options)
    if getattr(options, "json", False):
        write_json(document)
    else:
        write_lines(command.show(document))
    return 0

"""Reads the command line, runs what it asks for, and turns errors into one clear line."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from memoryhunter import __version__
from memoryhunter.cli.arguments import add_json
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
from memoryhunter.config.logs import log_uncaught, start_logging
from memoryhunter.config.paths import HOME_VARIABLE, app_paths
from memoryhunter.domain.errors import UserError
from memoryhunter.indexing.control import Stopped
from memoryhunter.library.connection import as_user_error
from memoryhunter.workspace import Workspace

COMMANDS: tuple[Command, ...] = (INDEX, SEARCH, SIMILAR, STATUS, FAILURES, MODELS, DOCTOR)

# What shells give for a program ended by Ctrl-C.
_INTERRUPTED = 130

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
        type=Path,
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
    paths = app_paths(home)
    try:
        workspace = Workspace(paths, options.model)
        handler = start_logging(paths.logs)
        log_uncaught()
        try:
            return _run(workspace, options, open_window)
        finally:
            workspace.close()
            logging.getLogger("memoryhunter").removeHandler(handler)
            handler.close()
    except UserError as error:
        tell(f"memoryhunter: {error_sentence(error)}")
        return 1
    except (KeyboardInterrupt, Stopped):
        tell("Stopped. Everything done so far is kept; run it again to continue.")
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has seen enough, as `head` does.
        # Nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if (polite := as_user_error(error, paths.database)) is not None:
            tell(f"memoryhunter: {error_sentence(polite)}")
            return 1
        _logger.exception("unexpected error")
        summary = " ".join(str(error).split())
        tell(
            f"memoryhunter: unexpected error, please report it: {type(error).__name__}: {summary}"
            f" (details in {paths.logs})"
        )
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

"""The composition root: from the words on the command line to a running program.

Importing this module loads neither Qt nor the packages below, because every worker process
imports it again.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memoryhunter.workspace import Workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; give its exit status: 0 done, 1 a clear error, 2 wrong usage."""
    _end_quietly_on_interrupt()
    from memoryhunter.cli.app import run  # noqa: PLC0415 see above

    return run(sys.argv[1:] if arguments is None else arguments, _open_window)


def _end_quietly_on_interrupt() -> None:
    """Let Ctrl-C end the program as it ends others, until somebody can catch it.

    Loading the program takes half a second, amid which KeyboardInterrupt would be a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _open_window(workspace: "Workspace") -> int:
    # PySide6 6.11 makes its classes when they are first used, which is not safe in threads: with
    # four threads painting into images, 15 of 40 runs crashed, hung or missed attributes, and none
    # of 40 with this. It costs 0.07 s, and must be set before PySide6 is imported.
    os.environ["PYSIDE6_OPTION_LAZY"] = "0"
    from memoryhunter.gui.application import run  # noqa: PLC0415 only the window needs Qt

    return run(workspace, add=())

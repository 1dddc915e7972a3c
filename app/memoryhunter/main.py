"""The composition root: from the words on the command line to a running program.

Importing this module loads neither Qt nor the packages below, because every worker process
imports it again.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memoryhunter.workspace import Workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; give its exit status: 0 done, 1 a clear error, 2 wrong usage."""
    from memoryhunter.cli.app import run  # noqa: PLC0415 see above

    return run(sys.argv[1:] if arguments is None else arguments, _open_window)


def _open_window(workspace: "Workspace") -> int:
    from memoryhunter.gui.application import run  # noqa: PLC0415 only the window needs Qt

    return run(workspace, add=())

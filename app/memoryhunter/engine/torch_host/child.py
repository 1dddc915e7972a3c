"""Where the engine host's process begins: a quiet child that answers through its pipe.

It imports torch only when it runs, because the program imports this module too.
"""

import contextlib
import importlib
import os
import traceback
from multiprocessing.connection import Connection

from memoryhunter.engine.torch_host.messages import Failed, Order
from memoryhunter.processes import settle_child


def run(order: Order, connection: Connection) -> None:
    """Serve `order` until the other end of `connection` is closed; the process's entry point."""
    settle_child()
    _silence()
    try:
        service = importlib.import_module("memoryhunter.engine.torch_host.service")
        service.serve(order, connection)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the program needs this process no longer
    except MemoryError:
        _tell(connection, "could not be used: there is not enough memory", lasting=True)
    except ImportError as error:
        _tell(connection, f"could not be used: PyTorch does not load ({error})", lasting=True)
    except Exception as error:  # noqa: BLE001 (the process boundary: the parent must hear of it)
        _tell(connection, f"failed ({one_line(error)})", lasting=False)
    # There is nothing to save, and taking torch apart takes long where a driver is in trouble.
    os._exit(0)


def one_line(error: Exception) -> str:
    """Give what an exception says, in one line that is not too long for a person."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]


def _tell(connection: Connection, what: str, *, lasting: bool) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        connection.send(Failed(what, lasting, traceback.format_exc()))


def _silence() -> None:
    """Keep what drivers and libraries print out of the program's own output."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)

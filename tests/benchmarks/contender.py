"""Contenders of a benchmark, each in a process of its own, so that none disturbs another.

Two runtimes in one process share its threads and its memory, and what one of them loads changes
how the other runs. The contenders are asked in turns; those not asked only wait.
"""

import importlib
import multiprocessing
import traceback
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from memoryhunter.processes import settle_child, start_child


class ContenderFailedError(Exception):
    """A contender's own traceback."""


class Contender:
    """An object in a child process: `ask` calls its methods."""

    def __init__(self, module: str, name: str, *arguments: object) -> None:
        """Make the object by calling `name` of `module` with `arguments`, in the child."""
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, module, name, arguments))
        start_child(self._process)
        theirs.close()
        self._answer()

    def ask(self, method: str, *arguments: object) -> Any:
        """Call a method and give its result; raises ContenderFailedError."""
        self._connection.send((method, arguments))
        return self._answer()

    def close(self) -> None:
        """End the process; its object's own `close` is called first, if it has one."""
        self._connection.close()
        self._process.join(10)
        self._process.kill()
        self._process.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _answer(self) -> Any:
        try:
            good, answer = self._connection.recv()
        except EOFError:
            raise ContenderFailedError("the process ended") from None
        if not good:
            raise ContenderFailedError(answer)
        return answer


def _serve(
    connection: "Connection[Any, Any]", module: str, name: str, arguments: tuple[object, ...]
) -> None:
    settle_child()
    contender: Any = None
    try:
        contender = getattr(importlib.import_module(module), name)(*arguments)
        connection.send((True, None))
        while True:
            method, values = connection.recv()
            connection.send((True, getattr(contender, method)(*values)))
    except EOFError:
        pass  # the parent has closed its end
    except Exception:  # noqa: BLE001 the parent raises it again, where it is seen
        connection.send((False, traceback.format_exc()))
    finally:
        close = getattr(contender, "close", None)
        if close is not None:
            close()

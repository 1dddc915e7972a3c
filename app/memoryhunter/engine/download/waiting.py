"""Runs network work from an ordinary thread such that it can be left at any moment.

Connecting, a TLS handshake and waiting for bytes block a thread for as long as the other side
likes; a task of an event loop can be cancelled in all of them.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

_TICK_SECONDS = 0.1

T = TypeVar("T")
P = ParamSpec("P")


def run_watched(work: Coroutine[Any, Any, T], tick: Callable[[], None]) -> T:
    """Run `work` to its end, calling `tick` in this thread about ten times a second.

    What `tick` raises ends the work at the next thing it waits for, and is raised here.
    """
    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(_DaemonThreads())
        return runner.run(_watch(work, tick))


async def _watch(work: Coroutine[Any, Any, T], tick: Callable[[], None]) -> T:
    task = asyncio.create_task(work)
    try:
        while not task.done():
            tick()
            await asyncio.wait({task}, timeout=_TICK_SECONDS)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    return task.result()


class _DaemonThreads(ThreadPoolExecutor):
    """A thread for each call, none of which is waited for at the end.

    The event loop looks names up in such calls. A name server that does not answer holds one up
    for half a minute, which neither a cancelled download nor the program's end should share.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `fn` in a thread of its own."""
        future: Future[T] = Future()

        def call() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 belongs to whoever waits for the future
                future.set_exception(error)
            else:
                future.set_result(result)

        threading.Thread(target=call, name="download-aside", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for nobody."""

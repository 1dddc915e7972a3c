"""Things a worker may be asked to do in tests; importable, as its process imports them."""

import os
import signal
import sys
import threading
import warnings
from pathlib import Path
from typing import Any


def give_back(value: Any) -> Any:
    return value


def process_id(_: object) -> int:
    return os.getpid()


def exit_at_once(code: int) -> None:
    os._exit(code)


def kill_itself(_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang(_: object) -> None:
    threading.Event().wait()


def hang_and_tell(pipe: Path) -> None:
    """Write our process id into a named pipe once we run, then hang."""
    pipe.write_text(str(os.getpid()))
    threading.Event().wait()


def wait_for(seconds: float) -> float:
    threading.Event().wait(seconds)
    return seconds


def take_memory(size: int) -> int:
    return len(bytearray(size))


def raise_error(error: Exception) -> None:
    raise error


def make_noise(_: object) -> None:
    os.write(1, b"NOISE on stdout\n")
    os.write(2, b"NOISE on stderr\n")
    print("NOISE printed", flush=True)
    warnings.warn("NOISE warned", stacklevel=1)


def loaded_modules(_: object) -> set[str]:
    return {name.partition(".")[0] for name in sys.modules}


def is_loaded(module: str) -> bool:
    return module in sys.modules


def interrupts_are_ignored(_: object) -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def exit_at_once_instead(*_: object, **_options: object) -> None:
    """Stand in for `worker.serve` in a worker that cannot start."""
    os._exit(7)

"""The program's log: a few rotated files, and a place for errors nobody expected."""

import logging
import logging.handlers
import sys
import threading
from pathlib import Path
from types import TracebackType

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


def start_logging(folder: Path) -> logging.Handler:
    """Write what the program logs to `folder`/memoryhunter.log; the newest 3 MB are kept."""
    handler = logging.handlers.RotatingFileHandler(
        folder / "memoryhunter.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger("memoryhunter")
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    return handler


def log_uncaught() -> None:
    """See to it that an error in any thread reaches the log."""
    logger = logging.getLogger("memoryhunter")

    def log(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            logger.critical("unexpected error", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)

    def log_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = log
    threading.excepthook = log_thread

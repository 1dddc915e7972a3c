"""The program's log: a few rotated files, and a place for errors nobody expected."""

import contextlib
import logging
import logging.handlers
import sys
import threading
from pathlib import Path
from types import TracebackType

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


def start_logging(folder: Path) -> logging.Handler:
    """Write what the program logs to `folder`/memoryhunter.log; the newest 3 MB are kept.

    Warnings of the libraries it uses go there too, and not to the person's terminal.
    """
    handler = _LogFile(
        folder / "memoryhunter.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter(_FORMAT))
    logging.getLogger("memoryhunter").setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    return handler


def stop_logging(handler: logging.Handler) -> None:
    """Write no more to what `start_logging` opened."""
    logging.getLogger().removeHandler(handler)
    with contextlib.suppress(OSError):  # what a full disk did not take yet
        handler.close()


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


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log nobody hears of when it cannot be written: it is there for the person, not they for it.

    logging prints a traceback to standard error for every record a full or read-only disk refuses.
    """

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 logging's name
        """Let the record go."""

    def doRollover(self) -> None:  # noqa: N802 logging's name
        """Start a new file; write on in the old one where Windows keeps another program's open."""
        with contextlib.suppress(OSError):
            super().doRollover()

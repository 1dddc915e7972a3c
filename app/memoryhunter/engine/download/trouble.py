"""What can be wrong with a source, told in values that each interface has words for."""

from enum import StrEnum


class Trouble(StrEnum):
    """Why a source does not deliver a file."""

    UNREACHABLE = "unreachable"  # no connection to the server
    PROXY = "proxy"  # no connection through the proxy
    CERTIFICATE = "certificate"  # the server cannot prove who it is
    REFUSED = "refused"  # the server says no
    BUSY = "busy"  # the server has too much to do, or a problem of its own
    DROPPED = "dropped"  # the line breaks, again and again
    STALLED = "stalled"  # nothing comes any more, or next to nothing
    WEB_PAGE = "web-page"  # a page for people, such as a hotel's login, and not the file
    WRONG_FILE = "wrong-file"  # not the content it should be


class SourceError(Exception):
    """A file could not be had from a source, this time.

    `lasting`: asking the same source again is pointless. `wait` is how many seconds the server
    wants to be left alone for, None if it does not say. `proxy` is the one in the way.
    """

    def __init__(
        self,
        trouble: Trouble,
        detail: str,
        *,
        lasting: bool = False,
        wait: float | None = None,
        proxy: str | None = None,
    ) -> None:
        """Remember what happened; `detail` is English, for the log and experts."""
        super().__init__(trouble, detail)
        self.trouble = trouble
        self.detail = detail
        self.lasting = lasting
        self.wait = wait
        self.proxy = proxy


class TooSlowError(SourceError):
    """So little comes from a source that another one should be tried."""

"""What goes wrong on the way to a server, told in our own words."""

import ssl
from collections.abc import Mapping
from typing import Any

import httpx2

from memoryhunter.engine.download.proxies import without_password
from memoryhunter.engine.download.trouble import SourceError, Trouble


class Opening:
    """Follows how a connection is opened, to close what is left open when that fails."""

    def __init__(self, proxy: str | None) -> None:
        """Follow one that goes through `proxy`, if any."""
        self._proxy = proxy
        self._opened: list[Any] = []

    async def aclose(self) -> None:
        """Close what was opened."""
        for stream in self._opened:
            await stream.aclose()

    async def trace(self, event: str, about: Mapping[str, Any]) -> None:
        """Hear of a step from httpcore2; raises SourceError where a proxy speaks no SOCKS."""
        if event.endswith("connect_tcp.complete"):
            self._opened.append(about["return_value"])
        elif event.endswith("setup_socks5_connection.failed"):
            # httpcore2 2.16 leaves the connection open, and lets errors of socksio through.
            await self.aclose()
            if isinstance(about["exception"], Exception):  # and not cancelled
                raise _no_socks(self._proxy or "", about["exception"])


def told_as(
    error: httpx2.TransportError, host: str, proxy: str | None, *, lasting: bool = False
) -> SourceError:
    """Give what an error of the connection means to people."""
    why = _words(error)
    detail = f"{host}: {why}"
    shown = without_password(proxy) if proxy is not None else None
    if _is_certificate(error):
        return SourceError(Trouble.CERTIFICATE, detail, lasting=True)
    if isinstance(error, httpx2.ProxyError):
        return SourceError(Trouble.PROXY, f"{shown}: {why}", proxy=shown)
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol):
        if shown is not None:
            return SourceError(Trouble.PROXY, f"{shown}: {why}", lasting=lasting, proxy=shown)
        return SourceError(Trouble.UNREACHABLE, detail, lasting=lasting)
    if isinstance(error, httpx2.TimeoutException):
        return SourceError(Trouble.STALLED, detail)
    return SourceError(Trouble.DROPPED, detail)


def _no_socks(proxy: str, error: Exception) -> SourceError:
    """Make the error for a proxy that does not let us through, or that speaks something else."""
    shown = without_password(proxy)
    detail = f"{shown}: no way through it as a SOCKS proxy ({str(error) or 'it does not answer'})"
    return SourceError(Trouble.PROXY, detail, proxy=shown)


def _words(error: httpx2.TransportError) -> str:
    """Say what happened; many errors of the connection say nothing themselves."""
    if text := str(error).strip():
        return text
    if isinstance(error, httpx2.ConnectTimeout):
        return "it does not answer"
    if isinstance(error, httpx2.TimeoutException):
        return "nothing came for too long"
    return "the connection broke"


def wrong_address(error: Exception) -> str | None:
    """Say what the system has against an address; None for an error about something else.

    The addresses that a name stands for are tried side by side, so it may be a group.
    """
    if isinstance(error, ExceptionGroup):
        details = [wrong_address(each) for each in error.exceptions]
        known = [detail for detail in details if detail is not None]
        return "; ".join(known) if len(known) == len(details) else None
    return str(error) if isinstance(error, OSError | ValueError | OverflowError) else None


def _is_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False

"""One request for a file: proxies, redirects, and what the servers say about its content."""

import asyncio
import contextlib
import email.utils
import re
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx2

from memoryhunter.engine.download.connecting import Opening, told_as, wrong_address
from memoryhunter.engine.download.proxies import proxy_for, without_password
from memoryhunter.engine.download.trouble import SourceError, Trouble

_MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOO_BUSY = frozenset({408, 425, 429})
# No version or system in the name: a server needs to know no more, and hubs refuse the nameless.
# Content codings would make lengths and ranges mean something else.
_HEADERS = {"User-Agent": "MemoryHunter", "Accept-Encoding": "identity"}
_SHA256 = re.compile(r'"?([0-9a-f]{64})"?')
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer, whose bytes are still to come.

    `status` is 200 (all of the file), 206 (from `offset` on) or 416 (there is no such part).
    `total` is the size of the whole file; `sha256` that of its content, where the hub states it.
    `validator` is what the server knows this version by, None where it has nothing reliable.
    """

    status: int
    offset: int
    total: int | None
    sha256: str | None
    validator: str | None
    chunks: AsyncIterator[bytes]


class Remote:
    """Asks for files; a client is made for each proxy that is met. Close it at the end."""

    def __init__(self, connect_seconds: float, stall_seconds: float) -> None:
        """Connect to nothing yet; waiting longer than this for either is an error."""
        self._timeout = httpx2.Timeout(stall_seconds, connect=connect_seconds)
        self._clients: dict[str | None, httpx2.AsyncClient] = {}

    async def aclose(self) -> None:
        """Let every connection go."""
        for client in self._clients.values():
            await client.aclose()

    @contextlib.asynccontextmanager
    async def ask(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
        """Ask for the file at `url`, following redirects; raises SourceError, also from `chunks`.

        Hugging Face and its mirrors state size and hash in the answer that redirects
        (X-Linked-Size, X-Linked-ETag), not in the one that delivers.
        """
        stated: dict[str, str] = {}
        for _ in range(_MOST_REDIRECTS + 1):
            async with self._response(url, headers) as (response, proxy):
                for name in ("x-linked-size", "x-linked-etag"):
                    if name in response.headers:
                        stated.setdefault(name, response.headers[name])
                if response.status_code not in _REDIRECTS:
                    _check_status(response, proxy)
                    yield _read(response, stated, _told(response, proxy))
                    return
                url = _target(url, response.headers.get("location", ""))
        raise SourceError(Trouble.REFUSED, "it redirects in circles", lasting=True)

    @contextlib.asynccontextmanager
    async def _response(
        self, url: str, headers: Mapping[str, str]
    ) -> AsyncIterator[tuple[httpx2.Response, str | None]]:
        # Aside, because the system may look names up for it.
        proxy = await asyncio.get_running_loop().run_in_executor(None, proxy_for, url)
        client = self._client(proxy)
        opening = Opening(proxy)
        try:
            request = client.build_request(
                "GET", url, headers=headers, extensions={"trace": opening.trace}
            )
            response = await client.send(request, stream=True)
        except asyncio.CancelledError:
            # httpcore2 2.16 leaves a connection open whose TLS handshake is cancelled.
            await opening.aclose()
            raise
        except httpx2.InvalidURL as error:
            raise SourceError(Trouble.REFUSED, f"{url}: {error}", lasting=True) from error
        except httpx2.TransportError as error:
            raise told_as(error, urlsplit(url).hostname or url, proxy) from error
        except (OSError, ValueError, OverflowError, ExceptionGroup) as error:
            # An address that is none, as only the system finds out. None of it is about the disk.
            if (detail := wrong_address(error)) is None:
                raise
            raise told_as(httpx2.ConnectError(detail), url, proxy, lasting=True) from error
        try:
            yield response, proxy
        finally:
            await response.aclose()

    def _client(self, proxy: str | None) -> httpx2.AsyncClient:
        if proxy not in self._clients:
            certificates = _certificates()
            try:
                self._clients[proxy] = httpx2.AsyncClient(
                    proxy=proxy,
                    # Proxies are looked up here; credentials in .netrc are nobody's business.
                    trust_env=False,
                    verify=certificates,
                    timeout=self._timeout,
                    headers=_HEADERS,
                )
            except (ValueError, httpx2.InvalidURL) as error:
                shown = without_password(proxy or "")
                raise SourceError(
                    Trouble.PROXY, f"{shown}: {error}", lasting=True, proxy=shown
                ) from error
        return self._clients[proxy]


def _certificates() -> ssl.SSLContext:
    """Trust the system's certificates, or those that SSL_CERT_FILE or SSL_CERT_DIR names."""
    try:
        return httpx2.create_ssl_context()
    except OSError as error:
        detail = f"the certificates that SSL_CERT_FILE names cannot be read: {error}"
        raise SourceError(Trouble.CERTIFICATE, detail, lasting=True) from error


async def _told(response: httpx2.Response, proxy: str | None) -> AsyncIterator[bytes]:
    """Give the body's bytes as they come, with our own words for what goes wrong."""
    try:
        async for chunk in response.aiter_raw():
            yield chunk
    except httpx2.TransportError as error:
        raise told_as(error, response.url.host, proxy) from error


def _read(
    response: httpx2.Response, stated: Mapping[str, str], chunks: AsyncIterator[bytes]
) -> Answer:
    headers = response.headers
    status, offset, total = response.status_code, 0, None
    if status == 206:
        found = _RANGE.fullmatch(headers.get("content-range", "").strip())
        if found is None:
            status = 416  # a part, but nobody can tell which
        else:
            offset, total = int(found[1]), int(found[2])
    elif status == 200:
        total = _number(headers.get("content-length"))
    linked = _number(stated.get("x-linked-size"))
    if None not in (total, linked) and total != linked:
        detail = f"it announces {total} bytes of a file of {linked}"
        raise SourceError(Trouble.WRONG_FILE, detail, lasting=True)
    sha256 = _SHA256.fullmatch(stated.get("x-linked-etag", "").removeprefix("W/"))
    return Answer(
        status=status,
        offset=offset,
        total=total if total is not None else linked,
        sha256=sha256[1] if sha256 else None,
        validator=_validator(headers),
        chunks=chunks,
    )


def _validator(headers: httpx2.Headers) -> str | None:
    """Give what If-Range may name (RFC 9110, 13.1.5): a strong ETag, or a date."""
    etag = headers.get("etag", "")
    if etag and not etag.startswith("W/"):
        return str(etag)
    return headers.get("last-modified")


def _check_status(response: httpx2.Response, proxy: str | None) -> None:
    status = response.status_code
    if status == 407:  # never the server's; of one that nobody set, the address is not known
        shown = without_password(proxy) if proxy is not None else ""
        detail = f"{shown or 'a proxy on the way'}: it wants a name and a password"
        raise SourceError(Trouble.PROXY, detail, lasting=True, proxy=shown)
    if status in {200, 206}:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise SourceError(Trouble.REFUSED, "it sends the file encoded", lasting=True)
    elif status != 416:
        busy = status >= 500 or status in _TOO_BUSY
        trouble = Trouble.BUSY if busy else Trouble.REFUSED
        wait = _seconds(response.headers.get("retry-after"))
        raise SourceError(trouble, f"it answers {status}", lasting=not busy, wait=wait)


def _target(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        nowhere = parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0
    except ValueError:  # also of a port that is none
        nowhere = True
    if not location or nowhere:
        raise SourceError(Trouble.REFUSED, "it redirects to nowhere", lasting=True)
    if urlsplit(url).scheme == "https" and parts.scheme != "https":
        detail = f"it redirects to {parts.hostname} without encryption"
        raise SourceError(Trouble.REFUSED, detail, lasting=True)
    return target


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"\d{1,18}", text.strip()) else None


def _seconds(text: str | None) -> float | None:
    """Read Retry-After: seconds, or a date."""
    if text is None:
        return None
    if (seconds := _number(text)) is not None:
        return float(seconds)
    try:
        return max(email.utils.parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError):
        return None

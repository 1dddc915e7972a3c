"""A real HTTP server on this machine that behaves, or misbehaves as it is told to."""

import contextlib
import http.server
import re
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Manner:
    """How one request is answered; without anything, as a good server does."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None  # in place of the file's
    drop_after: int | None = None  # bytes of the body, then the line breaks
    stall_after: int | None = None  # bytes of the body, then nothing comes any more
    trickle_after: int | None = None  # bytes of the body, then one after the other comes slowly
    ignores_range: bool = False
    ignores_if_range: bool = False
    announced: int | None = None  # a Content-Length that is not true
    content_range: str | None = None  # that is not true
    chunked: bool = False
    redirect: str | None = None


GOOD = Manner()


@dataclass
class Asked:
    path: str
    range: str | None
    if_range: str | None
    agent: str | None
    sent: int = 0


class FileServer:
    """Serves `files` by path. `manners` are for the next requests of a path, one each."""

    def __init__(self, encryption: ssl.SSLContext | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.stated: dict[str, dict[str, str]] = defaultdict(dict)  # headers, by path
        self.manners: dict[str, deque[Manner]] = defaultdict(deque)
        self.always: dict[str, Manner] = {}
        self.asked: list[Asked] = []
        self.stalled = threading.Event()  # somebody waits for bytes that do not come
        self.ended = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.told = self
        self._scheme = "http"
        if encryption is not None:
            self._server.socket = encryption.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def address(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def sent(self, path: str) -> int:
        return sum(each.sent for each in self.asked if each.path == path)

    def ranges(self, path: str) -> list[str | None]:
        return [each.range for each in self.asked if each.path == path]

    @contextlib.contextmanager
    def running(self) -> Iterator["FileServer"]:
        self._thread.start()
        try:
            yield self
        finally:
            self.ended.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    told: FileServer

    def handle_error(self, request: object, client_address: object) -> None:
        """The other side went away, as tests want it to."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    server: _Server

    def do_GET(self) -> None:
        told = self.server.told
        path = self.path.removeprefix(told.address)  # a proxy is asked for whole addresses
        asked = Asked(
            path,
            self.headers.get("Range"),
            self.headers.get("If-Range"),
            self.headers.get("User-Agent"),
        )
        told.asked.append(asked)
        left = told.manners[path]
        manner = left.popleft() if left else told.always.get(path, GOOD)
        content = manner.content if manner.content is not None else told.files.get(path)
        if manner.redirect is not None:
            self._head(manner.status or 302, {"Location": manner.redirect, **told.stated[path]}, 0)
            return
        if content is None or (manner.status is not None and manner.status >= 400):
            self._head(manner.status or 404, manner.headers, 0)
            return
        self._send(content, manner, asked, told)

    def _send(self, content: bytes, manner: Manner, asked: Asked, told: FileServer) -> None:
        headers = {"ETag": f'"{hash(content)}"', **told.stated[asked.path], **manner.headers}
        start = 0
        found = re.fullmatch(r"bytes=(\d+)-", asked.range or "")
        same = manner.ignores_if_range or asked.if_range in (None, headers["ETag"])
        if found and same and not manner.ignores_range:
            start = int(found[1])
            if start >= len(content):
                self._head(416, {"Content-Range": f"bytes */{len(content)}"}, 0)
                return
            true = f"bytes {start}-{len(content) - 1}/{len(content)}"
            headers["Content-Range"] = manner.content_range or true
        body = content[start:]
        status = 206 if "Content-Range" in headers else 200
        if manner.chunked:
            self._head(status, {**headers, "Transfer-Encoding": "chunked"}, None)
            for at in range(0, len(body), 1000):
                piece = body[at : at + 1000]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
            asked.sent += len(body)
            return
        self._head(status, headers, len(body) if manner.announced is None else manner.announced)
        if manner.trickle_after is not None:
            self.wfile.write(body[: manner.trickle_after])
            for at in range(manner.trickle_after, len(body)):
                if told.ended.wait(0.02):
                    break
                self.wfile.write(body[at : at + 1])
            return
        cut = manner.drop_after if manner.drop_after is not None else manner.stall_after
        body = body[:cut]
        self.wfile.write(body)
        asked.sent += len(body)
        if manner.stall_after is not None:
            told.stalled.set()
            told.ended.wait(20)
        if cut is not None or manner.announced is not None:
            self.close_connection = True

    def _head(self, status: int, headers: dict[str, str], length: int | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
        """Say nothing."""

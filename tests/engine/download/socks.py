"""A SOCKS5 proxy on this machine, as the programs have that people in China use."""

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def socks_proxy(host: str, port: int) -> Iterator[tuple[str, list[str]]]:
    """Give the proxy's address and the names it is asked for; all of them lead to `host`."""
    asked: list[str] = []
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with contextlib.suppress(OSError):  # the listener was closed
                while True:
                    client, _ = listener.accept()
                    thread = threading.Thread(target=serve, args=(client,))
                    threads.append(thread)
                    thread.start()

        def serve(client: socket.socket) -> None:
            with client, socket.create_connection((host, port)) as server:
                client.recv(client.recv(2)[1])  # the ways to log in that it knows
                client.sendall(b"\x05\x00")
                kind = client.recv(4)[3]
                assert kind == 3, "a name"
                asked.append(client.recv(client.recv(1)[0]).decode())
                client.recv(2)
                client.sendall(b"\x05\x00\x00\x01" + bytes(6))
                back = threading.Thread(target=pump, args=(server, client))
                back.start()
                pump(client, server)
                back.join()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}", asked
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for each in threads:
                each.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)

"""A reverse proxy as plain as they come: it passes what is asked for below one path on to a server, and nothing else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

NAME = "lab.localhost"  # which browsers look for on this machine, and which is not the name that the server knows itself by


class Proxy(ThreadingTCPServer):
    """Passes requests below the path of ``url`` on to its host."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.behind = urlsplit(url)
        self.url = f"http://{NAME}:{self.server_address[1]}{self.behind.path}"


class Passing(BaseRequestHandler):
    """One request and its answer; or, once that is a websocket, all that is said in both directions."""

    server: Proxy

    def handle(self) -> None:
        head, rest = self._head()
        if not head:
            return
        request, *headers = head.split("\r\n")
        if not request.split(" ")[1].startswith(self.server.behind.path):
            self.request.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        lines = [line for line in headers if not line.lower().startswith(("host:", "connection:"))]
        upgrades = any(line.lower().startswith("upgrade:") for line in headers)
        lines += [f"Host: {self.server.behind.netloc}", f"Connection: {'Upgrade' if upgrades else 'close'}"]
        with socket.create_connection((self.server.behind.hostname, self.server.behind.port)) as server:
            server.sendall("\r\n".join([request, *lines, "", ""]).encode("latin-1") + rest)
            threading.Thread(target=pour, args=(self.request, server), daemon=True).start()
            pour(server, self.request)

    def _head(self) -> tuple[str, bytes]:
        """The lines before a request's body, and what has come of the body; nothing where the browser hung up."""
        received = b""
        while b"\r\n\r\n" not in received:
            part = self.request.recv(65_536)
            if not part:
                return "", b""
            received += part
        head, _, rest = received.partition(b"\r\n\r\n")
        return head.decode("latin-1"), rest


def pour(source: socket.socket, target: socket.socket) -> None:
    """Pass on all that comes, until either hangs up."""
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def behind_a_proxy(url: str) -> Iterator[str]:
    """The address by which a browser finds the server at ``url`` behind a proxy."""
    with Proxy(url) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        yield proxy.url
        proxy.shutdown()

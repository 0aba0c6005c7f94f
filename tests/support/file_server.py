"""A web server of a few files, which may fail in the middle of one."""

import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

Failure = Literal["reset", "stall", "end"]


class FileServer(ThreadingHTTPServer):
    """Serves ``files``, by name, at ``address`` while the block runs.

    After the first half of each it calls ``halfway`` with its name; in the one that ``failure`` names it ends there, resets the
    connection, or sends nothing more.
    """

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files = files
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.asked: list[str] = []
        self.halfway: Callable[[str], Any] = lambda name: None
        self.failure: tuple[str, Failure] | None = None
        self.ended = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, *request: object) -> None:
        """Say nothing of a client that has left."""


class _Answer(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        if name not in self.server.files:
            self.send_error(404)
            return
        content = self.server.files[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        half = len(content) // 2
        self.wfile.write(content[:half])
        self.server.halfway(name)
        if self.server.failure and self.server.failure[0] == name:
            self._fail(self.server.failure[1])
        else:
            self.wfile.write(content[half:])

    def _fail(self, how: Failure) -> None:
        if how == "stall":
            self.server.ended.wait()
        elif how == "reset":  # what a socket that does not linger does when it is closed
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, *text: Any) -> None:
        """Nothing."""

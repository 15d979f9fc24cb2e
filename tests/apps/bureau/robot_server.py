"""A real HTTP server that takes the part of a maker's robots: it answers well, wrongly, late, or not at all."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

YES = b'{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}'
KEY = "geheim-7f3a91"
SECRET = "SEC-jia-yi-bing"


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def text(self) -> str:
        """What the group reads, in whichever maker's form."""
        said = self.json
        return str(said.get("text", {}).get("content") or said["content"]["text"])


Answering = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Maker:
    port: int
    asked: list[Asked] = field(default_factory=list)
    answering: Answering = lambda handler: say(handler, YES)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.base}/cgi-bin/webhook/send?key={KEY}"


def say(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def late(seconds: float) -> Answering:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        say(handler, YES)

    return answer


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then: each comes in time, the whole never."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"x" * 65536)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """Half an answer, then nothing."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"errcode":')
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def running() -> Iterator[Maker]:
    maker: Maker

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            maker.asked.append(Asked(self.path, dict(self.headers.items()), body))
            try:
                maker.answering(self)
            except OSError:  # the sender has hung up
                self.close_connection = True

        def do_GET(self) -> None:
            maker.asked.append(Asked(self.path, dict(self.headers.items()), b""))
            say(self, YES)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    maker = Maker(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield maker
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=60)

"""One POST to one place: to the address that was looked at, no redirect followed, within a time, a bounded answer."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from keshu.apps.bureau.services.robots.addresses import PORTS, Place, Unreachable, resolve

# Seconds for the whole of it, connecting included; how much of an answer is read, head included.
TIMEOUT = 8.0
LARGEST = 64 * 1024


class NoAnswer(OSError):
    """The request has gone out and no whole answer came back: nobody knows whether it was taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def post(place: Place, *, body: bytes, headers: Mapping[str, str], timeout: float = TIMEOUT) -> Answer:
    """The answer to the request. Unreachable: it was not sent, or not in full; NoAnswer: sent, and no whole answer."""
    deadline = time.monotonic() + timeout
    number = resolve(place)
    try:
        sock = _connected(place, number, deadline)
    except (OSError, ValueError) as error:
        raise Unreachable(_connecting(error)) from None
    with sock:
        try:
            sock.settimeout(_left(deadline))
            sock.sendall(_request(place, body, headers))
        except OSError:
            raise Unreachable("连接中途断开，消息没有发完。") from None
        try:
            return _answer(sock, deadline)
        except (OSError, http.client.HTTPException):
            raise NoAnswer("消息已发出，但没有收到完整的答复。") from None


def _connected(place: Place, number: str, deadline: float) -> socket.socket:
    sock = socket.create_connection((number, place.port), timeout=_left(deadline))
    if place.scheme == "http":
        return sock
    try:
        sock.settimeout(_left(deadline))
        return ssl.create_default_context().wrap_socket(sock, server_hostname=place.host)
    except BaseException:
        sock.close()
        raise


def _request(place: Place, body: bytes, headers: Mapping[str, str]) -> bytes:
    host = f"[{place.host}]" if ":" in place.host else place.host
    if place.port != PORTS[place.scheme]:
        host = f"{host}:{place.port}"
    lines = [
        f"POST {place.target} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: Keshu",
        "Accept: application/json",
        "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body


def _answer(sock: socket.socket, deadline: float) -> Answer:
    response = http.client.HTTPResponse(cast(socket.socket, _Reading(sock, deadline)), method="POST")
    response.begin()
    return Answer(response.status, response.read())


class _Reading:
    """A socket as the parser of answers asks for it, with the time and the bytes that are left."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self.raw = _Raw(sock, deadline)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(self.raw)


class _Raw(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self.sock, self.deadline, self.left = sock, deadline, LARGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.left <= 0:
            raise NoAnswer("the answer is too long")
        self.sock.settimeout(_left(self.deadline))
        taken = self.sock.recv_into(memoryview(buffer)[: self.left])
        self.left -= taken
        return taken


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _connecting(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "对方的证书不可信，已拒绝连接。"
    return "在规定时间内没有连上对方。" if isinstance(error, TimeoutError) else "没有连上对方。"

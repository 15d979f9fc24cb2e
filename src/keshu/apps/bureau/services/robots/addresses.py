"""Where a group robot may live: named hosts only, and never by way of a name that leads into the own network.

The three makers' hosts are known; the operator names others in KESHU_ROBOT_HOSTS. A name is resolved once and the connection
goes to the address that was looked at, so that a name which answers otherwise the second time gains nothing.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from keshu.apps.bureau.models import RobotKind
from keshu.apps.bureau.services.refusals import Unacceptable

LONGEST = 500
# Each maker's own host, and how its addresses of robots begin.
OFFICIAL = {
    RobotKind.WECOM.value: ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send?key="),
    RobotKind.DINGTALK.value: ("oapi.dingtalk.com", "/robot/send?access_token="),
    RobotKind.FEISHU.value: ("open.feishu.cn", "/open-apis/bot/v2/hook/"),
}
PORTS = {"http": 80, "https": 443}
# IPv6 addresses that carry an IPv4 address within (NAT64): what counts is the one within.
NAT64 = ip_network("64:ff9b::/96")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+/[!-\[\]-~]*")


class Unreachable(OSError):
    """The robot's host cannot be reached, or must not be. The message is Chinese and holds no secret."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes: ``target`` is path and query. ``is_named``: the operator named the host."""

    scheme: str
    host: str
    port: int
    target: str
    is_named: bool


def place_of(address: str, *, kind: str) -> Place:
    """The place of a robot's address (Unacceptable in Chinese, without the address itself, which is a secret)."""
    if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
        raise Unacceptable("地址不是完整的网址。请从群机器人的设置里整段复制，以 https:// 开头。", field="address")
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        raise Unacceptable("地址里的主机或端口写错了，请从群机器人的设置里整段复制。", field="address") from None
    host = parts.hostname or ""
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    is_named = (parts.scheme, host, port) in named_hosts()
    if not is_named:
        _check_official(parts, host, port, target, kind=kind)
    return Place(parts.scheme, host, port, target, is_named)


def _check_official(parts: SplitResult, host: str, port: int, target: str, *, kind: str) -> None:
    label = RobotKind(kind).label
    if kind not in OFFICIAL:
        raise Unacceptable(
            f"主机“{host}”不在允许的范围内。请系统管理员在 KESHU_ROBOT_HOSTS 中写明这台主机。", field="address"
        )
    official, begins = OFFICIAL[kind]
    if host != official:
        raise Unacceptable(
            f"主机是“{host}”，{label}群机器人的主机应为 {official}。内部部署的，请系统管理员在 KESHU_ROBOT_HOSTS 中写明。",
            field="address",
        )
    if parts.scheme != "https" or port != PORTS["https"] or not target.startswith(begins) or target == begins:
        raise Unacceptable(f"{label}群机器人的地址应以 https://{official}{begins} 开头。", field="address")


def named_hosts() -> frozenset[tuple[str, str, int]]:
    """Scheme, host and port of those that the operator named: ``im.example.cn``, ``http://10.0.0.5:8080``."""
    return frozenset(_named(entry) for entry in settings.ROBOT_HOSTS)


def _named(entry: str) -> tuple[str, str, int]:
    parts = urlsplit(entry if "://" in entry else f"https://{entry}")
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise ImproperlyConfigured(f"KESHU_ROBOT_HOSTS={entry}：请写主机名，或 http://主机:端口、https://主机:端口")
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]


def resolve(place: Place) -> str:
    """The numeric address to connect to; Unreachable for none, or where one of them lies within a private network."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError:
        raise Unreachable("查不到这台主机的网络地址。") from None
    numbers = [str(each[4][0]) for each in found]
    if not place.is_named and not all(_is_public(number) for number in numbers):
        raise Unreachable("主机名指向内部网络，已拒绝连接。")
    if not numbers:
        raise Unreachable("查不到这台主机的网络地址。")
    return numbers[0]


def _is_public(number: str) -> bool:
    address = ip_address(number.partition("%")[0])
    return all(each.is_global and not each.is_multicast for each in _with_inner(address))


def _with_inner(address: IPv4Address | IPv6Address) -> Iterable[IPv4Address | IPv6Address]:
    """The address, and the IPv4 address that an IPv6 address may stand for."""
    if not isinstance(address, IPv6Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    inner = [address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *(each for each in inner if each is not None)]

"""The browser behind a request: what it says of itself (User-Agent) in words an office understands, and where it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

UNKNOWN = "未知设备"
# The first mark found names it: browsers built on Chrome also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("MicroMessenger/", "微信"),
    ("DingTalk/", "钉钉"),
    ("QQBrowser/", "QQ 浏览器"),
    ("360SE", "360 浏览器"),
    ("360EE", "360 浏览器"),
    ("QihooBrowser", "360 浏览器"),
    ("UCBrowser/", "UC 浏览器"),
    ("HuaweiBrowser/", "华为浏览器"),
    ("Edg", "Edge 浏览器"),
    ("OPR/", "Opera 浏览器"),
    ("Firefox/", "火狐浏览器"),
    ("Trident/", "IE 浏览器"),
    ("MSIE ", "IE 浏览器"),
    ("Chrome/", "谷歌浏览器"),
    ("Chromium/", "谷歌浏览器"),
    ("Safari/", "Safari 浏览器"),
)
SYSTEMS = (
    ("Windows NT 10", "Windows 10 或 11"),
    ("Windows NT 6.3", "Windows 8"),
    ("Windows NT 6.2", "Windows 8"),
    ("Windows NT 6.1", "Windows 7"),
    ("Windows", "Windows"),
    ("OpenHarmony", "鸿蒙"),
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "苹果电脑"),
    ("UOS", "统信 UOS"),
    ("Kylin", "麒麟"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Browser and system, such as “Edge 浏览器，Windows 10 或 11”."""
    found = [next((words for mark, words in table if mark in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return "，".join(filter(None, found)) or UNKNOWN


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser: its session key, what it is in words, and its address."""

    key: str
    device: str
    address: str


def browser_of(request: HttpRequest) -> Browser:
    """The browser of a request. A session without a key is given one."""
    if request.session.session_key is None:
        request.session.create()
    return Browser(
        key=str(request.session.session_key),
        device=device_words(str(request.META.get("HTTP_USER_AGENT", ""))),
        address=address_of(request),
    )


def address_of(request: HttpRequest) -> str:
    """Where a request came from, by the same rule as for the sign-in throttle: behind a proxy, what the proxy says."""
    return str(import_string(settings.AXES_CLIENT_IP_CALLABLE)(request))


def hash_of(key: str) -> str:
    """What is kept of a session key: whoever reads the hash cannot take the session over."""
    return hashlib.sha256(key.encode()).hexdigest()

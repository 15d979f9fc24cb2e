"""A real Chromium before the running site, signed in as whoever a story needs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from threading import get_ident
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from keshu.apps.bureau.models import User

CHROMIUM = os.environ.get("KESHU_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# A story waits for what it expects; on a busy machine a page may take longer than the five seconds that are usual.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)

# Playwright's loop runs in the test's thread, where Django would otherwise refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# Threads of the site that are at an answer. A story may be told while the page still asks for its last pieces; the tables are not
# emptied under them.
answering: set[int] = set()
request_started.connect(lambda **_: answering.add(get_ident()), weak=False)
request_finished.connect(lambda **_: answering.discard(get_ident()), weak=False)


def wait_until_all_is_answered() -> None:
    last = time.monotonic() + PATIENCE / 1000
    while answering - {get_ident()} and time.monotonic() < last:
        time.sleep(0.02)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, live_server: Any) -> Iterator[BrowserContext]:
    """A fresh browser window of an office display; faults on the page fail the story."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True
    )
    context.set_default_timeout(PATIENCE)
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    context.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield context
    context.close()
    wait_until_all_is_answered()
    assert not faults, faults


@pytest.fixture
def page_of(context: BrowserContext, live_server: Any) -> Callable[[User], Page]:
    """``page_of(user)``: a page whose session is that person's, without going through the sign-in page."""

    def opened(user: User) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return context.new_page()

    return opened

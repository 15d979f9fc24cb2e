"""Take the pictures of docs/images anew from a running demo site.

Start a freshly loaded demo site (``make run``), then run ``.venv/bin/python scripts/take_screenshots.py``. Each picture is
what a demo account sees at 1366 x 768, saved with a palette of 256 colours, so that it stays small; one above the limit
stops the run.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
CHROMIUM = os.environ.get("KESHU_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASSWORD = "yunlan-keshu-demo"
LARGEST = 250_000  # bytes; the README loads the first of them


@dataclass(frozen=True, slots=True)
class Picture:
    """A file name, whose screen it is, and how one comes there from the home page."""

    name: str
    account: str
    arrange: Callable[[Page], None]


def at_review(page: Page) -> None:
    """The draft that waits in the demo city, its second row chosen and marked in the text."""
    page.goto("/plans/import/")
    page.get_by_role("link", name="去核对").first.click()
    page.locator("#grid .entry").first.wait_for()
    page.keyboard.press("j")


def at_targets(page: Page) -> None:
    page.goto("/plans/targets/")
    page.locator(".ledger__table tbody tr").first.wait_for()


def at_target_drawer(page: Page) -> None:
    """The row with a floor and a stretch target, its sentence beside it."""
    at_targets(page)
    page.locator(".ledger__table tbody tr", has_text="力争").first.locator("td").nth(2).click()
    page.locator("#drawer .source").wait_for()


def at_source(page: Page) -> None:
    at_target_drawer(page)
    page.locator("#drawer .source").get_by_role("link", name="在原文中查看").click()
    page.locator(".mark--this").first.wait_for()


def visit(address: str) -> Callable[[Page], None]:
    def arrange(page: Page) -> None:
        page.goto(address)

    return arrange


PICTURES = (
    Picture("home", "head", visit("/")),
    Picture("import", "planner", visit("/plans/import/")),
    Picture("review", "county", at_review),
    Picture("targets", "head", at_target_drawer),
    Picture("matrix", "leader", visit("/plans/matrix/")),
    Picture("source", "head", at_source),
)


def sign_in(browser: Browser, *, url: str, account: str) -> Page:
    context = browser.new_context(base_url=url, viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("input[name=username]", account)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form .button--primary").click()
    page.locator("nav#nav").wait_for()
    return page


def small_png(picture: bytes) -> bytes:
    """The same picture with a palette of 256 colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    out = io.BytesIO()
    image.quantize(colors=256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def take(picture: Picture, *, browser: Browser, url: str) -> int:
    """Save one picture; returns its size in bytes."""
    page = sign_in(browser, url=url, account=picture.account)
    picture.arrange(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # transitions of drawer and highlight
    data = small_png(page.screenshot())
    page.context.close()
    (IMAGES / f"{picture.name}.png").write_bytes(data)
    return len(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running demo site")
    url = parser.parse_args().url
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        sizes = {picture.name: take(picture, browser=browser, url=url) for picture in PICTURES}
        browser.close()
    for name, size in sizes.items():
        print(f"{name}.png  {size / 1000:.0f} kB")
    if large := [name for name, size in sizes.items() if size > LARGEST]:
        sys.exit(f"larger than {LARGEST} bytes: {', '.join(large)}")


if __name__ == "__main__":
    main()

"""A clerk sets up the second factor, signs in with it, with a recovery code, and ends the session left open elsewhere."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from tests.factories import PASSWORD, make

from keshu.apps.bureau.models import SecondFactor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where pictures of the pages go, if anywhere.
PICTURES = os.environ.get("KESHU_PICTURES", "")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill("wuxiaoyun")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def sign_out(page: Page) -> None:
    page.locator("summary", has_text="个人菜单").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()


def test_a_clerk_guards_the_account_with_a_second_factor(context: BrowserContext, live_server: Any) -> None:
    person = make.person(
        "clerk", make.office(name="高新技术处"), username="wuxiaoyun", name="吴小芸", password=PASSWORD
    )

    # The office computer was left signed in yesterday.
    office = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/139.0 Safari/537.36 Edg/139.0")
    office.post("/sign-in/", {"username": "wuxiaoyun", "password": PASSWORD})
    assert office.get("/account/").status_code == 200

    # She opens her settings from the menu and writes down her telephone number.
    page = context.new_page()
    sign_in(page)
    page.locator("summary", has_text="个人菜单").click()
    page.get_by_role("link", name="个人设置").click()
    page.get_by_label("联系电话").fill("打内线")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".field__error")).to_contain_text("请只填数字")
    page.get_by_label("联系电话").fill("0511-88880000")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#toasts")).to_contain_text("资料已保存")
    picture(page, "card")

    # The QR code is there to scan; she types the key by hand, and a wrong code first.
    tabs = page.get_by_role("navigation", name="个人设置")
    tabs.get_by_role("link", name="密码").click()
    expect(page.get_by_role("heading", name="修改密码")).to_be_visible()
    picture(page, "password")
    tabs.get_by_role("link", name="两步验证").click()
    picture(page, "off")
    page.get_by_role("button", name="开始设置").click()
    image = page.locator(".account__picture")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    authenticator = pyotp.TOTP(page.locator(".account__secret").inner_text().replace(" ", ""))
    page.get_by_label("验证码").fill("12345")
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".field__error")).to_contain_text("验证码不对")
    picture(page, "set-up")
    page.get_by_label("验证码").fill(authenticator.now())
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".account__codes code")).to_have_count(10)
    recovery = page.locator(".account__codes code").all_inner_texts()
    picture(page, "codes")
    page.get_by_role("link", name="已保存好，继续").click()
    expect(page.locator(".facts")).to_contain_text("10 个")
    picture(page, "on")

    # From now on the password alone does not do; the code that was used already does not either.
    sign_out(page)
    sign_in(page)
    code = page.get_by_label("验证码或恢复码")
    expect(code).to_be_focused()
    code.fill("000000")
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".field__error")).to_contain_text("验证码不对")
    picture(page, "sign-in-code")
    page.goto("/account/")
    expect(page.get_by_label("用户名")).to_be_visible()
    sign_in(page)
    later = timezone.now() + timedelta(seconds=30)
    if SecondFactor.objects.get(user=person).last_step >= int(later.timestamp()) // 30:
        later += timedelta(seconds=30)
    code.fill(authenticator.at(later))
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".bar__person-name")).to_have_text("吴小芸")

    # Another day the telephone is at home: a recovery code does.
    sign_out(page)
    sign_in(page)
    code.fill(recovery[0])
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".bar__person-name")).to_have_text("吴小芸")

    # She finds the office computer on the list and signs it out.
    page.goto("/account/sessions/")
    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("本机")
    picture(page, "sessions")
    rows.nth(1).get_by_role("button", name="结束登录").click()
    page.get_by_role("dialog").get_by_role("button", name="结束登录").click()
    expect(rows).to_have_count(1)
    assert office.get("/account/").status_code == 302
    page.reload()
    expect(rows).to_have_count(1)

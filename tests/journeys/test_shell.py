"""The frame of the pages by keyboard: search, navigation, drawer, ledger rows, saved views."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.apps.plans.factories import make_plan, points
from tests.factories import make

from keshu.apps.bureau.models import SavedView, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]


@pytest.fixture
def operator() -> User:
    """Somebody who sees every job, of which there are thirty."""
    user = make.person("operator")
    for number in range(30):
        make.job(by=user, title=f"读取第{number:02}份要点", state="done" if number % 3 else "failed", total=number)
    return user


def test_ctrl_k_searches_from_anywhere(page_of: PageOf) -> None:
    make.office(name="高新技术处")
    page = page_of(make.person("clerk"))
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("高新技术")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("高新技术")
    expect(page.locator(".hits")).to_contain_text("高新技术处")


def test_the_skip_link_is_the_first_stop(page_of: PageOf) -> None:
    page = page_of(make.person("clerk"))
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_collapsed_navigation_is_remembered(page_of: PageOf) -> None:
    page = page_of(make.person("clerk"))
    page.goto("/")
    expect(page.locator(".nav")).to_have_css("width", "200px")
    page.get_by_role("button", name="收起").press("Enter")
    expect(page.locator(".nav")).to_have_css("width", "56px")
    page.reload()
    expect(page.locator(".nav")).to_have_css("width", "56px")
    page.get_by_role("button", name="展开").press("Enter")
    expect(page.locator(".nav")).to_have_css("width", "200px")
    page.reload()
    expect(page.locator(".nav")).to_have_css("width", "200px")


def test_on_a_telephone_the_navigation_slides_in_and_esc_closes_it(page_of: PageOf) -> None:
    page = page_of(make.person("clerk"))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    expect(page.locator("#nav")).to_be_hidden()
    page.get_by_role("button", name="打开导航").click()
    expect(page.locator("#nav")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#nav")).to_be_hidden()
    expect(page.get_by_role("button", name="打开导航")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_ledger_is_worked_by_keyboard_and_its_address_tells_the_view(page_of: PageOf, operator: User) -> None:
    page = page_of(operator)
    page.goto(reverse("bureau:job-list"))
    rows = page.locator(".ledger__table tbody tr")
    expect(rows).to_have_count(20)

    # J and K move the current row; the address of a sorted, filtered ledger reproduces it.
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_have_attribute("aria-current", "true")

    page.locator("#ledger-q").fill("第07份")
    expect(rows).to_have_count(1)
    expect(page.locator("#ledger-q")).to_be_focused()
    expect(page).to_have_url(re.compile("q="))
    expect(page).not_to_have_url(re.compile("state=&"))
    address = page.url
    page.goto("/")
    page.goto(address)
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="清除全部").click()
    expect(rows).to_have_count(20)
    page.go_back()
    expect(rows).to_have_count(1)


def test_chosen_columns_and_filters_are_what_is_exported(page_of: PageOf, operator: User) -> None:
    page = page_of(operator)
    page.goto(reverse("bureau:job-list"))
    page.locator("#ledger-q").fill("第1")
    rows = page.locator(".ledger__table tbody tr")
    expect(rows).to_have_count(10)

    page.locator(".ledger__right summary", has_text="列").click()
    page.get_by_label("进展").uncheck()
    page.get_by_label("紧凑行距").check()
    page.get_by_role("button", name="应用").click()
    expect(page.locator(".ledger__table--compact")).to_be_visible()
    heads = [head.strip() for head in page.locator(".ledger__table thead th").all_inner_texts()]
    assert "进展" not in heads

    page.locator(".ledger__right summary", has_text="导出").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert next(csv.reader(lines)) == heads
    shown = [name.strip() for name in page.locator(".ledger__table tbody th").all_inner_texts()]
    assert [line[0] for line in csv.reader(lines[1:])] == shown


def test_a_view_is_saved_in_the_drawer_and_esc_gives_the_focus_back(page_of: PageOf, operator: User) -> None:
    page = page_of(operator)
    page.goto(reverse("bureau:job-list") + "?q=第1")
    views = page.locator(".ledger__right summary", has_text="视图")
    drawer = page.locator("#drawer")

    views.press("Enter")
    page.get_by_role("button", name="存为视图").press("Enter")
    expect(drawer.get_by_label("视图名称")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()

    views.click()
    page.get_by_role("button", name="存为视图").click()
    drawer.get_by_label("视图名称").fill("第一批")
    drawer.get_by_role("button", name="保存").click()
    expect(page.locator(".toast")).to_contain_text("视图已保存")
    assert SavedView.objects.get().name == "第一批"

    # The kept view leads back, and deleting it asks first.
    page.goto(reverse("bureau:job-list"))
    views.click()
    page.get_by_role("link", name="第一批").click()
    expect(page.locator(".ledger__chips")).to_contain_text("第1")
    views.click()
    page.get_by_role("button", name="改名、共享或删除“第一批”").click()
    drawer.get_by_role("button", name="删除").click()
    page.get_by_role("button", name="取消", exact=True).last.click()
    assert SavedView.objects.exists()
    drawer.get_by_role("button", name="删除").click()
    page.locator("#confirm").get_by_role("button", name="删除").click()
    expect(page.locator(".toast")).to_contain_text("视图已删除")
    assert not SavedView.objects.exists()


def test_hits_are_chosen_by_arrows_and_opened_by_enter(page_of: PageOf) -> None:
    site = make.site()
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["clerk"])
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("高企")
    found = page.get_by_role("listbox", name="查找结果")
    expect(found).to_contain_text("确保320家 / 力争340家")
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(found.locator('[aria-selected="true"]')).to_contain_text("高新技术企业总数")
    page.keyboard.press("ArrowUp")
    expect(found.locator('[aria-selected="true"]')).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    target = make_plan.target(plan, "高新技术企业总数")
    page.wait_for_url(f"**{reverse('plans:target-detail', args=[target.pk])}")

    # Without a choice Enter lists everything; a word nobody has used says so.
    page.keyboard.press("Control+k")
    page.keyboard.type("没有的词")
    expect(found).to_contain_text("没有找到“没有的词”")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")


def test_the_year_is_chosen_on_a_telephone(page_of: PageOf) -> None:
    site = make.site()
    for year in (2025, 2026):
        make_plan.published(points(year=year), organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["clerk"])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("plans:target-list"))
    page.get_by_role("button", name="打开导航").click()
    with page.expect_navigation():
        page.locator("#nav-year").select_option("2025")
    page.get_by_role("button", name="打开导航").click()
    expect(page.locator("#nav-year")).to_have_value("2025")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_field_left_empty_is_asked_for_in_chinese(page_of: PageOf) -> None:
    """Whatever language the browser speaks."""
    site = make.site()
    make_plan.published(organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["clerk"])
    page.goto("/plans/targets/")
    page.locator("summary", has_text="视图").click()
    page.get_by_role("button", name="存为视图").click()
    name = page.locator("#drawer").get_by_label("视图名称")
    page.locator("#drawer").get_by_role("button", name="保存").click()
    assert name.evaluate("field => field.validationMessage") == "请填写“视图名称”。"
    name.fill("本月到期")
    page.locator("#drawer").get_by_role("button", name="保存").click()
    expect(page.locator("#toasts")).to_contain_text("视图已保存")


def test_the_import_page_does_not_slide_sideways_on_a_telephone(page_of: PageOf) -> None:
    site = make.site()
    make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["planner"])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/plans/import/")
    expect(page.locator("#drafts")).to_contain_text("云澜市2026年科技创新工作要点")
    assert page.locator("main").evaluate("main => main.scrollWidth - main.clientWidth") == 0

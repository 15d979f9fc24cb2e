"""An office at the end of a slow line: what is done before scripts and answers have come is neither lost nor done twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from tests.apps.plans.factories import make_plan
from tests.factories import make

from keshu.apps.bureau.models import CalendarFeed, User
from keshu.apps.bureau.services import feeds
from keshu.apps.plans.models import CheckIn, Issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]


@contextmanager
def without(page: Page, script: str) -> Iterator[None]:
    """Within, that script is on its way; after, everything has arrived."""
    waiting: list[Route] = []
    page.route(script, lambda route: waiting.append(route))
    yield
    expect(page.locator("body")).to_be_visible()
    while not waiting:
        page.wait_for_timeout(50)
    for route in waiting:
        route.continue_()
    page.unroute(script)
    page.wait_for_load_state()


@pytest.mark.parametrize("script", ["**/vendor/htmx.min.js", "**/js/shell.js"])
def test_a_question_is_asked_although_the_button_was_pressed_too_early(page_of: PageOf, script: str) -> None:
    clerk = make.person("clerk")
    feeds.make_feed(by=clerk, at=timezone.now())
    page = page_of(clerk)
    with without(page, script):
        page.goto(reverse("bureau:feed"), wait_until="commit")
        page.get_by_role("button", name="停用订阅").click()
        page.get_by_role("button", name="停用订阅").click()
        expect(page.locator("#confirm")).to_be_hidden()
    expect(page.locator("#confirm")).to_contain_text("停用后，日历软件不能再读取。")
    assert CalendarFeed.objects.exists()
    page.locator("#confirm").get_by_role("button", name="取消").click()
    expect(page.locator("#confirm")).to_be_hidden()
    page.get_by_role("button", name="停用订阅").click()
    page.locator("#confirm-yes").click()
    expect(page.get_by_role("button", name="生成订阅地址")).to_be_visible()
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("script", ["**/vendor/htmx.min.js", "**/js/ledger.js"])
def test_keys_words_and_menus_of_a_ledger_wait_for_their_scripts(page_of: PageOf, script: str) -> None:
    site = make.site()
    make_plan.published(organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["clerk"])
    rows = page.locator(".ledger__table tbody tr")
    with without(page, script):
        page.goto(reverse("plans:target-list"), wait_until="commit")
        expect(rows).to_have_count(6)
        page.keyboard.press("j")
        page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    with without(page, script):
        page.goto(reverse("plans:target-list"), wait_until="commit")
        page.locator(".bell__button").click()
        page.locator("#ledger-q").fill("合同")
    expect(rows).to_have_count(1)
    expect(page.locator("#notices-latest")).not_to_contain_text("正在读取")
    with without(page, script):
        page.goto("/", wait_until="commit")
        expect(page.locator("[data-search]")).to_be_visible()
        page.keyboard.press("Control+k")
        page.keyboard.type("高企")
    expect(page.get_by_role("listbox", name="查找结果")).to_contain_text("确保320家 / 力争340家")


def test_an_answer_to_half_a_word_does_not_take_the_rest_away(page_of: PageOf) -> None:
    site = make.site()
    make_plan.published(organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["clerk"])
    page.goto(reverse("plans:target-list"))
    rows, box = page.locator(".ledger__table tbody tr"), page.locator("#ledger-q")
    asked: list[Route] = []
    page.route(re.compile(r"/plans/targets/\?.*q="), lambda route: route.continue_() if asked else asked.append(route))
    box.press_sequentially("技")
    while not asked:
        page.wait_for_timeout(50)
    # The answer is brought after the rest of the word, and before that is asked for.
    with page.expect_response(re.compile("q=")):
        box.press_sequentially("术合同")
        asked[0].continue_()
    page.unroute_all()
    expect(rows).to_have_count(1)
    expect(box).to_have_value("技术合同")
    expect(box).to_be_focused()


def test_a_form_sent_twice_is_taken_once(page_of: PageOf) -> None:
    site = make.site()
    page = page_of(site.people["planner"])
    page.goto(reverse("plans:issue-create"))
    page.locator("input[name=title]").fill("技术合同登记员不足")
    page.locator("select[name=origin]").select_option("visit")
    page.get_by_role("button", name="登记").dblclick()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    assert Issue.objects.count() == 1


def test_two_items_are_signed_by_two_keys_before_the_first_answer(page_of: PageOf) -> None:
    site = make.site()
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    for heading in ("培育科技企业", "建设创新平台"):
        make_plan.check_in(
            make_plan.node(plan, heading), site.gaoxin, state="filed", by=site.people["clerk"], at=timezone.now(),
            percent=20, progress="开展两场宣讲。",
        )  # fmt: skip
    page = page_of(site.people["office_head"])
    page.goto(reverse("plans:checkin-sign-list"))
    expect(page.locator("[data-sign-item]")).to_have_count(2)
    page.keyboard.press("j")
    asked: list[Route] = []
    page.route(lambda address: "sign" in address, lambda route: asked.append(route))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator("[data-sign-one]").first.click()
    while not asked:
        page.wait_for_timeout(50)
    assert len(asked) == 1
    asked[0].continue_()
    page.unroute_all()
    expect(page.get_by_text("没有待审签的填报")).to_be_visible()
    assert set(CheckIn.objects.values_list("state", flat=True)) == {"signed"}

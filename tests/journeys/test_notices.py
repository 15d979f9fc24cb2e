"""A plan is published; an office's clerk sees the count, opens the notice from the bell, and the count is gone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.apps.plans.factories import make_plan
from tests.factories import make

from keshu.apps.bureau.models import User
from keshu.apps.plans.models import OwnerMention

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]


def test_a_clerk_hears_of_a_published_plan(page_of: PageOf) -> None:
    site = make.site()
    planner, clerk = site.people["planner"], site.people["clerk"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    OwnerMention.objects.filter(plan=plan, certainty__in=["unknown", "guess"]).update(is_outside=True)

    # The planner publishes it on the review page.
    page = page_of(planner)
    page.goto(reverse("plans:review", args=[plan.pk]))
    page.get_by_role("button", name="接受全部无存疑的").click()
    page.get_by_role("button", name="一并通过").click()
    expect(page.locator(".review-progress")).to_contain_text("全部核对完毕")
    page.locator("#publish").click()
    page.locator("#move").get_by_role("button", name="发布").click()
    page.wait_for_url(re.compile(r"/plans/targets/"))
    page.close()

    # The clerk of an office that leads a task finds one unread notice, and opens it by keyboard.
    page = page_of(clerk)
    page.goto("/")
    expect(page.locator(".bell__count")).to_have_text("1")
    page.locator(".bell__button").press("Enter")
    notice = page.locator(".bell__notice")
    expect(notice).to_contain_text(f"《{plan}》已发布")
    expect(notice).to_contain_text("本单位牵头 1 项。")
    notice.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("高新技术处")
    expect(page.locator(".bell__count")).to_have_count(0)

    # In the inbox it stands as read; the kind is switched off for the future.
    page.goto(reverse("bureau:notice-list"))
    expect(page.locator("#ledger")).to_contain_text("已读")
    page.get_by_role("link", name="消息设置").first.click()
    page.get_by_role("checkbox", name="工作要点发布：站内").uncheck()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("消息设置已保存。")).to_be_visible()
    expect(page.get_by_role("checkbox", name="工作要点发布：站内")).not_to_be_checked()

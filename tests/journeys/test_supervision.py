"""A supervision notice from a target to its end: written, issued, signed for on a telephone, answered twice, closed, as Word."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.apps.plans.factories import make_plan
from tests.factories import make

from keshu.apps.bureau.models import User
from keshu.apps.plans.models import SupervisionNotice
from keshu.engines.gongwen import check_document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]
PHONE = {"width": 390, "height": 844}


def test_a_notice_from_a_target_to_its_end(page_of: PageOf) -> None:
    site = make.site()
    planner, leader, clerk = (site.people[role] for role in ("planner", "leader", "clerk"))
    plan = make_plan.published(organisation=site.bureau, by=planner)
    target = make_plan.target(plan, "科技型中小企业")

    # The planner begins on the page of the target; the office that leads it is already chosen.
    page = page_of(planner)
    page.goto(reverse("plans:target-detail", args=[target.pk]))
    page.get_by_role("link", name="起草督办单").click()
    expect(page.get_by_label("督办事项")).to_have_value("关于“科技型中小企业”的督办")
    expect(page.get_by_label("承办单位").locator("option:checked")).to_have_text("高新技术处")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿，承办单位还看不到")).to_be_visible()
    notice = SupervisionNotice.objects.get()
    detail = reverse("plans:supervision-detail", args=[notice.pk])
    page.close()

    # The leader finds the draft in the ledger and issues it.
    page = page_of(leader)
    page.goto(reverse("plans:supervision-list") + "?state=draft")
    page.get_by_role("link", name="关于“科技型中小企业”的督办").click()
    page.get_by_role("button", name="签发").click()
    page.locator("#confirm-yes").click()
    expect(page.get_by_text(re.compile(r"已签发，编号〔\d{4}〕1号"))).to_be_visible()
    page.close()

    # The office's clerk opens the message on a telephone, signs for it and replies with a file.
    page = page_of(clerk)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/")
    page.locator(".bell__button").click()
    page.locator(".bell__notice").filter(has_text="督办单").click()
    expect(page.get_by_role("button", name="签收")).to_be_visible()
    _fits(page)
    page.get_by_role("button", name="签收").click()
    expect(page.get_by_text("已签收")).to_be_visible()
    _answer(page, "已完成一半。", {"name": "名单.txt", "mimeType": "text/plain", "buffer": "甲企业".encode()})
    _fits(page)
    page.close()

    # The planner reads it and sends it back with a reason.
    page = page_of(planner)
    page.goto(detail)
    with page.expect_download() as caught:
        page.get_by_role("link", name="名单.txt").click()
    assert Path(caught.value.path()).read_bytes() == "甲企业".encode()
    page.get_by_role("link", name="退回重办").click()
    page.locator("#drawer").get_by_label("理由").fill("没有分县区的数字")
    page.locator("#drawer").get_by_role("button", name="退回重办").click()
    expect(page.get_by_text("已退回，“高新处”须于")).to_be_visible()
    page.close()

    # The clerk reads why and replies again.
    page = page_of(clerk)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(reverse("plans:supervision-reply", args=[notice.pk]))
    expect(page.get_by_text("已退回重办：没有分县区的数字")).to_be_visible()
    _answer(page, "云湖区60家，青岭县60家。", None)
    page.close()

    # It is accepted and closed; the paper keeps the standard.
    page = page_of(planner)
    page.goto(detail)
    page.get_by_role("link", name="认可").click()
    page.locator("#drawer").get_by_role("button", name="认可").click()
    expect(page.get_by_text("已认可，可以办结。")).to_be_visible()
    page.get_by_role("button", name="办结").click()
    page.locator("#confirm-yes").click()
    expect(page.locator(".page__subtitle")).to_contain_text("已办结")
    with page.expect_download() as caught:
        page.get_by_role("link", name="督办通知单").click()
    assert check_document(Path(caught.value.path()).read_bytes()) == []
    assert re.fullmatch(r"督办〔\d{4}〕1号-高新处\.docx", caught.value.suggested_filename)
    assert SupervisionNotice.objects.get().state == "closed"


def _answer(page: Page, text: str, file: dict[str, object] | None) -> None:
    page.get_by_label("办理情况").fill(text)
    if file is not None:
        page.get_by_label("佐证材料").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_text("办理情况已报送")).to_be_visible()


def _fits(page: Page) -> None:
    """Nothing is wider than the telephone, styles and all."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

"""The three lists and the office meeting in a real browser: from a check-in to a confirmed proof, from agenda to decisions."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from tests.apps.plans.factories import make_plan
from tests.factories import make

from keshu.apps.bureau.models import User
from keshu.apps.plans.models import Decision, Issue, Light, Meeting, Standing
from keshu.engines.gongwen import check_document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]


@pytest.fixture
def city() -> SimpleNamespace:
    """高新处 has told a problem and asked for help in a signed check-in; one target lies behind."""
    site = make.site()
    site.plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    now = timezone.now()
    site.check_in = make_plan.check_in(
        make_plan.node(site.plan, "培育科技企业"), site.gaoxin, state="signed", by=site.people["office_head"], at=now,
        percent=20, progress="开展两场宣讲。", problems="申报辅导专家不足。", help_needed="请规划处协调专家。",
    )  # fmt: skip
    Standing.objects.create(
        plan=site.plan, target=make_plan.target(site.plan, "中试基地"), light=Light.LATE, shown=Light.LATE,
        reason="6月底前没有建成", judged_at=now,
    )  # fmt: skip
    return site


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("KESHU_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def day(after: int) -> str:
    return (timezone.localdate() + timedelta(days=after)).isoformat()


def test_a_problem_goes_through_the_three_lists(city: SimpleNamespace, page_of: PageOf) -> None:
    # The clerk makes an issue of what the check-in told: the words and the subject are there already.
    page = page_of(city.people["clerk"])
    page.goto(reverse("plans:issue-list"))
    page.get_by_role("link", name="填报反映的问题").click()
    page.get_by_role("row", name=re.compile("申报辅导专家不足")).get_by_role("link", name="转为问题").click()
    expect(page.locator("input[name=title]")).to_have_value(re.compile("申报辅导专家不足"))
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text(re.compile(r"已登记，编号 \d{4}-001。"))).to_be_visible()
    issue = Issue.objects.get()
    assert issue.check_in == city.check_in
    detail = reverse("plans:issue-detail", args=[issue.pk])

    # The planning office finds it in the problem list and says who answers for it, how and until when.
    page = page_of(city.people["planner"])
    page.goto(reverse("plans:issue-list"))
    page.locator("#ledger").get_by_role("link", name="申报辅导专家不足").first.click()
    expect(page).to_have_url(re.compile(f"{detail}$"))
    page.get_by_role("link", name="明确责任").click()
    page.get_by_label("责任单位").select_option(str(city.qingling.pk))
    page.get_by_label("整改措施").fill("推荐6名专家。")
    page.get_by_label("整改时限").fill(day(30))
    page.get_by_role("button", name="明确责任").click()
    expect(page.locator("main")).to_contain_text("推荐6名专家。")

    # The owner is told, and proves it with a file.
    page = page_of(city.people["county_clerk"])
    page.goto("/")
    page.locator(".bell__button").click()
    page.locator(".bell__notice").filter(has_text="申报辅导专家不足").first.click()
    expect(page).to_have_url(re.compile(detail))
    page.get_by_role("link", name="报送落实情况").click()
    page.get_by_label("落实情况").fill("已推荐6名专家。")
    page.get_by_label("佐证材料").set_input_files(
        {"name": "名单.txt", "mimeType": "text/plain", "buffer": "六名专家".encode()}
    )
    page.get_by_role("button", name="报送落实情况").click()
    expect(page.locator("main")).to_contain_text("名单.txt")

    # Whoever raised it reads the proof and confirms.
    page = page_of(city.people["clerk"])
    page.goto(detail)
    with page.expect_download() as caught:
        page.get_by_role("link", name="名单.txt").click()
    assert Path(caught.value.path()).read_bytes() == "六名专家".encode()
    page.get_by_role("link", name="确认销号").click()
    look(page, "30-confirm-form")
    page.get_by_role("button", name="确认销号").click()
    expect(page.locator(".page__subtitle, main").first).to_contain_text("已销号")

    # The three lists tell it, on the page and as the bureau's three tables.
    page.goto(reverse("plans:issue-list"))
    page.get_by_role("link", name="落实清单").click()
    expect(page.locator("#ledger")).to_contain_text("已推荐6名专家。")
    look(page, "31-fulfilment-list")
    with page.expect_download() as caught:
        page.get_by_role("link", name="三张清单（Excel）").click()
    book = load_workbook(io.BytesIO(Path(caught.value.path()).read_bytes()))
    assert book.sheetnames == ["问题清单", "责任清单", "落实清单"]
    assert any("申报辅导专家不足" in str(cell) for row in book["责任清单"].values for cell in row)
    page.goto(reverse("plans:task-detail", args=[city.check_in.node_id]))
    expect(page.locator("main")).to_contain_text("申报辅导专家不足")


def decision_row(page: Page, words: str) -> Locator:
    return page.locator("#decisions tr", has_text=words)


def test_a_meeting_from_its_agenda_to_what_became_of_it(city: SimpleNamespace, page_of: PageOf) -> None:
    today = timezone.localdate()
    page = page_of(city.people["planner"])
    page.goto(reverse("plans:meeting-list"))
    page.get_by_role("link", name="准备办公会").first.click()
    page.get_by_label("会议名称").fill("局长办公会")
    page.get_by_label("召开日期").fill(today.isoformat())
    page.get_by_label("上次会议").fill(day(-30))
    page.locator("form.form").get_by_role("button").first.click()

    # The agenda is there: what is late, and what was asked for; one line is added.
    agenda = page.locator("#agenda")
    expect(agenda).to_contain_text("中试基地")
    expect(agenda).to_contain_text("6月底前没有建成")
    expect(agenda).to_contain_text("请规划处协调专家")
    page.get_by_role("link", name="添加议题").click()
    page.get_by_label("议题").fill("科技经费安排")
    page.locator("form.form").get_by_role("button").first.click()
    expect(agenda).to_contain_text("科技经费安排")
    look(page, "32-agenda")

    # The pack for the meeting is an official document with the same.
    with page.expect_download() as caught:
        page.get_by_role("link", name="议程和情况材料（Word）").click()
    content = Path(caught.value.path()).read_bytes()
    assert check_document(content) == []
    words = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "科技经费安排" in words
    assert "中试基地" in words

    # It is held; three decisions become a task, a notice and an issue.
    page.get_by_role("link", name="会议已召开").click()
    page.locator("form.form").get_by_role("button", name="会议已召开").click()
    for text, owner in (
        ("建立辅导专家库", city.guihua),
        ("查清中试基地滞后原因", city.gaoxin),
        ("落实用地指标", city.qingling),
    ):
        page.get_by_role("link", name="记录议定事项").click()
        page.get_by_label("议定事项").fill(text)
        page.get_by_label("责任单位").select_option(str(owner.pk))
        page.get_by_label("完成时限").fill(day(40))
        page.locator("form.form").get_by_role("button").first.click()
        expect(decision_row(page, text)).to_be_visible()
    look(page, "33-decisions")
    for text, button, noun in (
        ("建立辅导专家库", "转为任务", "任务"),
        ("查清中试基地滞后原因", "转为督办单", "督办单"),
        ("落实用地指标", "转为问题", "问题"),
    ):
        decision_row(page, text).get_by_role("button", name=button).click()
        with page.expect_navigation():
            page.locator("#confirm-yes").click()
        page.goto(reverse("plans:meeting-detail", args=[Meeting.objects.get().pk]))
        expect(decision_row(page, text).get_by_role("link", name=noun)).to_be_visible()
    look(page, "34-decisions-carried")
    task, notice, issue = Decision.objects.order_by("pk")
    assert task.task.heading == "建立辅导专家库"
    assert (notice.notice.addressee, notice.notice.due_on) == (city.gaoxin, date.fromisoformat(day(40)))
    assert (issue.issue.owner, issue.issue.origin) == (city.qingling, "meeting")

    # The task stands in the ledger with where it comes from; the minutes name who does what.
    decision_row(page, "建立辅导专家库").get_by_role("link", name="任务").click()
    expect(page.locator("main")).to_contain_text(f"局长办公会（{today:%Y-%m-%d}）议定")
    page.go_back()
    expect(page.locator("#decisions")).to_be_visible()
    with page.expect_download() as caught:
        page.get_by_role("link", name="会议纪要（Word）").click()
    assert check_document(Path(caught.value.path()).read_bytes()) == []

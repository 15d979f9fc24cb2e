"""A month's check-ins in a real browser: filled by keyboard, returned from a telephone, mended, signed, closed, taken home."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.apps.plans.factories import make_plan
from tests.factories import make

from keshu.apps.bureau.models import User
from keshu.apps.plans.models import CheckIn, CheckInRound, Rhythm
from keshu.apps.plans.services import checkins
from keshu.engines import gongwen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]
TELEPHONE = {"width": 390, "height": 844}
DISPLAY = {"width": 1366, "height": 768}


@pytest.fixture
def city() -> SimpleNamespace:
    """高新处 has a target and a task to report on for March, due in five days whatever the day of the test."""
    site = make.site()
    site.plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    checkins.start_rhythm(
        site.plan, cadence="monthly", rule="workday_after", number=3, open_workdays=5, from_period="2026-03",
        asks_supports=False, by=site.people["planner"], at=datetime(2026, 3, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    assert checkins.open_due_rounds(at=datetime(2026, 3, 27, 1, tzinfo=UTC)) == 1
    Rhythm.objects.update(is_running=False)
    due_on = timezone.localdate() + timedelta(days=5)
    CheckInRound.objects.update(due_on=due_on)
    CheckIn.objects.update(due_on=due_on)
    site.round = CheckInRound.objects.get()
    return site


def test_a_month_from_the_grid_to_the_official_document(city: SimpleNamespace, page_of: PageOf) -> None:
    # The clerk comes from the home page and fills both rows without touching the mouse.
    page = page_of(city.people["clerk"])
    page.goto("/")
    page.get_by_role("link", name="要填报").click()
    target, task = (
        page.locator("tr[data-form]", has_text="科技型中小企业"),
        page.locator("tr[data-form]", has_text="培育科技企业"),
    )
    expect(target).to_be_visible()
    page.wait_for_load_state()  # with the script of the grid
    first = page.locator("[data-cell=number]").first
    first.focus()
    expect(first).to_be_focused()
    is_target_first = "科技型中小企业" in page.locator("tr[data-form]").first.inner_text()
    numbers = ["二百", "40"] if is_target_first else ["40", "二百"]
    page.keyboard.type(numbers[0])
    page.keyboard.press("Enter")
    page.keyboard.type(numbers[1])
    page.keyboard.press("Tab")
    page.keyboard.type("已开展两场政策宣讲。")
    page.keyboard.press("Alt+Enter")
    page.keyboard.type("下月启动申报。")
    expect(target.locator(".fill__error")).to_have_text("填写的是“二百”，请填数字，单位家，例如 200。")
    # A block copied from Excel is laid over the number and the progress of the target.
    target.locator("[data-cell=number]").evaluate(
        """cell => {
          const data = new DataTransfer();
          data.setData("text/plain", "31\\t已入库 31 家");
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(target.locator("[data-said]")).to_contain_text("已保存")
    if not is_target_first:
        task.locator("[data-cell=progress]").fill("已开展两场政策宣讲。")
    expect(task.locator("[data-said]")).to_contain_text("已保存")
    page.get_by_role("button", name="报送已填的行").click()
    expect(page.locator("tr[data-form] .state", has_text="待审签")).to_have_count(2)
    assert set(CheckIn.objects.values_list("state", flat=True)) == {"filed"}

    # The head is on the way: signs nothing yet, returns one from the telephone.
    page = page_of(city.people["office_head"])
    page.set_viewport_size(TELEPHONE)
    page.goto(reverse("plans:checkin-sign-list"))
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    item = page.locator("[data-sign-item]", has_text="培育科技企业")
    item.get_by_role("link", name="退回").click()
    drawer = page.locator("#drawer")
    drawer.get_by_role("textbox").fill("请写明宣讲的日期和参加企业数。")
    drawer.get_by_role("button", name="退回").click()
    expect(page.locator("[data-sign-item]")).to_have_count(1)

    # The clerk mends it, on a telephone too.
    page = page_of(city.people["clerk"])
    page.set_viewport_size(TELEPHONE)
    page.goto(reverse("plans:checkin-own"))
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    page.locator("tr[data-form]", has_text="培育科技企业").get_by_role("link", name="填报").click()
    expect(page.locator(".notice", has_text="请写明宣讲的日期")).to_be_visible()
    page.get_by_label("进展情况").fill("3 月 12 日、20 日各宣讲一场，共 86 家企业参加。")
    page.get_by_role("button", name="报送").click()
    expect(page.locator(".toast")).to_contain_text("已报送")

    # The head signs the rest from the keyboard.
    page = page_of(city.people["office_head"])
    page.set_viewport_size(DISPLAY)
    page.goto(reverse("plans:checkin-sign-list"))
    expect(page.locator("[data-sign-item]")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("[data-sign-item]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有待审签的填报")).to_be_visible()
    assert set(CheckIn.objects.values_list("state", flat=True)) == {"signed"}

    # The planner closes the round and takes the paper.
    page = page_of(city.people["planner"])
    page.goto(reverse("plans:round-list"))
    page.get_by_role("link", name="2026年3月", exact=True).click()
    expect(page.locator("body")).to_contain_text("应报 2 项，已报 2 项（100%）")
    page.get_by_role("link", name="办结本期").click()
    page.locator("#drawer").get_by_role("button", name="办结本期").click()
    expect(page.locator(".toast")).to_contain_text("已办结")
    page.locator("summary", has_text="导出").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="调度情况表（Word）").click()
    content = Path(download.value.path()).read_bytes()
    words = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "共 86 家企业参加" in words
    assert "31家" in words
    assert gongwen.check_document(content) == []


def test_two_people_on_one_row_choose_whose_words_stay(city: SimpleNamespace, page_of: PageOf) -> None:
    page = page_of(city.people["clerk"])
    page.goto(reverse("plans:checkin-own"))
    row = CheckIn.objects.get(node__isnull=False)
    said = {"progress": "负责人写的", "percent": None, "value": None, "problems": "", "help_needed": ""}
    checkins.save_check_in(row, version=0, **said, by=city.people["office_head"], at=timezone.now())
    cell = page.locator(f"#progress-{row.pk}")
    cell.fill("经办人写的")
    clash = page.locator(".fill__clash")
    expect(clash).to_contain_text("负责人写的")
    expect(cell).to_have_value("经办人写的")
    clash.get_by_role("button", name="用我的内容覆盖").click()
    expect(page.locator(f"#checkin-{row.pk} [data-said]")).to_contain_text("已保存")
    row.refresh_from_db()
    assert row.progress == "经办人写的"

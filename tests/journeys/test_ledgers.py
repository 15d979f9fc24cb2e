"""A day at the ledgers in a real browser: telephone questions answered from the targets, the tree, the matrix and the source."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.apps.plans.factories import POINTS, large_plan, make_plan
from tests.factories import make

from keshu.apps.bureau.models import SavedView, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]


@pytest.fixture
def city() -> SimpleNamespace:
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    return site


def test_a_row_opens_in_the_drawer_and_leads_to_its_sentence(city: SimpleNamespace, page_of: PageOf) -> None:
    page = page_of(city.people["clerk"])
    page.goto(reverse("plans:target-list"))
    drawer = page.locator("#drawer")

    # Mouse: anywhere in the row but the link; J goes on to the next while the drawer stays.
    page.locator(".ledger__table tbody tr", has_text="技术合同成交额").locator("td").nth(1).click()
    expect(drawer.locator("blockquote mark")).to_have_text("技术合同成交额突破45亿元")
    expect(drawer.locator("blockquote strong")).to_have_text("45亿元")
    page.keyboard.press("j")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("科技型中小企业")
    page.keyboard.press("k")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("技术合同成交额")

    # The sentence in the document, with the value marked and who confirmed it beside.
    drawer.get_by_role("link", name="在原文中查看").click()
    page.wait_for_url(f"**#s{POINTS.index('技术合同成交额突破')}")
    marked = page.locator(".doc .mark--this")
    expect(marked).to_have_text(["技术合同成交额突破", "45亿元"])
    expect(marked.first).to_be_in_viewport()
    expect(page.locator(".provenance")).to_contain_text("工作要点.docx")
    expect(page.locator(".provenance")).to_contain_text(str(city.people["planner"]))


def test_filters_become_chips_and_a_view_keeps_them(city: SimpleNamespace, page_of: PageOf) -> None:
    page = page_of(city.people["clerk"])
    page.goto(reverse("plans:target-list"))
    rows = page.locator(".ledger__table tbody tr")
    expect(rows).to_have_count(6)
    page.locator("#filter-lead").select_option(label="高新处")
    expect(rows).to_have_count(1)
    chip = page.locator(".ledger__chips .chip")
    expect(chip).to_contain_text("牵头单位：高新处")

    page.locator(".ledger__right summary", has_text="视图").click()
    page.get_by_role("button", name="存为视图").click()
    page.locator("#drawer").get_by_label("视图名称").fill("我处的目标")
    page.locator("#drawer").get_by_role("button", name="保存").click()
    expect(page.locator(".toast")).to_contain_text("视图已保存")
    assert SavedView.objects.get().ledger == "plans.targets"

    chip.get_by_role("link").click()
    expect(rows).to_have_count(6)
    page.reload()
    page.locator(".ledger__right summary", has_text="视图").click()
    page.get_by_role("link", name="我处的目标").click()
    expect(rows).to_have_count(1)

    # The address holds the whole state: a filter of the longer list reached by a link.
    page.goto(reverse("plans:target-list") + "?tier=both")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("确保320家 / 力争340家")


def test_the_tree_folds_by_keyboard_and_remembers(city: SimpleNamespace, page_of: PageOf) -> None:
    page = page_of(city.people["clerk"])
    page.goto(reverse("plans:task-tree"))
    chapter = page.locator("[data-tree] tr", has_text="二、重点任务")
    task = page.locator("[data-tree] tr", has_text="培育科技企业")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(chapter).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowLeft")
    expect(task).to_be_hidden()
    page.reload()
    expect(task).to_be_hidden()
    page.get_by_role("button", name="全部展开").click()
    expect(task).to_be_visible()
    task.locator("td").nth(2).click()
    expect(page.locator("#drawer blockquote mark")).to_contain_text("培育科技企业")

    # A search opens what it finds and keeps the headings above it.
    page.goto(f"{reverse('plans:task-tree')}?q=中试")
    expect(page.locator("[data-tree] tbody tr")).to_have_count(2)


def test_the_matrix_keeps_its_head_and_first_column(page_of: PageOf) -> None:
    site = make.site()
    offices = [make.office(name=f"第{number}综合业务处", short_name=f"综{number}处") for number in range(1, 41)]
    make_plan.published(large_plan(tasks=60, offices=offices), by=site.people["planner"])
    page = page_of(site.people["leader"])
    page.goto(reverse("plans:matrix"))
    box = page.locator(".matrix__scroll")
    head, name = page.locator(".matrix__office").first, page.locator(".matrix tbody th a").first
    top = head.bounding_box()["y"]
    left = name.bounding_box()["x"]
    box.evaluate("box => box.scrollTo(500, 600)")
    assert box.evaluate("box => [box.scrollLeft > 400, box.scrollTop > 500]") == [True, True]
    assert head.bounding_box()["y"] == top
    assert page.locator(".matrix tbody th a").nth(30).bounding_box()["x"] == left
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    mark = page.locator(".matrix td.m--lead a").first
    expect(mark).to_contain_text("●")
    mark.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("推进事项")


def test_the_whole_workbook_is_taken_home(city: SimpleNamespace, page_of: PageOf) -> None:
    page = page_of(city.people["clerk"])
    page.goto("/")
    page.get_by_role("link", name="目标台账").last.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出整套台账").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    cells = {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    }
    assert "技术合同成交额" in cells
    assert any("培育科技企业" in cell for cell in cells)


def test_a_telephone_shows_the_pages_without_sideways_scrolling(city: SimpleNamespace, page_of: PageOf) -> None:
    page = page_of(city.people["clerk"])
    page.set_viewport_size({"width": 390, "height": 844})
    target = make_plan.target(city.plan, "技术合同成交额")
    for url in (
        "/",
        reverse("plans:target-list"),
        reverse("plans:task-tree"),
        reverse("plans:matrix"),
        reverse("plans:office-own"),
        reverse("plans:plan-detail", args=[city.plan.pk]),
        reverse("plans:target-detail", args=[target.pk]),
        reverse("plans:source", args=[f"target-{target.pk}"]),
    ):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, url


def test_withdrawing_asks_for_the_reason_and_says_what_happened(city: SimpleNamespace, page_of: PageOf) -> None:
    page = page_of(city.people["planner"])
    page.goto(reverse("plans:plan-detail", args=[city.plan.pk]))
    page.get_by_role("button", name="作废").click()
    drawer = page.locator("#drawer")
    drawer.get_by_role("textbox").fill("文件收回修订")
    drawer.get_by_role("button", name="作废").click()
    expect(page.locator(".toast")).to_contain_text("已作废")
    city.plan.refresh_from_db()
    assert city.plan.state == "withdrawn"


def test_the_columns_are_chosen_without_leaving_the_screen(city: SimpleNamespace, page_of: PageOf) -> None:
    """Fifteen columns on an office display: the button that applies the choice is in sight from the start."""
    page = page_of(city.people["clerk"])
    page.goto(reverse("plans:target-list"))
    page.locator(".ledger__options > summary", has_text="列").click()
    apply = page.get_by_role("button", name="应用")
    expect(apply).to_be_in_viewport(ratio=1)
    page.get_by_label("存疑").last.check()
    expect(apply).to_be_in_viewport(ratio=1)
    apply.click()
    expect(page.locator(".ledger__table th", has_text="存疑")).to_be_visible()

"""A quarter ends: its bulletin is composed, put in order, traced to a check-in, signed off, released, printed and sent."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from django.urls import reverse
from docx import Document
from playwright.sync_api import Page, expect
from tests.apps.plans.factories import make_plan
from tests.apps.plans.year import report
from tests.factories import make

from keshu.apps.briefings.models import Bulletin
from keshu.apps.bureau.models import User
from keshu.apps.plans.models import CheckIn
from keshu.engines.gongwen import check_document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]


def test_a_quarter_is_reported(page_of: PageOf) -> None:
    site = make.site()
    planner, leader, clerk = (site.people[role] for role in ("planner", "leader", "clerk"))
    plan = make_plan.published(by=planner)
    firms = make_plan.target(plan, "科技型中小企业")
    report(firms, "2026-03", site.gaoxin, value=Decimal(82), progress="已入库82家。")
    form = CheckIn.objects.get(target=firms)

    # The planning office begins the bulletin of the first quarter: the ledger writes it.
    page = page_of(planner)
    page.goto(reverse("briefings:bulletin-list"))
    page.get_by_role("link", name="编写通报").first.click()
    page.get_by_label("类型").select_option("季报")
    page.get_by_label("时期").select_option("2026-Q1")
    page.get_by_role("button", name="取数成文").click()
    expect(page.get_by_text("已从台账取数成文")).to_be_visible()
    row = Bulletin.objects.get()
    expect(page.locator(".bulletin")).to_contain_text("科技型中小企业82家")

    # A section is moved up.
    heads = page.locator(".bulletin h3")
    expect(heads.first).to_have_text("一、总体情况")
    page.get_by_role("button", name="上移 主要目标完成情况").click()
    expect(heads.first).to_have_text("一、主要目标完成情况")

    # A figure leads to the form it came with.
    page.locator(".bulletin").get_by_role("link", name="82家").first.click()
    expect(page).to_have_url(re.compile(f"{reverse('plans:checkin-detail', args=[form.pk])}$"))
    expect(page.get_by_text("已入库82家。").first).to_be_visible()
    page.go_back()
    expect(page.locator(".bulletin")).to_be_visible()

    # It is sent to be signed.
    page.get_by_role("link", name="送签").click()
    page.get_by_role("button", name="送签").click()
    expect(page.get_by_text("已送签。")).to_be_visible()
    expect(page.get_by_role("link", name="签发")).to_have_count(0)
    page.close()

    # The leader is told, reads it and releases it.
    page = page_of(leader)
    page.goto("/")
    page.locator(".bell__button").click()
    page.locator(".bell__notice").filter(has_text="待签发").click()
    expect(page.locator(".bulletin")).to_be_visible()
    page.get_by_role("link", name="签发", exact=True).click()
    page.get_by_role("button", name="签发").click()
    expect(page.get_by_text("已签发，编号发布。")).to_be_visible()
    expect(page.get_by_text("〔2026〕1号").first).to_be_visible()
    page.close()

    # The office's clerk hears of it and takes the Word file, sent as it is.
    page = page_of(clerk)
    page.goto("/")
    page.locator(".bell__button").click()
    page.locator(".bell__notice").filter(has_text="已发布").first.click()
    expect(page.locator(".bulletin__title")).to_have_text(row.title)
    reads_well(downloaded(page, "下载 Word"), row, form)

    # The poster is one page of A4, printed by the browser and as the file that the site draws.
    page.get_by_role("link", name="一图读懂").click()
    expect(page.locator(".poster__foot")).to_be_visible()
    page.wait_for_load_state()  # with its style sheet, which says A4
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    for content in (printed, downloaded(page, "下载 PDF")):
        document = pypdfium2.PdfDocument(content)
        assert (len(document), [round(size) for size in document[0].get_size()]) == (1, [595, 842])
    assert downloaded(page, "下载图片").startswith(b"\x89PNG")


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as caught:
        page.get_by_role("link", name=name).click()
    return Path(caught.value.path()).read_bytes()


def reads_well(content: bytes, row: Bulletin, form: CheckIn) -> None:
    """Its title, the figure with its footnote, and the layout of official documents."""
    document = Document(io.BytesIO(content))
    paragraphs = [each.text for each in document.paragraphs]
    assert paragraphs[0] == row.title
    assert any("科技型中小企业82家" in each for each in paragraphs)
    notes = zipfile.ZipFile(io.BytesIO(content)).read("word/footnotes.xml").decode()
    assert "2026年3月调度，高新处填报、审签" in re.sub(r"<[^>]+>", "", notes)
    assert check_document(content) == []

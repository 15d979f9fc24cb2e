"""A speech with wrong figures is brought; findings stand beside it; comments are in the Word file; a figure leads to its form."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.apps.plans.factories import make_plan
from tests.apps.plans.year import moment, report
from tests.factories import make

from keshu.apps.briefings.models import FactCheck
from keshu.apps.bureau.models import User
from keshu.apps.bureau.services import jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]
APRIL = moment(date(2026, 4, 8))
SPEECH = (
    "全市科技工作调度会讲话",
    "今年1—3月，技术合同成交额13.5亿元，完成年度目标（45亿元）的27.8%。",
    "高新技术企业总数要确保达到320家。",
    "截至3月底，新增科技型中小企业41家，其中云湖区15家、青岭县15家。",
)


def word_file(lines: tuple[str, ...]) -> bytes:
    file, stream = docx.Document(), io.BytesIO()
    for line in lines:
        file.add_paragraph(line)
    file.save(stream)
    return stream.getvalue()


def test_a_wrong_speech_is_found_out(page_of: PageOf, tmp_path: Path) -> None:
    site = make.site()
    plan = make_plan.published(by=site.people["planner"])
    firms, turnover = make_plan.target(plan, "科技型中小企业"), make_plan.target(plan, "技术合同成交额")
    form = report(turnover, "2026-03", site.gaoxin, value="12.5", progress="登记合同 210 份。", signed_at=APRIL)
    for body, value in ((site.gaoxin, 41), (site.yunhu, 21), (site.qingling, 15)):
        report(firms, "2026-03", body, value=value)

    # The planner brings the speech; a worker checks it while the page waits.
    page = page_of(site.people["planner"])
    page.goto("/")
    page.get_by_role("link", name="核对稿件").click()
    page.get_by_role("link", name="核对一份稿件").first.click()
    file = {"name": "讲话.docx", "mimeType": "application/octet-stream", "buffer": word_file(SPEECH)}
    page.get_by_label("或者选择文件").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="开始核对").click()
    expect(page.get_by_text("等待前面的任务完成")).to_be_visible()
    jobs.execute_job(FactCheck.objects.get().job_id or 0, clock=lambda: APRIL)

    # Two findings, the worst first and current; its mark is lit in the text, the right figures are only counted.
    first = page.locator(".finding").first
    expect(first).to_have_attribute("aria-current", "true")
    expect(first).to_contain_text("多1亿元")
    expect(page.locator(".finding")).to_have_count(2)
    expect(page.locator("#check-progress")).to_contain_text("其余 5 个数字没有问题")
    expect(page.locator("#manuscript .mark.is-current")).to_have_text("13.5亿元")

    # By keyboard to the next; by a click on its mark back again; a right figure opens when it is clicked.
    page.keyboard.press("j")
    expect(page.locator("#manuscript .mark.is-current")).to_have_text("15家")
    expect(page.locator('.finding[aria-current="true"]')).to_contain_text("应为 21家")
    page.locator("#manuscript .mark--agrees", has_text="320家").click()
    expect(page.locator('.finding[aria-current="true"]')).to_contain_text("与台账一致")
    expect(page).to_have_url(re.compile("show=all"))

    # What is put right counts down, with its note, and is taken back by one key.
    page.get_by_role("link", name=re.compile("^有问题")).click()
    expect(page.locator(".finding")).to_have_count(2)
    page.locator("#manuscript .mark--differs").click()
    page.locator('.finding[aria-current="true"]').get_by_label("说明（选填）").fill("按 3 月调度改")
    page.locator('.finding[aria-current="true"]').get_by_role("button", name="已处理").click()
    expect(page.locator("#check-progress")).to_contain_text("已处理 1 / 2")
    expect(page.locator("#manuscript .mark.is-current")).to_have_text("15家")
    page.keyboard.press("x")
    expect(page.locator("#check-progress")).to_contain_text("全部处理完毕")
    page.keyboard.press("u")
    expect(page.locator("#check-progress")).to_contain_text("已处理 1 / 2")

    # The Word file holds the comments.
    with page.expect_download() as download:
        page.get_by_role("link", name="下载批注稿").click()
    download.value.save_as(tmp_path / "批注.docx")
    comments = [comment.text for comment in docx.Document(str(tmp_path / "批注.docx")).comments]
    assert [comment.partition("：")[0] for comment in comments] == ["与台账不符", "单位对不上"]

    # The figure is traced to the form it was reported in.
    page.locator(".finding", has_text="多1亿元").locator("a[data-source]").click()
    expect(page).to_have_url(re.compile(reverse("plans:checkin-detail", args=[form.pk])))
    expect(page.locator("#content")).to_contain_text("登记合同 210 份。")

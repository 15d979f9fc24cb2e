"""The main story: a planner drops this year's plan on the site, reviews it by keyboard, and works from the ledger."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.apps.plans.factories import Draftsman, make_plan, points
from tests.factories import PASSWORD, make

from keshu.apps.bureau.models import OwnerAlias, User
from keshu.apps.bureau.services import jobs
from keshu.apps.plans.models import Review, Target, WorkPlan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]

PLAN = (
    "云澜市2026年科技创新工作要点",
    "一、主要目标",
    "1．有效期内高新技术企业总数达到520家以上。",
    "2．技术合同成交额达到68亿元。",
    "二、重点任务",
    "（一）培育科技企业。新增科技型中小企业120家以上。（高新处牵头）",
    "（二）建设创新平台。11月底前建成市级中试基地3个。（中试办牵头，高新处配合）",
)


def word_file(paragraphs: tuple[str, ...] = PLAN) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def row(page: Page, words: str) -> Locator:
    return page.locator(".entry", has_text=words).first


def select_words(page: Page, words: str) -> None:
    """Mark words in the left pane as a mouse would."""
    expect(page.locator("#manuscript")).to_contain_text(words)
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(document.querySelector("#manuscript"), NodeFilter.SHOW_TEXT);
          let text = "";
          const nodes = [];
          while (walker.nextNode()) { nodes.push([text.length, walker.currentNode]); text += walker.currentNode.data; }
          const from = text.indexOf(words), until = from + words.length;
          const at = (place) => nodes.filter(([start]) => start <= place).at(-1);
          const range = document.createRange();
          const [first, last] = [at(from), at(until - 1)];
          range.setStart(first[1], from - first[0]);
          range.setEnd(last[1], until - last[0]);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        words,
    )


def test_a_document_becomes_a_ledger_people_work_from(context: BrowserContext, tmp_path: Path) -> None:
    site = make.site()
    make.person("planner", site.guihua, username="linjing", name="林静", password=PASSWORD)
    page = context.new_page()

    # She signs in.
    page.goto("/plans/import/")
    page.locator('input[name="username"]').fill("linjing")
    page.locator('input[name="password"]').fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("导入工作要点、工作总结")

    # She drops the plan on the page; the job reads it, the panel leads on.
    page.set_input_files("#upload-files", {"name": "要点.docx", "mimeType": "", "buffer": word_file()})
    expect(page.locator(".job")).to_contain_text("排队中")
    assert jobs.run_pending() == 1
    page.locator(".job a.button--primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("云澜市2026年科技创新工作要点")
    expect(page.locator(".review-progress__words")).to_contain_text("已核 0 /")
    plan = WorkPlan.objects.get()

    # By keyboard: she accepts the first figure and corrects the second.
    first = row(page, "高新技术企业总数")
    expect(first).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("data-review", "accepted")
    second = row(page, "技术合同成交额")
    expect(second).to_have_attribute("aria-current", "true")
    page.keyboard.press("e")
    value = page.locator('.entry__form input[name="value"]')
    expect(value).to_have_value("68")
    value.fill("六十八")
    value.press("Enter")
    expect(page.locator(".entry__form .field__error")).to_contain_text("填写的是“六十八”，请填数字")
    value.fill("70")
    value.press("Enter")
    expect(second).to_have_attribute("data-review", "corrected")
    expect(second).to_contain_text("不少于70亿元")
    corrected = Target.objects.get(plan=plan, indicator="技术合同成交额")
    assert (corrected.value, corrected.review) == (70, Review.CORRECTED)

    # An office nobody knows is asked for once, and remembered.
    page.keyboard.press("2")
    question = page.locator(".entry--question")
    expect(question).to_contain_text("中试办")
    expect(question).to_have_attribute("aria-current", "true")
    page.keyboard.press("e")
    find = page.locator("[data-find]")
    expect(find).to_be_focused()
    find.fill("生产力")
    find.press("Enter")
    expect(page.locator("[data-picked]")).to_contain_text("市生产力促进中心")
    page.get_by_label("记住这个写法").check()
    page.locator(".entry__form").get_by_role("button", name="确定").click()
    expect(page.locator(".entry--question")).to_have_count(0)
    expect(page.locator(".entry--mention", has_text="中试办")).to_contain_text("市生产力促进中心")
    assert OwnerAlias.objects.get(text="中试办").organisation == site.unit

    # She confirms the rest and publishes.
    page.get_by_role("button", name="接受全部无存疑的").click()
    page.get_by_role("button", name="一并通过").click()
    expect(page.locator(".review-progress")).to_contain_text("全部核对完毕")
    page.locator("#publish").click()
    dialog = page.locator("#move")
    expect(dialog).to_contain_text("发布后，政府各单位都能看到这份台账")
    dialog.get_by_role("button", name="发布").click()

    # The ledger opens with the rows she confirmed.
    page.wait_for_url(re.compile(r"/plans/targets/"))
    ledger = page.locator("#ledger")
    expect(ledger).to_contain_text("技术合同成交额")
    expect(ledger).to_contain_text("70")
    expect(ledger).to_contain_text("中试基地")

    # A row leads to its sentence in the document.
    ledger.get_by_role("row", name=re.compile("技术合同成交额")).first.click()
    expect(page.locator("#drawer")).to_contain_text("技术合同成交额达到68亿元")
    page.locator("#drawer h2 a").click()
    page.get_by_role("link", name="在原文中查看").first.click()
    expect(page.locator("main")).to_contain_text("有效期内高新技术企业总数达到520家以上")

    # The workbook holds the same.
    with page.expect_download() as download:
        page.evaluate("address => { location.assign(address) }", f"/plans/{plan.pk}/export/")
    target = tmp_path / "台账.xlsx"
    download.value.save_as(target)
    cells = {
        str(cell) for sheet in load_workbook(target) for line in sheet.iter_rows(values_only=True) for cell in line
    }
    assert any("技术合同成交额" in cell for cell in cells)
    assert any(cell in ("70", "70.0") or "70亿元" in cell for cell in cells)
    assert any("市生产力促进中心" in cell for cell in cells)


def test_words_selected_in_the_text_become_a_target(page_of: PageOf) -> None:
    site = make.site()
    plan = make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["planner"])
    page.goto(f"/plans/{plan.pk}/review/")
    expect(page.locator(".entry[aria-current]")).to_be_visible()
    select_words(page, "科技型中小企业120家")
    expect(page.get_by_role("button", name="补录目标")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("#drawer .quoted")).to_have_text("科技型中小企业120家")
    expect(page.locator('#drawer input[name="value"]')).to_have_value("120")
    page.locator('#drawer input[name="indicator"]').fill("科技型中小企业评价入库数")
    page.locator("#drawer").get_by_role("button", name="保存").click()
    expect(row(page, "科技型中小企业评价入库数")).to_have_attribute("data-review", "added")
    added = Target.objects.get(plan=plan, review=Review.ADDED)
    assert plan.source.text[added.start : added.end] == "科技型中小企业120家"
    expect(page.locator(f'#manuscript [data-rows~="target-{added.pk}"]').first).to_be_visible()


def test_the_panes_are_linked_both_ways(page_of: PageOf) -> None:
    site = make.site()
    plan = make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["planner"])
    page.goto(f"/plans/{plan.pk}/review/")
    target = make_plan.target(plan, "对接会")
    mark = page.locator(f'#manuscript [data-rows~="target-{target.pk}"]').first
    in_grid = page.locator(f"#row-target-{target.pk}")
    expect(in_grid).to_be_attached()
    mark.hover()
    expect(in_grid).to_have_class(re.compile("is-linked"))
    mark.click()
    expect(in_grid).to_have_attribute("aria-current", "true")
    expect(mark).to_have_class(re.compile("is-current"))
    # An owner in the text belongs to the other tab, which opens at its row.
    owner = make_plan.mention(plan, "云湖区")
    page.locator(f'#manuscript [data-rows~="mention-{owner.pk}"]').first.click()
    expect(page.locator(f"#row-mention-{owner.pk}")).to_have_attribute("aria-current", "true")


def test_the_second_reviewer_is_told(page_of: PageOf) -> None:
    site = make.site()
    plan = make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["planner"])
    # She has been told who is there when she came, and nothing since: the next look is seconds away.
    with page.expect_response("**/review/presence/"):
        page.goto(f"/plans/{plan.pk}/review/")
    page.route("**/review/presence/", lambda route: route.abort())
    target = make_plan.target(plan, "对接会")
    mine = page.locator(f"#row-target-{target.pk}")
    mine.click()
    expect(mine).to_have_attribute("aria-current", "true")
    # Meanwhile a colleague has the same draft open and accepts the row.
    colleague = make.person("planner", site.guihua, name="许诺")
    theirs = Client()
    theirs.force_login(colleague)
    for action in ("presence", "accept"):
        theirs.post(f"/plans/{plan.pk}/review/{action}/", {"version": 0, "rows": f"target-{target.pk}"})
    # The first one's rejection is refused, with who did what, and the fresh row is shown.
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("许诺已于")
    expect(mine).to_have_attribute("data-review", "accepted")
    target.refresh_from_db()
    assert target.reviewed_by == colleague
    # Coming back to the page, one sees who else is at work.
    page.unroute("**/review/presence/")
    page.reload()
    expect(page.locator("#review-presence")).to_contain_text("许诺 正在核对")


def test_the_divider_is_remembered(page_of: PageOf) -> None:
    site = make.site()
    plan = make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["planner"])
    page.goto(f"/plans/{plan.pk}/review/")
    expect(page.locator("#review")).to_have_attribute("data-split", "46")
    divider = page.get_by_role("separator")
    divider.press("ArrowRight")
    divider.press("ArrowRight")
    expect(page.locator("#review")).to_have_attribute("data-split", "50")
    page.reload()
    expect(page.locator("#review")).to_have_attribute("data-split", "50")


def test_a_place_far_down_a_long_document_is_reached_at_once(page_of: PageOf) -> None:
    site = make.site()
    filler = "".join(f"第{number}段说明。\n" for number in range(400))
    pen = Draftsman(f"要点\n{filler}建成平台3个。\n")
    pen.claim("建成平台3个", "3个", "平台", 3, "个")
    plan = make_plan.draft(pen.document(), organisation=site.bureau, by=site.people["planner"])
    target = plan.targets.get()
    page = page_of(site.people["planner"])
    page.goto(f"/plans/{plan.pk}/review/?at=target-{target.pk}")
    mark = page.locator(f'#manuscript [data-rows~="target-{target.pk}"]').first
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_class(re.compile("is-current"))
    # What lies between has not been fetched.
    expect(page.locator("#chunk-3.chunk--waiting")).to_have_count(1)


def test_a_slip_is_undone_and_the_keys_are_explained(page_of: PageOf) -> None:
    site = make.site()
    plan = make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])
    page = page_of(site.people["planner"])
    page.goto(f"/plans/{plan.pk}/review/")
    expect(page.locator(".entry[aria-current]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys").get_by_text("核对通过，到下一待核行")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    target = make_plan.target(plan, "高新技术企业总数")
    mine = page.locator(f"#row-target-{target.pk}")
    page.keyboard.press("x")
    page.locator("#reject").get_by_label("与其他行重复").check()
    page.keyboard.press("Enter")
    expect(mine).to_have_attribute("data-review", "rejected")
    expect(mine).to_contain_text("与其他行重复")
    expect(page.locator(f'#manuscript [data-rows~="target-{target.pk}"]').first).to_have_class(
        re.compile("mark--rejected")
    )
    page.get_by_role("button", name="撤销").click()
    expect(mine).to_have_attribute("data-review", "pending")
    # The button keeps the focus, and the keys still move from row to row.
    page.keyboard.press("Home")
    expect(page.locator(".entry").first).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(page.locator(".entry").nth(1)).to_have_attribute("aria-current", "true")

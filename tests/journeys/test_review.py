"""Reviewing in a real browser: where the cursor goes, what stays ticked, how one gets about in a long document."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.apps.plans.factories import Draftsman, make_plan, points
from tests.factories import make

from keshu.apps.bureau.models import OwnerAlias, User
from keshu.apps.plans.models import WorkPlan
from keshu.engines.plandoc.document import NodeKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]


def opened(page_of: PageOf, *, document: object = None, query: str = "") -> tuple[Page, WorkPlan, object]:
    site = make.site()
    given = points() if document is None else document
    plan = make_plan.draft(given, organisation=site.bureau, by=site.people["planner"])  # type: ignore[arg-type]
    page = page_of(site.people["planner"])
    page.goto(f"/plans/{plan.pk}/review/{query}")
    expect(page.locator(".entry[aria-current]")).to_be_visible()
    return page, plan, site


def current(page: Page) -> Locator:
    return page.locator('.entry[aria-current="true"]')


def long_document(chapters: int = 6, paragraphs: int = 60) -> Draftsman:
    lines = ["要点"]
    for chapter in range(1, chapters + 1):
        lines.append(f"第{chapter}章领域{chapter}")
        lines += [f"事项{chapter}之{n}达到{n + 2}项。" for n in range(1, paragraphs + 1)]
    pen = Draftsman("\n".join(lines) + "\n")
    for chapter in range(1, chapters + 1):
        top = pen.node(f"第{chapter}章", f"领域{chapter}", kind=NodeKind.SECTION)
        for n in range(1, paragraphs + 1):
            name = f"事项{chapter}之{n}"
            pen.claim(f"{name}达到{n + 2}项", f"{n + 2}项", name, n + 2, "项", node=top)
    return pen


def stands(page: Page, *, after: float, before: float) -> None:
    """The chosen mark comes to stand between these shares of the left pane's height, and stays with all text there."""
    share = """([after, before]) => {
        const pane = document.querySelector("#manuscript").getBoundingClientRect();
        const mark = document.querySelector("#manuscript .is-current")?.getBoundingClientRect();
        const inSight = ({ bottom, top }) => bottom > pane.top && top < pane.bottom;
        const waiting = [...document.querySelectorAll("#manuscript .chunk--waiting")];
        const isWhole = !waiting.some((chunk) => inSight(chunk.getBoundingClientRect()));
        const share = mark && (mark.top - pane.top) / pane.height;
        return isWhole && after < share && share < before;
    }"""
    page.wait_for_function(share, arg=[after, before])


def test_undo_leads_back_to_the_row_that_was_undone(page_of: PageOf) -> None:
    page, plan, _ = opened(page_of)
    first = page.locator(f"#row-target-{make_plan.target(plan, '高新技术企业总数').pk}")
    expect(first).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("data-review", "accepted")
    expect(first).not_to_have_attribute("aria-current", "true")
    page.keyboard.press("u")
    expect(first).to_have_attribute("data-review", "pending")
    expect(first).to_have_attribute("aria-current", "true")
    # From another tab too, and although the rows shown there leave it out.
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("data-review", "accepted")
    page.keyboard.press("2")
    expect(page.locator(".entry--question")).to_be_visible()
    page.locator('[data-show="doubtful"]').click()
    page.keyboard.press("u")
    expect(first).to_have_attribute("aria-current", "true")


def delay(page: Page, path: str, milliseconds: int) -> None:
    """Let what is asked of addresses with `path` come late. A route that sleeps would hold the keys up too."""
    page.evaluate(
        """([path, late]) => {
          const { open, send } = XMLHttpRequest.prototype;
          XMLHttpRequest.prototype.open = function (method, url, ...rest) {
            this.isLate = url.includes(path);
            return open.call(this, method, url, ...rest);
          };
          XMLHttpRequest.prototype.send = function (body) {
            if (this.isLate) setTimeout(() => send.call(this, body), late);
            else send.call(this, body);
          };
        }""",
        [path, milliseconds],
    )


def test_keys_pressed_before_undo_has_answered_mean_the_row_it_brings_back(page_of: PageOf) -> None:
    """The answer takes a second; meanwhile the person goes on, or accepts again."""
    page, _, _ = opened(page_of)
    first = current(page)
    ref = first.get_attribute("data-ref")
    page.keyboard.press("Enter")
    row = page.locator(f"#row-{ref}")
    expect(row).to_have_attribute("data-review", "accepted")
    second = current(page).get_attribute("data-ref")
    assert second != ref

    delay(page, "/undo/", 1000)
    page.keyboard.press("u")
    page.keyboard.press("j")  # meant for the row brought back: on to the one after it
    expect(row).to_have_attribute("data-review", "pending")
    expect(page.locator(f"#row-{second}")).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(row).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")
    expect(row).to_have_attribute("data-review", "accepted")
    with page.expect_response("**/review/accept/"):
        page.keyboard.press("u")
        page.keyboard.press("Enter")  # held until the row is back, and accepts that one
    expect(row).to_have_attribute("data-review", "accepted")
    expect(page.locator(f"#row-{second}")).to_have_attribute("data-review", "pending")
    expect(page.locator(f"#row-{second}")).to_have_attribute("aria-current", "true")


def test_a_grid_that_comes_late_does_not_take_the_cursor_back(page_of: PageOf) -> None:
    """Undo from another tab loads the rows anew; keys pressed until they are there count from the row brought back."""
    page, _, _ = opened(page_of)
    row = page.locator(f"#row-{current(page).get_attribute('data-ref')}")
    page.keyboard.press("Enter")
    expect(row).to_have_attribute("data-review", "accepted")
    after = current(page).get_attribute("data-ref")
    page.keyboard.press("2")
    expect(page.locator(".entry--question")).to_be_visible()

    delay(page, "/review/", 700)
    page.keyboard.press("u")
    page.keyboard.press("j")
    expect(page.locator(f"#row-{after}")).to_have_attribute("aria-current", "true")
    expect(row).to_have_attribute("data-review", "pending")


def test_an_undo_that_fails_takes_the_keys_after_it_along(page_of: PageOf) -> None:
    page, _, _ = opened(page_of)
    page.keyboard.press("Enter")
    second = current(page)
    expect(page.locator('.entry[data-review="accepted"]')).to_have_count(1)
    expect(second).to_have_attribute("data-review", "pending")

    delay(page, "/undo/", 700)
    page.route("**/review/undo/", lambda route: route.abort())
    page.keyboard.press("u")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts .toast")).to_be_visible()
    page.wait_for_timeout(300)
    expect(page.locator('.entry[data-review="accepted"]')).to_have_count(1)


def test_what_was_ticked_stays_ticked_beside_the_refusal(page_of: PageOf) -> None:
    page, _, _ = opened(page_of, query="?tab=tasks")
    page.keyboard.press("e")
    form = page.locator(".entry__form form")
    outside, remember = form.get_by_label("系统外单位"), form.get_by_label("记住这个写法")
    outside.check()
    remember.check()
    form.get_by_role("button", name="确定").click()
    refusal = form.get_by_role("alert")
    expect(refusal).to_contain_text("系统外单位不必记住")
    expect(refusal).to_be_in_viewport(ratio=1)
    expect(form.get_by_role("button", name="确定")).to_be_in_viewport(ratio=1)
    expect(outside).to_be_checked()
    expect(remember).to_be_checked()
    ticks, words = remember.bounding_box(), refusal.bounding_box()
    assert ticks is not None
    assert words is not None
    assert 0 < words["y"] - ticks["y"] < 60
    remember.uncheck()
    form.get_by_role("button", name="确定").click()
    expect(page.locator(".entry--question")).to_have_count(0)
    assert not OwnerAlias.objects.exists()


def test_words_are_found_in_the_whole_document(page_of: PageOf) -> None:
    page, _, _ = opened(page_of, document=long_document().document())
    expect(page.locator("#chunk-5.chunk--waiting")).to_have_count(1)
    page.keyboard.press("f")
    expect(page.locator("#find-words")).to_be_focused()
    page.keyboard.type("之59达到")
    count = page.locator("#find-count")
    expect(count).to_have_text("1 / 6")
    page.keyboard.press("Shift+Enter")
    expect(count).to_have_text("6 / 6")
    last = page.locator("#manuscript .mark", has_text="事项6之59达到").first
    expect(last).to_be_in_viewport()
    page.get_by_role("button", name="下一处").click()
    expect(count).to_have_text("1 / 6")
    page.locator("#find-words").fill("没有这几个字")
    expect(count).to_have_text("没有找到")


def test_a_chapter_is_gone_to_and_narrowed_to(page_of: PageOf) -> None:
    page, _, _ = opened(page_of, document=long_document().document())
    page.get_by_text("目录", exact=True).click()
    page.get_by_role("button", name="第4章 领域4").click()
    heading = page.locator("#manuscript p", has_text="第4章领域4")
    expect(heading).to_be_in_viewport()
    page.get_by_label("只看章节").and_(page.locator("#grid select")).select_option(label="第5章 领域5")
    expect(page.locator(".grid-narrowed")).to_contain_text("只看“第5章 领域5”：60 行")
    expect(current(page)).to_contain_text("事项5之1")
    expect(page.locator("#manuscript .is-current").first).to_be_in_viewport()
    page.get_by_role("button", name="查看全部").click()
    expect(page.locator(".grid-narrowed")).to_have_count(0)


def test_end_is_the_last_row_of_all_and_home_the_first(page_of: PageOf) -> None:
    page, _, _ = opened(page_of, document=long_document().document())
    page.keyboard.press("End")
    expect(current(page)).to_contain_text("事项6之60")
    page.keyboard.press("Home")
    expect(current(page)).to_contain_text("事项1之1")


def test_the_text_opens_with_the_row_a_third_from_the_top(page_of: PageOf) -> None:
    site = make.site()
    plan = make_plan.draft(long_document().document(), organisation=site.bureau, by=site.people["planner"])
    target = make_plan.target(plan, "事项4之30")
    page = page_of(site.people["planner"])
    page.goto(f"/plans/{plan.pk}/review/?at=target-{target.pk}")
    mark = page.locator("#manuscript .is-current").first
    expect(mark).to_be_in_viewport()
    stands(page, after=0.2, before=0.45)


def test_publication_says_what_is_left_and_leads_there(page_of: PageOf) -> None:
    page, plan, _ = opened(page_of)
    plan.mentions.filter(name="规划处").update(certainty="guess")
    page.locator("#publish").click()
    dialog = page.locator("#move")
    expect(dialog).to_contain_text("“规划处”是按相近名称推测的")
    expect(dialog.get_by_role("button", name="发布")).to_be_disabled()
    dialog.get_by_role("listitem").filter(has_text="规划处").get_by_role("link", name="去看").click()
    expect(dialog).to_be_hidden()
    expect(page.locator('[data-show="doubtful"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".entry--mention", has_text="规划处")).to_contain_text("按相近名称推测，请确认")


def test_all_rows_listed_are_chosen_at_once(page_of: PageOf) -> None:
    page, _, _ = opened(page_of)
    page.get_by_label("选择已列出的各行").check()
    expect(page.locator("#bulk")).to_contain_text("已选 7 行")
    page.locator("#bulk").get_by_role("button", name="核对通过").click()
    expect(page.locator(".review-progress__words")).to_contain_text("已核 7 / 17")
    expect(page.locator("#bulk")).to_be_hidden()


def test_a_message_covers_neither_the_title_nor_the_buttons(page_of: PageOf) -> None:
    page, _, _ = opened(page_of)
    page.keyboard.press("m")
    toast = page.locator("#toasts .toast")
    expect(toast).to_contain_text("先按空格选中要合并的行")
    box, title = toast.bounding_box(), page.locator("#review-title").bounding_box()
    assert box is not None
    assert title is not None
    assert box["y"] > title["y"] + title["height"] + 300
    # A success is told in the head only.
    page.keyboard.press("Enter")
    expect(page.locator("#review-saved")).to_have_text(re.compile("核对通过目标 1 条"))
    expect(page.locator("#toasts .toast--done")).to_have_count(0)


def test_the_doubts_are_told_by_tab_and_led_to(page_of: PageOf) -> None:
    """The head counts all doubts; the tab in view may have none of them."""
    page, _, _ = opened(page_of)
    head = page.locator("#review-progress")
    expect(head.locator("[data-do=next-doubt]")).to_have_text("存疑 1")
    expect(head.locator(".review-progress__where button")).to_have_text(["任务与责任 1"])
    head.get_by_role("button", name="任务与责任 1").click()
    expect(page.get_by_role("tab", name="任务与责任")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".entry--mention", has_text="成果转化处")).to_contain_text("没有找到对应的单位")


def test_a_row_under_the_pointer_offers_a_button_and_no_state(page_of: PageOf) -> None:
    """通过 where 待核 stood a moment ago must not look as if the row had been accepted."""
    page, plan, _ = opened(page_of)
    row = page.locator(f"#row-target-{make_plan.target(plan, '对接会').pk}")
    row.hover()
    offered = row.locator(".entry__accept-word")
    expect(offered).to_have_text("通过")
    expect(offered).to_have_css("border-top-width", "1px")
    expect(row).to_have_attribute("data-review", "pending")


def test_a_split_that_was_undone_leaves_the_sentence_unstruck(page_of: PageOf) -> None:
    page, plan, _ = opened(page_of)
    target = make_plan.target(plan, "高新技术企业总数")
    mark = page.locator(f'#manuscript .mark[data-rows~="target-{target.pk}"]').first
    page.keyboard.press("s")
    page.locator(".entry__form input[name=part1-indicator]").fill("其中新增")
    page.get_by_role("button", name="拆分为 2 条").click()
    expect(page.locator("#review-saved")).to_contain_text("拆分为 2 条")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("#review-saved")).to_contain_text("撤销")
    expect(mark).not_to_have_class(re.compile("mark--rejected"))
    page.reload()
    expect(mark).to_be_visible()
    expect(mark).not_to_have_class(re.compile("mark--rejected"))


def test_what_was_saved_is_read_whole_and_a_long_line_ends_in_dots(page_of: PageOf) -> None:
    page, plan, _ = opened(page_of)
    WorkPlan.objects.filter(pk=plan.pk).update(title="云澜市科学技术局2026年度科技创新重点工作要点和任务分解方案")
    page.reload()
    expect(page.locator(".entry[aria-current]")).to_be_visible()
    saved = page.locator("#review-saved span")
    page.evaluate(
        """() => { document.querySelector('#review-saved').innerHTML =
        '<svg class="icon"></svg><span>已保存　撤销：Excel 导入目标和完成情况 18 行</span>'; }"""
    )
    assert saved.evaluate("box => box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1")
    assert page.locator(".review-head").evaluate("box => box.scrollWidth <= box.clientWidth")
    buttons = page.locator(".review-head .page__actions").bounding_box()
    assert buttons is not None
    assert buttons["x"] + buttons["width"] <= 1366
    metas = page.locator(".entry__meta").evaluate_all(
        "boxes => boxes.filter(b => b.scrollWidth > b.clientWidth).length"
    )
    assert metas == 0

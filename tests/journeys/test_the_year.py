"""A whole year of the demo city in a real browser: twelve dispatches of one plan, by a clock passed in and never waited for.

What offices do month by month without surprises goes through the services; the moments that tell whether a bureau can live in the
site are done and seen on its pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.simulated_year import DUE, SimulatedYear, target_page

from keshu.apps.bureau.models import Notice, User
from keshu.apps.plans.models import CheckIn, CheckInRound, Issue, Rhythm, SupervisionNotice

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]
HOME = re.compile(r"^\w+://[^/]+/$")


def the_plan_is_published_and_its_rhythm_set(year: SimulatedYear) -> None:
    """林静 confirms what was read, publishes, and sets the monthly dispatch; each round's days stand in the preview."""
    year.until(date(2026, 1, 8))
    page = year.page("林静", reverse("plans:review", args=[year.draft.pk]))
    page.get_by_role("button", name="接受全部无存疑的").click()
    page.get_by_role("button", name="一并通过").click()
    expect(page.locator(".review-progress")).to_contain_text("全部核对完毕")
    page.locator("#publish").click()
    page.locator("#move").get_by_role("button", name="发布").click()
    page.wait_for_url(re.compile(r"/plans/targets/"))
    page.goto(reverse("plans:round-list"))
    page.get_by_role("link", name="设置调度").click()
    page.get_by_label("配合单位也填报").uncheck()
    page.get_by_label("从哪一期开始").select_option("2026-01")
    expect(page.locator("#rhythm-preview")).to_contain_text("2026-10-10")
    year.look(page, "01-rhythm")
    page.get_by_role("button", name="开始调度").click()
    expect(page.get_by_text("进行中")).to_be_visible()
    assert Rhythm.objects.get().from_period == "2026-01"
    year.history()


def the_first_dispatch_goes_through(year: SimulatedYear) -> None:
    """January: 吴小芸 comes from the home page, fills two rows by keyboard and files; 陈立 signs both."""
    year.until(date(2026, 1, 29))
    page = year.page("吴小芸")
    page.get_by_role("link", name="要填报").click()
    expect(page.locator("tr[data-form]")).to_have_count(2)
    for words, number, progress in (
        ("科技型中小企业", "8", "首批8家入库。"),
        ("培育科技企业", "8", "印发培育方案。"),
    ):
        row = page.locator("tr[data-form]").filter(has=page.get_by_role("link", name=words, exact=False)).first
        row.locator("[data-cell=number]").fill(number)
        row.locator("[data-cell=progress]").fill(progress)
    page.get_by_role("button", name="报送已填的行").click()
    expect(page.locator("tr[data-form] .state", has_text="待审签")).to_have_count(2)
    year.look(page, "02-filed")
    page = year.page("陈立", reverse("plans:checkin-sign-list"))
    page.get_by_label("全选").check()
    page.get_by_role("button", name="审签所选").click()
    expect(page.get_by_text("没有待审签的填报")).to_be_visible()
    year.dispatch(1)
    year.close(1)
    assert Counter(row.state for row in year.forms(1)) == {"signed": 8}


def february_comes_late_and_is_returned(year: SimulatedYear) -> None:
    """平台处 files nothing until the leader hears of it, then too thinly; 马骏 sends it back, 苏晴 mends it on a telephone."""
    year.until(date(2026, 3, 2))
    for row in year.forms(2):
        if row.organisation_id != year.offices.pingtai.pk:
            year.file(row)
            year.sign(row)
    # Due on Wednesday 4 March: the fifth working day after is Wednesday the 11th.
    year.until(date(2026, 3, 11), 10)
    page = year.page("周启明")
    page.locator(".bell__button").click()
    told = page.locator(".bell__notice").filter(has_text="逾期 5 个工作日")
    expect(told).to_contain_text("平台处 2 项未填报")
    told.click()
    expect(page).not_to_have_url(HOME)
    year.look(page, "03-leader-told")
    page.goto(reverse("briefings:cockpit"))
    expect(page.locator(".cockpit__duties tr", has_text="平台处")).to_contain_text("2")
    expect(page.locator(".cockpit__targets")).to_contain_text("2026年2月调度3月4日截止，平台处未报")
    year.look(page, "04-cockpit-late")

    page = year.page("苏晴", reverse("plans:checkin-own"), telephone=True)
    page.locator("tr[data-form]", has_text="建设创新平台").get_by_role("link", name="填报").click()
    page.get_by_label("完成进度").fill("10")
    page.get_by_label("进展情况").fill("正在推进。")
    page.get_by_role("button", name="报送").click()
    expect(page.locator(".toast")).to_contain_text("已报送")
    for row in year.forms(2, state="open"):
        year.file(row)
    page = year.page("马骏", reverse("plans:checkin-sign-list"))
    item = page.locator("[data-sign-item]", has_text="建设创新平台")
    item.get_by_role("link", name="退回").click()
    drawer = page.locator("#drawer")
    drawer.get_by_role("textbox").fill("请写明选址和资金的进展。")
    drawer.get_by_role("button", name="退回").click()
    expect(page.locator("[data-sign-item]")).to_have_count(1)
    page.locator("[data-sign-item]").get_by_role("button", name="审签").click()
    expect(page.get_by_text("没有待审签的填报")).to_be_visible()

    page = year.page("苏晴", reverse("plans:checkin-own"), telephone=True)
    page.locator("tr[data-form]", has_text="建设创新平台").get_by_role("link", name="填报").click()
    expect(page.locator(".notice", has_text="请写明选址和资金的进展")).to_be_visible()
    page.get_by_label("进展情况").fill("选址已定，市级资金落实60%。")
    year.look(page, "05-returned-on-telephone")
    page.get_by_role("button", name="报送").click()
    expect(page.locator(".toast")).to_contain_text("已报送")
    for row in year.forms(2, state="filed"):
        year.sign(row)
    page = year.page("林静", reverse("plans:round-list"))
    page.get_by_role("link", name="2026年2月", exact=True).click()
    expect(page.locator("body")).to_contain_text("应报 8 项，已报 8 项（100%）")
    page.get_by_role("link", name="办结本期").click()
    page.locator("#drawer").get_by_role("button", name="办结本期").click()
    expect(page.locator(".toast")).to_contain_text("已办结")
    year.look(page, "06-february-closed")


def the_first_notice_is_answered_and_closed(year: SimulatedYear) -> None:
    """After the late month 林静 supervises 平台处: 周启明 issues, 苏晴 signs for it and answers, it is accepted and closed."""
    year.until(date(2026, 3, 12), 14)
    page = year.page("林静", target_page(year.target("中试基地")))
    page.get_by_role("link", name="起草督办单").click()
    expect(page.get_by_label("承办单位").locator("option:checked")).to_have_text("科研平台处")
    page.get_by_label("办理时限").fill("2026-03-27")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿，承办单位还看不到")).to_be_visible()
    notice = SupervisionNotice.objects.get()
    issue_in_the_browser(year, notice, "〔2026〕1号")
    year.until(date(2026, 3, 16), 9, 30)
    answer_in_the_browser(year, "苏晴", notice, "2月填报已补齐，今后每月2日前报送。")
    year.until(date(2026, 3, 20), 10)
    accept_in_the_browser(year, notice)
    year.look(year.page("林静", reverse("plans:supervision-detail", args=[notice.pk])), "07-notice-closed")


def issue_in_the_browser(year: SimulatedYear, notice: SupervisionNotice, number: str) -> None:
    page = year.page("周启明", reverse("plans:supervision-detail", args=[notice.pk]))
    page.get_by_role("button", name="签发").click()
    page.locator("#confirm-yes").click()
    expect(page.get_by_text(f"已签发，编号{number}")).to_be_visible()


def answer_in_the_browser(year: SimulatedYear, name: str, notice: SupervisionNotice, text: str) -> None:
    """From the message to the reply, signed for on the way where that is still to do."""
    page = year.page(name, reverse("plans:supervision-reply", args=[notice.pk]), telephone=True)
    sign = page.get_by_role("button", name="签收")
    if sign.count():
        sign.click()
        expect(page.get_by_text("已签收")).to_be_visible()
    page.get_by_label("办理情况").fill(text)
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_text("办理情况已报送")).to_be_visible()


def accept_in_the_browser(year: SimulatedYear, notice: SupervisionNotice) -> None:
    page = year.page("林静", reverse("plans:supervision-detail", args=[notice.pk]))
    page.get_by_role("link", name="认可").click()
    page.locator("#drawer").get_by_role("button", name="认可").click()
    expect(page.get_by_text("已认可，可以办结。")).to_be_visible()
    page.get_by_role("button", name="办结").click()
    page.locator("#confirm-yes").click()
    expect(page.locator(".page__subtitle")).to_contain_text("已办结")


def the_outlook_warns_in_spring(year: SimulatedYear) -> None:
    """March and April are signed; in May, long before the year's end, the cockpit says that 45亿元 will be missed, and why."""
    for month in (3, 4):
        year.dispatch(month)
        year.close(month)
    year.until(date(2026, 5, 11))
    page = year.page("周启明", reverse("briefings:cockpit"))
    line = page.locator(".cockpit__targets tr", has_text="技术合同成交额")
    expect(line).to_contain_text("预计完不成")
    expect(line).to_contain_text("截至4月底累计8.8亿元")
    expect(line).to_contain_text("完成45亿元的可能性")
    year.look(page, "08-cockpit-warning")
    line.get_by_role("link", name="技术合同成交额").click()
    expect(page.locator("body")).to_contain_text("预计年末")
    year.look(page, "09-outlook")
    assert year.target("技术合同成交额").standing.light == "at_risk"


def a_head_on_leave_is_stood_in_for(year: SimulatedYear) -> None:
    """陈立 is away for the first half of June; 吴涛 signs May in her place, and no longer once she is back."""
    year.until(date(2026, 5, 29), 10)
    page = year.page("陈立", reverse("bureau:delegation-create"))
    page.get_by_label("代理人").select_option(str(year.people["吴涛"].pk))
    page.get_by_label("开始日期").fill("2026-06-01")
    page.get_by_label("最后一天").fill("2026-06-12")
    page.get_by_label("事由").fill("赴外地学习")
    page.get_by_role("button", name="授权代理").click()
    expect(page.get_by_text("已授权吴涛代理，到 2026-06-12 为止。")).to_be_visible()
    year.until(date(2026, 6, 2), 9)
    gaoxin = year.forms(5, organisation=year.offices.gaoxin)
    for row in gaoxin:
        problems = "申报辅导专家不足。" if row.node_id else ""
        year.file(row, problems=problems)
    year.until(date(2026, 6, 3), 10)
    page = year.page("吴涛")
    page.locator(".bell__button").click()
    page.locator(".bell__notice").filter(has_text="待审签").first.click()
    expect(page).not_to_have_url(HOME)
    page.goto(reverse("plans:checkin-sign-list"))
    expect(page.locator("[data-sign-item]")).to_have_count(2)
    year.look(page, "10-deputy-signs")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="审签所选").click()
    expect(page.get_by_text("没有待审签的填报")).to_be_visible()
    assert {row.signed_by for row in year.forms(5, organisation=year.offices.gaoxin)} == {year.people["吴涛"]}
    year.dispatch(5)
    year.close(5)
    year.until(date(2026, 6, 15))
    page = year.page("吴涛", reverse("plans:checkin-sign-list"))
    expect(page.get_by_text("您不办理审签")).to_be_visible()


def one_issue_is_closed_and_one_refused_by_its_raiser(year: SimulatedYear) -> None:
    """吴小芸 makes an issue of May's problem, 青岭县 answers, she closes it; 林静 raises another, refuses its proof."""
    year.until(date(2026, 6, 15), 10)
    page = year.page("吴小芸", reverse("plans:issue-offers"))
    page.get_by_role("row", name=re.compile("申报辅导专家不足")).get_by_role("link", name="转为问题").click()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记，编号 2026-001。")).to_be_visible()
    page = year.page("林静", reverse("plans:issue-create"))
    page.locator("input[name=title]").fill("技术合同登记员不足")
    page.locator("select[name=origin]").select_option("visit")
    page.get_by_label("责任单位").select_option(str(year.offices.chengguo.pk))
    page.get_by_label("整改措施").fill("增配2名登记员，每周到企业集中登记。")
    page.get_by_label("整改时限").fill("2026-06-26")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记，编号 2026-002。")).to_be_visible()
    first, second = Issue.objects.order_by("number")
    page.goto(reverse("plans:issue-detail", args=[first.pk]))
    page.get_by_role("link", name="明确责任").click()
    page.get_by_label("责任单位").select_option(str(year.offices.qingling.pk))
    page.get_by_label("整改措施").fill("推荐6名专家到县里辅导。")
    page.get_by_label("整改时限").fill("2026-06-30")
    page.get_by_role("button", name="明确责任").click()
    expect(page.locator("main")).to_contain_text("推荐6名专家到县里辅导。")
    year.until(date(2026, 6, 22), 15)
    fulfil_in_the_browser(year, "罗敏", first, "已推荐6名专家，辅导42家企业。")
    fulfil_in_the_browser(year, "许言", second, "正在协调。")
    year.until(date(2026, 6, 23), 9)
    page = year.page("吴小芸", reverse("plans:issue-detail", args=[first.pk]))
    page.get_by_role("link", name="确认销号").click()
    page.get_by_label("确认意见").fill("专家已到位")
    page.get_by_role("button", name="确认销号").click()
    expect(page.locator("main")).to_contain_text("已销号")
    year.look(page, "11-issue-closed")
    page = year.page("林静", reverse("plans:issue-detail", args=[second.pk]))
    page.get_by_role("link", name="退回整改").click()
    page.get_by_label("理由").fill("没有写明增配的人员和时间")
    page.get_by_role("button", name="退回整改").click()
    expect(page.locator("main")).to_contain_text("没有写明增配的人员和时间")
    year.look(page, "12-issue-refused")
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, second.state, second.refusals) == ("confirmed", "assigned", 1)


def fulfil_in_the_browser(year: SimulatedYear, name: str, issue: Issue, text: str) -> None:
    page = year.page(name, reverse("plans:issue-detail", args=[issue.pk]))
    page.get_by_role("link", name="报送落实情况").click()
    page.get_by_label("落实情况").fill(text)
    page.get_by_role("button", name="报送落实情况").click()
    expect(page.locator("main")).to_contain_text(text)


def an_office_is_merged_in_july(year: SimulatedYear) -> None:
    """平台处, with a form and a notice in hand, is merged into 成果处; its past keeps its name, its work goes on."""
    qingling, gaoxin, chengguo = year.offices.qingling, year.offices.gaoxin, year.offices.chengguo
    year.dispatch(6, organisation__in=[qingling, gaoxin, chengguo])
    for row in year.forms(6, state="open", target__isnull=False):
        year.file(row)
        year.sign(row)
    year.until(date(2026, 7, 6), 10)
    page = year.page("林静", target_page(year.target("中试基地")))
    page.get_by_role("link", name="起草督办单").click()
    page.get_by_label("办理时限").fill("2026-07-20")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿，承办单位还看不到")).to_be_visible()
    notice = SupervisionNotice.objects.latest("pk")
    issue_in_the_browser(year, notice, "〔2026〕2号")
    year.until(date(2026, 7, 13), 10)
    page = year.page("林静", reverse("bureau:organisation-detail", args=[year.offices.pingtai.pk]))
    page.get_by_role("link", name="机构调整").click()
    page.get_by_role("link", name="合并").click()
    page.get_by_label("并入").select_option(str(chengguo.pk))
    page.get_by_label("原因和依据").fill("编办〔2026〕5号")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("“科研平台处”并入“成果转化处”")).to_be_visible()
    for words in ("督办单（1）", "调度填报（1）", "2026年6月 1 项"):
        expect(page.locator("main")).to_contain_text(words)
    year.look(page, "13-merger-rehearsed")
    page.get_by_role("button", name="确认办理").click()
    expect(page.get_by_text("机构调整已办理")).to_be_visible()

    # Past reports stand under the old name, June's open form and the notice are with the new office.
    page = year.page("许言", target_page(year.target("中试基地"), tab="checkins"))
    for key in ("2026年1月", "2026年6月"):
        row = page.locator("table.reports tr").filter(has=page.get_by_role("link", name=key, exact=True))
        expect(row).to_contain_text("平台处")
    year.look(page, "14-past-reports")
    page.goto(reverse("plans:checkin-own"))
    expect(page.locator("tr[data-form]")).to_have_count(1)
    expect(page.locator("tr[data-form]")).to_contain_text("建设创新平台")
    page.goto(reverse("plans:supervision-detail", args=[notice.pk]))
    expect(page.locator("main")).to_contain_text("由“平台处”转“成果处”承办")
    year.look(page, "15-notice-moved")


def the_new_office_answers_for_the_old_one(year: SimulatedYear) -> None:
    """June's late form and the second notice are finished by 成果处: one reply returned, the next accepted; then July, August."""
    year.until(date(2026, 7, 15), 10)
    for row in year.forms(6, state="open"):
        year.file(row)
        year.sign(row)
    year.close(6)
    notice = SupervisionNotice.objects.get(number=2)
    answer_in_the_browser(year, "许言", notice, "第二个基地正在选址。")
    page = year.page("林静", reverse("plans:supervision-detail", args=[notice.pk]))
    page.get_by_role("link", name="退回重办").click()
    page.locator("#drawer").get_by_label("理由").fill("请写明开工时间")
    page.locator("#drawer").get_by_role("button", name="退回重办").click()
    expect(page.get_by_text("已退回，“成果处”须于 2026-07-20 前重新报送。")).to_be_visible()
    year.until(date(2026, 7, 22), 9)
    page = year.page("周启明", reverse("plans:supervision-list"))
    expect(page.get_by_role("row", name=re.compile("〔2026〕2号"))).to_contain_text("逾期")
    year.look(page, "16-notice-overdue")
    answer_in_the_browser(year, "苏晴", notice, "8月10日开工，11月建成。")
    accept_in_the_browser(year, notice)
    year.dispatch(7)
    year.close(7)
    year.dispatch(8)
    year.close(8)
    assert {row.organisation.short_name for row in year.forms(8)} == {"高新处", "成果处", "青岭县"}


def a_target_is_met_early(year: SimulatedYear) -> None:
    """September's figure passes 120; its day is Saturday 10 October, which is worked. The light says done, with the figures."""
    year.dispatch(9)
    year.close(9)
    target = year.target("科技型中小企业")
    page = year.page("周启明", reverse("briefings:cockpit"))
    expect(page.locator(".cockpit__prospects")).to_contain_text("已完成 1")
    change = page.locator(".cockpit__changes li", has_text="科技型中小企业")
    expect(change).to_contain_text("已完成")
    year.look(page, "17-cockpit-done")
    page.goto(target_page(target))
    expect(page.locator(".light__state")).to_contain_text("已完成")
    expect(page.locator(".light__state")).to_contain_text("截至9月底累计123家，已达到120家")
    year.look(page, "18-target-done")


def the_year_ends(year: SimulatedYear) -> None:
    """Three dispatches more; what the outlook had warned of is missed, and the last page says so with the figure."""
    for month in (10, 11, 12):
        year.dispatch(month)
        year.close(month)
    year.until(date(2027, 1, 6))
    page = year.page("周启明", reverse("briefings:cockpit"))
    line = page.locator(".cockpit__targets tr", has_text="技术合同成交额")
    expect(line).to_contain_text("截至12月底累计37.8亿元，没有达到45亿元")
    expect(line).not_to_contain_text("预计完不成")
    expect(page.locator(".cockpit__prospects")).to_contain_text("已完成 3")
    year.look(page, "19-cockpit-at-the-end")
    page.goto(reverse("plans:round-list"))
    expect(page.locator("table.rounds tbody tr")).to_have_count(12)
    year.look(page, "20-twelve-rounds")
    lights = {target.indicator: target.standing.light for target in year.plan.targets.select_related("standing")}
    assert lights == {"科技型中小企业": "done", "技术合同成交额": "missed", "中试基地": "done", "对接会": "done"}


def the_books_agree(year: SimulatedYear) -> None:
    """Twelve rounds by the calendar, every form signed by its body's people, and nobody told anything twice."""
    assert tuple(CheckInRound.objects.order_by("first_on").values_list("due_on", flat=True)) == DUE
    assert not CheckInRound.objects.filter(closed_at=None).exists()
    assert Counter(CheckIn.objects.values_list("state", flat=True)) == {"signed": 12 * 8}
    assert CheckIn.objects.filter(signed_at__date__gt=date(2026, 3, 10), round__key="2026-02").count() == 2
    assert set(SupervisionNotice.objects.values_list("number", "state")) == {(1, "closed"), (2, "closed")}
    told = Counter(Notice.objects.values_list("recipient__name", "kind", "title", "text", "at__date"))
    assert [each for each, times in told.items() if times > 1] == []


ACTS: tuple[Callable[[SimulatedYear], None], ...] = (
    the_plan_is_published_and_its_rhythm_set,
    the_first_dispatch_goes_through,
    february_comes_late_and_is_returned,
    the_first_notice_is_answered_and_closed,
    the_outlook_warns_in_spring,
    a_head_on_leave_is_stood_in_for,
    one_issue_is_closed_and_one_refused_by_its_raiser,
    an_office_is_merged_in_july,
    the_new_office_answers_for_the_old_one,
    a_target_is_met_early,
    the_year_ends,
    the_books_agree,
)


def test_a_year_of_the_bureau(page_of: PageOf, monkeypatch: pytest.MonkeyPatch) -> None:
    year = SimulatedYear.__new__(SimulatedYear)
    monkeypatch.setattr(timezone, "now", lambda: year.at)
    year.__init__(page_of)
    for act in ACTS:
        act(year)

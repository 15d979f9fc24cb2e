"""Two plans side by side, and a plan beside its summary: matching, judging, the pages."""

from __future__ import annotations

import io
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.plans.factories import Draftsman, make_plan, said_twice
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.plans.models import Target
from keshu.apps.plans.queries.amounts import Asked, change_text, demand, difference
from keshu.apps.plans.queries.comparing import TargetState, compared_targets
from keshu.apps.plans.queries.comparing_tasks import TaskState, compared_tasks
from keshu.apps.plans.queries.outcomes import Outcome, outcomes, rate, reach
from keshu.apps.plans.queries.pairing import pair_up
from keshu.engines.plandoc.document import DocumentKind, Measure, Op, Tense, Tier
from keshu.kernel.period import Period

LAST_YEAR = """云澜市2025年科技工作要点
一、目标
高新技术企业总数达到300家。技术合同成交额35亿元。万人有效发明专利8件。新建孵化器2家。综合排名进入前8位。研发投入增长10%。
二、任务
(一)培育科技企业。(高新处牵头)
(二)发展科技金融。(成果转化处牵头)
(三)办好科技活动周。(规划处牵头)
"""
THIS_YEAR = """云澜市2026年科技工作要点
一、目标
高企总数达到320家,力争340家。技术合同成交额450000万元。万人有效发明专利8件。综合排名进入前6位。研发投入300亿元。新增雏鹰企业20家。
二、任务
(一)大力培育科技企业。(规划处牵头)
(二)深化科技金融结合。(成果转化处牵头)
(三)建设中试基地。(高新处牵头)
"""
SUMMARY = """云澜市科学技术局2026年工作总结
高新技术企业达到340家。技术合同成交额45亿元。万人有效发明专利7.6件。综合排名第5位。
"""


def last_year() -> Any:
    pen = Draftsman(LAST_YEAR, year=2025, title="云澜市2025年科技工作要点")
    pen.claim("高新技术企业总数达到300家", "300家", "高新技术企业总数", 300, "家")
    pen.claim("技术合同成交额35亿元", "35亿元", "技术合同成交额", 35, "亿元")
    pen.claim("万人有效发明专利8件", "8件", "万人有效发明专利", 8, "件")
    pen.claim("新建孵化器2家", "2家", "孵化器", 2, "家", measure=Measure.INCREASE)
    pen.claim("综合排名进入前8位", "8位", "综合排名", 8, "位", op=Op.RANK_WITHIN, measure=Measure.RANK)
    pen.claim("研发投入增长10%", "10%", "研发投入", 10, "%", measure=Measure.GROWTH_RATE)
    top = pen.node("二、", "任务")
    pen.node("(一)", "培育科技企业", parent=top, owners=[("高新处", "lead")])
    pen.node("(二)", "发展科技金融", parent=top, owners=[("成果转化处", "lead")])
    pen.node("(三)", "办好科技活动周", parent=top, owners=[("规划处", "lead")])
    return pen.document()


def this_year() -> Any:
    pen = Draftsman(THIS_YEAR, year=2026, title="云澜市2026年科技工作要点")
    pen.claim("高企总数达到320家", "320家", "高企总数", 320, "家")
    pen.claim("力争340家", "340家", "高企总数", 340, "家", tier=Tier.STRETCH)
    pen.claim("技术合同成交额450000万元", "450000万元", "技术合同成交额", 450000, "万元", op=Op.MORE_THAN)
    pen.claim("万人有效发明专利8件", "8件", "万人有效发明专利", 8, "件")
    pen.claim("综合排名进入前6位", "6位", "综合排名", 6, "位", op=Op.RANK_WITHIN, measure=Measure.RANK)
    pen.claim("研发投入300亿元", "300亿元", "研发投入", 300, "亿元")
    pen.claim("新增雏鹰企业20家", "20家", "雏鹰企业", 20, "家", measure=Measure.INCREASE)
    top = pen.node("二、", "任务")
    pen.node("(一)", "大力培育科技企业", parent=top, owners=[("规划处", "lead")])
    pen.node("(二)", "深化科技金融结合", parent=top, owners=[("成果转化处", "lead")])
    pen.node("(三)", "建设中试基地", parent=top, owners=[("高新处", "lead")])
    return pen.document()


def summary() -> Any:
    pen = Draftsman(SUMMARY, year=2026, kind=DocumentKind.SUMMARY, title="云澜市科学技术局2026年工作总结")
    done: dict[str, Any] = {"tense": Tense.ACTUAL, "op": Op.EQUAL}
    pen.claim("高新技术企业达到340家", "340家", "高新技术企业", 340, "家", **done)
    pen.claim("技术合同成交额45亿元", "45亿元", "技术合同成交额", 45, "亿元", **done)
    pen.claim("万人有效发明专利7.6件", "7.6件", "万人有效发明专利", 7.6, "件", **done)
    pen.claim("综合排名第5位", "5位", "综合排名", 5, "位", measure=Measure.RANK, **done)
    return pen.document()


@pytest.fixture
def city(db: None) -> SimpleNamespace:
    site = make.site()
    planner = site.people["planner"]
    site.before = make_plan.published(last_year(), by=planner)
    site.after = make_plan.published(this_year(), by=planner)
    site.summary = make_plan.published(summary(), by=planner)
    site.planner = planner
    return site


def test_targets_are_matched_by_indicator_and_told_apart_by_what_they_ask(city: SimpleNamespace) -> None:
    pairs = compared_targets(city.before, city.after, user=city.planner)
    told = [(pair.either.indicator, pair.state, pair.change) for pair in pairs]
    assert told == [
        ("高企总数", TargetState.RAISED, "+20家（+6.7%）"),
        ("技术合同成交额", TargetState.RAISED, "+100,000万元（+28.6%）"),
        ("万人有效发明专利", TargetState.SAME, "—"),
        ("综合排名", TargetState.RAISED, "前移2位"),
        ("研发投入", TargetState.OTHER, ""),
        ("雏鹰企业", TargetState.NEW, ""),
        ("孵化器", TargetState.DROPPED, ""),
    ]
    assert "口径不同" in next(pair.why for pair in pairs if pair.state == TargetState.OTHER)


def test_the_other_way_round_raised_is_lowered_and_new_is_dropped(city: SimpleNamespace) -> None:
    mirror = {
        TargetState.RAISED: TargetState.LOWERED, TargetState.LOWERED: TargetState.RAISED,
        TargetState.NEW: TargetState.DROPPED, TargetState.DROPPED: TargetState.NEW,
        TargetState.SAME: TargetState.SAME, TargetState.OTHER: TargetState.OTHER,
    }  # fmt: skip
    there = {
        pair.either.indicator_key: pair.state for pair in compared_targets(city.before, city.after, user=city.planner)
    }
    back = {
        pair.either.indicator_key: pair.state for pair in compared_targets(city.after, city.before, user=city.planner)
    }
    for key, state in there.items():
        if state != TargetState.OTHER:  # two measures, two keys
            assert back[key] == mirror[state], key


def test_a_plan_beside_itself_is_the_same_throughout(city: SimpleNamespace) -> None:
    assert {pair.state for pair in compared_targets(city.after, city.after, user=city.planner)} == {TargetState.SAME}
    tasks = compared_tasks(city.after, city.after, user=city.planner)
    assert {(pair.state, pair.has_new_lead, pair.is_reworded) for pair in tasks} == {(TaskState.CARRIED, False, False)}


def test_tasks_are_carried_over_new_or_gone_and_a_new_lead_is_told(city: SimpleNamespace) -> None:
    pairs = compared_tasks(city.before, city.after, user=city.planner)
    told = [(str(pair.before or ""), str(pair.after or ""), pair.state, pair.has_new_lead) for pair in pairs]
    assert ("(一)培育科技企业", "(一)大力培育科技企业", TaskState.CARRIED, True) in told
    assert ("(二)发展科技金融", "(二)深化科技金融结合", TaskState.CARRIED, False) in told
    assert ("", "(三)建设中试基地", TaskState.NEW, False) in told
    assert ("(三)办好科技活动周", "", TaskState.GONE, False) in told


def test_a_summary_says_what_became_of_each_target(city: SimpleNamespace) -> None:
    lines = outcomes(city.after, city.summary, user=city.planner)
    told = [(line.target.indicator, line.state, line.rate_pct, line.met_stretch) for line in lines]
    assert told == [
        ("高企总数", Outcome.EXCEEDED, Decimal("106.3"), True),
        # 突破45亿元 is not met by 45 itself.
        ("技术合同成交额", Outcome.MISSED, Decimal("100.0"), None),
        ("万人有效发明专利", Outcome.MISSED, Decimal("95.0"), None),
        ("综合排名", Outcome.EXCEEDED, None, None),
        ("研发投入", Outcome.NO_FIGURE, None, None),
        ("雏鹰企业", Outcome.NO_FIGURE, None, None),
    ]


def test_figures_of_another_year_answer_no_target(city: SimpleNamespace) -> None:
    assert {line.state for line in outcomes(city.before, city.summary, user=city.planner)} == {Outcome.NO_FIGURE}


def test_one_document_may_hold_both(db: None) -> None:
    text = "云澜市2026年上半年总结\n技术合同成交额目标45亿元,已完成46亿元。\n"
    pen = Draftsman(text, year=2026, kind=DocumentKind.SUMMARY_AND_PLAN, title="云澜市2026年上半年总结")
    pen.claim("技术合同成交额目标45亿元", "45亿元", "技术合同成交额", 45, "亿元")
    pen.claim("已完成46亿元", "46亿元", "技术合同成交额", 46, "亿元", tense=Tense.ACTUAL, op=Op.EQUAL)
    site = make.site()
    plan = make_plan.published(pen.document(), by=site.people["planner"])
    (line,) = outcomes(plan, plan, user=site.people["planner"])
    assert (line.state, line.rate_pct) == (Outcome.EXCEEDED, Decimal("102.2"))


@pytest.mark.parametrize(
    ("op", "asked", "reached", "state"),
    [
        (">=", 80, 80, Outcome.MET), (">=", 80, 81, Outcome.EXCEEDED), (">=", 80, 79, Outcome.MISSED),
        (">", 80, 80, Outcome.MISSED), (">", 80, 81, Outcome.EXCEEDED),
        ("<=", 3, 3, Outcome.MET), ("<=", 3, 2, Outcome.EXCEEDED), ("<=", 3, 4, Outcome.MISSED),
        ("~", 100, 96, Outcome.MET), ("~", 100, 94, Outcome.MISSED), ("~", 100, 106, Outcome.EXCEEDED),
        ("rank<=", 5, 5, Outcome.MET), ("rank<=", 5, 4, Outcome.EXCEEDED), ("rank<=", 5, 6, Outcome.MISSED),
    ],
)  # fmt: skip
def test_what_counts_as_met(op: str, asked: int, reached: int, state: Outcome) -> None:
    wanted = Asked(op, Decimal(asked), None, "件", "level")
    assert reach(wanted, Asked("=", Decimal(reached), None, "件", "level"))[0] == state


def test_a_range_a_fall_a_breakthrough_and_full_cover_are_judged_by_their_own_sense() -> None:
    three_to_five = Asked("between", Decimal(3), Decimal(5), "家", "count")
    assert [reach(three_to_five, Asked("=", Decimal(n), None, "家", "count"))[0] for n in (2, 3, 5, 6)] == [
        Outcome.MISSED, Outcome.MET, Outcome.MET, Outcome.EXCEEDED,
    ]  # fmt: skip
    fall = Asked(">=", Decimal(-3), None, "%", "growth_rate")
    assert reach(fall, Asked("=", Decimal(-4), None, "%", "growth_rate"))[0] == Outcome.EXCEEDED
    assert reach(fall, Asked("=", Decimal(-2), None, "%", "growth_rate"))[0] == Outcome.MISSED
    assert (
        reach(Asked("breakthrough", None, None, "", "count"), Asked("=", Decimal(1), None, "项", "count"))[0]
        == Outcome.MET
    )
    everybody = Asked("all", None, None, "", "share")
    assert reach(everybody, Asked("=", Decimal(98), None, "%", "share"))[0] == Outcome.MISSED
    assert reach(everybody, Asked("all", None, None, "", "share"))[0] == Outcome.MET
    assert (
        reach(Asked(">=", Decimal(3), None, "家", "count"), Asked("=", Decimal(3), None, "万元", "count"))[0]
        == Outcome.UNJUDGED
    )


amounts = st.builds(
    lambda value, scale: (Decimal(value), scale),
    st.integers(1, 10**6),
    st.sampled_from([("元", 1), ("万元", 10**4), ("亿元", 10**8)]),
)


@given(amounts, amounts)
def test_amounts_compare_as_they_do_in_plain_yuan(one: Any, other: Any) -> None:
    before, after = (Asked(">=", value, None, unit, "level") for value, (unit, _) in (one, other))
    yuan = [value * scale for value, (_, scale) in (one, other)]
    assert demand(before, after) == (yuan[1] > yuan[0]) - (yuan[1] < yuan[0])
    change = difference(before, after)
    assert change is not None
    assert change * other[1][1] == yuan[1] - yuan[0]


def test_shares_change_by_points_and_places_move() -> None:
    shares = [Asked(">=", Decimal(n), None, "%", "share") for n in ("2.5", "2.65")]
    assert change_text(*shares) == "+0.15个百分点"
    places = [Asked("rank<=", Decimal(n), None, "位", "rank") for n in (5, 8)]
    assert (change_text(*places), demand(*places)) == ("后移3位", -1)
    assert rate(Asked("<=", Decimal(3), None, "%", "share"), shares[0]) is None


texts = st.lists(st.text("高新技术企业孵化器平台建设", max_size=8), max_size=7)


@given(texts, texts)
def test_pairing_is_one_to_one_and_never_below_the_bar(left: list[str], right: list[str]) -> None:
    pairs = pair_up(left, right, least=60)
    places = [there for there, _ in pairs.values()]
    assert len(set(places)) == len(places)
    assert all(60 <= likeness <= 100 for _, likeness in pairs.values())
    for place, text in enumerate(left):
        if text and left.count(text) <= right.count(text):
            assert right[pairs[place][0]] == text


def get(user: Any, url: str, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(url, query)


def test_the_page_opens_with_this_year_and_the_one_before(city: SimpleNamespace) -> None:
    page = get(city.planner, "/plans/comparisons/").content.decode()
    assert "云澜市2025年科技工作要点" in page
    assert "前移2位" in page
    narrowed = get(city.planner, "/plans/comparisons/", state="dropped").content.decode()
    assert "孵化器" in narrowed
    assert "雏鹰企业" not in narrowed
    nothing = get(city.planner, "/plans/comparisons/", q="查无此项").content.decode()
    assert "没有符合条件的目标" in nothing


def test_the_results_page_finds_the_plan_that_has_a_summary(city: SimpleNamespace) -> None:
    page = get(city.planner, "/plans/comparisons/results/").content.decode()
    assert "要求突破，刚好达到" in page
    assert "106.3%" in page


def test_pages_are_cheap(city: SimpleNamespace) -> None:
    client = Client()
    client.force_login(city.planner)
    for name in ("", "tasks/", "results/"):
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"/plans/comparisons/{name}").status_code == 200
        assert len([each for each in made.captured_queries if each["sql"].startswith("SELECT")]) <= 12, name


def test_the_workbook_holds_the_rows_asked_for_and_is_recorded(city: SimpleNamespace) -> None:
    answer = get(city.planner, "/plans/comparisons/", state="raised", export="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    names = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert names[-3:] == ["高企总数", "技术合同成交额", "综合排名"]
    entry = AuditEntry.objects.filter(action="export").latest("pk")
    assert entry.after["条数"] == 3


def test_a_draft_of_another_body_cannot_be_compared(city: SimpleNamespace) -> None:
    draft = make_plan.draft(last_year(), by=city.planner)
    clerk = city.people["county_clerk"]
    page = get(clerk, "/plans/comparisons/", before=draft.pk, after=city.after.pk).content.decode()
    assert f'value="{draft.pk}"' not in page


def test_without_a_plan_of_the_year_before_one_is_asked_to_choose(db: None) -> None:
    site = make.site()
    make_plan.published(this_year(), by=site.people["planner"])
    page = get(site.people["planner"], "/plans/comparisons/").content.decode()
    assert "请选择要对比的两份文件" in page


def alone(quote: str, value_text: str, indicator: str, value: float, unit: str, **traits: Any) -> Any:
    """A document of one figure."""
    pen = Draftsman(f"云澜市科技工作要点\n{quote}。\n", year=traits.pop("year", 2026), title="云澜市科技工作要点")
    pen.claim(quote, value_text, indicator, value, unit, **traits)
    return pen.document()


def compared(planner: Any, before: Any, after: Any) -> Any:
    plans = [make_plan.draft(document, by=planner) for document in (before, after)]
    return compared_targets(*plans, user=planner)[0]


def test_a_number_that_became_a_range_around_it_is_neither_raised_nor_lowered(city: SimpleNamespace) -> None:
    one = alone("新建市重点实验室4家", "4家", "市重点实验室", 4, "家", measure=Measure.INCREASE, year=2025)
    span = alone(
        "新建市重点实验室3—5家", "3—5家", "市重点实验室", 3, "家", value_high=5, op=Op.BETWEEN, measure=Measure.INCREASE
    )  # fmt: skip
    far = alone("新建市重点实验室9家", "9家", "市重点实验室", 9, "家", measure=Measure.INCREASE)
    assert (compared(city.planner, one, span).state, compared(city.planner, one, span).change) == ("range", "")
    assert compared(city.planner, span, one).state == TargetState.RANGE
    assert compared(city.planner, span, far).state == TargetState.RAISED


def test_two_measures_are_both_named(city: SimpleNamespace) -> None:
    net = alone("净增高新技术企业70家", "70家", "净增高新技术企业", 70, "家", measure=Measure.INCREASE)
    gross = alone("新认定高新技术企业128家", "128家", "新认定高新技术企业", 128, "家", measure=Measure.INCREASE)
    pair = compared(city.planner, gross, net)
    assert (pair.state, pair.why) == (
        TargetState.OTHER, "口径不同：前一份是新认定数，后一份是净增数（扣除减少的）",
    )  # fmt: skip


def test_a_figure_of_eleven_months_leaves_a_years_target_open(city: SimpleNamespace) -> None:
    asked = alone("技术合同成交额45亿元", "45亿元", "技术合同成交额", 45, "亿元")
    done = alone(
        "1—11月技术合同成交额20亿元", "20亿元", "技术合同成交额", 20, "亿元", tense=Tense.ACTUAL, op=Op.EQUAL,
        period=Period.parse("2026-01/2026-11"),
    )  # fmt: skip
    plan, summary = (make_plan.draft(document, by=city.planner) for document in (asked, done))
    (line,) = outcomes(plan, summary, user=city.planner)
    assert (line.state, line.reason, line.rate_pct) == (Outcome.UNDERWAY, "数据截至11月", Decimal("44.4"))


def test_an_event_is_found_under_the_end_of_its_name(city: SimpleNamespace) -> None:
    count: dict[str, Any] = {"measure": Measure.COUNT}
    asked = alone("企业研发机构申报辅导15场次", "15场次", "企业研发机构申报辅导", 15, "场次", **count)
    done = alone("开展申报辅导17场次", "17场次", "开展申报辅导", 17, "场次", tense=Tense.ACTUAL, op=Op.EQUAL, **count)
    money = alone("规上工业企业研发经费25亿元", "25亿元", "规上工业企业研发经费", 25, "亿元")
    spent = alone("研发经费17亿元", "17亿元", "研发经费", 17, "亿元", tense=Tense.ACTUAL, op=Op.EQUAL)
    plan, summary = (make_plan.draft(document, by=city.planner) for document in (asked, done))
    (line,) = outcomes(plan, summary, user=city.planner)
    assert (line.state, line.figure_text, line.is_alike) == (Outcome.EXCEEDED, "17场次", True)
    plan, summary = (make_plan.draft(document, by=city.planner) for document in (money, spent))
    assert outcomes(plan, summary, user=city.planner)[0].state == Outcome.NO_FIGURE


def test_who_leads_the_same_target_in_another_row_is_told(city: SimpleNamespace) -> None:
    draft = make_plan.draft(said_twice(), organisation=city.bureau, by=city.planner)
    pairs = compared_targets(draft, draft, user=city.planner)
    leads = [pair.leads for pair in pairs if pair.either.indicator == "技术合同成交额"]
    assert "规划处（见另一行）" in leads
    assert all(not pair.former_leads for pair in pairs)


def test_tasks_are_told_with_the_headings_above_them(city: SimpleNamespace) -> None:
    pairs = compared_tasks(city.before, city.after, user=city.planner)
    assert {pair.context for pair in pairs if pair.either.label == "(一)"} == {"二、任务"}


def drawn(text: str, tasks: list[tuple[str, str, list[str]]], *, year: int) -> Any:
    """A plan of tasks under one chapter, each with its targets: 新建X n家."""
    pen = Draftsman(text, year=year, title=f"云澜市{year}年科技工作要点")
    top = pen.node("二、", "任务")
    for label, heading, targets in tasks:
        node = pen.node(label, heading, parent=top, owners=[("高新处", "lead")])
        for name in targets:
            pen.claim(f"{name}9家", "9家", name, 9, "家", measure=Measure.INCREASE, node=node)
    return pen.document()


def tasks_text(tasks: list[tuple[str, str, list[str]]]) -> str:
    lines = [
        f"{label}{heading}。{'，'.join(f'{each}9家' for each in targets)}。(高新处)"
        for label, heading, targets in tasks
    ]
    return "\n".join(["云澜市科技工作要点", "二、任务", *lines]) + "\n"


@pytest.mark.parametrize(
    ("earlier", "later", "is_carried"),
    [
        # two of two targets are the same, no word of the headings is
        (("服务乡村振兴", ["科技小院", "示范村"]), ("惠农惠民", ["科技小院", "示范村", "农业园区"]), True),
        # one of three, and both speak of 创新
        (("培育创新主体", ["孵化器", "创新联合体", "众创空间"]), ("壮大创新型企业", ["孵化器"]), True),
        # one of three, and nothing besides
        (("办好活动", ["孵化器", "创新联合体", "众创空间"]), ("壮大企业", ["孵化器"]), False),
        # a word in common, and no target
        (("培育创新主体", ["孵化器"]), ("壮大创新型企业", ["众创空间"]), False),
    ],
)
def test_a_task_worded_anew_is_known_by_what_it_asks_for(
    city: SimpleNamespace, earlier: tuple[str, list[str]], later: tuple[str, list[str]], is_carried: bool
) -> None:
    sides = [[("(一)", *each)] for each in (earlier, later)]
    plans = [
        make_plan.draft(drawn(tasks_text(side), side, year=year), by=city.planner)
        for year, side in zip((2025, 2026), sides, strict=True)
    ]
    pairs = [pair for pair in compared_tasks(*plans, user=city.planner) if pair.either.label == "(一)"]
    assert [pair.state for pair in pairs] == ([TaskState.CARRIED] if is_carried else [TaskState.NEW, TaskState.GONE])


def test_a_net_increase_is_said_to_be_one(city: SimpleNamespace) -> None:
    net = alone("净增高新技术企业70家", "70家", "净增高新技术企业", 70, "家", measure=Measure.INCREASE)
    pair = compared(city.planner, net, net)
    assert (pair.state, pair.after_text) == (TargetState.SAME, "净增不少于70家")


@pytest.mark.parametrize("name", ["净增高新技术企业", "净新增高新技术企业", "高新技术企业净新增"])
@pytest.mark.parametrize("gross_name", ["新认定高新技术企业", "新增高新技术企业"])
def test_what_was_added_does_not_answer_what_is_to_be_left(city: SimpleNamespace, name: str, gross_name: str) -> None:
    """55 more after losses are asked; that 128 were added says nothing of those that fell away."""
    asked = alone(f"{name}55家", "55家", name, 55, "家", measure=Measure.INCREASE)
    gross = alone(
        f"{gross_name}128家", "128家", gross_name, 128, "家", measure=Measure.INCREASE, tense=Tense.ACTUAL, op=Op.EQUAL
    )
    plan, summary = (make_plan.draft(document, by=city.planner) for document in (asked, gross))
    (line,) = outcomes(plan, summary, user=city.planner)
    assert (line.state, line.rate_pct) == (Outcome.UNJUDGED, None)
    assert line.reason == f"口径不同：目标是净增数（扣除减少的），总结是{gross_name[:-6]}数"


def test_of_net_and_gross_the_figure_that_counts_alike_answers(city: SimpleNamespace) -> None:
    asked = alone("净增高新技术企业55家", "55家", "净增高新技术企业", 55, "家", measure=Measure.INCREASE)
    plan = make_plan.draft(asked, by=city.planner)
    made: dict[str, Any] = {"measure": Measure.INCREASE, "tense": Tense.ACTUAL, "op": Op.EQUAL}
    gross = alone("新认定高新技术企业128家", "128家", "新认定高新技术企业", 128, "家", **made)
    net = alone("净增高新技术企业62家", "62家", "净增高新技术企业", 62, "家", **made)
    both = make_plan.draft(gross, by=city.planner)
    other = make_plan.draft(net, by=city.planner)
    Target.objects.filter(plan=other).update(plan=both, node=None, position=99)
    (line,) = outcomes(plan, both, user=city.planner)
    assert (line.state, line.figure_text) == (Outcome.EXCEEDED, "净增62家")

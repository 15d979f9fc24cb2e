"""A draft's rows out to Excel and back; a published plan stays as it is."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.apps.bureau.workbooks import (
    HEAD,
    add,
    columns,
    confirmed,
    differences,
    edited,
    faults,
    plain,
    put,
    received,
    row_of,
    states,
    to_fill,
)
from tests.apps.plans.factories import make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry, ImportState
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.exchange import Access, round_trip_named
from keshu.apps.plans.models import Review, ReviewStep, WorkPlan
from keshu.apps.plans.services import undo
from keshu.apps.plans.services.round_trips.periods import period_of, written

pytestmark = pytest.mark.django_db

KEYS = ("plans.targets", "plans.tasks", "plans.owners")


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


@pytest.fixture
def draft(site: SimpleNamespace) -> WorkPlan:
    return make_plan.draft(points(doubtful=True), organisation=site.bureau, by=site.people["planner"])


@pytest.mark.parametrize("key", KEYS)
def test_what_went_out_untouched_changes_nothing(key: str, site: SimpleNamespace, draft: WorkPlan) -> None:
    planner = site.people["planner"]
    run = received(to_fill(key, planner, plan=str(draft.pk)), key, planner, plan=str(draft.pk))
    assert (run.error, faults(run), list(states(run))) == ("", [], ["unchanged"])
    assert not ReviewStep.objects.filter(plan=draft).exists()


def test_targets_are_corrected_in_one_step_that_can_be_undone(site: SimpleNamespace, draft: WorkPlan) -> None:
    planner, params = site.people["planner"], {"plan": str(draft.pk)}

    def edit(page: Any) -> None:
        put(page, "对接会", "数值", "１５")  # full-width digits
        put(page, "中试基地", "时期", "2026年上半年")
        put(page, "技术合同成交额", "操作", "通过")
        put(page, "科技型中小企业", "操作", "剔除")

    content = edited(to_fill("plans.targets", planner, **params), edit)
    run = received(content, "plans.targets", planner, **params)
    assert (faults(run), states(run)) == ([], {"unchanged": 3, "changed": 2, "removed": 2})
    assert ["数值", "12", "15"] in [each for row in differences(run).values() for each in row]
    assert make_plan.target(draft, "对接会").value == 12
    run = confirmed(run)
    assert run.state == ImportState.APPLIED, run.error
    meetings, base = make_plan.target(draft, "对接会"), make_plan.target(draft, "中试基地")
    assert (meetings.value, meetings.review, meetings.reviewed_by) == (15, Review.CORRECTED, planner)
    assert (base.period, base.due_on.isoformat()) == ("2026-H1", "2026-06-30")
    assert make_plan.target(draft, "技术合同成交额").review == Review.ACCEPTED
    assert make_plan.target(draft, "科技型中小企业").review == Review.REJECTED
    assert AuditEntry.objects.about("plans.target", meetings.pk).get().after["value"].startswith("15")
    assert list(states(received(content, "plans.targets", planner, **params))) == ["unchanged"]
    undo.undo_last_step(draft, by=planner, at=AT)
    assert make_plan.target(draft, "对接会").value == 12
    assert make_plan.target(draft, "科技型中小企业").review == Review.PENDING


def test_what_the_review_refuses_is_said_at_the_cell(site: SimpleNamespace, draft: WorkPlan) -> None:
    planner, params = site.people["planner"], {"plan": str(draft.pk)}

    def edit(page: Any) -> None:
        put(page, "对接会", "数值", None)
        put(page, "中试基地", "时期", "去年")
        put(page, "技术合同成交额", "要求", "区间")
        put(page, "科技型中小企业", "口径", "总量")
        add(page, 指标="新指标", 要求="不少于", 数值=3)

    told = faults(
        received(edited(to_fill("plans.targets", planner, **params), edit), "plans.targets", planner, **params)
    )
    assert len(told) == 5
    assert any("上限 “区间”要填写下限和上限" in each for each in told)
    assert any("口径 填写的是“总量”，请从这些中选一个：存量（额）" in each for each in told)
    assert any("数值 请填写数值" in each for each in told)
    assert any("时期 填写的是“去年”，看不懂是什么时期" in each for each in told)
    assert any("表中不能新增目标" in each for each in told)
    assert make_plan.target(draft, "对接会").value == 12


def test_an_upper_limit_stands_only_beside_a_range(site: SimpleNamespace, draft: WorkPlan) -> None:
    planner, params = site.people["planner"], {"plan": str(draft.pk)}

    def check(edit: Any) -> Any:
        return received(edited(to_fill("plans.targets", planner, **params), edit), "plans.targets", planner, **params)

    def wrong(page: Any) -> None:
        put(page, "对接会", "上限", 50)
        put(page, "中试基地", "上限", 5)
        put(page, "中试基地", "时期", "去年")
        put(page, "技术合同成交额", "上限", None)

    told = faults(check(wrong))
    assert len(told) == 3
    assert sum("上限 填写的是“" in each and "只有“区间”才填上限" in each for each in told) == 2
    assert any("“50”，而要求是“" in each for each in told)
    assert any("时期 填写的是“去年”" in each for each in told)

    def ranged(page: Any) -> None:
        put(page, "对接会", "要求", "区间")
        put(page, "对接会", "上限", 50)

    run = check(ranged)
    assert (faults(run), states(run)["changed"]) == ([], 1)
    assert confirmed(run).state == ImportState.APPLIED
    assert make_plan.target(draft, "对接会").value_high == 50

    def plain_again(page: Any) -> None:
        put(page, "对接会", "要求", "不少于")

    assert ["而要求是“不少于”" in each for each in faults(check(plain_again))] == [True]

    def emptied(page: Any) -> None:
        plain_again(page)
        put(page, "对接会", "上限", None)

    assert faults(check(emptied)) == []


def test_tasks_take_words_kinds_and_deadlines(site: SimpleNamespace, draft: WorkPlan) -> None:
    planner, params = site.people["planner"], {"plan": str(draft.pk)}

    def edit(page: Any) -> None:
        put(page, "优化创新服务", "完成时限", "2026年9月底")
        put(page, "建设创新平台", "完成时限", "2026年11月15日")
        put(page, "培育科技企业", "内容", "培育科技型企业")

    run = confirmed(received(edited(to_fill("plans.tasks", planner, **params), edit), "plans.tasks", planner, **params))
    assert run.state == ImportState.APPLIED, (run.error, faults(run))
    assert make_plan.node(draft, "优化创新服务").due_period == "2026-09"
    assert make_plan.node(draft, "建设创新平台").due_on.isoformat() == "2026-11-15"
    assert make_plan.node(draft, "培育科技型企业").review == Review.CORRECTED


def test_owners_are_resolved_row_by_row_and_added(site: SimpleNamespace, draft: WorkPlan) -> None:
    planner, params = site.people["planner"], {"plan": str(draft.pk)}

    def edit(page: Any) -> None:
        put(page, "成果转化处", "对应单位", "高新处、规划与资源配置处")
        add(page, 任务="(三)优化创新服务", 文件中的写法="市生产力促进中心", 责任="牵头")

    content = edited(to_fill("plans.owners", planner, **params), edit)
    run = confirmed(received(content, "plans.owners", planner, **params))
    assert run.state == ImportState.APPLIED, (run.error, faults(run))
    held = make_plan.mention(draft, "成果转化处").responsibilities.filter(is_inherited=False)
    assert {str(each.organisation) for each in held} == {"高新处", "规划处"}
    added = make_plan.mention(draft, "市生产力促进中心")
    assert (str(added.node), added.review, added.responsibilities.get().organisation) == (
        "(三)优化创新服务", Review.ADDED, site.unit,
    )  # fmt: skip
    assert list(states(received(content, "plans.owners", planner, **params))) == ["unchanged"]


@pytest.mark.parametrize("key", KEYS)
def test_a_published_plan_is_not_changed_by_excel(key: str, site: SimpleNamespace) -> None:
    """What is published is corrected by a new revision; so the rules of the review have it."""
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    with pytest.raises(Refused, match="不能再改。需要更正时，请以新版导入"):
        to_fill(key, site.people["planner"], plan=str(plan.pk))


@pytest.mark.parametrize("key", KEYS)
def test_a_county_clerk_keeps_to_the_own_county(key: str, site: SimpleNamespace) -> None:
    clerk, other = site.people["county_clerk"], make.person("county_clerk", site.yunhu)
    own = make_plan.draft(organisation=site.qingling, by=clerk)
    foreign = make_plan.draft(organisation=site.yunhu, by=other)
    content = to_fill(key, clerk, plan=str(own.pk))
    with pytest.raises(LookupError):
        to_fill(key, clerk, plan=str(foreign.pk))
    with pytest.raises(LookupError):
        received(content, key, clerk, plan=str(foreign.pk))
    with pytest.raises(Refused):
        to_fill(key, site.people["auditor"], plan=str(foreign.pk))
    theirs = to_fill(key, other, plan=str(foreign.pk))
    run = received(theirs, key, clerk, plan=str(own.pk))  # the other county's workbook on one's own page
    assert run.state == ImportState.DISCARDED
    assert "不能导入到另一份文件" in run.error


def test_a_plan_published_after_the_dry_run_is_left_alone(site: SimpleNamespace, draft: WorkPlan) -> None:
    from keshu.apps.bureau.services.exchange import running

    planner, params = site.people["planner"], {"plan": str(draft.pk)}
    content = edited(to_fill("plans.targets", planner, **params), lambda page: put(page, "对接会", "数值", 15))
    run = received(content, "plans.targets", planner, **params)
    WorkPlan.objects.filter(pk=draft.pk).update(state="published")
    with pytest.raises((Refused, Unacceptable)):
        running.confirm_run(run, why="", by=planner, at=AT)
    assert make_plan.target(draft, "对接会").value == 12


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("2026", "2026"), ("2026年", "2026"), ("2026年度", "2026"), ("２０２６年上半年", "2026-H1"), ("2026-H2", "2026-H2"),
        ("2026年第三季度", "2026-Q3"), ("2026年2季度", "2026-Q2"), ("2026年6月", "2026-06"), ("2026.6", "2026-06"),
        ("2026-06-01", "2026-06"), ("2026年9月底", "2026-09"), ("2021-2025年", "2021/2025"), ("2026年1—11月", "2026-01/2026-11"),
    ],
)  # fmt: skip
def test_periods_are_understood_as_offices_write_them(typed: str, period: str) -> None:
    assert period_of(typed) == period
    assert period_of(written(period)) == period


def test_a_workbook_of_targets_without_its_keys_is_turned_away_once(site: SimpleNamespace, draft: WorkPlan) -> None:
    planner, params = site.people["planner"], {"plan": str(draft.pk)}
    content = edited(to_fill("plans.targets", planner, **params), lambda page: page.delete_cols(page.max_column))
    run = received(content, "plans.targets", planner, **params)
    assert run.rows.count() == 0
    assert "缺少“行标识”列" in run.error


def test_doubts_and_units_stand_in_the_workbook_as_on_the_page(site: SimpleNamespace, draft: WorkPlan) -> None:
    planner, params = site.people["planner"], {"plan": str(draft.pk)}
    row = draft.targets.filter(indicator="全社会研发投入占GDP比重").get()
    type(row).objects.filter(pk=row.pk).update(unit="百分点")
    content = to_fill("plans.targets", planner, **params)
    page: Any = load_workbook(io.BytesIO(content)).worksheets[0]
    places = columns(page)
    said = {
        page.cell(number, places["核对"]).value: page.cell(number, places["存疑之处"]).value
        for number in range(HEAD + 1, page.max_row + 1)
    }
    assert said == {"存疑": "总数与增量不易区分", "待核": None}
    assert page.cell(row_of(page, row.indicator), places["计量单位"]).value == "个百分点"
    # Both ways of writing it are the same unit.
    typed = edited(content, lambda page: put(page, row.indicator, "计量单位", "百分点"))
    assert list(states(received(typed, "plans.targets", planner, **params))) == ["unchanged"]


@pytest.mark.parametrize(
    "key",
    ["bureau.organisations", "bureau.people", "bureau.aliases", "bureau.calendar", "plans.owners", "plans.issues"],
)
def test_rows_of_nonsense_are_faulty_and_nothing_breaks(key: str, site: SimpleNamespace, draft: WorkPlan) -> None:
    by, params = site.people["planner"], {"plan": str(draft.pk)} if key == "plans.owners" else {}
    round_trip = round_trip_named(key)
    assert round_trip is not None
    labels = [each.label for each in round_trip.fields if each.access != Access.READ]
    rows = [["胡填的字" if at == place else None for at in range(len(labels))] for place in range(len(labels))]
    run = received(plain(labels, [["胡填的字"] * len(labels), *rows]), key, by, **params)
    assert run.error == ""
    assert set(states(run)) <= {"faulty", "unchanged", "new"}
    assert run.rows.filter(state="faulty").count() >= len(labels) - 2

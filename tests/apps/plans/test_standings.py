"""Standings: judged by the rules from what was signed, kept with their history, overruled by people, fast."""

from __future__ import annotations

import time
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.plans.factories import large_plan, make_plan, points
from tests.apps.plans.year import moment, past, report, round_of
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.signals import time_passed
from keshu.apps.plans.models import (
    CheckIn,
    CheckInState,
    PlanState,
    Rhythm,
    Standing,
    SupervisionItem,
    SupervisionNotice,
    Target,
    WorkPlan,
)
from keshu.apps.plans.queries.series import series_of
from keshu.apps.plans.services import checkins, standings
from keshu.apps.plans.signals import check_in_signed

pytestmark = pytest.mark.django_db

APRIL = moment(date(2026, 4, 8))


@pytest.fixture
def city() -> SimpleNamespace:
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    site.firms = make_plan.target(site.plan, "科技型中小企业")
    site.turnover = make_plan.target(site.plan, "技术合同成交额")
    site.task = make_plan.node(site.plan, "培育科技企业")
    return site


def judged(city: SimpleNamespace, subject: Any, *, at: datetime = APRIL) -> Standing:
    standings.judge_plan(city.plan.pk, at=at)
    name = "target" if isinstance(subject, Target) else "node"
    return Standing.objects.get(**{name: subject})


# --- what is judged


def test_every_target_and_task_has_a_standing(city: SimpleNamespace) -> None:
    """Six targets (a floor with its stretch as one) and three tasks; without reports nothing is known of them."""
    assert standings.judge_plan(city.plan.pk, at=APRIL) == 9
    assert set(Standing.objects.values_list("shown", flat=True)) == {"unknown"}
    assert Standing.objects.filter(target__floor__isnull=False).count() == 0


def test_a_signed_figure_is_judged_by_pace(city: SimpleNamespace) -> None:
    report(city.firms, "2026-03", city.gaoxin, value=41)
    row = judged(city, city.firms)
    assert (row.light, row.reason) == ("on_track", "截至3月底累计41家，应达时间进度25%，实际34%")
    assert (row.value, row.percent, row.as_of) == (41, Decimal("34.2"), date(2026, 3, 31))


def test_a_draft_of_a_report_says_nothing(city: SimpleNamespace) -> None:
    report(city.firms, "2026-03", city.gaoxin, value=41, state=CheckInState.FILED)
    row = judged(city, city.firms)
    assert (row.light, row.value) == ("late", None)
    assert row.reason == "2026年3月调度4月3日截止，高新处已报待审签"


def test_only_the_last_due_round_makes_late(city: SimpleNamespace) -> None:
    report(city.firms, "2026-02", city.gaoxin, state=CheckInState.OPEN)
    report(city.firms, "2026-03", city.gaoxin, value=41)
    assert judged(city, city.firms).light == "on_track"
    report(city.firms, "2026-04", city.gaoxin, state=CheckInState.OPEN)
    assert judged(city, city.firms).light == "on_track"  # due on 3 May
    assert judged(city, city.firms, at=moment(date(2026, 5, 4))).light == "late"


def test_supporting_offices_neither_count_nor_are_late(city: SimpleNamespace) -> None:
    report(city.firms, "2026-03", city.gaoxin, value=41)
    report(city.firms, "2026-03", city.guihua, value=7, part="support")
    report(city.firms, "2026-03", city.yunhu, part="support", state=CheckInState.OPEN)
    row = judged(city, city.firms)
    assert (row.light, row.value) == ("on_track", 41)


def test_what_several_counties_report_adds_up(city: SimpleNamespace) -> None:
    """A county that has not signed this month counts with its figure of the month before."""
    report(city.firms, "2026-02", city.qingling, value=10)
    report(city.firms, "2026-02", city.yunhu, value=20)
    report(city.firms, "2026-03", city.qingling, value=15)
    assert judged(city, city.firms).value == 35


def test_of_several_offices_that_report_the_same_figure_one_speaks(city: SimpleNamespace) -> None:
    report(city.firms, "2026-03", city.yunhu, value=5)
    report(city.firms, "2026-03", city.gaoxin, value=41)
    report(city.firms, "2026-03", city.guihua, value=40)
    assert judged(city, city.firms).value == 41


def test_an_overdue_notice_puts_at_risk(city: SimpleNamespace) -> None:
    report(city.firms, "2026-03", city.gaoxin, value=41)
    notice = SupervisionNotice.objects.create(
        year=2026, number=1, title="督办", demand="办", plan=city.plan, issuer=city.bureau, addressee=city.gaoxin,
        written_by=city.people["planner"], written_at=APRIL, due_on=date(2026, 4, 1), state="issued",
    )  # fmt: skip
    SupervisionItem.objects.create(notice=notice, position=1, text="督办", target=city.firms)
    assert judged(city, city.firms).reason == "有 1 件督办单逾期未办结"


def test_a_task_is_judged_by_percent_and_its_deadline(city: SimpleNamespace) -> None:
    report(city.task, "2026-03", city.gaoxin, percent=30)
    assert judged(city, city.task).reason == "截至3月底应达时间进度25%，实际30%"
    platform = make_plan.node(city.plan, "建设创新平台")
    assert judged(city, platform, at=moment(date(2026, 7, 1))).light == "late"


@pytest.mark.parametrize("is_opened", [True, False])
def test_in_january_nothing_is_late_before_the_last_round_is_due(city: SimpleNamespace, is_opened: bool) -> None:
    """December's round falls due on 3 January where it is open, else on the third working day of the rhythm."""
    report(city.firms, "2026-11", city.gaoxin, value=110)
    report(city.task, "2026-11", city.gaoxin, percent=90)
    if is_opened:
        round_of(city.plan, "2026-12")
    else:
        Rhythm.objects.create(plan=city.plan, from_period="2026-11")
    new_year = moment(date(2027, 1, 1))
    for subject in (city.firms, city.task):
        row = judged(city, subject, at=new_year)
        assert row.light == "on_track"
        assert row.reason.endswith("截止报送，目前按已有数据判断")
        assert judged(city, subject, at=moment(date(2027, 1, 20))).light == "late"


# --- the series and the outlook


def test_the_series_joins_this_year_with_earlier_plans_and_past_figures(city: SimpleNamespace) -> None:
    earlier = make_plan.published(points(year=2025), by=city.people["planner"])
    then = make_plan.target(earlier, "技术合同成交额")
    report(then, "2025-06", city.gaoxin, value=20)
    past(city.turnover, **{"2024-12": 38, "2025-06": 19, "2025-12": 41})
    report(city.turnover, "2026-03", city.gaoxin, value=9)
    report(city.turnover, "2026-06", city.gaoxin, value=21)
    series = series_of(city.turnover, on=date(2026, 4, 8))
    assert [(each.period, each.value, each.source) for each in series.points] == [
        ("2024-12", 38, "年报"), ("2025-06", 20, "2025年调度"), ("2025-12", 41, "年报"), ("2026-03", 9, "2026年调度"),
    ]  # fmt: skip
    assert series.accrues
    assert series.within() == (("2024-12", 38), ("2025-06", 20), ("2025-12", 21), ("2026-03", 9))
    assert series.end_of_last_year == 41


def test_a_stock_is_not_taken_apart(city: SimpleNamespace) -> None:
    total = make_plan.target(city.plan, "高新技术企业总数")
    past(total, **{"2025-06": 280, "2025-12": 300})
    report(total, "2026-03", city.gaoxin, value=305)
    series = series_of(total, on=date(2026, 4, 8))
    assert not series.accrues
    assert series.within() == (("2025-06", 280), ("2025-12", 300), ("2026-03", 305))
    assert judged(city, total).reason == "截至3月底为305家，比上年末300家增加5家，应达时间进度25%，实际25%"


def test_weeks_stand_for_their_month(city: SimpleNamespace) -> None:
    report(city.firms, "2026-W10", city.gaoxin, value=20)  # to 8 March
    report(city.firms, "2026-W13", city.gaoxin, value=30)  # to 29 March
    report(city.firms, "2026-W14", city.gaoxin, value=33)  # to 5 April
    series = series_of(city.firms, on=date(2026, 4, 8))
    assert [(each.period, each.value, each.is_whole) for each in series.points] == [
        ("2026-03", 30, True), ("2026-04", 33, False),
    ]  # fmt: skip


def two_even_years(target: Target) -> None:
    past(target, **{f"{year}-{month:02d}": 10 * month for year in (2024, 2025) for month in range(1, 13)})


def test_the_outlook_foresees_the_year(city: SimpleNamespace) -> None:
    """Two years of ten a month and a March at thirty: the year ends about 120, which is just what is asked."""
    two_even_years(city.firms)
    for month in (1, 2, 3):
        report(city.firms, f"2026-{month:02d}", city.gaoxin, value=10 * month)
    row = judged(city, city.firms)
    assert row.forecast == pytest.approx(Decimal(120), rel=Decimal("0.03"))
    assert row.forecast_low < row.forecast < row.forecast_high
    assert row.probability is not None
    assert row.outlook["method"] == "combined"
    assert "120" in row.reason


def test_the_outlook_warns_before_the_miss(city: SimpleNamespace) -> None:
    two_even_years(city.firms)
    for month in (1, 2, 3, 4, 5, 6):
        report(city.firms, f"2026-{month:02d}", city.gaoxin, value=5 * month)
    row = judged(city, city.firms, at=moment(date(2026, 7, 8)))
    assert row.light == "at_risk"
    assert row.probability < Decimal("0.1")


def test_with_too_little_history_there_is_no_probability(city: SimpleNamespace) -> None:
    report(city.firms, "2026-03", city.gaoxin, value=41)
    row = judged(city, city.firms)
    assert (row.probability, row.forecast_low) == (None, None)
    assert row.forecast == 164  # 41 in three months
    assert "至少要有2年" in row.outlook["explanation"]


# --- kept up to date


def test_judging_again_changes_nothing_and_writes_nothing(city: SimpleNamespace) -> None:
    two_even_years(city.firms)
    report(city.firms, "2026-03", city.gaoxin, value=41)
    report(city.task, "2026-03", city.gaoxin, percent=30)
    standings.judge_plan(city.plan.pk, at=APRIL)
    before = AuditEntry.objects.count()
    assert standings.judge_plan(city.plan.pk, at=APRIL) == 0
    assert AuditEntry.objects.count() == before


def test_a_changed_light_is_in_the_trail_with_its_reason(city: SimpleNamespace) -> None:
    standings.judge_plan(city.plan.pk, at=APRIL)
    check_in = report(city.firms, "2026-03", city.gaoxin, value=41)
    ids = {"check_in_id": check_in.pk, "plan_id": city.plan.pk, "target_id": city.firms.pk, "node_id": None}
    check_in_signed.send(sender=CheckIn, **ids, by_id=city.people["office_head"].pk, at=APRIL)
    row = Standing.objects.get(target=city.firms)
    entry = AuditEntry.objects.about("plans.standing", row.pk).latest("number")
    assert (entry.by, entry.before["light"], entry.after["light"]) == (None, "unknown", "on_track")
    assert entry.after["reason"] == row.reason


def test_a_signed_task_moves_the_tasks_above_it(city: SimpleNamespace) -> None:
    standings.judge_plan(city.plan.pk, at=APRIL)
    report(city.task, "2026-03", city.gaoxin, percent=100)
    with CaptureQueriesContext(connection) as queries:
        standings.judge_subject(node_id=city.task.pk, at=APRIL)
    assert Standing.objects.get(node=city.task).shown == "done"
    assert len(queries) <= 25


def test_plans_are_judged_once_a_day(city: SimpleNamespace) -> None:
    time_passed.send(sender=None, at=APRIL)
    assert Standing.objects.count() == 9
    report(city.firms, "2026-03", city.gaoxin, value=41)
    with CaptureQueriesContext(connection) as queries:
        assert standings.judge_due_plans(at=moment(date(2026, 4, 8))) == 0
    assert len(queries) == 1
    assert standings.judge_due_plans(at=moment(date(2026, 4, 9))) == 1


def test_what_is_not_in_force_is_left_alone(city: SimpleNamespace) -> None:
    WorkPlan.objects.filter(pk=city.plan.pk).update(state=PlanState.WITHDRAWN)
    assert standings.judge_plan(city.plan.pk, at=APRIL) == 0
    assert standings.judge_subject(target_id=city.firms.pk, at=APRIL) == 0
    assert not Standing.objects.exists()


# --- overruled by a person


def test_a_chosen_light_prevails_until_it_is_dropped(city: SimpleNamespace) -> None:
    report(city.firms, "2026-03", city.gaoxin, value=41)
    row, planner = judged(city, city.firms), city.people["planner"]
    standings.choose_light(row, light="at_risk", why="两家企业可能迁出", by=planner, at=APRIL)
    row = judged(city, city.firms, at=moment(date(2026, 4, 9)))
    assert (row.shown, row.light, row.chosen_reason, row.chosen_by) == (
        "at_risk",
        "on_track",
        "两家企业可能迁出",
        planner,
    )
    standings.drop_choice(row, by=planner, at=APRIL)
    row.refresh_from_db()
    assert (row.shown, row.chosen, row.chosen_reason, row.chosen_by) == ("on_track", "", "", None)
    entries = AuditEntry.objects.about("plans.standing", row.pk).filter(by=planner).order_by("number")
    assert [(entry.before["shown"], entry.after["shown"], entry.why) for entry in entries] == [
        ("on_track", "at_risk", "两家企业可能迁出"), ("at_risk", "on_track", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["office_head", "clerk", "county_clerk", "auditor", "enterprise"])
def test_others_may_not_choose(city: SimpleNamespace, role: str) -> None:
    row = judged(city, city.firms)
    with pytest.raises(Refused):
        standings.choose_light(row, light="done", why="好", by=city.people[role], at=APRIL)
    row.refresh_from_db()
    assert row.chosen == ""


def test_a_choice_needs_a_light_and_a_reason(city: SimpleNamespace) -> None:
    row, by = judged(city, city.firms), city.people["leader"]
    with pytest.raises(Unacceptable) as refused:
        standings.choose_light(row, light="done", why=" ", by=by, at=APRIL)
    assert refused.value.field == "why"
    for light in ("", "unknown", "purple"):
        with pytest.raises(Unacceptable):
            standings.choose_light(row, light=light, why="好", by=by, at=APRIL)
    with pytest.raises(Unacceptable):
        standings.drop_choice(row, by=by, at=APRIL)


# --- how fast


def test_five_thousand_targets_are_judged_in_twenty_seconds(city: SimpleNamespace) -> None:
    offices = [make.office(name=f"业务{number}处") for number in range(5)]
    plan = make_plan.published(large_plan(tasks=10, offices=offices), by=city.people["planner"])
    model = plan.targets.first()
    rows = []
    for number in range(4990):
        fields = {field.attname: getattr(model, field.attname) for field in Target._meta.concrete_fields}
        rows.append(Target(**{**fields, "id": None, "indicator_key": f"指标{number}", "measure": "increase"}))
    Target.objects.bulk_create(rows, batch_size=500)
    two_even_years(plan.targets.get(indicator_key="指标1"))
    begun = time.process_time()
    assert standings.judge_plan(plan.pk, at=APRIL) == 5010
    assert time.process_time() - begun < 20


def test_more_time_is_seen_at_once_or_when_the_clock_goes_round() -> None:
    """A form that was late has more time: its target is judged at once; of a whole round when the clock next goes round."""
    site = make.site()
    plan = make_plan.published(by=site.people["planner"])
    firms, turnover = make_plan.target(plan, "科技型中小企业"), make_plan.target(plan, "技术合同成交额")
    at = AT.replace(year=2026, month=4, day=8)
    forms = [report(target, "2026-03", site.gaoxin, state="open") for target in (firms, turnover)]
    standings.judge_plan(plan.pk, at=at)
    assert {row.light for row in Standing.objects.filter(target__in=[firms, turnover])} == {"late"}
    checkins.extend_check_in(forms[0], due_on=date(2026, 4, 15), why="等数据", by=site.people["planner"], at=at)
    assert Standing.objects.get(target=firms).light == "unknown"
    assert Standing.objects.get(target=turnover).light == "late"
    checkins.extend_round(forms[1].round, due_on=date(2026, 4, 15), why="等数据", by=site.people["planner"], at=at)
    standings.judge_due_plans(at=at)
    assert Standing.objects.get(target=turnover).light == "unknown"

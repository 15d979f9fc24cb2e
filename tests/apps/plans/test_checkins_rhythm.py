"""A rhythm over the year: weekly, monthly, quarterly, changed and paused on the way, and a year whose calendar is not out."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.apps.plans.factories import POINTS, large_plan, make_plan, points
from tests.apps.plans.test_checkins import MONTHLY, at, city, start
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry, CalendarDay, CalendarYear
from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import CheckIn, CheckInRound, Rhythm
from keshu.apps.plans.queries.checkins import schedule_of
from keshu.apps.plans.services import checkins
from keshu.apps.plans.services.publishing import withdraw_plan
from keshu.kernel.workdays import PUBLISHED_YEARS

__all__ = ["city"]
TERMS = {name: value for name, value in MONTHLY.items() if name != "from_period"}


def live(first: str, last: str) -> dict[str, tuple[str, str]]:
    """Let every day pass; each round's key with the day it opened and the day it is due."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        checkins.open_due_rounds(at=at(day.isoformat()))
        day += timedelta(days=1)
    rows = CheckInRound.objects.order_by("first_on", "pk")
    return {row.key: (f"{row.opened_at:%m-%d}", f"{row.due_on:%m-%d}") for row in rows}


def test_a_year_of_months(city: SimpleNamespace) -> None:
    """Due days as in the kernel's test; each opens five working days before, by hand on the published calendar."""
    start(city, from_period="2026-01")
    assert live("2026-01-20", "2026-12-31") == {
        "2026-01": ("01-28", "02-04"), "2026-02": ("02-26", "03-04"), "2026-03": ("03-27", "04-03"),
        "2026-04": ("04-28", "05-08"), "2026-05": ("05-27", "06-03"), "2026-06": ("06-26", "07-03"),
        "2026-07": ("07-29", "08-05"), "2026-08": ("08-27", "09-03"), "2026-09": ("09-28", "10-10"),
        "2026-10": ("10-28", "11-04"), "2026-11": ("11-26", "12-03"), "2026-12": ("12-29", "01-05"),
    }  # fmt: skip


def test_a_rhythm_is_the_keepers_and_one_for_each_plan_in_force(city: SimpleNamespace) -> None:
    for stranger in (city.clerk, city.head, city.people["county_clerk"], city.people["auditor"]):
        with pytest.raises(Refused):
            checkins.start_rhythm(city.plan, **MONTHLY, by=stranger, at=at("2026-03-05"))
    start(city)
    with pytest.raises(Unacceptable, match="已经有调度安排"):
        start(city)
    draft = make_plan.draft(points(POINTS.replace("2026", "2027"), year=2027), organisation=city.bureau)
    with pytest.raises(Unacceptable, match="发布之后才能安排调度"):
        checkins.start_rhythm(draft, **MONTHLY, by=city.planner, at=at("2026-03-05"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"cadence": "daily"}, "cadence"),
        ({"rule": "whenever"}, "rule"),
        ({"cadence": "weekly", "rule": "day_of_last_month"}, "rule"),
        ({"number": 11}, "number"),
        ({"rule": "day_of_last_month", "number": 29}, "number"),
        ({"open_workdays": 0}, "open_workdays"),
        ({"from_period": "2026-Q1"}, "from_period"),
        ({"from_period": "2025-12"}, "from_period"),
    ],
)
def test_terms_that_mean_nothing_are_refused(city: SimpleNamespace, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        start(city, **given)
    assert refusal.value.field == field


def test_a_day_off_of_the_bureau_moves_the_due_day_of_rounds_to_come_only(city: SimpleNamespace) -> None:
    start(city)
    live("2026-03-27", "2026-03-27")
    CalendarDay.objects.create(day=date(2026, 4, 3), is_workday=False, name="局运动会")
    CalendarDay.objects.create(day=date(2026, 5, 7), is_workday=False, name="防汛演练")
    assert live("2026-04-01", "2026-04-30") == {"2026-03": ("03-27", "04-03"), "2026-04": ("04-28", "05-09")}


def test_a_change_moves_rounds_to_come_and_leaves_open_ones(city: SimpleNamespace) -> None:
    rhythm = start(city)
    live("2026-03-27", "2026-03-27")
    given = {**TERMS, "rule": "day_of_last_month", "number": 25}
    checkins.change_rhythm(rhythm, **given, by=city.planner, at=at("2026-03-30"))
    # 25 April is a Saturday: Friday the 24th; five working days before, Friday the 17th.
    assert live("2026-04-01", "2026-04-30") == {"2026-03": ("03-27", "04-03"), "2026-04": ("04-17", "04-24")}
    changed = AuditEntry.objects.get(subject_type="plans.rhythm", action="update")
    assert (changed.before["number"], changed.after["number"]) == (3, 25)


def test_from_months_to_quarters_and_back_no_day_is_asked_twice(city: SimpleNamespace) -> None:
    """After January to April by month, the second quarter is asked whole: it ends on a day not yet asked."""
    rhythm = start(city, from_period="2026-01")
    live("2026-01-28", "2026-05-10")
    given = {**TERMS, "cadence": "quarterly"}
    rhythm = checkins.change_rhythm(rhythm, **given, by=city.planner, at=at("2026-05-10"))
    assert rhythm.from_period == "2026-Q2"
    live("2026-05-10", "2026-07-31")
    rhythm = checkins.change_rhythm(rhythm, **TERMS, by=city.planner, at=at("2026-08-01"))
    assert rhythm.from_period == "2026-07"
    assert list(live("2026-08-01", "2026-09-30")) == [
        "2026-01", "2026-02", "2026-03", "2026-04", "2026-Q2", "2026-07", "2026-08", "2026-09"
    ]  # fmt: skip
    ends = list(CheckInRound.objects.order_by("first_on").values_list("last_on", flat=True))
    assert len(set(ends)) == len(ends)


def test_what_fell_due_in_a_pause_is_not_asked_afterwards(city: SimpleNamespace) -> None:
    rhythm = start(city)
    live("2026-03-27", "2026-03-27")
    checkins.pause_rhythm(rhythm, why="机构改革", by=city.planner, at=at("2026-03-30"))
    assert list(live("2026-04-01", "2026-07-20")) == ["2026-03"]
    assert CheckInRound.objects.get().due_on == date(2026, 4, 3)
    assert checkins.resume_rhythm(rhythm, by=city.planner, at=at("2026-07-20")).from_period == "2026-07"
    assert list(live("2026-07-20", "2026-08-10")) == ["2026-03", "2026-07"]


def test_a_round_opened_late_still_gives_its_working_days(city: SimpleNamespace) -> None:
    """Started on 20 April: March was due on the 3rd; five working days from Monday the 20th is Monday the 27th."""
    checkins.start_rhythm(city.plan, **MONTHLY, by=city.planner, at=at("2026-04-20"))
    checkins.open_due_rounds(at=at("2026-04-20"))
    assert CheckInRound.objects.get().due_on == date(2026, 4, 27)
    assert checkins.escalate(at=at("2026-04-20")) == 0


def test_weeks_open_and_fall_due_by_themselves(city: SimpleNamespace) -> None:
    """One working day after the week, opened two before: week 14 (30 March to 5 April) is due on Tuesday 7 April, for Monday
    is 清明节, and opens on Thursday the 2nd.
    """
    start(city, cadence="weekly", number=1, open_workdays=2, from_period="2026-W14")
    assert live("2026-03-30", "2026-04-14") == {
        "2026-W14": ("04-02", "04-07"), "2026-W15": ("04-09", "04-13")
    }  # fmt: skip


def test_a_year_not_yet_published_is_said_and_falls_back(city: SimpleNamespace) -> None:
    year = PUBLISHED_YEARS.stop
    plan = make_plan.published(points(POINTS.replace("2026", str(year)), year=year), organisation=city.bureau)
    rhythm = Rhythm(**{"plan": plan, **MONTHLY, "from_period": f"{year}-03"})
    warning = schedule_of(rhythm, calendar=work_calendar()).warnings[0]
    assert warning.startswith(f"{year} 年的放假安排还没有公布，{year}年3月至{year}年11月的截止日期")
    CalendarYear.objects.create(year=year)
    assert schedule_of(rhythm, calendar=work_calendar()).warnings[0].startswith(f"{year + 1} 年")


def test_the_december_of_the_last_published_year_is_told(city: SimpleNamespace) -> None:
    schedule = schedule_of(start(city), calendar=work_calendar())
    assert schedule.warnings == (
        "2027 年的放假安排还没有公布，2026年12月的截止日期暂按周一至周五上班推算，开放填报时再按届时的日历确定。",
    )
    assert len(schedule.ahead) == 10


def test_withdrawing_the_plan_ends_its_rounds(city: SimpleNamespace) -> None:
    rhythm = start(city)
    live("2026-03-27", "2026-03-27")
    withdraw_plan(city.plan, why="重新制定", by=city.planner, at=at("2026-03-28"))
    rhythm.refresh_from_db()
    assert not rhythm.is_running
    assert CheckInRound.objects.get().closed_at == at("2026-03-28")
    assert list(live("2026-04-01", "2026-06-01")) == ["2026-03"]
    row = CheckIn.objects.filter(organisation=city.gaoxin).first()
    said = {"progress": "甲", "percent": None, "value": None, "problems": "", "help_needed": ""}
    with pytest.raises(Unacceptable, match="已作废，不再办理调度填报"):
        checkins.file_check_in(row, version=0, **said, by=city.clerk, at=at("2026-03-29"))
    assert checkins.escalate(at=at("2026-05-01")) == 0


def test_a_large_round_opens_with_few_queries(db: None, django_assert_max_num_queries: Any) -> None:
    """40 tasks with a target each and 20 offices: 1600 forms in one transaction, whose queries do not grow with them."""
    bureau = make.bureau()
    offices = [make.office() for _ in range(20)]
    plan = make_plan.published(large_plan(tasks=40, offices=offices), organisation=bureau)
    make_plan.rhythm(plan, from_period="2026-03")
    with django_assert_max_num_queries(60):
        assert checkins.open_due_rounds(at=at("2026-03-27")) == 1
    assert CheckIn.objects.count() == 1600
    assert AuditEntry.objects.filter(subject_type="plans.checkinround").count() == 2

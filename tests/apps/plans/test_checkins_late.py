"""Late forms go a step up by working days: the filler, the head, the planning office, the leaders, each told once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.plans.factories import make_plan
from tests.apps.plans.test_checkins import NOTHING, at, city, form, opened
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry, Notice, NoticeMail
from keshu.apps.bureau.services import Refused, Unacceptable, notices
from keshu.apps.bureau.signals import time_passed
from keshu.apps.plans.models import CheckIn, CheckInRound
from keshu.apps.plans.services import checkins
from keshu.apps.plans.services.checkins import escalation
from keshu.apps.plans.services.checkins.escalation import WORKDAYS_LATE, Step, due_before
from keshu.kernel.workdays import WorkCalendar

__all__ = ["city"]
SAID = {**NOTHING, "progress": "已完成"}


def told(kind: str = "plans.checkin_late") -> list[tuple[str, str, str]]:
    """Who was told on which day of what, in order."""
    rows = Notice.objects.filter(kind=kind).select_related("recipient").order_by("at", "recipient__name")
    return [(row.recipient.name, f"{row.at:%m-%d}", row.text) for row in rows]


def run_days(first: str, last: str) -> None:
    """Every day of the span, three times a day, as the worker would."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        for hour in (8, 12, 18):
            checkins.escalate(at=at(day.isoformat(), hour=hour))
        day += timedelta(days=1)


def test_each_step_is_told_once_on_its_day(city: SimpleNamespace) -> None:
    """March is due on Friday 3 April 2026. Saturday to Monday are 清明节 (4 to 6 April): the filler is told on Saturday; the
    first working day late is Tuesday the 7th (head), the third Thursday the 9th (planning office), the fifth Monday the 13th.
    """
    opened(city, asks_supports=False)
    run_days("2026-04-01", "2026-04-30")
    days: dict[str, list[str]] = {}
    for notice in Notice.objects.filter(kind="plans.checkin_late").order_by("at", "pk"):
        days.setdefault(notice.title.rsplit("调度", 1)[1], []).append(f"{notice.recipient.name} {notice.at:%m-%d}")
    leader = city.people["leader"]
    assert {title: sorted(found) for title, found in days.items()} == {
        "逾期": sorted([f"{city.clerk.name} 04-04", f"{city.head.name} 04-04"]),
        "逾期 1 个工作日": [f"{city.head.name} 04-07"],
        "逾期 3 个工作日": [f"{city.planner.name} 04-09"],
        "逾期 5 个工作日": [f"{leader.name} 04-13"],
    }
    assert {row.told for row in CheckIn.objects.all()} == {4}


def test_the_words_name_own_forms_only_and_all_for_the_planning_office(city: SimpleNamespace) -> None:
    opened(city)
    checkins.escalate(at=at("2026-04-09"))
    texts = {(row.recipient, row.title[-6:]): row.text for row in Notice.objects.filter(kind="plans.checkin_late")}
    assert texts[city.clerk, "3月调度逾期"] == "本单位 2 项未填报。原定 2026-04-03 截止。"
    whole = next(text for (person, _), text in texts.items() if person == city.planner and "个单位" in text)
    assert whole.startswith("4 个单位：")
    for office in ("高新处 2 项未填报", "规划处 2 项未填报", "青岭县 2 项未填报", "云湖区 4 项未填报"):
        assert office in whole
    county = [text for (person, _), text in texts.items() if person == city.people["county_clerk"]]
    assert county
    assert all("高新处" not in text and "云湖区" not in text for text in county)


def test_what_is_filed_is_not_late_but_waits_for_its_head(city: SimpleNamespace) -> None:
    opened(city, asks_supports=False)
    for row in CheckIn.objects.all():
        checkins.file_check_in(row, version=0, **SAID, by=city.clerk, at=at("2026-04-02"))
    run_days("2026-04-04", "2026-04-09")
    assert [(who, text) for who, _, text in told()] == [
        (city.head.name, "本单位 2 项未审签。原定 2026-04-03 截止。"),
        (city.planner.name, "1 个单位：高新处 2 项未审签。原定 2026-04-03 截止。"),
    ]
    for row in CheckIn.objects.all():
        checkins.sign_check_in(row, by=city.head, at=at("2026-04-10"))
    assert checkins.escalate(at=at("2026-04-20")) == 0


def test_a_worker_that_was_down_catches_up_in_one_go(city: SimpleNamespace) -> None:
    opened(city, asks_supports=False)
    assert checkins.escalate(at=at("2026-04-20")) == 2
    assert checkins.escalate(at=at("2026-04-20")) == 0
    assert len(told()) == 5


def test_more_time_starts_the_count_anew(city: SimpleNamespace) -> None:
    opened(city, asks_supports=False)
    run_days("2026-04-04", "2026-04-07")
    row = form(city)
    with pytest.raises(Unacceptable, match="2026-04-11 是休息日，请改选工作日，例如 2026-04-13"):
        checkins.extend_check_in(row, due_on=date(2026, 4, 11), why="等统计", by=city.planner, at=at("2026-04-08"))
    with pytest.raises(Unacceptable, match="应晚于原定的2026-04-03"):
        checkins.extend_check_in(row, due_on=date(2026, 4, 2), why="等统计", by=city.planner, at=at("2026-04-08"))
    row = checkins.extend_check_in(row, due_on=date(2026, 4, 10), why="等统计", by=city.planner, at=at("2026-04-08"))
    assert (row.told, row.due_on) == (0, date(2026, 4, 10))
    run_days("2026-04-08", "2026-04-14")
    assert [(who, day) for who, day, text in told() if "04-10" in text] == [
        (city.head.name, "04-11"),
        (city.clerk.name, "04-11"),
        (city.head.name, "04-13"),
    ]


def test_a_round_as_a_whole_gets_more_time_and_is_closed(city: SimpleNamespace) -> None:
    march = opened(city)
    with pytest.raises(Refused):
        checkins.extend_round(march, due_on=date(2026, 4, 8), why="会期", by=city.head, at=at("2026-04-01"))
    march = checkins.extend_round(march, due_on=date(2026, 4, 8), why="会期", by=city.planner, at=at("2026-04-01"))
    assert set(march.checkins.values_list("due_on", flat=True)) == {date(2026, 4, 8)}
    assert checkins.escalate(at=at("2026-04-08")) == 0
    checkins.close_round(march, by=city.planner, at=at("2026-04-08"))
    assert checkins.escalate(at=at("2026-04-20")) == 0
    with pytest.raises(Unacceptable, match="已办结，不再接收填报"):
        checkins.file_check_in(form(city), version=None, **SAID, by=city.clerk, at=at("2026-04-20"))
    checkins.reopen_round(march, why="漏报", by=city.planner, at=at("2026-04-20"))
    assert checkins.escalate(at=at("2026-04-20")) > 0


def test_a_killed_run_leaves_nothing_half_saved_and_tells_nobody_twice(city: SimpleNamespace) -> None:
    """The process dies after the steps are marked, before the notices are written; the next run tells everybody once."""
    opened(city, asks_supports=False)

    class Killed(BaseException):
        """What a signal does to a process, as far as a test can tell."""

    @contextmanager
    def dying() -> Iterator[None]:
        def die(*_: Any, **__: Any) -> int:
            raise Killed

        kept = escalation.tell
        escalation.tell = die
        try:
            yield
        finally:
            escalation.tell = kept

    entries = AuditEntry.objects.count()
    with dying(), pytest.raises(Killed):
        checkins.escalate(at=at("2026-04-07"))
    assert not told()
    assert {row.told for row in CheckIn.objects.all()} == {0}
    assert AuditEntry.objects.count() == entries
    for _ in range(2):
        checkins.escalate(at=at("2026-04-07"))
    assert len(told()) == 3


def test_mail_goes_out_with_the_notice(city: SimpleNamespace, settings: Any) -> None:
    settings.EMAIL_HOST = "localhost"
    type(city.clerk).objects.filter(pk=city.clerk.pk).update(email="clerk@example.test")
    opened(city, asks_supports=False)
    checkins.escalate(at=at("2026-04-04"))
    assert NoticeMail.objects.count() == 2  # the round opened, the round late
    notices.send_waiting(clock=lambda: at("2026-04-04"))
    assert any("调度逾期" in message.subject for message in mail.outbox)


def test_the_workers_round_opens_and_escalates(city: SimpleNamespace) -> None:
    checkins.start_rhythm(
        city.plan, cadence="monthly", rule="workday_after", number=3, open_workdays=5, from_period="2026-03",
        asks_supports=False, by=city.planner, at=at("2026-03-05"),
    )  # fmt: skip
    time_passed.send_robust(None, at=at("2026-03-27"))
    assert CheckInRound.objects.count() == 1
    time_passed.send_robust(None, at=at("2026-04-04"))
    assert told()


def test_a_countys_plan_is_told_within_the_county(city: SimpleNamespace) -> None:
    clerk = city.people["county_clerk"]
    plan = make_plan.published(organisation=city.qingling, by=clerk)
    make_plan.check_in(make_plan.target(plan, "中试基地"), city.qingling, due_on=date(2026, 4, 3))
    checkins.escalate(at=at("2026-04-20"))
    assert {name for name, *_ in told()} == {clerk.name}


def test_a_demoted_reader_is_not_told(city: SimpleNamespace) -> None:
    """Who left the office between opening and lateness hears no more of it."""
    opened(city, asks_supports=False)
    other = make.person("clerk", city.gaoxin, until_on=date(2026, 4, 1))
    checkins.escalate(at=at("2026-04-04"))
    assert not Notice.objects.filter(recipient=other).exists()


@given(
    due=st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31)),
    exceptions=st.dictionaries(st.dates(date(2026, 1, 1), date(2028, 3, 1)), st.booleans(), max_size=20),
)
@pytest.mark.once
def test_steps_follow_one_another_by_working_days(due: date, exceptions: dict[date, bool]) -> None:
    """Seen day by day, a step never falls back, the first comes on the morrow, and each after exactly its working days."""
    calendar = WorkCalendar(exceptions)
    reached: dict[Step, date] = {}
    before = 0
    for n in range(60):
        on = due + timedelta(days=n)
        steps = [step for step, edge in due_before(on, calendar=calendar).items() if due < edge]
        assert len(steps) >= before
        assert steps == list(Step)[: len(steps)]
        before = len(steps)
        for step in steps:
            reached.setdefault(step, on)
    assert reached[Step.FILLER] == due + timedelta(days=1)
    for step in (Step.HEAD, Step.PLANNER, Step.LEADER):
        assert reached[step] == calendar.after(due, WORKDAYS_LATE[step])

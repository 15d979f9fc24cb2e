"""The demo year of check-ins: a monthly rhythm, rounds reported up to now, some late, one returned, some not yet in."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.plans.queries.checkins import OpenRound, WaitingForm, forms_of, open_rounds, waiting_forms
from keshu.apps.plans.queries.courses import Course
from keshu.apps.plans.services import checkins
from keshu.apps.plans.services.checkins.contents import Contents
from keshu.apps.plans.services.checkins.past_reports import PastReport, enter_past_reports
from keshu.site.demo.city import BODIES

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan
    from keshu.kernel.workdays import WorkCalendar

SEED = 20260212
# Who reports and who signs for an organisation; the others' reports were handed in on paper.
REPORTERS = {
    "高新处": ("clerk", "head"),
    "成果处": ("head.chengguo", "head.chengguo"),
    "平台处": ("head.pingtai", "head.pingtai"),
    "青岭县": ("county", "county"),
    "云澜高新区": ("park", "park"),
}
ON_PAPER = ("planner2", "planner2")
# In the latest round these have not yet reported, and this one's waits to be signed.
NOT_YET_IN = ("石溪县", "松坪县", "农社处")
WAITING = "高新处"
AREAS = frozenset(body.short_name for body in BODIES if body.kind in ("county", "park"))
PER_CENT = ("share", "growth_rate")
TO_DATE = ("increase", "count")
# Where a stock stood at the beginning of the year, in parts of what is asked, when no document says.
STOOD_AT = Decimal("0.85")
# What offices say of the months so far, of what goes well and of what goes slowly; each task begins elsewhere in the list.
ON_PACE = (
    "1—{month}月，各项工作按计划推进，阶段任务全部落实。",
    "截至{month}月底，已召开推进会{month}次，责任到人，进展符合预期。",
    "1—{month}月，工作台账逐月更新，重点环节已全部启动。",
    "截至{month}月底，实施方案已印发，第一批任务已验收。",
    "1—{month}月，走访服务企业{month}批次，意见建议已逐条办理。",
)
SLOW = (
    "1—{month}月，进度稍慢，已与责任单位约谈，明确了补进度的时间表。",
    "截至{month}月底，前期手续办理偏慢，正在加快推进。",
    "1—{month}月，部分环节晚于计划，已增派人员集中攻坚。",
    "截至{month}月底，材料审核用时较长，已改为随报随审。",
)
PROBLEMS = ("部分企业材料准备偏慢。", "配套资金尚未到位。", "统计数据滞后一个月。", "")
HELP = ("请市财政局协调拨付进度。", "建议召开专题推进会。", "", "", "")


def begin_rhythm(plan: WorkPlan, *, staff: Mapping[str, User], now: datetime) -> datetime:
    """The year's rhythm, from when the plan was out; the moment it began."""
    started = min(max(_moment(date(plan.year or now.year, 2, 16), 10), plan.released_at or now), now)
    checkins.start_rhythm(
        plan, cadence="monthly", rule="workday_after", number=3, open_workdays=5, from_period=f"{plan.year}-02",
        asks_supports=True, by=staff["planner"], at=started,
    )  # fmt: skip
    return started


def live_until(
    moment: datetime,
    plan: WorkPlan,
    *,
    since: datetime,
    bodies: Mapping[str, Organisation],
    staff: Mapping[str, User],
    chance: random.Random,
) -> None:
    """Let the months from `since` to before the day of `moment` pass: what was due by then is reported, nothing later."""
    day = timezone.localtime(moment).date()
    _open_rounds(since, moment)
    for each in open_rounds(plan.pk):
        if each.due_on < day:
            _report(each, bodies, staff, chance, is_latest=False, now=moment)


def live_through(
    plan: WorkPlan,
    *,
    since: datetime,
    bodies: Mapping[str, Organisation],
    staff: Mapping[str, User],
    chance: random.Random,
    now: datetime,
) -> None:
    """Let the time from `since` to now pass. The same city on the same day, whenever it is loaded."""
    _open_rounds(since, now)
    first = timezone.localtime(since).date()
    rounds = [each for each in open_rounds(plan.pk) if each.due_on >= first]
    for each in rounds:
        _report(each, bodies, staff, chance, is_latest=each == rounds[-1], now=now)
    if rounds:
        _go_through_returns(rounds[-1], staff, now)
        _remind(rounds[-1], now)


def _open_rounds(since: datetime, until: datetime) -> None:
    calendar = work_calendar()
    for day in _days(timezone.localtime(since).date(), timezone.localtime(until).date()):
        if calendar.is_workday(day):
            checkins.open_due_rounds(at=min(_moment(day, 8), until))


def _report(
    asked: OpenRound,
    bodies: Mapping[str, Organisation],
    staff: Mapping[str, User],
    chance: random.Random,
    *,
    is_latest: bool,
    now: datetime,
) -> None:
    names = {body.pk: name for name, body in bodies.items()}
    reports = _reports(asked, names, staff, chance, calendar=work_calendar(), is_latest=is_latest, now=now)
    enter_past_reports(asked.id, reports, by=staff["planner"], at=min(_moment(asked.due_on, 17), now))


def _reports(
    asked: OpenRound,
    names: Mapping[int, str],
    staff: Mapping[str, User],
    chance: random.Random,
    *,
    calendar: WorkCalendar,
    is_latest: bool,
    now: datetime,
) -> list[PastReport]:
    found = []
    for form in waiting_forms(asked.id):
        name = names[form.organisation_id]
        contents, days = _contents(form, asked, chance), _days_late(chance)
        if name in AREAS:
            contents = replace(contents, value=_part_of(contents.value, form, name))
        filed_at = _moment(calendar.after(asked.due_on, days), 15)
        if is_latest and (name in NOT_YET_IN or filed_at > now):
            continue
        filer, signer = (staff[username].pk for username in REPORTERS.get(name, ON_PAPER))
        report = PastReport(form.id, contents, filer, min(filed_at, now))
        if not (is_latest and name == WAITING):
            report = replace(report, signed_by_id=signer, signed_at=min(filed_at + timedelta(hours=1), now))
        found.append(report)
    return found


def _contents(form: WaitingForm, asked: OpenRound, chance: random.Random) -> Contents:
    month = asked.last_on.month
    pace = random.Random(f"{SEED} {form.title}").uniform(0.82, 1.15)
    done = min(1.0, month / 12 * pace)
    said = ON_PACE if pace > 0.95 else SLOW
    place = random.Random(f"{form.title} words").randrange(len(said))
    return Contents(
        progress=said[(place + month) % len(said)].format(month=month),
        percent=None if form.is_target else round(done * 100),
        value=_value(form, done, pace) if form.is_lead else None,
        problems=chance.choice(PROBLEMS) if pace < 0.95 else "",
        help_needed=chance.choice(HELP) if pace < 0.95 else "",
    )


def _value(form: WaitingForm, done: float, pace: float) -> Decimal | None:
    """Rates come near what is asked, stocks too, from where the year before left them; what counts up grows with the months."""
    if form.value is None:
        return None
    if form.measure == "rank":
        return form.value
    if form.measure in PER_CENT:
        reached = float(form.value) * (0.9 + 0.1 * done * pace)
        return Decimal(str(round(reached, 2)))
    begins_anew = form.course == Course.ACCRUES or form.measure in TO_DATE
    base = 0.0 if begins_anew else float(form.base or form.value * STOOD_AT)
    reached = base + (float(form.value) - base) * done
    return Decimal(str(round(reached, 1))) if "元" in form.unit else Decimal(round(reached))


def _part_of(value: Decimal | None, form: WaitingForm, name: str) -> Decimal | None:
    """What one county or park brings of a figure: its own height of a rate, its own part of a count."""
    if value is None or form.measure == "rank":
        return value
    own = random.Random(f"{SEED} {form.title} {name}")
    if form.unit == "%":
        return min(Decimal(str(round(float(value) * own.uniform(0.86, 1.04), 2))), Decimal(100))
    part = float(value) * own.uniform(0.08, 0.24)
    return Decimal(str(round(part, 1))) if "元" in form.unit else Decimal(round(part))


def _days_late(chance: random.Random) -> int:
    """Most report a day or two early, a few late."""
    return chance.choices((-2, -1, 0, 1, 3), weights=(40, 35, 19, 4, 2))[0]


def _go_through_returns(latest: OpenRound, staff: Mapping[str, User], now: datetime) -> None:
    """The head signs what waits but for the last two: one is returned, one still waits."""
    waiting = [form for form in forms_of(staff["head"], round_id=latest.id) if form.state == "filed"]
    at = min(_moment(latest.due_on + timedelta(days=1), 10), now)
    for form in waiting[:-2]:
        checkins.sign_check_in(form, by=staff["head"], at=at)
    for form in waiting[-2:-1]:
        checkins.return_check_in(form, why="请补充名单，并说明与上月相比的变化。", by=staff["head"], at=at)


def _remind(latest: OpenRound, now: datetime) -> None:
    for day in _days(latest.due_on + timedelta(days=1), timezone.localtime(now).date()):
        checkins.escalate(at=min(_moment(day, 9), now))


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))

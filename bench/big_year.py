"""A year of two large plans, for measuring: 300 tasks by 60 offices by 12 rounds, and 5,100 targets with their history.

Of the first plan every office is asked about every task and its target: 36,000 forms a round, 432,000 a year. Ten rounds are
over (a few forms late, a few never signed), the eleventh runs, the twelfth has just opened. Of the second only those who lead
are asked; each target has the figures of two earlier years. Beside them 2,000 issues, 500 supervision notices and a meeting.
"""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from big_plan import new_plan, write_plan
from keshu.apps.bureau.models import Organisation, User
from keshu.apps.plans.models import (
    AgendaItem,
    CheckIn,
    CheckInRound,
    CheckInState,
    Issue,
    Meeting,
    PastFigure,
    Rhythm,
    SupervisionItem,
    SupervisionNotice,
    Target,
    WorkPlan,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = ("六十个单位的全年调度", "五千项目标的全年调度")
CLOSED_ROUNDS = 10


@dataclass(frozen=True)
class Wave:
    """Every `each`-th form from `first` on passes into a state."""

    each: int
    first: int
    state: str


#: What became of the forms of a round that is over, and of the one that runs.
OVER = (Wave(97, 1, CheckInState.FILED), Wave(211, 2, CheckInState.OPEN), Wave(307, 3, CheckInState.EXCUSED))
RUNNING = (Wave(3, 0, CheckInState.OPEN), Wave(3, 1, CheckInState.FILED), Wave(41, 2, CheckInState.RETURNED))


def year_plans() -> list[WorkPlan]:
    """The two plans, where they are there."""
    return list(WorkPlan.objects.filter(source__engine_version="bench-year").order_by("pk"))


def build_year(*, on: date, at: datetime) -> list[WorkPlan]:
    """Both plans with their year, as it stands some weeks before its end."""
    bureau = Organisation.objects.get(kind="bureau", parent__kind="city")
    planner = User.objects.get(username="planner")
    offices = [Organisation.objects.get(short_name="高新处"), *Organisation.objects.filter(position__gt=1000)[:59]]
    plans = []
    for title, targets in zip(TITLES, (1, 17), strict=True):
        plan = new_plan(bureau, planner, at=at, title=title, year=on.year, kind="action_plan", version="bench-year")
        write_plan(plan, offices, on=on, at=at, targets=targets)
        plans.append(plan)
    Rhythm.objects.create(plan=plans[0], from_period=f"{on.year}-01")
    Rhythm.objects.create(plan=plans[1], from_period=f"{on.year}-01", asks_supports=False)
    for plan in plans:
        _give_history(plan)
    return plans


def run_year(plan: WorkPlan, first: CheckInRound, *, at: datetime) -> None:
    """From the first round, opened through the services, the eleven others, and what was reported in all."""
    head = User.objects.get(username="head")
    planner = User.objects.get(username="planner")
    rounds = [first, *(_round(plan, month, at=at) for month in range(2, 13))]
    for each in rounds[1:]:
        _copy_forms(first, each)
    for number, each in enumerate(rounds, start=1):
        rows = CheckIn.objects.filter(round=each)
        if number > CLOSED_ROUNDS + 1:
            continue
        filed_at = timezone.make_aware(datetime.combine(each.due_on - timedelta(days=1), time(10)))
        said = {
            "progress": f"第{number}期：按计划推进，已开展对接走访，形成清单并逐项落实。",
            "filed_by": head,
            "filed_at": filed_at,
        }
        rows.update(state=CheckInState.SIGNED, signed_by=head, signed_at=filed_at, version=3, **said)
        rows.filter(node__isnull=False).update(percent=min(100, 8 * number + 3))
        asked = Target.objects.filter(pk=OuterRef("target_id")).values("value")
        rows.filter(target__isnull=False).update(value=Subquery(asked) * number / 12)
        late = rows.alias(mod=F("pk") % 50).filter(mod=7)
        late.update(filed_at=filed_at + timedelta(days=4), signed_at=filed_at + timedelta(days=5))
        rows.alias(mod=F("pk") % 60).filter(mod=8).update(problems="用地指标尚未落实。", help_needed="请协调用地预审。")
        for wave in OVER if number <= CLOSED_ROUNDS else RUNNING:
            some = rows.alias(mod=F("pk") % wave.each).filter(mod=wave.first)
            undone: dict[str, Any] = {"signed_by": None, "signed_at": None}
            if wave.state in (CheckInState.OPEN, CheckInState.EXCUSED):
                undone |= {"filed_by": None, "filed_at": None, "value": None, "percent": None, "progress": ""}
            some.update(state=wave.state, **undone)
        if number <= CLOSED_ROUNDS:
            CheckInRound.objects.filter(pk=each.pk).update(closed_at=at)
    _add_matters(plan, planner, at=at)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _round(plan: WorkPlan, month: int, *, at: datetime) -> CheckInRound:
    year = plan.year or at.year
    last_on = date(year, month, monthrange(year, month)[1])
    return CheckInRound.objects.create(
        plan=plan, key=f"{year}-{month:02}", first_on=date(year, month, 1), last_on=last_on,
        due_on=last_on + timedelta(days=5), opened_at=timezone.make_aware(datetime.combine(last_on, time(8))),
    )  # fmt: skip


def _copy_forms(first: CheckInRound, to: CheckInRound) -> None:
    """The forms of the first round once more, in the database."""
    quoted = connection.ops.quote_name
    fields = [field for field in CheckIn._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quoted(field.column) for field in fields)
    given = {"round_id": to.pk, "due_on": to.due_on}
    taken = ", ".join("%s" if field.attname in given else quoted(field.column) for field in fields)
    values = [given[field.attname] for field in fields if field.attname in given]
    table = quoted(CheckIn._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {taken} FROM {table} WHERE round_id = %s ORDER BY id",
            [*values, first.pk],
        )


def _give_history(plan: WorkPlan) -> None:
    """Two years of months for each target, some seasonal and all uneven."""
    chance = random.Random(plan.pk)
    PastFigure.objects.bulk_create(
        (figure for target in plan.targets.order_by("pk") for figure in _figures(target, chance)), batch_size=5000
    )


def _figures(target: Target, chance: random.Random) -> Iterator[PastFigure]:
    year, height = (target.plan.year or 0), float(target.value or 100)
    shape = [1 + 0.6 * chance.random() + (month in (5, 11)) * 0.5 for month in range(12)]
    for back in (2, 1):
        reached = 0.0
        for month, part in enumerate(shape, start=1):
            reached += height * 0.95**back / sum(shape) * part * chance.uniform(0.8, 1.2)
            value = Decimal(str(round(reached, 2)))
            yield PastFigure(target=target, period=f"{year - back}-{month:02}", value=value, source="统计年报")


def _add_matters(plan: WorkPlan, planner: User, *, at: datetime) -> None:
    """Issues, notices and a meeting about the plan's rows."""
    year, on = plan.year or at.year, at.date()
    targets, tasks = list(plan.targets.order_by("pk")[:300]), list(plan.nodes.filter(kind="action").order_by("pk"))
    offices = list(Organisation.objects.filter(kind="office", parent=plan.organisation_id).order_by("pk")[:60])
    start = 1 + max(Issue.objects.filter(year=year).values_list("number", flat=True), default=0)
    states = ("raised", "assigned", "assigned", "fulfilled", "confirmed", "confirmed", "cancelled")
    Issue.objects.bulk_create(
        [
            Issue(
                number=start + n, year=year, title=f"第{n}个问题：要素保障尚未落实", plan=plan,
                target=targets[n % 300] if n % 2 else None, node=None if n % 2 else tasks[n % 300], raised_by=planner,
                raised_for=plan.organisation, raised_at=at - timedelta(days=n % 200), owner=offices[n % len(offices)],
                measure="逐项会商。", due_on=on + timedelta(days=n % 60 - 30), state=states[n % 7],
                closed_at=at if states[n % 7] in ("confirmed", "cancelled") else None,
            )
            for n in range(1000)
        ],
        batch_size=200,
    )  # fmt: skip
    first = 1 + max(
        SupervisionNotice.objects.filter(year=year, number__isnull=False).values_list("number", flat=True), default=0
    )
    ways = ("issued", "signed_for", "replied", "returned", "accepted", "closed")
    SupervisionNotice.objects.bulk_create(
        [
            SupervisionNotice(
                number=first + n, year=year, title=f"关于第{n}项工作的督办", demand="请于时限前办结并回复。", plan=plan,
                issuer=plan.organisation, addressee=offices[n % len(offices)], written_by=planner, written_at=at,
                issued_by=planner, issued_at=at - timedelta(days=n % 90), due_on=on + timedelta(days=n % 40 - 20),
                state=ways[n % 6], closed_at=at if ways[n % 6] == "closed" else None,
            )
            for n in range(250)
        ],
        batch_size=200,
    )  # fmt: skip
    notices = list(SupervisionNotice.objects.filter(plan=plan).order_by("pk"))
    SupervisionItem.objects.bulk_create(
        [
            SupervisionItem(notice=notice, position=1 + m, text="加快推进", target=targets[(n + m) % 300])
            for n, notice in enumerate(notices)
            for m in range(3)
        ],
        batch_size=200,
    )
    meeting = Meeting.objects.create(
        organisation=plan.organisation, plan=plan, title="十一月局长办公会", held_on=on + timedelta(days=3),
        since=on - timedelta(days=30), called_by=planner,
    )  # fmt: skip
    AgendaItem.objects.bulk_create(
        [
            AgendaItem(
                meeting=meeting, section=("late", "at_risk", "asked", "done")[n % 4], target=targets[n],
                organisation=offices[n % len(offices)], title=targets[n].indicator, text="进展缓慢。", position=n,
            )
            for n in range(200)
        ]
    )  # fmt: skip

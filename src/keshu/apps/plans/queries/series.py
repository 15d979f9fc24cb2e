"""The series of a target: this year's signed figures, earlier years' of the same indicator, and figures entered by hand.

Each point is the figure at a period's end: of what accrues, for the year so far. ``within`` gives what each period brought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from keshu.apps.plans.models import CheckIn, CheckInState, Part, PastFigure, PlanState, Target, Tense, WorkPlan
from keshu.apps.plans.queries.amounts import base_unit
from keshu.apps.plans.queries.courses import Course, adds_over_offices, course_of
from keshu.kernel.period import Period

COUNTIES = ("county", "park")
# A figure stands for its whole period when it runs to so close before the period's end (a week may end before its month).
NEAR_END = timedelta(days=6)


@lru_cache(maxsize=1000)
def period_of(text: str) -> Period:
    """A period as it is written: the same few are asked for with every target."""
    return Period.parse(text)


@lru_cache(maxsize=1000)
def last_day_of(period: str) -> date:
    return period_of(period).last_day


@dataclass(frozen=True, slots=True)
class Point:
    """A figure at the end of ``period`` (a month, or a quarter where only quarters are known), in the target's unit."""

    period: str
    value: Decimal
    as_of: date
    source: str

    @property
    def year(self) -> int:
        return int(self.period[:4])

    @property
    def month(self) -> int:
        """The period's last month, 1 to 12."""
        return last_day_of(self.period).month

    @property
    def is_whole(self) -> bool:
        """Whether the figure runs to the period's end."""
        return self.as_of >= last_day_of(self.period) - NEAR_END


@dataclass(frozen=True, slots=True)
class Series:
    """The points of a target in time's order; at most one for a period."""

    course: Course
    year: int
    points: tuple[Point, ...] = ()

    @property
    def accrues(self) -> bool:
        return self.course == Course.ACCRUES

    @property
    def of_this_year(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.year == self.year)

    @property
    def last(self) -> Point | None:
        """This year's newest figure."""
        return next(iter(reversed(self.of_this_year)), None)

    @property
    def end_of_last_year(self) -> Decimal | None:
        """What last year ended with, where its December is known."""
        found = [point for point in self.points if point.year == self.year - 1]
        return found[-1].value if found and found[-1].month == 12 else None

    def within(self) -> tuple[tuple[str, Decimal], ...]:
        """What each period brought; of a course that does not accrue, the figures as they are."""
        if not self.accrues:
            return tuple((point.period, point.value) for point in self.points)
        found, before = [], (0, Decimal(0))
        for point in self.points:
            start = before[1] if before[0] == point.year else Decimal(0)
            found.append((point.period, point.value - start))
            before = (point.year, point.value)
        return tuple(found)


def series_of(target: Target, *, on: date) -> Series:
    """The series of one target as known on a day. Three queries."""
    return series_of_targets([target], plan=target.plan, on=on)[target.pk]


def series_of_targets(targets: Sequence[Target], *, plan: WorkPlan, on: date) -> dict[int, Series]:
    """The series of targets of one plan as known on a day (figures of later periods are left out). Three queries."""
    year = plan.year or on.year
    kin = _kin(targets, plan=plan)
    owners = {pk: target.pk for target in targets for pk in [target.pk, *(each.pk for each in kin[target.pk])]}
    by_pk = {target.pk: target for target in targets}
    scales = {target.pk: Decimal(1) for target in targets}
    for target in targets:
        for other in kin[target.pk]:
            scales[other.pk] = base_unit(other.unit)[0] / base_unit(target.unit)[0]
    found: dict[int, dict[str, Point]] = defaultdict(dict)
    # What is put in later prevails: figures of kin, then of the target itself; entered by hand, then signed.
    for pk, period, value, source in _entered(owners):
        _put(found[owners[pk]], Point(period, value, last_day_of(period), source), scales[pk], on=on)
    own = set(by_pk)
    for pk, points in sorted(_signed(owners, by_pk).items(), key=lambda pair: pair[0] in own):
        for point in points:
            _put(found[owners[pk]], point, scales[pk], on=on)
    return {
        target.pk: Series(
            course_of(target),
            year,
            tuple(sorted(found[target.pk].values(), key=lambda each: (each.as_of, each.period))),
        )
        for target in targets
    }


def _put(points: dict[str, Point], point: Point, scale: Decimal, *, on: date) -> None:
    if point.as_of <= on:
        points[point.period] = point if scale == 1 else replace(point, value=point.value * scale)


def _kin(targets: Sequence[Target], *, plan: WorkPlan) -> dict[int, list[Target]]:
    """Targets of the same indicator and course in the organisation's earlier plans and in this plan's earlier revisions.

    Where an indicator stands in a plan several times, its history belongs to the first only. One query.
    """
    found: dict[int, list[Target]] = {target.pk: [] for target in targets}
    keys = {target.indicator_key for target in targets if target.indicator_key}
    if not keys or plan.year is None:
        return found
    earlier = Q(plan__year__lt=plan.year) | Q(plan__year=plan.year, plan__state=PlanState.SUPERSEDED)
    rows = (
        Target.objects.kept()
        .filter(earlier, plan__organisation=plan.organisation_id, tense=Tense.TARGET, floor__isnull=True)
        .filter(plan__state__in=(PlanState.PUBLISHED, PlanState.SUPERSEDED))
        .exclude(plan=plan)
        .order_by("plan__year", "plan__revision", "position", "pk")
    )
    if len(keys) <= 200:
        rows = rows.filter(indicator_key__in=keys)
    by_key: dict[str, list[Target]] = defaultdict(list)
    for row in rows.only("pk", "indicator", "indicator_key", "measure", "unit", "op", "per", "period", "plan_id"):
        by_key[row.indicator_key].append(row)
    taken: set[str] = set()
    for target in targets:
        if target.indicator_key in taken or target.indicator_key not in by_key:
            continue
        taken.add(target.indicator_key)
        course, unit = course_of(target), base_unit(target.unit)[1]
        found[target.pk] = [
            row
            for row in by_key[target.indicator_key]
            if course_of(row) == course and base_unit(row.unit)[1] == unit and row.per == target.per
        ]
    return found


def _entered(owners: Mapping[int, int]) -> list[tuple[int, str, Decimal, str]]:
    """Past figures of these targets; those of a target itself come last."""
    rows = PastFigure.objects.values_list("target_id", "period", "value", "source")
    found = _within(rows, "target_id", owners)
    return [
        (pk, period, value, source) for pk, period, value, source in sorted(found, key=lambda r: owners[r[0]] == r[0])
    ]


def _within(rows: QuerySet[Any, Any], field: str, owners: Mapping[int, int]) -> list[tuple[Any, ...]]:
    """The rows about these targets; so many that they cannot be named one by one are read in portions."""
    ids = sorted(owners)
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(ids), 5000):
        found += rows.filter(**{f"{field}__in": ids[start : start + 5000]})
    return found


def _signed(owners: Mapping[int, int], by_pk: Mapping[int, Target]) -> dict[int, list[Point]]:
    """The signed figures of each target by month, several counties' added up."""
    rows = (
        CheckIn.objects.filter(part=Part.LEAD, state=CheckInState.SIGNED, value__isnull=False)
        .order_by("round__last_on", "organisation__position", "organisation_id")
        .values_list(
            "target_id", "round__key", "round__last_on", "organisation_id", "organisation__kind", "value"
        )
    )  # fmt: skip
    entries: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in _within(rows, "target_id", owners):
        entries[row[0]].append(row)
    adding = {pk: adds_over_offices(target, course_of(target)) for pk, target in by_pk.items()}
    return {pk: _points(each, adds=adding[owners[pk]]) for pk, each in entries.items()}


def _points(rows: Sequence[tuple[Any, ...]], *, adds: bool) -> list[Point]:
    """One point for each period; a county that has not signed this time counts with its figure before.

    Where an office of the bureau reports the whole, what counties report beside it is their part of it and no point.
    """
    reported = {int(month_of(row[1], row[2])[:4]) for row in rows if row[4] not in COUNTIES}
    rows = [row for row in rows if row[4] not in COUNTIES or int(month_of(row[1], row[2])[:4]) not in reported]
    is_shared = adds and len({row[3] for row in rows}) > 1 and all(row[4] in COUNTIES for row in rows)
    found: dict[str, Point] = {}
    latest: dict[tuple[int, int], Decimal] = {}
    first_of: dict[str, tuple[date, bool]] = {}
    for _, key, last_on, organisation_id, kind, value in rows:
        period = month_of(key, last_on)
        year = int(period[:4])
        latest[year, organisation_id] = value
        source = f"{year}年调度"
        if is_shared:
            total = sum((each for (of, _), each in latest.items() if of == year), Decimal(0))
            found[period] = Point(period, total, last_on, source)
            continue
        # Of several that report the same figure the first in the register speaks, bureau offices before counties.
        is_county, known = kind in COUNTIES, first_of.get(period)
        if known is None or known[0] < last_on or (known[1] and not is_county):
            first_of[period] = (last_on, is_county)
            found[period] = Point(period, value, last_on, source)
    return list(found.values())


def month_of(key: str, last_on: date) -> str:
    """The period a round's figure stands for: its own; of a week the month it ends in, a later week's prevailing.

    The last week of a year counts in that year's December, also when it ends in January.
    """
    if "-W" not in key:
        return key
    year = int(key[:4])
    return str(Period.month(year, last_on.month if last_on.year == year else 12))

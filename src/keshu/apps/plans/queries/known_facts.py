"""What the ledger knows of a year, as the facts that a draft is checked against: targets of every tier and revision, signed
figures of offices and counties, past figures, and what published summaries say was achieved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.queries.organisations import aliases_of, ancestors_of, of_kinds
from keshu.apps.plans.models import (
    CheckIn,
    CheckInState,
    Part,
    PlanKind,
    PlanState,
    Target,
    Tense,
    Tier,
    WorkPlan,
)
from keshu.apps.plans.queries.choosing import nearness
from keshu.apps.plans.queries.comparing import is_net
from keshu.apps.plans.queries.indicator_names import FAMILIES
from keshu.apps.plans.queries.series import COUNTIES, month_of, series_of_targets
from keshu.engines.factcheck import Fact, FactKind, Family, Ledger, Organisation
from keshu.kernel.period import Period
from keshu.kernel.rhythm import name_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# Facts reach so many years back: what a draft compares with is rarely older.
YEARS_BACK = 2


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signed figure of this year: whose, of which target and month, and where it is found."""

    checkin_id: int
    target_id: int
    month: str
    organisation_id: int
    name: str
    kind: str
    value: Decimal
    signed_on: date | None


def known_facts(user: User, *, year: int, on: date) -> Ledger | None:
    """The facts of a year and the two before it that the person may see; None where nothing is published.

    ``home`` is the body whose plan is nearest to the person. Achieved figures run to the last month signed by `on`.
    """
    plans = _plans(user, year=year)
    if not plans:
        return None
    home = max(plans, key=lambda plan: (nearness(plan, user), plan.year or 0, -plan.pk)).organisation
    rows = _targets(plans)
    signed = _signed(user, plans, on=on)
    facts = [*_stated(rows), *_reported(rows, plans, signed, on=on), *_of_counties(rows, signed)]
    return Ledger(tuple(facts), _bodies(home, on=on), str(home.pk))


def _plans(user: User, *, year: int) -> list[WorkPlan]:
    """Published plans and what they replaced, of the year and the one before. One query."""
    rows = WorkPlan.objects.visible_to(user).filter(
        state__in=(PlanState.PUBLISHED, PlanState.SUPERSEDED), year__in=(year - 1, year)
    )
    return list(
        rows.select_related("organisation")
        .prefetch_related("superseded_by")
        .defer("source__text")
        .order_by("-year", "organisation__position", "-revision", "pk")
    )


def _targets(plans: Sequence[WorkPlan]) -> list[Target]:
    """Every figure of the plans but those said before. One query."""
    by_id = {plan.pk: plan for plan in plans}
    rows = list(
        Target.objects.kept()
        .filter(plan__in=plans, restates__isnull=True)
        .defer("reading", "doubts")
        .order_by("plan_id", "position", "pk")
    )
    for row in rows:
        row.plan = by_id[row.plan_id]
    return rows


def _signed(user: User, plans: Sequence[WorkPlan], *, on: date) -> list[_Signed]:
    """Signed figures of those who lead. One query."""
    rows = (
        CheckIn.objects.visible_to(user)
        .filter(
            round__plan__in=plans, part=Part.LEAD, state=CheckInState.SIGNED, value__isnull=False, round__last_on__lte=on
        )
        .order_by("round__last_on", "organisation__position", "pk")
        .values_list(
            "pk", "target_id", "round__key", "round__last_on", "organisation_id", "organisation__short_name",
            "organisation__name", "organisation__kind", "value", "signed_at",
        )
    )  # fmt: skip
    return [
        _Signed(
            pk,
            target_id,
            month_of(key, last_on),
            organisation_id,
            short_name or name,
            kind,
            value,
            None if signed_at is None else timezone.localtime(signed_at).date(),
        )
        for pk, target_id, key, last_on, organisation_id, short_name, name, kind, value, signed_at in rows
        if value is not None
    ]


def _stated(rows: Iterable[Target]) -> Iterable[Fact]:
    """What the documents themselves say: targets by tier, and achieved figures of summaries and of base-year columns."""
    source = reverse("plans:source", args=["target-0"])
    for row in rows:
        period = _period(row)
        if period is None or row.masked:
            continue
        yield Fact(
            id=f"target-{row.pk}",
            organisation=str(row.plan.organisation_id),
            period=period,
            kind=_kind(row),
            value=row.value,
            value_high=row.value_high,
            op=row.op,
            replaced_on=_replaced_on(row.plan),
            source=f"《{row.plan.title}》{f'第{row.plan.revision}版' if row.plan.revision > 1 else ''}",
            link=source.replace("target-0", f"target-{row.pk}"),
            **_meaning(row),
        )


def _meaning(row: Target) -> dict[str, Any]:
    """What the figure of a target counts. 净增 is another thing than 新认定 though the names fold to one."""
    name, _, family = row.indicator_key.rpartition("|")
    return {
        "key": f"{name}|净增" if is_net(row) else name,
        "names": (row.indicator,),
        "family": Family(FAMILIES.get(row.measure, family or row.measure)),
        "unit": row.unit,
        "per": row.per,
    }


def _kind(row: Target) -> FactKind:
    if row.tense == Tense.ACTUAL:
        return FactKind.ACHIEVED
    return FactKind.STRETCH if row.tier == Tier.STRETCH else FactKind.FLOOR


def _period(row: Target) -> Period | None:
    """The row's own period, else its document's year; a summary with next year's plan looks back a year."""
    if row.period:
        return Period.parse(row.period)
    if row.plan.year is None:
        return None
    looks_back = row.plan.kind == PlanKind.SUMMARY_AND_PLAN and row.tense == Tense.ACTUAL
    return Period.year(row.plan.year - 1 if looks_back else row.plan.year)


def _replaced_on(plan: WorkPlan) -> date | None:
    if plan.state != PlanState.SUPERSEDED:
        return None
    days = [timezone.localtime(each.released_at).date() for each in plan.superseded_by.all() if each.released_at]
    return min(days, default=date(plan.year or 1, 12, 31))


def _reported(
    rows: Sequence[Target], plans: Sequence[WorkPlan], signed: Sequence[_Signed], *, on: date
) -> Iterable[Fact]:
    """Each target's figures by month, of this year and before: the series that its page shows. Three queries a plan."""
    named: dict[tuple[int, str], _Signed] = {}
    for each in signed:
        known = named.get((each.target_id, each.month))
        if known is None or (known.kind in COUNTIES and each.kind not in COUNTIES):
            named[each.target_id, each.month] = each
    for plan in plans:
        if plan.state != PlanState.PUBLISHED:
            continue
        goals = [row for row in rows if row.plan_id == plan.pk and row.tense == Tense.TARGET and row.floor_id is None]
        series = series_of_targets(goals, plan=plan, on=on) if goals else {}
        for row in goals:
            for point in series[row.pk].points:
                if point.year < (plan.year or 0) - YEARS_BACK:
                    continue
                at = named.get((row.pk, point.period))
                yield _achieved(row, point.period, point.value, source=_source(at, point.source, point.period), at=at)


def _of_counties(rows: Sequence[Target], signed: Sequence[_Signed]) -> Iterable[Fact]:
    """What each county reported of its own."""
    by_id = {row.pk: row for row in rows}
    for each in signed:
        row = by_id.get(each.target_id)
        if row is not None and each.kind in COUNTIES and each.organisation_id != row.plan.organisation_id:
            source = _source(each, "", each.month)
            yield _achieved(row, each.month, each.value, source=source, at=each, organisation_id=each.organisation_id)


def _achieved(
    row: Target, month: str, value: Decimal, *, source: str, at: _Signed | None, organisation_id: int | None = None
) -> Fact:
    last = Period.parse(month).last
    return Fact(
        id=f"checkin-{at.checkin_id}" if at is not None else f"series-{row.pk}-{month}",
        organisation=str(organisation_id or row.plan.organisation_id),
        period=Period(last - last % 12, last),
        kind=FactKind.ACHIEVED,
        value=value,
        source=source,
        link=_page("plans:target-detail", row.pk) if at is None else _page("plans:checkin-detail", at.checkin_id),
        **_meaning(row),
    )


def _page(name: str, pk: int) -> str:
    return _first_page(name).replace("/0/", f"/{pk}/")


@cache
def _first_page(name: str) -> str:
    """Addresses are built from one: looking each up costs more than reading the figures."""
    return reverse(name, args=[0])


def _source(at: _Signed | None, source: str, period: str) -> str:
    """2026年10月调度，成果处填报，11月4日审签."""
    if at is None:
        return f"{source}，{name_of(period)}" if len(period) > 4 else source
    signed = f"，{at.signed_on.month}月{at.signed_on.day}日审签" if at.signed_on is not None else ""
    return f"{name_of(at.month)}调度，{at.name}填报{signed}"


def _bodies(home: Any, *, on: date) -> tuple[Organisation, ...]:
    """The ledger's own body with its city, and the counties and parks, by every name that documents give them."""
    near = of_kinds(COUNTIES, home=home, on=on)
    above = [each for each in ancestors_of(home) if each.kind == "city" and home.kind == "bureau"]
    aliases = aliases_of([home.pk, *(ref.id for ref in near), *(each.pk for each in above)])
    own = [name for each in (home, *above) for name in (each.short_name, each.name, *aliases.get(each.pk, ()))]
    return (
        Organisation(str(home.pk), home.short_name or home.name, tuple(dict.fromkeys(filter(None, own)))),
        *(
            Organisation(str(ref.id), str(ref), tuple(filter(None, (ref.name, *aliases.get(ref.id, ())))))
            for ref in near
            if ref.id != home.pk
        ),
    )

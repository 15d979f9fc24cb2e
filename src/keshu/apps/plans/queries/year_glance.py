"""A plan's year for those who lead it: targets by prospect, who must act, which lights changed, how the counties stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, OuterRef, Q, QuerySet, Subquery
from django.urls import NoReverseMatch, reverse

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.plans.models import (
    OPEN_ISSUES,
    PENDING,
    UNFILED,
    CheckIn,
    CheckInRound,
    CheckInState,
    Issue,
    IssueState,
    Light,
    Standing,
    SupervisionNotice,
    SupervisionState,
    Target,
    WorkPlan,
    titled,
)
from keshu.apps.plans.queries.ledger import ACCOUNTABLE, leads_elsewhere, owner_names
from keshu.apps.plans.queries.light_columns import EVEN, LIGHT_MARKS, UNLIKELY, WORST_FIRST
from keshu.apps.plans.queries.standing_lines import StandingLine
from keshu.apps.plans.queries.wording import amount, chance, counts_net, foretold, requirement

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.bureau.queries.owners import OrganisationRef

# So many lines of a group are listed; the ledger has the rest.
LISTED = 10
# So many lead offices are named.
NAMED = 2
# What falls due within so many days is for this week.
WEEK = timedelta(days=7)
COUNTIES = ("county", "park")
# Small multiples: width and height of the drawing, in its own units.
WIDTH, HEIGHT = 96, 24


@dataclass(frozen=True, slots=True)
class ProspectLine:
    """A target that will be missed or is at risk, as the cockpit lists it."""

    id: int
    indicator: str
    asked: str
    reached: str
    percent: Decimal | None
    forecast: str
    chance: str
    leads: str
    reason: str
    mark: Mark
    is_missed: bool = False

    @property
    def href(self) -> str:
        return reverse("plans:target-outlook", args=[self.id])

    @property
    def leads_short(self) -> str:
        """The first two; 等 for the rest, which the hover names."""
        names = self.leads.split("、") if self.leads else []
        return "、".join(names) if len(names) <= NAMED else f"{'、'.join(names[:NAMED])}等{len(names)}个单位"


@dataclass(frozen=True, slots=True)
class Prospects:
    """Targets by what is expected of them, with the lines of the two groups that need somebody."""

    miss: int = 0
    at_risk: int = 0
    safe: int = 0
    unknown: int = 0
    done: int = 0
    missed: tuple[ProspectLine, ...] = ()
    risky: tuple[ProspectLine, ...] = ()

    @property
    def total(self) -> int:
        return self.miss + self.at_risk + self.safe + self.unknown


@dataclass(slots=True)
class OfficeDuty:
    """What one organisation has to do this week, and what it did since the person last looked."""

    office: OrganisationRef
    to_file: int = 0
    late_forms: int = 0
    to_sign: int = 0
    notices: int = 0
    late_notices: int = 0
    issues: int = 0
    late_issues: int = 0
    asked: int = 0
    signed: int = 0
    signed_since: int = 0
    notices_since: int = 0
    issues_since: int = 0

    @property
    def late(self) -> int:
        return self.late_forms + self.late_notices + self.late_issues

    @property
    def total(self) -> int:
        return self.to_file + self.to_sign + self.notices + self.issues


@dataclass(frozen=True, slots=True)
class LightChange:
    """A target or task whose light is another than it was."""

    name: str
    href: str
    before: Mark
    after: Mark
    is_worse: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CountyLine:
    """A county or park: its forms, how far its tasks have come, and both round by round for the small multiples."""

    duty: OfficeDuty
    rounds: tuple[str, ...]
    signed_pct: tuple[int | None, ...]
    progress_pct: tuple[int | None, ...]

    @property
    def signed_now(self) -> int | None:
        return next((value for value in reversed(self.signed_pct) if value is not None), None)

    @property
    def progress_now(self) -> int | None:
        return next((value for value in reversed(self.progress_pct) if value is not None), None)

    @property
    def signed_lines(self) -> tuple[str, ...]:
        return segments_of(self.signed_pct)

    @property
    def progress_lines(self) -> tuple[str, ...]:
        return segments_of(self.progress_pct)


def prospects(plan: WorkPlan, standings: Sequence[StandingLine]) -> Prospects:
    """The targets among them by prospect. One query for the lines listed."""
    groups: dict[str, list[StandingLine]] = defaultdict(list)
    for row in standings:
        if row.target_id is not None:
            groups[_prospect(row)].append(row)
    order = {light: place for place, light in enumerate(WORST_FIRST)}
    for rows in groups.values():
        # What is missed for good first, then the least likely; where nothing is foretold, the worse light.
        rows.sort(
            key=lambda row: (
                row.shown != Light.MISSED,
                row.probability if row.probability is not None else EVEN,
                order[Light(row.shown)],
                row.pk,
            )
        )
    missed, risky = groups["miss"][:LISTED], groups["at_risk"][:LISTED]
    lines = _lines([*missed, *risky])
    return Prospects(
        miss=len(groups["miss"]),
        at_risk=len(groups["at_risk"]),
        safe=len(groups["safe"]),
        unknown=len(groups["unknown"]),
        done=sum(row.shown == Light.DONE for row in groups["safe"]),
        missed=tuple(lines[row.pk] for row in missed),
        risky=tuple(lines[row.pk] for row in risky),
    )


def _prospect(row: StandingLine) -> str:
    """As ``light_columns.of_prospect`` narrows the ledger."""
    if row.shown == Light.UNKNOWN:
        return "unknown"
    unlikely = row.probability is not None and row.probability < UNLIKELY and row.shown != Light.DONE
    if row.shown == Light.MISSED or unlikely:
        return "miss"
    if row.is_counted_upon:
        return "safe"
    return "at_risk" if row.shown in (Light.AT_RISK, Light.LATE) else "safe"


def _lines(listed: Sequence[StandingLine]) -> dict[int, ProspectLine]:
    """The lines of these standings of targets with their figures. One query, none for none."""
    if not listed:
        return {}
    rows = Standing.objects.filter(pk__in=[row.pk for row in listed]).select_related("target").defer("outlook")
    elsewhere = Target.objects.filter(pk=OuterRef("target_id")).annotate(names=leads_elsewhere()).values("names")
    named = rows.annotate(
        leads=owner_names(OuterRef("target__node_id"), roles=ACCOUNTABLE), elsewhere=Subquery(elsewhere)
    )
    why = {row.pk: row.why for row in listed}
    return {row.pk: _line(row, why[row.pk]) for row in named.defer("target__reading")}


def _line(row: Any, why: str) -> ProspectLine:
    target = row.target

    def told(value: Decimal | None) -> str:
        return "" if value is None else amount(value, unit=target.unit, per=target.per)

    return ProspectLine(
        id=target.pk,
        indicator=target.indicator,
        asked=requirement(
            op=target.op, value=target.value, value_high=target.value_high, unit=target.unit, measure=target.measure,
            per=target.per, benchmark=target.benchmark, masked=target.masked, is_net=counts_net(target.indicator),
        ),
        reached=told(row.value),
        percent=row.percent,
        forecast="" if row.forecast is None else foretold(row.forecast, unit=target.unit, per=target.per),
        chance=chance(row.probability),
        leads=row.leads or row.elsewhere or "",
        reason=why,
        mark=LIGHT_MARKS[Light(row.shown)],
        is_missed=row.shown == Light.MISSED,
    )  # fmt: skip


def light_changes(standings: Sequence[StandingLine], *, since: datetime) -> tuple[LightChange, ...]:
    """Lights that changed since a moment: the worse first, then the latest. No query."""
    order = {light: place for place, light in enumerate(WORST_FIRST)}
    found = []
    for row in standings:
        if row.changed_at is None or row.changed_at <= since or row.shown == row.shown_before:
            continue
        before, after = Light(row.shown_before or Light.UNKNOWN), Light(row.shown)
        is_worse = order[after] < min(order[before], order[Light.ON_TRACK])
        page, pk = ("plans:task-detail", row.node_id) if row.node_id else ("plans:target-outlook", row.target_id)
        marks = LIGHT_MARKS[before], LIGHT_MARKS[after]
        name = titled(row.label, row.name)
        found.append(LightChange(name, reverse(page, args=[pk]), *marks, is_worse, row.why, row.changed_at))
    return tuple(sorted(found, key=lambda each: (not each.is_worse, -each.at.timestamp(), each.name)))


def duties(plan: WorkPlan, *, user: User, on: date, since: datetime) -> tuple[OfficeDuty, ...]:
    """What each organisation has to do within the week, as the register orders them. Four queries.

    Whole-site roles see all organisations, others their own; notices and issues besides as their own pages show them.
    """
    forms = _forms(plan, user, on=on, since=since)
    notices = {row["addressee"]: row for row in _notices(plan, user, on=on, since=since)}
    issues = {row["owner"]: row for row in _issues(plan, user, on=on, since=since)}
    offices = refs_of({*forms, *notices, *issues})
    found = []
    for pk, office in offices.items():
        duty = OfficeDuty(office)
        for counted in (forms.get(pk), notices.get(pk), issues.get(pk)):
            for name, value in (counted or {}).items():
                if name not in ("addressee", "owner"):
                    setattr(duty, name, value)
        found.append(duty)
    return tuple(found)


def _near(rows: QuerySet[Any], user: User, name: str) -> QuerySet[Any]:
    if user.scope.is_everything:
        return rows
    return rows.filter(**{f"{name}__in": user.scope.organisation_ids | user.former_organisation_ids})


def _forms(plan: WorkPlan, user: User, *, on: date, since: datetime) -> dict[int, Counter[str]]:
    """By organisation the sums of its duty that forms give. One query, out of the index that rounds are counted from."""
    rounds = CheckInRound.objects.filter(plan=plan)
    rows = _near(CheckIn.objects.filter(round__in=rounds), user, "organisation").order_by()
    grouped = rows.values_list("round_id", "organisation_id", "state", "due_on").annotate(
        n=Count("*"),
        n_since=Count("pk", filter=Q(signed_at__gt=since)),
        n_open=Count("pk", filter=Q(round__in=rounds.filter(closed_at=None), state__in=UNFILED)),
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for _, organisation_id, state, due_on, n, n_since, n_open in grouped:
        sums, is_late = found[organisation_id], due_on < on
        sums["to_file"] += n_open if due_on <= on + WEEK else 0
        sums["late_forms"] += n_open if is_late else 0
        sums["to_sign"] += n if state == CheckInState.FILED else 0
        sums["asked"] += n if state != CheckInState.EXCUSED and is_late else 0
        sums["signed"] += n if state == CheckInState.SIGNED and is_late else 0
        sums["signed_since"] += n_since if state == CheckInState.SIGNED else 0
    return found


def _notices(plan: WorkPlan, user: User, *, on: date, since: datetime) -> Any:
    rows = SupervisionNotice.objects.visible_to(user).exclude(state=SupervisionState.DRAFT).order_by()
    return (
        rows.filter(plan=plan)
        .values("addressee")
        .annotate(
            notices=Count("pk", filter=Q(state__in=PENDING)),
            late_notices=Count("pk", filter=Q(state__in=PENDING, due_on__lt=on)),
            notices_since=Count("pk", filter=Q(issued_at__gt=since)),
        )
    )


def _issues(plan: WorkPlan, user: User, *, on: date, since: datetime) -> Any:
    open_ones = Q(state__in=(IssueState.RAISED, IssueState.ASSIGNED))
    return (
        Issue.objects.visible_to(user)
        .order_by()
        .filter(Q(plan=plan) | Q(target__plan=plan) | Q(node__plan=plan), owner__isnull=False)
        .values("owner")
        .annotate(
            issues=Count("pk", filter=Q(state__in=OPEN_ISSUES) & open_ones),
            late_issues=Count("pk", filter=open_ones & Q(due_on__lt=on)),
            issues_since=Count("pk", filter=Q(raised_at__gt=since)),
        )
    )


def county_lines(plan: WorkPlan, duties: Sequence[OfficeDuty], *, user: User) -> tuple[CountyLine, ...]:
    """The counties and parks among them with their figures round by round. One query, none where there is no county."""
    counties = {duty.office.id: duty for duty in duties if duty.office.kind in COUNTIES}
    if not counties:
        return ()
    counted = (
        CheckIn.objects.filter(round__in=CheckInRound.objects.filter(plan=plan), organisation__in=list(counties))
        .order_by("round__last_on")
        .values_list("round__key", "round__last_on", "organisation")
        .annotate(
            asked=Count("pk", filter=~Q(state=CheckInState.EXCUSED)),
            signed=Count("pk", filter=Q(state=CheckInState.SIGNED)),
            progress=Avg("percent", filter=Q(state=CheckInState.SIGNED)),
        )
    )
    rounds: dict[str, None] = {}
    cells: dict[tuple[int, str], tuple[int, int, float | None]] = {}
    for key, _, organisation_id, asked, signed, progress in counted:
        rounds[key] = None
        cells[organisation_id, key] = (asked, signed, progress)
    keys = tuple(rounds)
    return tuple(_county(duty, keys, cells) for duty in counties.values())


def _county(
    duty: OfficeDuty, keys: tuple[str, ...], cells: Mapping[tuple[int, str], tuple[int, int, float | None]]
) -> CountyLine:
    signed: list[int | None] = []
    progress: list[int | None] = []
    for key in keys:
        asked, done, mean = cells.get((duty.office.id, key), (0, 0, None))
        signed.append(round(100 * done / asked) if asked else None)
        progress.append(None if mean is None else round(mean))
    return CountyLine(duty, keys, tuple(signed), tuple(progress))


def segments_of(values: Sequence[int | None]) -> tuple[str, ...]:
    """The points of the lines through values of 0 to 100, for an SVG polyline; a missing value parts the line.

    >>> segments_of((0, 100)), segments_of((50, None, 50))
    (('2,22 94,2',), ('2,12', '94,12'))
    """
    step = (WIDTH - 4) / max(len(values) - 1, 1)
    found: list[list[str]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            found.append([])
            continue
        height = 2 + (HEIGHT - 4) * (100 - min(max(value, 0), 100)) / 100
        found[-1].append(f"{2 + at * step:g},{height:g}")
    return tuple(" ".join(points) for points in found if points)


def place(name: str, query: str = "") -> str:
    """The address of a page, empty while that page is not there."""
    try:
        return reverse(name) + query
    except NoReverseMatch:
        return ""

"""What stands beside a piece of a draft while a person decides it: figures, trend, outlook, how the work stands, open issues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from keshu.apps.plans.models import OPEN_ISSUES, Issue, Light, ProposalFigure, ProposalItem, Standing, Target
from keshu.apps.plans.queries.light_columns import LIGHT_MARKS
from keshu.apps.plans.queries.proposals.measuring import MeasuredLine
from keshu.apps.plans.queries.series import series_of_targets
from keshu.apps.plans.queries.wording import chance, figure, foretold

if TYPE_CHECKING:
    from datetime import date

    from keshu.apps.bureau.models import User
    from keshu.apps.bureau.queries.ledger import Mark
    from keshu.apps.plans.models import PlanProposal

# So many periods of a trend are drawn.
PERIODS = 12
WIDTH, HEIGHT = 160, 32


@dataclass(frozen=True, slots=True)
class Trend:
    """The last figures of a target: as a line to be drawn and in words."""

    points: str
    told: tuple[tuple[str, str], ...]
    is_within: bool


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """A target of the piece with what the ledger knows of it."""

    line: MeasuredLine
    trend: Trend | None
    outlook: str
    mark: Mark | None
    reason: str


@dataclass(frozen=True, slots=True)
class PieceFacts:
    figures: tuple[FigureFacts, ...]
    mark: Mark | None
    standing: str
    issues: tuple[Issue, ...]


def facts_of_piece(
    item: ProposalItem, figures: Sequence[ProposalFigure], *, proposal: PlanProposal, on: date, user: User
) -> PieceFacts:
    """Six queries at most, however many figures."""
    targets = [each.target for each in figures if each.target is not None]
    judged = _judged(targets)
    series = series_of_targets(list(judged.values()), plan=proposal.plan, on=on) if judged else {}
    about = Q(target__in=[each.pk for each in judged.values()])
    if item.node_id is not None:
        about |= Q(node=item.node_id)
    standings = list(Standing.objects.filter(about))
    by_target = {row.target_id: row for row in standings}
    own = next((row for row in standings if row.node_id is not None), None)
    issues = (
        Issue.objects.visible_to(user)
        .filter(about | Q(pk=item.issue_id), state__in=OPEN_ISSUES)
        .select_related("owner")
    )
    found = []
    for each in figures:
        target = judged.get(each.target_id) if each.target_id else None
        standing = by_target.get(target.pk) if target is not None else None
        found.append(
            FigureFacts(
                MeasuredLine(each),
                _trend(series[target.pk].within(), accrues=series[target.pk].accrues) if target is not None else None,
                "" if standing is None else _outlook(standing, unit=each.unit, per=each.per),
                None if standing is None else LIGHT_MARKS[Light(standing.shown)],
                "" if standing is None else (standing.chosen_reason if standing.chosen else standing.reason),
            )
        )
    told = "" if own is None else (own.chosen_reason if own.chosen else own.reason)
    return PieceFacts(
        tuple(found),
        None if own is None else LIGHT_MARKS[Light(own.shown)],
        told,
        tuple(issues.order_by("year", "number")),
    )


def _judged(targets: Sequence[Target]) -> dict[int, Target]:
    """By target: the one whose figures are kept, which is the first of those that say the same. One query, if any."""
    wanted = {each.pk: each.restates_id or each.floor_id or each.pk for each in targets}
    known = {each.pk: each for each in targets}
    far = [pk for pk in wanted.values() if pk not in known]
    if far:
        known |= {row.pk: row for row in Target.objects.filter(pk__in=far).defer("reading", "doubts")}
    return {pk: known[origin] for pk, origin in wanted.items() if origin in known}


def _trend(within: Sequence[tuple[str, Decimal]], *, accrues: bool) -> Trend | None:
    shown = list(within[-PERIODS:])
    if len(shown) < 2:
        return None
    values = [float(value) for _, value in shown]
    low, span = min(values), (max(values) - min(values)) or 1
    step = WIDTH / (len(values) - 1)
    points = " ".join(
        f"{place * step:.1f},{HEIGHT - 2 - (value - low) / span * (HEIGHT - 4):.1f}"
        for place, value in enumerate(values)
    )
    return Trend(points, tuple((period, figure(value)) for period, value in shown), accrues)


def _outlook(standing: Standing, *, unit: str, per: str) -> str:
    """预计年末77亿元（70—84亿元），完成可能性97%."""
    if standing.forecast is None:
        return ""
    told = f"预计年末{foretold(standing.forecast, unit=unit, per=per)}"
    if standing.forecast_low is not None and standing.forecast_high is not None:
        told += f"（{foretold(standing.forecast_low, standing.forecast_high, unit=unit, per=per)}）"
    if standing.probability is not None:
        told += f"，完成可能性{chance(standing.probability)}"
    return told

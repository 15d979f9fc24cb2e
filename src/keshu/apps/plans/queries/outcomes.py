"""What became of a plan's targets: the figures of a summary (or of the same document) held against them.

A figure answers a target when it is of the same indicator (by key, else by a name much alike) and its period ends within
the target's. Of several the one that ends last answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef

from keshu.apps.plans.models import PlanKind, Target, Tense, Tier, WorkPlan
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.amounts import Asked, base_unit, difference
from keshu.apps.plans.queries.comparing import alike_targets, asked, is_net, measure_word
from keshu.apps.plans.queries.indicator_names import folded_name
from keshu.apps.plans.queries.ledger import (
    ACCOUNTABLE,
    lead_text,
    leads_elsewhere,
    outside_names,
    owner_names,
    with_stretches,
)
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.queries.target_ledgers import asked_text
from keshu.apps.plans.queries.wording import period_text
from keshu.kernel.counting import half_up
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# 左右 and 约 are kept within a twentieth.
ABOUT = Decimal("0.05")


class Outcome(StrEnum):
    EXCEEDED = "exceeded"
    MET = "met"
    MISSED = "missed"
    UNDERWAY = "underway"
    UNJUDGED = "unjudged"
    NO_FIGURE = "none"


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """A target with the figure that answers it. ``rate_pct`` is what was reached of what was asked, where that says something.

    ``met_stretch`` is None for a target without a stretch. ``is_alike`` tells that the names differ.
    """

    target: Any
    figure: Target | None
    state: Outcome
    reason: str = ""
    rate_pct: Decimal | None = None
    met_stretch: bool | None = None
    is_alike: bool = False

    @property
    def asked_text(self) -> str:
        return asked_text(self.target)

    @property
    def figure_text(self) -> str:
        return "" if self.figure is None else requirement_of(self.figure)

    @property
    def leads(self) -> str:
        return lead_text(self.target)

    @property
    def figure_period(self) -> str:
        return "" if self.figure is None else period_text(self.figure.period)


def outcomes(plan: WorkPlan, summary: WorkPlan, *, user: User) -> tuple[OutcomeLine, ...]:
    """Every target of the plan in its order, with what the summary says of it. Two queries.

    `summary` may be the plan itself, where one document holds both. Those who may see both (Refused).
    """
    can_see_plan(user, plan)
    can_see_plan(user, summary)
    targets = list(
        with_stretches(
            Target.objects.kept()
            .filter(plan=plan, tense=Tense.TARGET, floor__isnull=True, restates__isnull=True)
            .select_related("node")
            .defer("reading", "node__reading")
            .annotate(
                lead_names=owner_names(OuterRef("node_id"), roles=ACCOUNTABLE),
                outside_leads=outside_names(OuterRef("node_id"), roles=ACCOUNTABLE),
                leads_elsewhere=leads_elsewhere(),
            )
        ).order_by("position", "start", "pk")
    )
    figures = list(
        Target.objects.kept()
        .filter(plan=summary, tense=Tense.ACTUAL)
        .defer("reading")
        .order_by("position", "start", "pk")
    )
    answers = _answers(targets, figures, plan=plan, summary=summary)
    return tuple(
        OutcomeLine(row, None, Outcome.NO_FIGURE) if row.pk not in answers else judged(row, *answers[row.pk])
        for row in targets
    )


def _answers(
    targets: Sequence[Target], figures: Sequence[Target], *, plan: WorkPlan, summary: WorkPlan
) -> dict[int, tuple[Target, bool]]:
    """The figure that answers each target, and whether it does so by likeness only."""
    by_key: dict[str, list[Target]] = defaultdict(list)
    for figure in figures:
        by_key[figure.indicator_key].append(figure)
    found: dict[int, tuple[Target, bool]] = {}
    for target in targets:
        if answer := _in_time(target, by_key.get(target.indicator_key, ()), plan=plan, summary=summary):
            found[target.pk] = (answer, False)
    used = {figure.pk for figure, _ in found.values()}
    open_targets = [target for target in targets if target.pk not in found]
    open_figures = [figure for figure in figures if figure.pk not in used]
    for target, figure in alike_targets(open_targets, open_figures):
        if answer := _in_time(target, [figure], plan=plan, summary=summary):
            found[target.pk] = (answer, True)
    return found


def _in_time(target: Target, figures: Iterable[Target], *, plan: WorkPlan, summary: WorkPlan) -> Target | None:
    """The figure whose period ends within the target's, the last of them; those in units of another kind do not answer."""
    asked_for = _period(target, plan)
    fitting = []
    for figure in figures:
        reached = _period(figure, summary)
        if asked_for is not None and reached is not None and not asked_for.first <= reached.last <= asked_for.last:
            continue
        if base_unit(figure.unit)[1] == base_unit(target.unit)[1] or target.value is None:
            # one that counts what the target counts, net or gross, goes before a later one that does not
            fitting.append((is_net(figure) == is_net(target), reached.last if reached else 0, -figure.position, figure))
    return max(fitting, key=lambda each: each[:3])[3] if fitting else None


def _period(row: Target, plan: WorkPlan) -> Period | None:
    """The row's own period, else the year its document speaks of: a summary with next year's plan looks back a year."""
    if row.period:
        return Period.parse(row.period)
    if plan.year is None:
        return None
    looks_back = plan.kind == PlanKind.SUMMARY_AND_PLAN and row.tense == Tense.ACTUAL
    return Period.year(plan.year - 1 if looks_back else plan.year)


def judged(target: Any, figure: Target, is_alike: bool) -> OutcomeLine:
    """A target and the figure that answers it."""
    is_alike = is_alike and folded_name(target.indicator) != folded_name(figure.indicator)
    floor, reached = (
        asked(target),
        Asked(figure.op, figure.value, figure.value_high, figure.unit, figure.measure, figure.per),
    )
    if is_net(target) != is_net(figure):
        return OutcomeLine(
            target,
            figure,
            Outcome.UNJUDGED,
            f"口径不同：目标是{measure_word(target)}，总结是{measure_word(figure)}",
            is_alike=is_alike,
        )
    state, reason = reach(floor, reached)
    if state == Outcome.MISSED and (until := _short_of_the_end(target, figure)):
        state, reason = Outcome.UNDERWAY, f"数据截至{until}"
    met_stretch = None
    if target.stretch_value is not None:
        met_stretch = reach(asked(target, stretch=True), reached)[0] in (Outcome.MET, Outcome.EXCEEDED)
    elif target.tier == Tier.STRETCH:
        met_stretch = state in (Outcome.MET, Outcome.EXCEEDED)
    return OutcomeLine(target, figure, state, reason, rate(floor, reached), met_stretch, is_alike)


def _short_of_the_end(target: Any, figure: Target) -> str:
    """The month that the figure ends with, where the target runs on after it; empty otherwise."""
    if not target.period or not figure.period:
        return ""
    wanted, reached = Period.parse(target.period), Period.parse(figure.period)
    return f"{reached.last_day.month}月" if reached.last < wanted.last else ""


def reach(target: Asked, reached: Asked) -> tuple[Outcome, str]:
    """Whether the figure meets the target, and why it is not judged or missed.

    A figure 突破80亿元 lies above 80; a target 突破80亿元 is not met by 80 itself.
    """
    if target.op == "breakthrough":
        if reached.op == "breakthrough" or (reached.value is not None and reached.value > 0):
            return Outcome.MET, ""
        return Outcome.UNJUDGED, "没有可比的数"
    asked_for = Asked("=", Decimal(100), None, "%", "share") if target.op == "all" and target.value is None else target
    gap = difference(asked_for, reached)
    if gap is None:
        if target.op == reached.op == "all":
            return Outcome.MET, ""
        return Outcome.UNJUDGED, "数字隐去或没有可比的数"
    if asked_for.op == "~":
        return _about(asked_for, reached, gap)
    if asked_for.is_ceiling:
        return (Outcome.MET if gap == 0 else Outcome.EXCEEDED, "") if gap <= 0 else (Outcome.MISSED, "超出限值")
    if asked_for.value is not None and asked_for.value < 0:
        gap = -gap
    if gap == 0 and asked_for.op == ">" and reached.op != ">":
        return Outcome.MISSED, "要求突破，刚好达到"
    if gap < 0:
        return Outcome.MISSED, ""
    inside = asked_for.value_high is not None and gap <= asked_for.value_high - (asked_for.value or 0)
    return (Outcome.MET if gap == 0 or inside else Outcome.EXCEEDED), ""


def _about(target: Asked, reached: Asked, gap: Decimal) -> tuple[Outcome, str]:
    room = abs(target.value or Decimal(0)) * ABOUT * base_unit(target.unit)[0] / base_unit(reached.unit)[0]
    if abs(gap) <= room:
        return Outcome.MET, ""
    return (Outcome.EXCEEDED, "") if gap > 0 else (Outcome.MISSED, "")


def rate(target: Asked, reached: Asked) -> Decimal | None:
    """What was reached in per cent of what was asked; None for rankings, limits, falls and shares of nothing."""
    if target.is_ceiling or not target.value or target.value < 0 or reached.value is None:
        return None
    gap = difference(target, reached)
    if gap is None:
        return None
    wanted = target.value * base_unit(target.unit)[0] / base_unit(reached.unit)[0]
    return half_up((wanted + gap) / wanted * 100, 1)

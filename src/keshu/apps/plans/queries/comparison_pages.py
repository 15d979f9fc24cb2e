"""What the comparison pages show: which two documents, and the compared rows narrowed, ordered and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from keshu.apps.bureau.queries.ledger import Mark, Tone
from keshu.apps.plans.models import PlanKind, PlanState, WorkPlan
from keshu.apps.plans.queries.choosing import ChosenPlan
from keshu.apps.plans.queries.comparing import TargetState
from keshu.apps.plans.queries.comparing_tasks import TaskState
from keshu.apps.plans.queries.ledger import lead_text
from keshu.apps.plans.queries.outcomes import Outcome
from keshu.apps.plans.queries.plans import PLANNING_KINDS
from keshu.apps.plans.queries.search_terms import holds_all, terms_of

SIZE = 50
MARKS: dict[str, Mark] = {
    TargetState.RAISED: Mark("提高", Tone.DONE, "trending-up"),
    TargetState.LOWERED: Mark("降低", Tone.AT_RISK, "arrow-down"),
    TargetState.SAME: Mark("持平", Tone.UNKNOWN, "minus"),
    TargetState.NEW: Mark("新增", Tone.ON_TRACK, "plus"),
    TargetState.DROPPED: Mark("不再提出", Tone.AT_RISK, "x"),
    TargetState.RANGE: Mark("区间", Tone.UNKNOWN),
    TargetState.OTHER: Mark("不可比", Tone.UNKNOWN),
}
TASK_MARKS: dict[str, Mark] = {
    TaskState.CARRIED: Mark("延续", Tone.DONE),
    TaskState.NEW: Mark("新增", Tone.ON_TRACK, "plus"),
    TaskState.GONE: Mark("不再列入", Tone.AT_RISK, "x"),
}
OUTCOME_MARKS: dict[str, Mark] = {
    Outcome.EXCEEDED: Mark("超额完成", Tone.DONE, "trending-up"),
    Outcome.MET: Mark("完成", Tone.DONE),
    Outcome.MISSED: Mark("未完成", Tone.LATE),
    Outcome.UNDERWAY: Mark("数据未满期", Tone.ON_TRACK),
    Outcome.UNJUDGED: Mark("不可比", Tone.UNKNOWN),
    Outcome.NO_FIGURE: Mark("没有数据", Tone.UNKNOWN),
}
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a comparison is asked to show; ``order`` is a key of ORDERS, ``number`` the page (None: all)."""

    state: str = ""
    q: str = ""
    order: str = ""
    number: int | None = 1

    @property
    def is_set(self) -> bool:
        return bool(self.state or self.q)


@dataclass(frozen=True, slots=True)
class Counted:
    """One state with how many rows are in it."""

    key: str
    mark: Mark
    count: int


@dataclass(frozen=True, slots=True)
class ComparedPage(Generic[Row]):
    """The rows shown, of ``found`` that meet the conditions, of ``total``; and the states of all."""

    rows: Sequence[Row]
    found: int
    total: int
    states: tuple[Counted, ...]
    number: int
    pages: int


def compared_page(
    rows: Sequence[Row],
    asked: Narrowing,
    *,
    marks: Mapping[str, Mark],
    words: Callable[[Row], str],
    orders: Mapping[str, Callable[[Row], Any]],
) -> ComparedPage[Row]:
    """Rows whose state and `words` meet the conditions, in the order asked for (else as they come)."""
    counts = Counter(_state(row) for row in rows)
    terms = terms_of(asked.q)
    kept = [row for row in rows if (not asked.state or _state(row) == asked.state) and holds_all(terms, words(row))]
    if asked.order in orders:
        kept.sort(key=orders[asked.order])
    pages = max(1, -(-len(kept) // SIZE))
    number = None if asked.number is None else min(max(asked.number, 1), pages)
    return ComparedPage(
        rows=kept if number is None else kept[(number - 1) * SIZE : number * SIZE],
        found=len(kept),
        total=len(rows),
        states=tuple(Counted(key, mark, counts[key]) for key, mark in marks.items()),
        number=number or 1,
        pages=pages,
    )


def _state(row: Any) -> str:
    return str(row.state)


@dataclass(frozen=True, slots=True)
class TwoPlans:
    """The two documents compared, None where one is still to be chosen; ``choices`` are offered for both sides."""

    before: WorkPlan | None
    after: WorkPlan | None
    choices: tuple[tuple[str, str], ...]

    @property
    def is_complete(self) -> bool:
        return self.before is not None and self.after is not None

    @property
    def query(self) -> str:
        sides = (("before", self.before), ("after", self.after))
        return "&".join(f"{name}={plan.pk}" for name, plan in sides if plan is not None)


def two_plans(chosen: ChosenPlan, *, before: str, after: str) -> TwoPlans:
    """Those the address names; else the plan in force and the one of the year before it, by the same organisation."""
    later = _named(chosen, after) or chosen.plan
    earlier = _named(chosen, before) or (None if later is None else _predecessor(later, chosen.plans))
    return TwoPlans(earlier, later, _choices(chosen))


def plan_and_summary(chosen: ChosenPlan, *, before: str, after: str) -> TwoPlans:
    """A plan and the document that says what became of it; without a choice the newest plan that has one."""
    plan, summary = _named(chosen, before), _named(chosen, after)
    if plan is None:
        plans = [each for each in chosen.plans if each.kind in PLANNING_KINDS and each.state == PlanState.PUBLISHED]
        plans.sort(key=lambda each: (each != chosen.plan, -(each.year or 0)))
        plan = next((each for each in plans if _summary_of(each, chosen.plans) is not None), chosen.plan)
    if summary is None and plan is not None:
        summary = _summary_of(plan, chosen.plans)
    return TwoPlans(plan, summary, _choices(chosen))


def _named(chosen: ChosenPlan, asked: str) -> WorkPlan | None:
    return next((plan for plan in chosen.plans if str(plan.pk) == asked), None)


def _choices(chosen: ChosenPlan) -> tuple[tuple[str, str], ...]:
    return tuple((choice.value, choice.word) for choice in chosen.choices)


def _predecessor(plan: WorkPlan, plans: Iterable[WorkPlan]) -> WorkPlan | None:
    """The published plan of the same organisation of the nearest earlier year."""
    earlier = [
        each
        for each in plans
        if each.organisation_id == plan.organisation_id
        and each.state == PlanState.PUBLISHED
        and each.kind in PLANNING_KINDS
        and (each.year or 0) < (plan.year or 0)
    ]
    return max(earlier, key=lambda each: each.year or 0, default=None)


def _summary_of(plan: WorkPlan, plans: Iterable[WorkPlan]) -> WorkPlan | None:
    """The published summary of the plan's year; else next year's document that looks back on it."""
    same = [
        each for each in plans if each.organisation_id == plan.organisation_id and each.state == PlanState.PUBLISHED
    ]
    for kind, year in ((PlanKind.SUMMARY, plan.year), (PlanKind.SUMMARY_AND_PLAN, (plan.year or 0) + 1)):
        for each in same:
            if each.kind == kind and each.year == year:
                return each
    return None


def words_of_target(row: Any) -> str:
    """What a search looks through in a compared target."""
    sides = [side for side in (row.before, row.after) if side is not None]
    return " ".join(f"{side.indicator} {lead_text(side)} {side.node or ''}" for side in sides)


def words_of_task(row: Any) -> str:
    sides = [side for side in (row.before, row.after) if side is not None]
    return " ".join([row.context, *(f"{side} {side.lead_names} {side.support_names}" for side in sides)])


def words_of_outcome(row: Any) -> str:
    figure = "" if row.figure is None else row.figure.indicator
    return f"{row.target.indicator} {row.leads} {row.target.node or ''} {figure}"

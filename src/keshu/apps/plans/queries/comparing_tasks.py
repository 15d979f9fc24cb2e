"""Two plans side by side: their tasks, matched by heading, then by what is asked for under them.

A plan words its headings anew each year (培育创新主体, 壮大创新型企业梯队). Two whose headings are not alike are one task where
targets under the one answer targets under the other: several do, or one does and the headings share a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Case, OuterRef, When

from keshu.apps.plans.models import NodeKind, PlanNode, WorkPlan
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.comparing import GENERAL, Pairs, answering_targets, named_in
from keshu.apps.plans.queries.indicator_names import folded_name
from keshu.apps.plans.queries.ledger import ACCOUNTABLE, SUPPORTING, is_work, owner_names
from keshu.apps.plans.queries.pairing import pair_up

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# How alike two headings must be to be taken for the same (0 to 100).
ALIKE_HEADINGS = 62


class TaskState(StrEnum):
    CARRIED = "carried"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class TaskPair:
    """A task as the two plans have it, None where one has none; ``has_new_lead`` where another office leads now.

    ``context`` are the headings above it in the plan that :attr:`either` is of.
    """

    before: PlanNode | None
    after: PlanNode | None
    state: TaskState
    has_new_lead: bool = False
    is_reworded: bool = False
    context: str = ""

    @property
    def either(self) -> Any:
        return self.after if self.after is not None else self.before


def compared_tasks(before: WorkPlan, after: WorkPlan, *, user: User) -> tuple[TaskPair, ...]:
    """The tasks of both plans in the order of the later one, those gone at the end. Two queries.

    A task may answer a heading of the other plan that has become several tasks; headings that answer nothing are not listed.
    Those who may see both plans (Refused).
    """
    for plan in (before, after):
        can_see_plan(user, plan)
    left, right = (side for side in _nodes((before, after)).values())
    here, there = [row for row in left if row.is_task], [row for row in right if row.is_task]
    matched = _alike_headings(here, there)
    rest_here = [row for row in here if row.pk not in matched]
    rest_there = [row for row in there if row.pk not in set(matched.values())]
    matched |= _alike_headings(rest_here, [row for row in right if _is_heading(row)])
    taken = set(matched.values())
    matched |= _alike_headings(
        [row for row in left if _is_heading(row)], [row for row in rest_there if row.pk not in taken]
    )
    known = {row.pk: row for row in (*left, *right)}
    matched |= _alike_contents(*answering_targets(before, after, user=user), known, matched)
    of_later = {there: here for here, there in matched.items()}
    pairs = [
        _task_pair(known[of_later[row.pk]] if row.pk in of_later else None, row, known)
        for row in right
        if row.is_task or row.pk in of_later
    ]
    gone = [_task_pair(row, None, known) for row in here if row.pk not in matched]
    return (*pairs, *gone)


def _nodes(plans: Sequence[WorkPlan]) -> dict[int, list[Any]]:
    """The headings of each plan, with those who lead; ``is_task`` are not mere headings."""
    kept = PlanNode.objects.kept().filter(plan__in=plans).exclude(kind=NodeKind.GOAL).defer("reading")
    rows = kept.annotate(
        is_task=Case(When(is_work(), then=True), default=False),
        lead_names=owner_names(OuterRef("pk"), roles=ACCOUNTABLE),
        support_names=owner_names(OuterRef("pk"), roles=SUPPORTING),
    )
    found: dict[int, list[Any]] = {plan.pk: [] for plan in plans}
    for row in rows.order_by("position", "start", "pk"):
        found[row.plan_id].append(row)
    return found if len(found) == len(plans) else {place: found[plan.pk] for place, plan in enumerate(plans)}


def _alike_headings(left: Sequence[Any], right: Sequence[Any]) -> dict[int, int]:
    """By the keys of the left the keys of the right whose headings are much alike."""
    names_left, names_right = [_folded_heading(row) for row in left], [_folded_heading(row) for row in right]
    found = pair_up(names_left, names_right, least=ALIKE_HEADINGS)
    return {left[here].pk: right[there].pk for here, (there, _) in found.items()}


def _alike_contents(
    shared: Pairs, counts: Mapping[int, int], known: Mapping[int, Any], matched: Mapping[int, int]
) -> dict[int, int]:
    """By the keys of headings left over the keys of those left over in the later plan that ask for the same.

    `shared` are targets that answer one another, `counts` how many stand in each node itself.
    """
    taken = {*matched, *matched.values()}
    totals: Counter[int] = Counter()
    for node, count in counts.items():
        totals.update({each.pk: count for each in _line_of(node, known)})
    answers = Counter(
        (one.pk, other.pk)
        for here, there in shared
        for one in _line_of(here.node_id, known)
        for other in _line_of(there.node_id, known)
    )
    found = []
    for (here, there), count in answers.items():
        one, other = known[here], known[there]
        if not {here, there} & taken and _is_same_work(one, other, count, least=min(totals[here], totals[there])):
            is_apart = _depth(one, known) != _depth(other, known)
            found.append((is_apart, -count, one.position, other.position, here, there))
    pairs: dict[int, int] = {}
    for *_, here, there in sorted(found):
        if here not in pairs and there not in pairs.values():
            pairs[here] = there
    return pairs


def _is_same_work(one: Any, other: Any, count: int, *, least: int) -> bool:
    """Several targets in common, half of those of the lesser; or one of three and a word of the heading."""
    if count > 1:
        return 2 * count >= least
    names = [_folded_heading(row) for row in (one, other)]
    words = [{name[at : at + 2] for at in range(len(name) - 1)} for name in names]
    return 3 * count >= least and bool(words[0] & words[1])


def _line_of(node_id: int | None, known: Mapping[int, Any]) -> list[Any]:
    """A node and what stands above it, chapters apart."""
    line = []
    row = known.get(node_id or 0)
    while row is not None:
        if row.is_task or row.parent_id is not None:
            line.append(row)
        row = known.get(row.parent_id or 0)
    return line


def _depth(row: Any, known: Mapping[int, Any]) -> int:
    return 0 if row.parent_id not in known else 1 + _depth(known[row.parent_id], known)


def _task_pair(before: Any, after: Any, known: Mapping[int, Any]) -> TaskPair:
    context = _context(before if after is None else after, known)
    if before is None or after is None:
        return TaskPair(before, after, TaskState.NEW if before is None else TaskState.GONE, context=context)
    new_lead = before.is_task and after.is_task and named_in(before.lead_names) != named_in(after.lead_names)
    return TaskPair(before, after, TaskState.CARRIED, new_lead, before.heading != after.heading, context)


def _context(row: Any, known: Mapping[int, Any]) -> str:
    """The headings above a node, the outermost first."""
    above = []
    parent = known.get(row.parent_id or 0)
    while parent is not None:
        above.append(str(parent))
        parent = known.get(parent.parent_id or 0)
    return "　".join(reversed(above))


def _is_heading(row: Any) -> bool:
    """(一) that only gathers tasks."""
    return not row.is_task and row.parent_id is not None


def _folded_heading(row: PlanNode) -> str:
    """The heading without what any task is called; the whole of it where nothing else is left."""
    name = folded_name(row.heading)
    return GENERAL.sub("", name) or name

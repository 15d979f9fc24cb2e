"""Putting the tree of tasks right: a heading's words, kind, level and deadline; a heading the engine missed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import NodeKind, PlanNode, Review
from keshu.apps.plans.services.steps import ReviewResult, Step, review_step
from keshu.apps.plans.services.targets import check_selection, node_around
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# What a person may set on a node; `due` is a period (2026-06), a date (2026-06-30) or empty; `parent_id` a node or None.
FIELDS = frozenset({"label", "heading", "kind", "due", "parent_id"})
DEEPEST = 9


def correct_node(
    plan: WorkPlan,
    *,
    node_id: int,
    fields: Mapping[str, Any],
    by: User,
    at: datetime,
    version: int | None,
    why: str = "",
) -> ReviewResult:
    """Set what the person gives (any of FIELDS). Its level follows from its parent, those below it move along."""
    with review_step(plan, by=by, at=at, version=version) as step:
        node: PlanNode = step.row("node", node_id)
        before = node.heading
        differs = put_node_right(step, node, fields)
        step.summary = f"修改任务“{before}”" if differs else f"核对通过任务“{before}”"
        if why:
            step.summary = f"任务“{before}”{why}"
    return step.outcome


def put_node_right(step: Step, node: PlanNode, fields: Mapping[str, Any]) -> bool:
    """The part of `correct_node` that a step of many corrections shares; whether anything differs."""
    wanted = _checked(step, fields, node=node)
    differs = any(getattr(node, name) != value for name, value in wanted.items())
    moves = wanted.get("parent_id", node.parent_id) != node.parent_id
    state = Review.ADDED if node.review == Review.ADDED else Review.CORRECTED if differs else Review.ACCEPTED
    step.decide(node, state, **wanted)
    if moves:
        _relevel(step, node)
    return differs


def add_node(
    plan: WorkPlan, *, start: int, end: int, fields: Mapping[str, Any], by: User, at: datetime, version: int | None
) -> ReviewResult:
    """Add a heading from the words `start` to `end` (exclusive); its text runs to the next heading of its level or above.

    It goes under the innermost heading around the words, unless ``parent_id`` says otherwise.
    """
    with review_step(plan, by=by, at=at, version=version) as step:
        check_selection(step.plan, start=start, end=end)
        words = " ".join(step.plan.source.text[start:end].split())
        given = {
            "parent_id": node_around(step.plan.pk, start=start),
            "heading": words,
            "kind": NodeKind.ACTION,
            **fields,
        }
        wanted = _checked(step, given, node=None)
        level = _level_under(wanted["parent_id"], step)
        following = PlanNode.objects.kept().filter(plan=step.plan, start__gte=end)
        closing = following.filter(level__lte=level).order_by("start").values_list("start", flat=True).first()
        position = following.order_by("position").values_list("position", flat=True).first()
        if position is None:
            position = PlanNode.objects.filter(plan=step.plan).count()
        else:
            PlanNode.objects.filter(plan=step.plan, position__gte=position).update(position=F("position") + 1)
        node = PlanNode(
            plan=step.plan, position=position, start=start, end=end, level=level,
            body_end=len(step.plan.source.text) if closing is None else closing, **wanted,
        )  # fmt: skip
        step.create(node)
        step.tree_changed = True
        step.summary = f"补录任务“{node.heading}”"
    return step.outcome


def _checked(step: Step, fields: Mapping[str, Any], *, node: PlanNode | None) -> dict[str, Any]:
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise ValueError(f"no such field of a node: {', '.join(unknown)}; known: {', '.join(sorted(FIELDS))}")
    ready: dict[str, Any] = {}
    if "label" in fields:
        ready["label"] = str(fields["label"] or "").strip()[:20]
    if "heading" in fields:
        ready["heading"] = str(fields["heading"] or "").strip()
        if not ready["heading"]:
            raise Unacceptable("请填写任务内容。", field="heading")
        if len(ready["heading"]) > 400:
            raise Unacceptable("任务内容最多 400 个字，请只填标题一句。", field="heading")
    if "kind" in fields:
        if fields["kind"] not in NodeKind.values:
            raise Unacceptable("请选择类别。", field="kind")
        ready["kind"] = fields["kind"]
    if "due" in fields:
        ready |= _due(fields["due"])
    if "parent_id" in fields:
        ready["parent_id"] = fields["parent_id"]
        _check_parent(step, ready["parent_id"], node=node)
    return ready


def _due(value: Any) -> dict[str, Any]:
    """A deadline given as a date or a period; the last day counts."""
    text = str(value or "").strip()
    if not text:
        return {"due_period": "", "due_on": None}
    try:
        if isinstance(value, date) or len(text) == 10:
            return {"due_period": "", "due_on": date.fromisoformat(text)}
        period = Period.parse(text)
    except ValueError:
        raise Unacceptable(
            f"看不懂时限“{text}”。请写日期 2026-06-30，或时期 2026、2026-Q2、2026-06。", field="due"
        ) from None
    return {"due_period": str(period), "due_on": period.last_day}


def _check_parent(step: Step, parent_id: int | None, *, node: PlanNode | None) -> None:
    """A parent is another heading of the plan, and not one below the node itself."""
    if parent_id is None:
        return
    parents = dict(PlanNode.objects.kept().filter(plan=step.plan).values_list("pk", "parent_id"))
    if parent_id not in parents:
        raise Unacceptable("所选的上级标题不在这份文件中，请重新选择。", field="parent_id")
    above: int | None = parent_id
    while above is not None and node is not None:
        if above == node.pk:
            raise Unacceptable("不能把任务移到它自己的下级之下。", field="parent_id")
        above = parents.get(above)


def _level_under(parent_id: int | None, step: Step) -> int:
    if parent_id is None:
        return 1
    level = PlanNode.objects.filter(plan=step.plan, pk=parent_id).values_list("level", flat=True).get() + 1
    if level > DEEPEST:
        raise Unacceptable(f"层级最多 {DEEPEST} 级。", field="parent_id")
    return level


def _relevel(step: Step, node: PlanNode) -> None:
    """Give a moved node and all below it the level that its new place implies."""
    step.tree_changed = True
    step.change(node, level=_level_under(node.parent_id, step))
    children: dict[int | None, list[PlanNode]] = {}
    for row in PlanNode.objects.filter(plan=step.plan).exclude(pk=node.pk):
        children.setdefault(row.parent_id, []).append(row)
    below = [(child, node.level + 1) for child in children.get(node.pk, [])]
    while below:
        child, level = below.pop()
        step.change(child, level=level)
        below += [(grandchild, level + 1) for grandchild in children.get(child.pk, [])]

"""A new revision of a document takes over what people decided on the earlier one, wherever words and reading are the same."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from keshu.apps.plans.models import OwnerMention, PlanNode, Responsibility, Review, Target, WorkPlan
from keshu.apps.plans.services.building import BATCH
from keshu.apps.plans.services.inheritance import refresh_inheritance

DECIDED = (Review.ACCEPTED, Review.CORRECTED, Review.REJECTED)
VERDICT = ("review", "reviewed_by_id", "reviewed_at", "remark")
TARGET_FIELDS = (
    "indicator", "indicator_key", "op", "value", "value_high", "unit", "measure", "tier", "tense", "period", "due_on",
    "masked", "per", "benchmark",
)  # fmt: skip
NODE_FIELDS = ("label", "heading", "kind", "due_period", "due_on", "due_text")


def carry_over(earlier: WorkPlan, plan: WorkPlan) -> None:
    """Copy decisions and corrections from `earlier` to the rows of the new draft `plan`. For use inside a transaction.

    Decisions keep the name of who took them. Targets that a person had added are added again where their words stand
    exactly once in the new text; the others are told in the plan's warnings.
    """
    _carry_nodes(earlier, plan)
    _carry_mentions(earlier, plan)
    _carry_targets(earlier, plan)
    lost = _carry_added(earlier, plan)
    if lost:
        plan.warnings = [*plan.warnings, f"上一版补录的 {lost} 条目标在新文件中找不到原句，请检查是否需要重新补录。"]
        plan.save(update_fields=["warnings"])
    refresh_inheritance(plan.pk)


def _matched(old: Iterable[Any], new: Iterable[Any], key: Callable[[Any], Hashable]) -> list[tuple[Any, Any]]:
    """Decided old rows with the new rows of the same key, in order."""
    waiting: dict[Hashable, deque[Any]] = defaultdict(deque)
    for row in old:
        waiting[key(row)].append(row)
    pairs = [(waiting[key(row)].popleft(), row) for row in new if waiting.get(key(row))]
    return [(was, row) for was, row in pairs if was.review in DECIDED]


def _take(was: Any, row: Any, fields: Iterable[str]) -> None:
    for field in (*VERDICT, *fields):
        setattr(row, field, getattr(was, field))


def _frozen(reading: dict[str, Any]) -> Hashable:
    return tuple(sorted(reading.items()))


def _carry_nodes(earlier: WorkPlan, plan: WorkPlan) -> None:
    pairs = _matched(
        PlanNode.objects.filter(plan=earlier).exclude(reading={}),
        PlanNode.objects.filter(plan=plan),
        lambda node: _frozen(node.reading),
    )
    by_id = {node.pk: node for node in PlanNode.objects.filter(plan=plan)}
    for was, row in pairs:
        _take(was, row, NODE_FIELDS)
    PlanNode.objects.bulk_update([row for _, row in pairs], _columns(NODE_FIELDS), batch_size=BATCH)
    for was, row in pairs:
        if was.review == Review.REJECTED:
            _lift(row.pk, by_id[row.pk].parent_id, plan)


def _lift(node_id: int, parent_id: int | None, plan: WorkPlan) -> None:
    """What hangs on a heading rejected before hangs on the one above."""
    PlanNode.objects.filter(plan=plan, parent_id=node_id).update(parent_id=parent_id)
    Target.objects.filter(plan=plan, node_id=node_id).update(node_id=parent_id)
    if parent_id is not None:
        OwnerMention.objects.filter(plan=plan, node_id=node_id).update(node_id=parent_id)
        Responsibility.objects.filter(mention__plan=plan, node_id=node_id, is_inherited=False).update(node_id=parent_id)


def _carry_mentions(earlier: WorkPlan, plan: WorkPlan) -> None:
    """Also to whom a name was resolved by hand."""
    headings = dict(PlanNode.objects.filter(plan__in=[earlier, plan]).values_list("pk", "heading"))
    pairs = _matched(
        OwnerMention.objects.filter(plan=earlier).exclude(reading={}),
        OwnerMention.objects.filter(plan=plan),
        lambda mention: (_frozen(mention.reading), headings.get(mention.node_id)),
    )
    for was, row in pairs:
        _take(was, row, ("name", "role", "certainty", "is_outside"))
    fields = _columns(("name", "role", "certainty", "is_outside"))
    OwnerMention.objects.bulk_update([row for _, row in pairs], fields, batch_size=BATCH)
    held: dict[int, list[int]] = defaultdict(list)
    before = Responsibility.objects.filter(mention__plan=earlier, is_inherited=False)
    for mention_id, organisation_id in before.values_list("mention_id", "organisation_id"):
        held[mention_id].append(organisation_id)
    Responsibility.objects.filter(mention__in=[row.pk for _, row in pairs]).delete()
    Responsibility.objects.bulk_create(
        [
            Responsibility(mention=row, node_id=row.node_id, organisation_id=organisation_id, role=row.role)
            for was, row in pairs
            for organisation_id in held[was.pk]
        ],
        batch_size=BATCH,
    )


def _carry_targets(earlier: WorkPlan, plan: WorkPlan) -> None:
    def key(text: str) -> Callable[[Target], Hashable]:
        return lambda target: (text[target.start : target.end], _frozen(target.reading))

    old_text, new_text = earlier.source.text, plan.source.text
    old = [(key(old_text)(row), row) for row in Target.objects.filter(plan=earlier).exclude(reading={})]
    new = [(key(new_text)(row), row) for row in Target.objects.filter(plan=plan)]
    keys = {id(row): known for known, row in (*old, *new)}
    pairs = _matched([row for _, row in old], [row for _, row in new], lambda row: keys[id(row)])
    for was, row in pairs:
        _take(was, row, TARGET_FIELDS)
    Target.objects.bulk_update([row for _, row in pairs], _columns(TARGET_FIELDS), batch_size=BATCH)


def _carry_added(earlier: WorkPlan, plan: WorkPlan) -> int:
    """Targets added by hand, where their words stand once; returns how many found no place."""
    lost = 0
    for was in Target.objects.filter(plan=earlier, review=Review.ADDED):
        quote = earlier.source.text[was.start : was.end]
        if plan.source.text.count(quote) != 1:
            lost += 1
            continue
        start = plan.source.text.index(quote)
        row = Target(plan=plan, start=start, end=start + len(quote), node_id=_innermost(plan, start))
        row.value_start, row.value_end = row.start + was.value_start - was.start, row.start + was.value_end - was.start
        before = Target.objects.filter(plan=plan, start__lte=start).order_by("-position").first()
        row.position = 0 if before is None else before.position
        _take(was, row, TARGET_FIELDS)
        row.save()
    return lost


def _innermost(plan: WorkPlan, start: int) -> int | None:
    around = PlanNode.objects.kept().filter(plan=plan, start__lte=start, body_end__gt=start)
    return around.order_by("-level", "-start").values_list("pk", flat=True).first()


def _columns(fields: Iterable[str]) -> list[str]:
    return [field.removesuffix("_id") for field in (*VERDICT, *fields)]

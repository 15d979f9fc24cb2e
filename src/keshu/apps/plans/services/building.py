"""A document as the engine read it, turned into the rows of a draft. Nothing here touches files, jobs or permissions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from keshu.apps.plans.models import (
    Certainty,
    NodeKind,
    OwnerMention,
    OwnerRole,
    PlanNode,
    Responsibility,
    Target,
    Tense,
    Tier,
    WorkPlan,
)
from keshu.apps.plans.queries.indicator_names import indicator_key
from keshu.apps.plans.services.deadlines import due_date, due_day, last_deadline, words_before
from keshu.apps.plans.services.inheritance import refresh_inheritance

if TYPE_CHECKING:
    from keshu.engines.plandoc import Claim, Node, PlanDocument

BATCH = 500
# Fourteen digits before the point is what the column holds; a larger figure is a misreading.
LARGEST = 10**14
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Owners:
    """The organisations that a printed name means, and how sure that is."""

    organisation_ids: tuple[int, ...]
    certainty: Certainty


def storable(text: str) -> str:
    """The text with the few characters no database stores replaced one for one, so that spans still count."""
    return _UNSTORABLE.sub("\ufffd", text)


def fitted(model: Any, field: str, text: str | None) -> str:
    """The text cut to what the column holds."""
    return storable(text or "")[: model._meta.get_field(field).max_length]


def owner_names(document: PlanDocument) -> tuple[str, ...]:
    """Each printed name of an organisation once, in reading order."""
    names = (owner.name for node in document.nodes for owner in node.owners if owner.role != OwnerRole.PERSON)
    return tuple(dict.fromkeys(names))


def warnings_of(document: PlanDocument) -> list[str]:
    """What a person should know of the reading as a whole."""
    found = []
    if not document.claims:
        found.append("没有识别到指标数字。若原文有目标，请在左侧选中文字补录；若没有，可以直接核对任务。")
    if not document.nodes:
        found.append("没有识别到章节和任务，请在左侧选中文字补录。")
    if document.meta.plan_year is None:
        found.append("没有识别到年度，发布前请填写。")
    return found


def build_rows(document: PlanDocument, *, plan: WorkPlan, owners: Mapping[str, Owners]) -> None:
    """Save the document's nodes, targets, owner mentions and responsibilities under `plan`. For use inside a transaction."""
    nodes = _build_nodes(document, plan=plan)
    _build_mentions(document.nodes, nodes, plan=plan, owners=owners)
    _build_targets(document, nodes, plan=plan)
    refresh_inheritance(plan.pk)


def _build_nodes(document: PlanDocument, *, plan: WorkPlan) -> list[PlanNode]:
    """One row per node, parents before children, a layer at a time so that each knows its parent's id."""
    nodes = document.nodes
    rows = [_node_row(node, words=_own_words(document, node), plan=plan) for node in nodes]
    layers: dict[int, list[int]] = defaultdict(list)
    depth: list[int] = []
    for node in nodes:
        depth.append(0 if node.parent is None else depth[node.parent] + 1)
        layers[depth[-1]].append(node.index)
    for layer in sorted(layers):
        for index in layers[layer]:
            parent = nodes[index].parent
            rows[index].parent = None if parent is None else rows[parent]
        PlanNode.objects.bulk_create([rows[index] for index in layers[layer]], batch_size=BATCH)
    return rows


def _own_words(document: PlanDocument, node: Node) -> str:
    """What a node says before the one that follows it."""
    following = node.index + 1
    end = document.nodes[following].span.start if following < len(document.nodes) else node.body.end
    return document.text[node.span.start : min(end, node.body.end)]


def _node_row(node: Node, *, words: str, plan: WorkPlan) -> PlanNode:
    due = "" if node.due is None else str(node.due)
    due_text, due_on = node.due_text, None if node.due is None else due_day(node.due, words=node.due_text)
    is_task = node.kind.value in (NodeKind.ACTION, NodeKind.MEASURE)
    if not due_text and is_task and plan.year and (found := last_deadline(words, year=plan.year)):
        due_text, due_on = found
    return PlanNode(
        plan=plan,
        position=node.index,
        start=node.span.start,
        end=node.span.end,
        body_end=node.body.end,
        level=node.level,
        label=fitted(PlanNode, "label", node.label),
        heading=fitted(PlanNode, "heading", node.heading),
        kind=node.kind.value,
        due_period=due,
        due_on=due_on,
        due_text=fitted(PlanNode, "due_text", due_text),
        reading={
            "label": node.label,
            "heading": node.heading,
            "kind": node.kind.value,
            "level": node.level,
            "due": due,
        },
    )


def _build_mentions(
    nodes: Sequence[Node], rows: Sequence[PlanNode], *, plan: WorkPlan, owners: Mapping[str, Owners]
) -> None:
    mentions: list[OwnerMention] = []
    for node in nodes:
        for owner in node.owners:
            known = owners.get(owner.name)
            mentions.append(
                OwnerMention(
                    plan=plan,
                    node=rows[node.index],
                    position=len(mentions),
                    start=owner.span.start,
                    end=owner.span.end,
                    name=fitted(OwnerMention, "name", owner.name),
                    role=owner.role.value,
                    certainty=known.certainty if known else Certainty.UNKNOWN,
                    reading={"name": owner.name, "role": owner.role.value},
                )
            )
    OwnerMention.objects.bulk_create(mentions, batch_size=BATCH)
    Responsibility.objects.bulk_create(
        [
            Responsibility(node=mention.node, mention=mention, organisation_id=organisation_id, role=mention.role)
            for mention in mentions
            if mention.role != OwnerRole.PERSON and (known := owners.get(mention.reading["name"]))
            for organisation_id in known.organisation_ids
        ],
        batch_size=BATCH,
    )


def _build_targets(document: PlanDocument, nodes: Sequence[PlanNode], *, plan: WorkPlan) -> None:
    claims = document.claims
    rows = [_target_row(claim, nodes, text=document.text, plan=plan) for claim in claims]
    Target.objects.bulk_create(rows, batch_size=BATCH)
    for claim, row in zip(claims, rows, strict=True):
        row.restates = None if claim.restates is None else rows[claim.restates]
    for stretch, floor in paired_floors(rows):
        stretch.floor = floor
    linked = [row for row in rows if row.restates_id or row.floor_id]
    Target.objects.bulk_update(linked, ["restates", "floor"], batch_size=BATCH)


def _target_row(claim: Claim, nodes: Sequence[PlanNode], *, text: str, plan: WorkPlan) -> Target:
    value, value_high, doubts = _value(claim.value), _value(claim.value_high), list(claim.doubts)
    if claim.value is not None and value is None:
        doubts.append("数字过大，请对照原文核对")
    period = "" if claim.period is None else str(claim.period)
    return Target(
        plan=plan,
        node=None if claim.node is None else nodes[claim.node],
        position=claim.index,
        start=claim.span.start,
        end=claim.span.end,
        value_start=claim.value_span.start,
        value_end=claim.value_span.end,
        indicator=fitted(Target, "indicator", claim.indicator),
        indicator_key=indicator_key(claim.indicator, measure=claim.measure.value),
        op=claim.op.value,
        value=value,
        value_high=value_high if value is not None else None,
        unit=fitted(Target, "unit", claim.unit),
        measure=claim.measure.value,
        tier=claim.tier.value,
        tense=claim.tense.value,
        period=period,
        due_on=due_date(
            period,
            tense=claim.tense.value,
            words=words_before(text, start=claim.span.start, end=claim.value_span.start),
        ),
        masked=claim.masked,
        per=fitted(Target, "per", claim.per),
        benchmark=fitted(Target, "benchmark", claim.benchmark),
        doubts=doubts,
        reading=reading_of(claim),
    )


def reading_of(claim: Claim) -> dict[str, Any]:
    """What the engine made of the claim's words, as plain values."""
    return {
        "indicator": claim.indicator,
        "op": claim.op.value,
        "value": claim.value,
        "value_high": claim.value_high,
        "unit": claim.unit or "",
        "measure": claim.measure.value,
        "tier": claim.tier.value,
        "tense": claim.tense.value,
        "period": "" if claim.period is None else str(claim.period),
        "masked": claim.masked,
        "per": claim.per or "",
        "benchmark": claim.benchmark or "",
    }


def _value(value: float | None) -> Decimal | None:
    if value is None or abs(value) >= LARGEST:
        return None
    return round(Decimal(str(value)), 6)


def paired_floors(targets: Sequence[Target]) -> list[tuple[Target, Target]]:
    """Each stretch target (力争) with the floor (确保) of the same place, indicator and period, nearest above it first."""
    floors: dict[tuple[Any, ...], list[Target]] = defaultdict(list)
    for target in targets:
        if target.tier == Tier.BASE and target.tense == Tense.TARGET:
            floors[_place(target)].append(target)
    pairs = []
    for target in targets:
        if target.tier == Tier.STRETCH and target.tense == Tense.TARGET and (near := floors.get(_place(target))):
            pairs.append((target, min(near, key=lambda floor: abs(floor.start - target.start))))
    return pairs


def _place(target: Target) -> tuple[Any, ...]:
    return target.node_id, target.indicator_key, target.period

"""The finished document read as any uploaded one, against what the draft means: nothing may be lost or come out otherwise.

Targets are laid side by side in reading order; tasks by their headings. What differs says where and how to mend it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from keshu.apps.plans.models import NodeKind, OwnerRole, PieceKind, Tense
from keshu.apps.plans.queries.indicator_names import folded_name
from keshu.apps.plans.queries.wording import requirement
from keshu.apps.plans.services.document_workbook import goals_of
from keshu.apps.plans.services.goal_rows import with_goal_rows
from keshu.apps.plans.services.proposals.moving import set_in_full

if TYPE_CHECKING:
    from keshu.apps.plans.models import ProposalFigure, ProposalItem
    from keshu.engines.plandoc import Claim, Node, PlanDocument

_NOISE = re.compile(r"[\s，。、；：,;:.（）()“”\"'‘’《》〈〉—－-]")
WORDS = {
    "indicator": "名称", "op": "要求", "value": "数值", "value_high": "上限", "unit": "单位", "tier": "档次", "period": "时期",
    "per": "每", "heading": "任务", "owners": "责任单位", "due": "完成时限",
}  # fmt: skip
HINTS = {
    "missing": "句子里写明指标名称、数值和单位，例如“新增……100家以上”。",
    "indicator": "把指标名称完整写在数字前面的同一句里。",
    "op": "在数字前后写明要求，例如“达到”“不少于”“突破”“以上”“以内”。",
    "value": "句子里写明数值和单位，数字用阿拉伯数字。",
    "value_high": "范围写作“3—5家”。",
    "unit": "数字后面紧接着写单位。",
    "tier": "确保的目标写“确保达到”，争取的目标写“力争达到”，两者写在同一句。",
    "period": "写明时间，例如“6月底前”“到2030年”；没有写的按全年。",
    "per": "写明“每……”，例如“每万人口”。",
    "heading": "任务标题单独成句，写到句号为止。",
    "owners": "责任单位写在段末括号里，例如“（高新处牵头，各县区配合）”。",
    "due": "草案有时限的，写进句子开头，例如“6月底前完成……”；句子里写了的，在“完成时限”一格也填上。",
    "extra": "这句话被读成一项目标。如果是目标，请在草案里作为目标新增；如果不是，请改写，不写数字。",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target as the draft means it."""

    item_id: int
    figure_id: int
    indicator: str
    op: str
    value: Decimal | None
    value_high: Decimal | None
    unit: str
    tier: str
    period: str
    per: str
    measure: str = ""
    benchmark: str = ""

    @property
    def told(self) -> str:
        return _told(self)


@dataclass(frozen=True, slots=True)
class Duty:
    """A task as the draft means it; ``owners`` are names by role."""

    item_id: int
    heading: str
    owners: frozenset[tuple[str, str]]
    due: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not come back: of which piece, what was meant, what was read, how to mend it."""

    item_id: int | None
    what: str
    meant: str
    read: str
    hint: str


@dataclass(frozen=True, slots=True)
class ReadBack:
    """``targets`` and ``tasks`` as the plan's own page will count them: both tiers of a target are one (确保、力争)."""

    targets: int
    tasks: int
    differences: tuple[Difference, ...] = field(default=())

    @property
    def is_lossless(self) -> bool:
        return not self.differences


def wanted_of(figure: ProposalFigure) -> Wanted:
    return Wanted(
        figure.item_id, figure.pk, figure.indicator, figure.op, figure.value, figure.value_high, figure.unit, figure.tier,
        figure.period, figure.per, figure.measure, figure.benchmark,
    )  # fmt: skip


def duties_of(items: Sequence[ProposalItem], gone: Collection[int]) -> list[Duty]:
    """The tasks among pieces of the text, each with the owners that stand under it.

    A deadline goes with the sentence that says it, where that is left out.
    """
    lapsed: dict[int | None, str] = defaultdict(str)
    for item in items:
        lapsed[item.parent_id] += item.text if item.pk in gone else ""
    items = [item for item in items if item.pk not in gone]
    said: dict[int | None, str] = defaultdict(str)
    for item in items:
        said[item.parent_id] += item.text
    owners: dict[int | None, set[tuple[str, str]]] = {}
    for item in items:
        if item.kind == PieceKind.OWNERS:
            owners.setdefault(item.parent_id, set()).update(_names(item.owners))
        elif item.kind == PieceKind.ISSUE or (item.kind == PieceKind.TASK and item.owners):
            owners.setdefault(item.pk, set()).update(_names(item.owners))
    return [
        Duty(item.pk, item.text, frozenset(owners.get(item.pk, ())), _due(item, said[item.pk], lapsed[item.pk]))
        for item in items
        if item.kind in (PieceKind.TASK, PieceKind.ISSUE) and item.text
    ]


def _due(item: ProposalItem, said: str, lapsed: str) -> str:
    return "" if item.due_text in lapsed and item.due_text not in said else item.due_text


def _names(owners: Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    return {(name, role) for name, role in owners if role != OwnerRole.PERSON}


def compare(
    document: PlanDocument, wanted: Sequence[Wanted], duties: Sequence[Duty], *, passed_over: Sequence[str] = ()
) -> ReadBack:
    """What of the draft does not come back. `passed_over` are names of readings that this year's review rejected."""
    claims = [claim for claim in document.claims if claim.tense.value == Tense.TARGET]
    pairs = _laid_side_by_side(wanted, claims)
    found: list[Difference] = []
    matched = {id(claim) for _, claim in pairs if claim is not None}
    for one, claim in pairs:
        if claim is None:
            found.append(Difference(one.item_id, "目标没有读出", one.told, "没有读出", HINTS["missing"]))
            continue
        found += [
            Difference(one.item_id, f"目标的{WORDS[name]}不同", f"{one.told}", _told(_as_wanted(claim)), HINTS[name])
            for name in _differing(one, claim)
        ]
    rejected = {folded_name(name) for name in passed_over}
    found += [
        Difference(None, "多读出一项目标", "没有这项目标", _told(_as_wanted(claim)), HINTS["extra"])
        for claim in claims
        if id(claim) not in matched and folded_name(claim.indicator) not in rejected
    ]
    found += _task_differences(document, duties)
    ledger = with_goal_rows(document)
    work = [node for node in ledger.nodes if node.kind.value in (NodeKind.ACTION, NodeKind.MEASURE) or node.owners]
    return ReadBack(len(goals_of(ledger)), len(work), tuple(found))


def _as_wanted(claim: Claim) -> Wanted:
    return Wanted(
        0, 0, claim.indicator, claim.op.value, _number(claim.value), _number(claim.value_high), claim.unit or "",
        claim.tier.value, "" if claim.period is None else str(claim.period), claim.per or "", claim.measure.value,
        claim.benchmark or "",
    )  # fmt: skip


def _number(value: float | None) -> Decimal | None:
    return None if value is None else round(Decimal(str(value)), 6)


def _told(one: Wanted) -> str:
    asked = requirement(
        op=one.op, value=one.value, value_high=one.value_high, unit=one.unit, measure=one.measure or "level", per=one.per,
        benchmark=one.benchmark, masked=one.value is None,
    )  # fmt: skip
    tier = "（力争）" if one.tier == "stretch" else ""
    return f"{set_in_full(one.indicator)}{asked}{tier}"


def _differing(one: Wanted, claim: Claim) -> list[str]:
    read = _as_wanted(claim)
    found = []
    if folded_name(one.indicator) != folded_name(read.indicator):
        found.append("indicator")
    for name in ("op", "value", "value_high", "unit", "tier", "period", "per"):
        mine, other = getattr(one, name), getattr(read, name)
        if isinstance(mine, Decimal) and isinstance(other, Decimal):
            if mine != other:
                found.append(name)
        elif (mine or "") != (other or ""):
            found.append(name)
    return found


def _score(one: Wanted, claim: Claim) -> int:
    """How likely it is that the two are one: name, number and unit weigh most. 0 for no likeness at all."""
    read = _as_wanted(claim)
    is_named = folded_name(one.indicator) == folded_name(read.indicator)
    is_valued = one.value == read.value and one.value_high == read.value_high and one.unit == read.unit
    if not (is_named or is_valued):
        return 0
    return 4 * is_named + 4 * is_valued + (one.tier == read.tier) + (one.op == read.op) + (one.period == read.period)


def _laid_side_by_side(wanted: Sequence[Wanted], claims: Sequence[Claim]) -> list[tuple[Wanted, Claim | None]]:
    """The best order-keeping pairing."""
    rows, columns = len(wanted), len(claims)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    scores = [[_score(one, claim) for claim in claims] for one in wanted]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            joined = scores[row][column] + best[row + 1][column + 1] if scores[row][column] else 0
            best[row][column] = max(joined, best[row + 1][column], best[row][column + 1])
    found: list[tuple[Wanted, Claim | None]] = []
    column = 0
    for row, one in enumerate(wanted):
        while column < columns and best[row][column] == best[row][column + 1]:
            column += 1
        is_pair = (
            column < columns
            and scores[row][column]
            and best[row][column] == scores[row][column] + best[row + 1][column + 1]
        )
        found.append((one, claims[column] if is_pair else None))
        column += 1 if is_pair else 0
    return found


def _task_differences(document: PlanDocument, duties: Sequence[Duty]) -> list[Difference]:
    nodes = [node for node in document.nodes if node.kind.value != NodeKind.GOAL]
    found: list[Difference] = []
    at = 0
    for duty in duties:
        folded = _folded(duty.heading)
        place = next((n for n in range(at, len(nodes)) if _folded(nodes[n].heading) == folded), None)
        if place is None:
            found.append(Difference(duty.item_id, "任务没有读出", duty.heading, "没有读出", HINTS["heading"]))
            continue
        at = place + 1
        found += _duty_differences(duty, nodes[place])
    return found


def _duty_differences(duty: Duty, node: Node) -> list[Difference]:
    found = []
    read = {(owner.name, owner.role.value) for owner in node.owners if owner.role.value != OwnerRole.PERSON}
    meant = {(_folded(name), role) for name, role in duty.owners}
    if meant != {(_folded(name), role) for name, role in read}:
        found.append(
            Difference(
                duty.item_id, "任务的责任单位不同", f"{duty.heading}：{_named(duty.owners)}", _named(read), HINTS["owners"]
            )
        )  # fmt: skip
    if _folded(duty.due) != _folded(node.due_text) and not _is_days_word(duty.due, node.due_text):
        found.append(
            Difference(
                duty.item_id, "任务的完成时限不同", f"{duty.heading}：{duty.due or '没有时限'}", node.due_text or "没有时限",
                HINTS["due"],
            )
        )  # fmt: skip
    return found


def _is_days_word(meant: str, read: str) -> bool:
    """A last day in December, which the intake adds of itself where the engine names none."""
    return not read and re.search(r"12月\d{1,2}日", meant) is not None


def _named(owners: frozenset[tuple[str, str]] | set[tuple[str, str]]) -> str:
    roles = {"lead": "牵头", "support": "配合"}
    return "、".join(f"{name}{roles.get(role, '')}" for name, role in sorted(owners)) or "没有责任单位"


def _folded(words: str) -> str:
    return _NOISE.sub("", set_in_full(words))

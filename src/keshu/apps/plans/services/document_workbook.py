"""The workbook of a document as the engine read it, for the command line: no query is made, no database is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from keshu.apps.bureau.services.exchange import Sheet, write_workbook
from keshu.apps.plans.queries.indicator_names import indicator_key
from keshu.apps.plans.queries.sentences import sentence
from keshu.apps.plans.queries.wording import counts_net, figure, period_text, requirement
from keshu.apps.plans.services.goal_rows import with_goal_rows
from keshu.apps.plans.services.plan_sheets import (
    ActualRow,
    Banner,
    DutyRow,
    GoalRow,
    WorkRow,
    actual_sheet,
    duty_sheet,
    goal_sheet,
    work_sheet,
)

if TYPE_CHECKING:
    from keshu.engines.plandoc.document import Claim, Node, PlanDocument

KINDS = {"section": "章节", "action": "任务", "measure": "措施", "goal": "目标条目"}
ACCOUNTABLE = ("lead", "responsible")
# The strongest role first: who both leads and supports a task leads it.
MARKS = (("lead", "●"), ("responsible", "△"), ("support", "○"))


def document_workbook(document: PlanDocument) -> bytes:
    """目标台账, 完成情况 (where there is any), 任务分解表 and 责任矩阵, with owners as printed."""
    document = with_goal_rows(document)
    banner = Banner(document.meta.title or "工作要点", _facts(document))
    held = _owners_by_node(document.nodes)
    actuals = [claim for claim in document.claims if claim.tense == "actual"]
    goals = goals_of(document)
    sheets = [goal_sheet(banner, _goal_rows(document, goals, actuals, held))]
    if actuals:
        sheets.append(actual_sheet(banner, [_actual_row(document, claim) for claim in actuals]))
    sheets.append(work_sheet(banner, _work_rows(document, goals, held)))
    sheets.append(_duties(banner, document, held))
    return write_workbook(sheets, title=banner.title)


Held = dict[int, tuple[tuple[str, str], ...]]


def _facts(document: PlanDocument) -> str:
    meta = document.meta
    return "　".join(
        filter(
            None,
            [
                f"制定单位：{meta.issuer}" if meta.issuer else "",
                f"年度：{meta.plan_year}" if meta.plan_year else "",
                f"文号：{meta.doc_number}" if meta.doc_number else "",
                "识别结果，未经核对",
            ],
        )
    )


def _owners_by_node(nodes: Sequence[Node]) -> Held:
    """Names and roles for each node; one without owners of its own takes those of the nearest node above."""
    held: Held = {}
    for node in nodes:
        own = tuple((owner.name, owner.role.value) for owner in node.owners)
        bodies = [role for _, role in own if role != "person"]
        above = held.get(node.parent, ()) if node.parent is not None else ()
        held[node.index] = own if bodies else (*own, *(each for each in above if each[1] != "person"))
    return held


def _named(owners: Iterable[tuple[str, str]], *roles: str) -> str:
    return "、".join(dict.fromkeys(name for name, role in owners if role in roles))


@dataclass(frozen=True, slots=True)
class Goal:
    """A target with the one that stretches it, if any."""

    claim: Claim
    stretch: Claim | None

    @property
    def phrase(self) -> str:
        wanted = _requirement(self.claim)
        if self.stretch is not None:
            return f"{wanted}，力争{_requirement(self.stretch)}"
        return f"力争{wanted}" if self.claim.tier == "stretch" else wanted


def goals_of(document: PlanDocument) -> list[Goal]:
    """Targets in reading order, each floor with its stretch."""
    claims = [claim for claim in document.claims if claim.tense == "target"]
    stretches, paired = _stretches(claims)
    return [Goal(claim, stretches.get(claim.index)) for claim in claims if claim.index not in paired]


def _goal_rows(document: PlanDocument, goals: Sequence[Goal], actuals: Sequence[Claim], held: Held) -> list[GoalRow]:
    known = (claim for claim in reversed(actuals) if claim.value is not None)
    figures = {(_key(claim), claim.unit): claim for claim in sorted(known, key=lambda each: str(each.period or ""))}
    rows = []
    for goal in goals:
        claim, stretch = goal.claim, goal.stretch
        baseline = figures.get((_key(claim), claim.unit))
        owners = held.get(claim.node, ()) if claim.node is not None else ()
        is_stretch = claim.tier == "stretch"
        rows.append(
            GoalRow(
                indicator=claim.indicator,
                requirement=goal.phrase,
                floor=None if is_stretch else _amount(claim),
                stretch=_amount(claim) if is_stretch else None if stretch is None else _amount(stretch),
                unit=claim.unit or "",
                baseline=None if baseline is None else _decimal(baseline.value),
                baseline_period="" if baseline is None else _period(baseline),
                period=_period(claim),
                leads=_named(owners, *ACCOUNTABLE),
                supports=_named(owners, "support"),
                section="\n".join(claim.section),
                sentence=sentence(document.text, claim.span.start, claim.span.end),
            )
        )
    return rows


def _stretches(goals: Sequence[Claim]) -> tuple[dict[int, Claim], set[int]]:
    """For each floor its stretch target, and which targets are such stretches."""
    floors: dict[object, list[Claim]] = defaultdict(list)
    for claim in goals:
        if claim.tier == "base":
            floors[claim.node, _key(claim), claim.period].append(claim)
    found: dict[int, Claim] = {}
    paired: set[int] = set()
    for claim in goals:
        near = floors.get((claim.node, _key(claim), claim.period)) if claim.tier == "stretch" else None
        if near:
            floor = min(near, key=lambda each: abs(each.span.start - claim.span.start))
            if floor.index not in found:
                found[floor.index] = claim
                paired.add(claim.index)
    return found, paired


def _key(claim: Claim) -> str:
    return indicator_key(claim.indicator, measure=claim.measure.value)


def _requirement(claim: Claim) -> str:
    return requirement(
        op=claim.op.value,
        value=_decimal(claim.value),
        value_high=_decimal(claim.value_high),
        unit=claim.unit or "",
        measure=claim.measure.value,
        per=claim.per or "",
        benchmark=claim.benchmark or "",
        masked=claim.masked,
        is_net=counts_net(claim.indicator),
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _amount(claim: Claim) -> Decimal | str | None:
    value = _decimal(claim.value)
    return value if claim.value_high is None else figure(value, _decimal(claim.value_high))


def _period(claim: Claim) -> str:
    return "" if claim.period is None else period_text(str(claim.period))


def _actual_row(document: PlanDocument, claim: Claim) -> ActualRow:
    return ActualRow(
        indicator=claim.indicator,
        reading=_requirement(claim),
        value=_amount(claim),
        unit=claim.unit or "",
        period=_period(claim),
        section="\n".join(claim.section),
        sentence=sentence(document.text, claim.span.start, claim.span.end),
    )


def _work_rows(document: PlanDocument, goals: Sequence[Goal], held: Held) -> list[WorkRow]:
    wanted: dict[int | None, list[str]] = defaultdict(list)
    for goal in goals:
        wanted[goal.claim.node].append(f"{goal.claim.indicator}：{goal.phrase}")
    rows = []
    for node in document.nodes:
        owners = held[node.index]
        persons = _named(owners, "person")
        due = node.due_text or ("" if node.due is None else period_text(str(node.due)))
        rows.append(
            WorkRow(
                depth=node.level - 1,
                label=node.label,
                heading=node.heading,
                kind=KINDS[node.kind.value],
                leads=_named(owners, *ACCOUNTABLE),
                supports=_named(owners, "support"),
                deadline=due,
                targets="\n".join(wanted[node.index]),
                remark=f"责任人：{persons}" if persons else "",
                is_section=node.kind == "section",
            )
        )
    return rows


def _duties(banner: Banner, document: PlanDocument, held: Held) -> Sheet:
    named = {
        node.index: {
            name: role for role, _ in reversed(MARKS) for name, held_role in held[node.index] if held_role == role
        }
        for node in document.nodes
        if node.kind.value in ("action", "measure") or node.owners
    }
    offices = list(dict.fromkeys(name for index in named for name, role in held[index] if role != "person"))
    marks = dict(MARKS)
    rows = [
        DutyRow(node.label, node.heading, tuple(marks.get(named[node.index].get(office, ""), "") for office in offices))
        for node in document.nodes
        if named.get(node.index)
    ]
    totals = [
        tuple(
            sum(1 for roles in named.values() if roles.get(office) == role)
            for role in ("lead", "support", "responsible")
        )
        for office in offices
    ]
    return duty_sheet(banner, offices, rows, totals)  # type: ignore[arg-type]

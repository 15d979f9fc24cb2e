"""What a notice can be about: a target, a task, an issue, free words; and who leads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.plans.models import PlanNode, Responsibility, Target, titled
from keshu.apps.plans.queries.ledger import ACCOUNTABLE
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.queries.wording import deadline_text, period_text

if TYPE_CHECKING:
    from keshu.apps.bureau.queries.owners import OrganisationRef

LONGEST = 400


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing a notice is about. `node_under` is the task by which its lead is found."""

    text: str
    target_id: int | None = None
    node_id: int | None = None
    plan_id: int | None = None
    node_under: int | None = None
    name: str = ""

    @property
    def key(self) -> str:
        """The matter in a form: ``target-12``, ``task-7``."""
        return f"target-{self.target_id}" if self.target_id is not None else f"task-{self.node_id}"


def matter_of_target(row: Target) -> Matter:
    """The indicator and what is asked, until when."""
    period = period_text(row.period)
    text = f"{row.indicator}：{requirement_of(row)}" + (f"（{period}）" if period else "")
    return Matter(text[:LONGEST], target_id=row.pk, plan_id=row.plan_id, node_under=row.node_id, name=row.indicator)


def matter_of_node(row: PlanNode) -> Matter:
    """The task's heading, and until when."""
    until = deadline_text(row.due_on, period=row.due_period)
    name = titled(row.label, row.heading)
    text = f"{name[: LONGEST - 40]}（{until}）" if until else name
    return Matter(text[:LONGEST], node_id=row.pk, plan_id=row.plan_id, node_under=row.pk, name=row.heading)


def leads_of(node_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The organisations that lead (or answer for) each task, in the order of the document. One query."""
    rows = Responsibility.objects.filter(
        node_id__in=node_ids, role__in=ACCOUNTABLE, organisation__closed_on__isnull=True
    )
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for node_id, organisation_id in rows.order_by("pk").values_list("node_id", "organisation_id"):
        found[node_id].setdefault(organisation_id)
    return {node_id: tuple(organisations) for node_id, organisations in found.items()}


@dataclass(frozen=True, slots=True)
class Share:
    """What one organisation leads of the chosen matters."""

    office: OrganisationRef
    matters: tuple[Matter, ...]

    @property
    def title(self) -> str:
        return title_for(self.matters)


def by_lead(matters: Sequence[Matter]) -> tuple[tuple[Share, ...], tuple[Matter, ...]]:
    """The matters by the organisation that leads each (all, where several do), and those that nobody leads."""
    leads = leads_of({each.node_under for each in matters if each.node_under is not None})
    shares: dict[int, list[Matter]] = defaultdict(list)
    alone = []
    for each in matters:
        offices = leads.get(each.node_under or 0, ())
        for office in offices:
            shares[office].append(each)
        if not offices:
            alone.append(each)
    refs = refs_of(shares)
    return tuple(Share(refs[pk], tuple(rows)) for pk, rows in shares.items()), tuple(alone)


def title_for(matters: Iterable[Matter]) -> str:
    """关于“高新技术企业数”等 3 项工作的督办."""
    rows = list(matters)
    if not rows:
        return ""
    name = rows[0].name if len(rows[0].name) <= 40 else f"{rows[0].name[:39]}…"
    return f"关于“{name}”" + (f"等{len(rows)}项工作" if len(rows) > 1 else "") + "的督办"

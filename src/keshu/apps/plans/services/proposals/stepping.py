"""One change of a draft: locked, checked against what the person saw, recorded, and kept so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import (
    PlanProposal,
    ProposalFigure,
    ProposalItem,
    ProposalStep,
)
from keshu.apps.plans.services.proposals.lifecycle import ProposalMove, check

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

ITEM_FIELDS = (
    "parent_id", "position", "depth", "opens", "text", "tail", "owners", "due_text", "choice", "reason", "chosen_by_id",
    "chosen_at", "is_removed",
)  # fmt: skip
FIGURE_FIELDS = ("value", "value_high", "printed", "at", "indicator", "unit", "op", "tier", "period", "rule")
STALE = "这一条在您打开页面之后已被{who}修改，请刷新页面看过之后再改。"


@dataclass
class Step:
    """One change under way: the rows as they were, so that it can be undone."""

    proposal: PlanProposal
    by: User
    at: datetime
    summary: str
    changes: list[dict[str, Any]] = field(default_factory=list)
    seen: set[tuple[str, int]] = field(default_factory=set)

    def keep(self, rows: Iterable[ProposalItem | ProposalFigure]) -> None:
        """The rows as they are now, before they change."""
        for row in rows:
            kind = "item" if isinstance(row, ProposalItem) else "figure"
            if (kind, row.pk) not in self.seen:
                self.seen.add((kind, row.pk))
                names = ITEM_FIELDS if kind == "item" else FIGURE_FIELDS
                self.changes.append({"row": kind, "id": row.pk, "before": {name: _plain(row, name) for name in names}})

    def made(self, item: ProposalItem) -> None:
        """A piece that the step added: undoing takes it out again."""
        before = {name: _plain(item, name) for name in ITEM_FIELDS} | {"is_removed": True}
        self.seen.add(("item", item.pk))
        self.changes.append({"row": "item", "id": item.pk, "before": before})

    def end(self, items: Iterable[ProposalItem] = (), figures: Iterable[ProposalFigure] = ()) -> None:
        """Save the rows with the step, and the entry in the trail."""
        items, figures = list(items), list(figures)
        for item in items:
            item.version = self.proposal.version
        ProposalItem.objects.bulk_update(items, [*columns(ITEM_FIELDS), "version"], batch_size=200)
        ProposalFigure.objects.bulk_update(figures, list(FIGURE_FIELDS), batch_size=200)
        ProposalStep.objects.create(
            proposal=self.proposal, version=self.proposal.version, by=self.by, at=self.at, summary=self.summary[:200],
            changes=self.changes,
        )  # fmt: skip
        audit.Recorder(by=self.by, at=self.at).note(
            action=audit.AuditAction.UPDATE, subject=self.proposal, organisation=self.proposal.organisation_id,
            after={"修改": self.summary[:200]},
        )  # fmt: skip


def columns(names: Sequence[str]) -> list[str]:
    return [name.removesuffix("_id") for name in names]


def _plain(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return str(value) if isinstance(value, Decimal) else value


def begin(proposal: PlanProposal, *, summary: str, by: User, at: datetime) -> Step:
    """Lock the draft, check that it may be changed, and count the version on."""
    row = PlanProposal.objects.select_for_update().select_related("organisation").get(pk=proposal.pk)
    check(ProposalMove.CHANGE, row, user=by)
    PlanProposal.objects.filter(pk=row.pk).update(version=F("version") + 1)
    row.version += 1
    proposal.version = row.version
    return Step(row, by, at, summary)


def fetched(step: Step, ids: Sequence[int], *, version: int) -> list[ProposalItem]:
    """The pieces; Unacceptable when one is gone or was changed by somebody else since the page's version."""
    rows = list(ProposalItem.objects.filter(proposal=step.proposal, pk__in=ids, is_removed=False).order_by("position"))
    if len(rows) != len(set(ids)) or not rows:
        raise Unacceptable("有的条目已不在草案中，请刷新页面后重试。")
    newer = [row.version for row in rows if row.version > version]
    if newer:
        others = ProposalStep.objects.filter(proposal=step.proposal, version__in=newer).exclude(by=step.by)
        if (other := others.select_related("by").order_by("-version").first()) is not None:
            raise Unacceptable(STALE.format(who=other.by))
    return rows


def last_of(row: ProposalItem) -> ProposalItem:
    """The last piece of the row's own paragraphs."""
    last, ids = row, {row.pk}
    for item in ProposalItem.objects.filter(proposal=row.proposal_id, position__gt=row.position).order_by("position"):
        if item.parent_id not in ids or (item.opens and item.depth):
            break
        ids.add(item.pk)
        last = item
    return last


def insert(step: Step, *, behind: ProposalItem, kind: str, parent: ProposalItem | None, **fields: Any) -> ProposalItem:
    """A new piece behind another one; those after it move on by one."""
    ProposalItem.objects.filter(proposal=step.proposal, position__gt=behind.position).update(position=F("position") + 1)
    item = ProposalItem(
        proposal=step.proposal, kind=kind, parent=parent, position=behind.position + 1, version=step.proposal.version, **fields
    )  # fmt: skip
    item.save()
    step.made(item)
    return item


@transaction.atomic
def undo(proposal: PlanProposal, *, by: User, at: datetime) -> ProposalStep:
    """Take back the last change that stands, one's own or another's; it is recorded as a change itself."""
    last = ProposalStep.objects.filter(proposal=proposal, undone_at__isnull=True).exclude(changes=[])
    found = last.select_related("by").order_by("-version").first()
    if found is None:
        raise Unacceptable("没有可以撤销的修改。")
    step = begin(proposal, summary=f"撤销：{found.summary}", by=by, at=at)
    kept: dict[str, Any] = {"item": ProposalItem, "figure": ProposalFigure}
    for kind, model in kept.items():
        before = {each["id"]: each["before"] for each in found.changes if each["row"] == kind}
        rows = list(model.objects.filter(proposal=step.proposal, pk__in=before))
        for row in rows:
            for name, value in before[row.pk].items():
                setattr(row, name, _back(model, name, value))
        names = columns(ITEM_FIELDS) if kind == "item" else list(FIGURE_FIELDS)
        model.objects.bulk_update(rows, names, batch_size=200)
    ProposalStep.objects.filter(pk=found.pk).update(undone_at=at)
    step.end()
    return found


def _back(model: Any, name: str, value: Any) -> Any:
    return model._meta.get_field(name.removesuffix("_id")).to_python(value) if not name.endswith("_id") else value

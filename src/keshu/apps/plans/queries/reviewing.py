"""The grid of the review page: rows in full, with their doubts and their words in the document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from keshu.apps.plans.models import (
    Certainty,
    OwnerMention,
    OwnerRole,
    PlanNode,
    Review,
    Target,
    titled,
)
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.holders import held_parts, offices_meant
from keshu.apps.plans.queries.lines import OwnerLine, TargetLine, owner_line, target_line

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the review grid. ``version`` goes back with the next action on it; one of the last three is set."""

    ref: str
    kind: str
    start: int
    end: int
    review: str
    review_label: str
    doubts: tuple[str, ...]
    version: int
    remark: str
    reviewed_by: str
    reviewed_at: datetime | None
    section: str
    quote: str
    target: TargetLine | None = None
    node: PlanNode | None = None
    owner: OwnerLine | None = None

    @property
    def is_pending(self) -> bool:
        return self.review == Review.PENDING

    @property
    def is_doubtful(self) -> bool:
        return self.is_pending and bool(self.doubts)


def review_rows(
    plan: WorkPlan, *, user: User, refs: Iterable[str] | None = None, kind: str = "", state: str = ""
) -> tuple[GridRow, ...]:
    """The grid, doubtful rows first, then in reading order. Seven queries at most.

    `refs` asks for certain rows only (after an action); `kind` is target, node or mention; `state` a Review value, or
    ``doubtful``.
    """
    can_see_plan(user, plan)
    wanted = None if refs is None else set(refs)

    def asked(of: str) -> bool:
        return kind in ("", of) and (wanted is None or any(ref.startswith(f"{of}-") for ref in wanted))

    text = plan.source.text
    headings = {
        pk: titled(label, heading)
        for pk, label, heading in PlanNode.objects.filter(plan=plan).values_list("pk", "label", "heading")
    }
    rows: list[GridRow] = []
    if asked("target"):
        rows += _target_rows(plan, wanted, text, headings)
    if asked("node"):
        rows += _node_rows(plan, wanted, text, headings)
    if asked("mention"):
        rows += _mention_rows(plan, wanted, text, headings)
    if state == "doubtful":
        rows = [row for row in rows if row.is_doubtful]
    elif state:
        rows = [row for row in rows if row.review == state]
    return tuple(sorted(rows, key=lambda row: (not row.is_doubtful, row.start, row.end, row.ref)))


def mention_doubts(mention: OwnerMention, *, is_resolved: bool) -> tuple[str, ...]:
    """Why a printed name needs a person's eye."""
    if mention.role == OwnerRole.PERSON or mention.is_outside:
        return ()
    if not is_resolved:
        return ("没有找到对应的单位",)
    return ("按相近名称推测，请确认",) if mention.certainty == Certainty.GUESS else ()


def _only(queryset: Any, prefix: str, wanted: set[str] | None) -> Any:
    queryset = queryset.select_related("reviewed_by")
    if wanted is None:
        return queryset
    ids = [int(ref.rpartition("-")[2]) for ref in wanted if ref.startswith(f"{prefix}-")]
    return queryset.filter(pk__in=ids)


def _grid_row(row: Any, kind: str, text: str, section: str, doubts: tuple[str, ...], **line: Any) -> GridRow:
    return GridRow(
        ref=f"{kind}-{row.pk}", kind=kind, start=row.start, end=row.end, review=row.review,
        review_label=row.get_review_display(), doubts=doubts, version=row.version, remark=row.remark,
        reviewed_by="" if row.reviewed_by is None else str(row.reviewed_by), reviewed_at=row.reviewed_at,
        section=section, quote=text[row.start : row.end], **line,
    )  # fmt: skip


def _target_rows(plan: WorkPlan, wanted: set[str] | None, text: str, headings: dict[int, str]) -> list[GridRow]:
    rows = list(_only(Target.objects.filter(plan=plan), "target", wanted))
    lines = {row.pk: target_line(row) for row in rows}
    stretches = {row.floor_id: lines[row.pk] for row in reversed(rows) if row.review != Review.REJECTED}
    return [
        _grid_row(
            row, "target", text, headings.get(row.node_id, ""), tuple(row.doubts),
            target=target_line(row, stretch=stretches.get(row.pk)),
        )
        for row in rows
    ]  # fmt: skip


def _node_rows(plan: WorkPlan, wanted: set[str] | None, text: str, headings: dict[int, str]) -> list[GridRow]:
    rows = _only(PlanNode.objects.filter(plan=plan), "node", wanted)
    return [_grid_row(row, "node", text, headings.get(row.parent_id, ""), (), node=row) for row in rows]


def _mention_rows(plan: WorkPlan, wanted: set[str] | None, text: str, headings: dict[int, str]) -> list[GridRow]:
    held = offices_meant(held_parts(plan))
    rows = []
    for row in _only(OwnerMention.objects.filter(plan=plan), "mention", wanted):
        offices = held.get(row.pk, ())
        rows.append(
            _grid_row(
                row, "mention", text, headings.get(row.node_id, ""), mention_doubts(row, is_resolved=bool(offices)),
                owner=owner_line(row, offices=offices),
            )
        )  # fmt: skip
    return rows

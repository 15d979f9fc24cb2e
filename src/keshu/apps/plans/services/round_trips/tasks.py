"""Tasks of a draft to Excel and back: their words, kind and deadline."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.exchange import (
    Access,
    CurrentRow,
    Do,
    Field,
    FieldKind,
    RoundTrip,
    RowChange,
    Sitting,
    Task,
    register,
)
from keshu.apps.bureau.services.exchange.dates import date_of
from keshu.apps.plans.models import NodeKind, PlanNode, Review
from keshu.apps.plans.services.nodes import put_node_right
from keshu.apps.plans.services.round_trips.drafts import ACTION, DECIDED, NEEDS, Draft, decide, sit_at_draft
from keshu.apps.plans.services.round_trips.periods import period_of, written
from keshu.apps.plans.services.steps import Step

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

EDITED = ("label", "heading", "kind", "due")
DAY = 10  # characters of a day, 2026-06-30; periods are shorter


def due_of(text: str) -> str:
    """A period, or a day in any form that is understood."""
    try:
        return period_of(text)
    except Unacceptable:
        try:
            return date_of(text).isoformat()
        except Unacceptable:
            told = f"填写的是“{text[:40]}”，看不懂时限。请写时期（2026年6月、2026年二季度）或日期（2026-06-30）。"
            raise Unacceptable(told) from None


def due_written(due: str) -> str:
    return due if len(due) == DAY and due.count("-") == 2 else written(due)


FIELDS = (
    Field("parent", "上级标题", access=Access.READ, width=30, wrap=True),
    Field("label", "序号", width=10, longest=20),
    Field("heading", "内容", is_required=True, width=50, longest=400, wrap=True),
    Field(
        "kind", "类别", FieldKind.CHOICE, is_required=True, width=12,
        choices=tuple((str(value), str(label)) for value, label in NodeKind.choices),
    ),
    Field("due", "完成时限", width=16, parse=due_of, show=due_written, help="例如：2026年6月、2026年二季度、2026-06-30。"),
    Field("owners", "责任单位", access=Access.READ, width=34, wrap=True, help="责任单位请用“责任单位”的表修改。"),
    Field("review", "核对", access=Access.READ, width=9),
    ACTION,
)  # fmt: skip


class _Tasks(Draft):
    def current(self) -> list[CurrentRow]:
        rows = PlanNode.objects.filter(plan=self.plan).select_related("parent").defer("reading", "parent__reading")
        names: dict[int, list[str]] = {}
        for node_id, name in self.plan.mentions.kept().order_by("position", "pk").values_list("node_id", "name"):
            names.setdefault(node_id, []).append(name)
        found = []
        for row in rows.order_by("position", "start", "pk"):
            values = {
                "parent": "" if row.parent is None else str(row.parent),
                "label": row.label,
                "heading": row.heading,
                "kind": row.kind,
                "due": row.due_period or (f"{row.due_on:%Y-%m-%d}" if row.due_on else ""),
                "owners": "、".join(names.get(row.pk, [])),
                "review": Review(row.review).label,
                "action": DECIDED.get(Review(row.review), ""),
            }
            is_kept = row.review != Review.REJECTED
            found.append(CurrentRow(str(row.pk), values, str(row)[:200], subject=row.pk, is_listed=is_kept))
        return found

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        """Nothing but its key: headings may be alike."""
        return []

    def working(self, task: Task) -> AbstractContextManager[Do]:
        return self.stepping(_carry_out, at=task.at)


def _carry_out(step: Step, change: RowChange) -> None:
    assert change.current is not None
    node: PlanNode = step.row("node", change.current.subject)
    fields: dict[str, Any] = {name: change.values[name] for name in EDITED if name in change.changed}
    due = fields.get("due", "")
    if len(due) == DAY and due.count("-") == 2:
        fields["due"] = date.fromisoformat(due)
    if fields:
        put_node_right(step, node, fields)
    decide(step, node, change.values["action"] if "action" in change.changed else "")


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    return _Tasks(by, at, sit_at_draft(by, params, at), "任务")


TASKS = register(
    RoundTrip(
        key="plans.tasks", noun="任务", fields=FIELDS, keys=("heading",), sit=sit, needs=NEEDS,
        no_adding="表中不能新增任务：每项任务都要指明原文出处。请在核对页选中原文补录，并从表中删去这一行。",
        hints="改动视为核对：改过的行记为“已改”。",
    )
)  # fmt: skip

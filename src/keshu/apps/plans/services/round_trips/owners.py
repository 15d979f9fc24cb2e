"""Who answers for the tasks of a draft, to Excel and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
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
from keshu.apps.plans.models import Certainty, OwnerMention, OwnerRole, PlanNode, Responsibility, Review
from keshu.apps.plans.queries.reviewing import mention_doubts
from keshu.apps.plans.services.owners import enter_owner, put_mention_right, settle_mention
from keshu.apps.plans.services.round_trips.drafts import (
    ACTION,
    DECIDED,
    NEEDS,
    Draft,
    decide,
    review_words,
    sit_at_draft,
)
from keshu.apps.plans.services.steps import Step

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

FIELDS = (
    Field(
        "task", "任务", access=Access.CREATE, is_required=True, width=44, wrap=True, longest=420,
        help="新增的行照抄任务的序号和标题。", fixed="要改归另一任务，请剔除这一行，另起一行登记。",
    ),
    Field("name", "文件中的写法", is_required=True, width=24, longest=120),
    Field(
        "role", "责任", FieldKind.CHOICE, is_required=True, width=10,
        choices=tuple((str(value), str(label)) for value, label in OwnerRole.choices),
    ),
    Field("organisations", "对应单位", FieldKind.ORGANISATIONS, width=40, wrap=True, help="全称或简称，几个单位用顿号隔开。"),
    Field("is_outside", "系统外单位", FieldKind.BOOLEAN, width=12, help="不在单位名录中的单位填“是”，对应单位留空。"),
    Field("certainty", "对应方式", access=Access.READ, width=12),
    Field("review", "核对", access=Access.READ, width=9),
    Field("doubts", "存疑之处", access=Access.READ, width=24, wrap=True),
    ACTION,
)  # fmt: skip


class _Owners(Draft):
    def current(self) -> list[CurrentRow]:
        rows = OwnerMention.objects.filter(plan=self.plan).select_related("node").defer("reading", "node__reading")
        held: dict[int, list[str]] = {}
        answers = Responsibility.objects.filter(node__plan=self.plan, is_inherited=False)
        for mention_id, organisation_id in answers.values_list("mention_id", "organisation_id"):
            held.setdefault(mention_id, []).append(self.names.text_of(organisation_id))
        found = []
        for row in rows.order_by("position", "start", "pk"):
            values = {
                "task": str(row.node),
                "name": row.name,
                "role": row.role,
                "organisations": tuple(held.get(row.pk, [])),
                "is_outside": row.is_outside,
                "certainty": Certainty(row.certainty).label,
                **review_words(row, mention_doubts(row, is_resolved=row.pk in held)),
                "action": DECIDED.get(Review(row.review), ""),
            }
            is_kept = row.review != Review.REJECTED
            label = f"{row.name}（{row.node}）"[:200]
            found.append(CurrentRow(str(row.pk), values, label, subject=row.pk, is_listed=is_kept))
        return found

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return [(values["task"], values["name"], values["role"])] if values["task"] and values["name"] else []

    @cached_property
    def tasks(self) -> tuple[dict[str, int], Counter[str]]:
        """Headings to nodes, and how often each occurs."""
        rows = [(str(row), row.pk) for row in PlanNode.objects.kept().filter(plan=self.plan).defer("reading")]
        return dict(rows), Counter(heading for heading, _ in rows)

    def working(self, task: Task) -> AbstractContextManager[Do]:
        return self.stepping(self._carry_out, at=task.at)

    def _carry_out(self, step: Step, change: RowChange) -> None:
        values = change.values
        organisation_ids = tuple(self.names.find(name).id for name in values["organisations"])
        if change.current is None:
            node_id = self._task(values["task"])
            mention = enter_owner(
                step, node_id=node_id, name=values["name"], role=values["role"], organisation_ids=organisation_ids
            )
            if values["is_outside"]:
                settle_mention(step, mention, organisation_ids=organisation_ids, is_outside=True)
            return
        mention = step.row("mention", change.current.subject)
        if change.changed & {"name", "role"}:
            put_mention_right(step, mention, name=values["name"], role=values["role"])
        if change.changed & {"organisations", "is_outside"}:
            settle_mention(step, mention, organisation_ids=organisation_ids, is_outside=values["is_outside"])
        decide(step, mention, values["action"] if "action" in change.changed else "")

    def _task(self, heading: str) -> int:
        known, counted = self.tasks
        if counted[heading] > 1:
            raise Unacceptable(f"有 {counted[heading]} 项任务叫“{heading[:40]}”，请在核对页补录。", field="task")
        if heading not in known:
            raise Unacceptable(f"这份文件中没有任务“{heading[:40]}”，请照抄任务的序号和标题。", field="task")
        return known[heading]


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    return _Owners(by, at, sit_at_draft(by, params, at), "责任单位")


OWNERS = register(
    RoundTrip(
        key="plans.owners", noun="责任单位", fields=FIELDS, keys=("task", "name"), sit=sit, needs=NEEDS,
        hints="改动视为核对：改过的行记为“已改”或“已核”。",
    )
)  # fmt: skip

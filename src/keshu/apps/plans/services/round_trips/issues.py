"""Issues to Excel and back: new ones, words put right, and owner, measure and deadline for those that have none yet."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from keshu.apps.bureau.services import Refused, Unacceptable
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
from keshu.apps.bureau.services.round_trips.sittings import Seat
from keshu.apps.plans.models import OPEN_ISSUES, Issue, IssueOrigin, IssueState
from keshu.apps.plans.permissions.issues import may_raise_issues
from keshu.apps.plans.queries.issues.lists import number_of
from keshu.apps.plans.services import issues

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

WORDS, DUTY = ("title", "detail"), ("owner", "measure", "due_on")
SETTLED = "责任已经明确，请在问题页面上办理“调整责任”或“延期”，并写明理由。"
FIELDS = (
    Field("number", "编号", access=Access.READ, width=12),
    Field("title", "问题", is_required=True, width=40, longest=200, wrap=True, help="一句话写明。"),
    Field("detail", "具体表现", width=40, longest=4000, wrap=True),
    Field(
        "origin", "来源", FieldKind.CHOICE, Access.CREATE, width=12, help="不填为直接登记。",
        choices=tuple((str(value), str(label)) for value, label in IssueOrigin.choices),
    ),
    Field("origin_text", "来源说明", access=Access.CREATE, width=30, longest=200, wrap=True),
    Field("raised_for", "提出单位", FieldKind.ORGANISATION, Access.CREATE, width=20, help="不填为您的单位。"),
    Field(
        "owner", "责任单位", FieldKind.ORGANISATION, width=20,
        help="责任单位、措施、时限一起填；都不填的，由规划办公室明确。",
    ),
    Field("measure", "整改措施", width=40, longest=4000, wrap=True),
    Field("due_on", "整改时限", FieldKind.DATE, width=14),
    Field("state", "状态", access=Access.READ, width=12),
)  # fmt: skip


class _Issues(Seat):
    title = "问题清单"

    @property
    def back(self) -> str:
        return reverse("plans:issue-list")

    def current(self) -> list[CurrentRow]:
        """Every issue the person may see is recognised; those still open go out."""
        rows = Issue.objects.visible_to(self.by).select_related("owner", "raised_for", "raised_by")
        return [
            CurrentRow(str(row.pk), self._values(row), row.title, subject=row, is_listed=row.state in OPEN_ISSUES)
            for row in rows
        ]

    def _values(self, row: Issue) -> dict[str, Any]:
        return {
            "number": number_of(row), "title": row.title, "detail": row.detail, "origin": row.origin,
            "origin_text": row.origin_text, "raised_for": self.names.text_of(row.raised_for_id),
            "owner": self.names.text_of(row.owner_id), "measure": row.measure, "due_on": row.due_on,
            "state": row.get_state_display(),
        }  # fmt: skip

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        """The same words raised by the same side are the same issue."""
        side = values["raised_for"] or self.names.text_of(self.organisation.pk)
        return [(values["title"], side)] if values["title"] else []

    @contextmanager
    def working(self, task: Task) -> Iterator[Do]:
        at = task.at

        def do(change: RowChange) -> None:
            with transaction.atomic():
                try:
                    if change.current is None:
                        self._raise(change.values, at=at)
                    else:
                        self._change(change.current.subject, change, at=at)
                except Refused as refusal:
                    raise Unacceptable(refusal.message) from refusal

        with transaction.atomic():
            yield do

    def _raise(self, values: Mapping[str, Any], *, at: datetime) -> None:
        side = self._named(values["raised_for"]) or self.organisation
        issues.raise_issue(
            title=values["title"], detail=values["detail"], origin=values["origin"] or IssueOrigin.TYPED,
            origin_text=values["origin_text"], raised_for=side, owner=self._named(values["owner"]),
            measure=values["measure"], due_on=values["due_on"], by=self.by, at=at,
        )  # fmt: skip

    def _change(self, row: Issue, change: RowChange, *, at: datetime) -> None:
        values = change.values
        if change.changed & set(WORDS):
            issues.correct_issue(row, title=values["title"], detail=values["detail"], by=self.by, at=at)
        if duty := change.changed & set(DUTY):
            if row.state != IssueState.RAISED:
                raise Unacceptable(SETTLED, field=next(name for name in DUTY if name in duty))
            given: dict[str, Any] = {"measure": values["measure"], "due_on": values["due_on"]}
            issues.assign_issue(row, owner=self._named(values["owner"]), **given, by=self.by, at=at)

    def _named(self, text: str) -> Organisation | None:
        return self.organisation_named(text) if text else None


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    if not may_raise_issues(by):
        raise Refused("登记问题由科技部门和各责任单位的工作人员办理，您的账号只能查看。")
    return _Issues(by, at)


ISSUES = register(
    RoundTrip(
        key="plans.issues", noun="问题", fields=FIELDS, keys=("title",), sit=sit,
        hints="新增的行登记为新问题；已有的行可以修改表述，或明确责任单位、措施和时限。",
    )
)  # fmt: skip

"""One notice with all that belongs to it: matters, replies with files, its course, what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.history import ChangedField, HistoryLine
from keshu.apps.plans.models import (
    PENDING,
    PlanNode,
    Reply,
    SupervisionItem,
    SupervisionNotice,
    SupervisionState,
    SupervisionStep,
    Target,
)
from keshu.apps.plans.queries.supervision.escalation import days_late
from keshu.apps.plans.queries.supervision.ledger import MARKS, state_key

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.bureau.queries.ledger import Mark


def notice_by_id(user: User) -> QuerySet[SupervisionNotice]:
    """Notices the person may see, with everything a page or paper shows. Six queries for one."""
    rows = SupervisionNotice.objects.visible_to(user).select_related(
        "issuer", "addressee", "written_by", "issued_by", "signed_for_by", "plan", "issue"
    )  # fmt: skip
    replies = Reply.objects.select_related("by", "verdict_by").prefetch_related("attachments__file")
    return rows.defer("plan__source").prefetch_related(
        "items",
        Prefetch("replies", replies),
        Prefetch("steps", SupervisionStep.objects.select_related("by")),
    )


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """What the pages of a notice show besides its own fields."""

    row: SupervisionNotice
    mark: Mark
    lateness: str
    replies: tuple[Reply, ...]
    course: tuple[HistoryLine, ...]

    @property
    def is_draft(self) -> bool:
        return self.row.state == SupervisionState.DRAFT

    @property
    def facts(self) -> list[tuple[str, object]]:
        row = self.row
        return [
            ("编号", row.number_text or "未编号"),
            ("状态", self.mark.word),
            ("承办单位", row.addressee),
            ("办理时限", f"{row.due_on:%Y-%m-%d}" + (f"（逾期 {self.lateness}）" if self.lateness else "")),
            ("督办单位", row.issuer),
            ("拟稿人", row.written_by),
            ("签发人", row.issued_by),
            ("签收人", row.signed_for_by),
        ]

    @property
    def last_return(self) -> Reply | None:
        """The reply that was sent back, while it waits to be done again."""
        return self.replies[-1] if self.replies and self.row.state == SupervisionState.RETURNED else None


def notice_card(row: SupervisionNotice, *, on: date) -> NoticeCard:
    """The card of a notice from `notice_by_id`; two queries where it may be late."""
    days = 0
    if row.state in PENDING and row.due_on < on:
        days = days_late(row.due_on, on=on, calendar=work_calendar())
    course = [_line(step) for step in reversed(row.steps.all())]
    course.append(HistoryLine(row.written_at, str(row.written_by), "拟稿", "", ""))
    return NoticeCard(
        row, MARKS[state_key(row, on=on)], f"{days} 个工作日" if days else "", tuple(row.replies.all()), tuple(course)
    )


def notices_about(user: User, *, target: Target | None = None, node: PlanNode | None = None) -> list[Any]:
    """The notices that a target or task is a matter of, the newest first. One query."""
    items = (
        SupervisionItem.objects.filter(target=target)
        if target is not None
        else SupervisionItem.objects.filter(node=node)
    )
    rows = SupervisionNotice.objects.visible_to(user).filter(pk__in=items.order_by().values("notice"))
    return list(rows.select_related("addressee").order_by("-written_at", "-pk"))


def _line(step: SupervisionStep) -> HistoryLine:
    changes: tuple[ChangedField, ...] = ()
    if step.due_to is not None and step.due_from is not None:
        changes = (ChangedField("办理时限", f"{step.due_from:%Y-%m-%d}", f"{step.due_to:%Y-%m-%d}"),)
    return HistoryLine(step.at, str(step.by) if step.by is not None else "系统", step.label, "", step.text, changes)

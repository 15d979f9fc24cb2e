"""One issue with what was filed and said to it; problems told in check-ins that nobody has made an issue of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.plans.models import CheckIn, CheckInState, Issue, PlanNode, Proof, Target
from keshu.apps.plans.queries.issues.lists import ISSUE_MARKS, number_of, origin_of, state_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# A problem told longer ago is told anew in a later check-in, or is none any more.
OFFERED_DAYS = 100
MOST_OFFERED = 100


@dataclass(frozen=True, slots=True)
class IssueCard:
    """An issue ready for its page."""

    row: Issue
    number: str
    mark: Mark
    origin: str
    about: str
    about_href: str
    proofs: tuple[Proof, ...]


def issue_by_id(user: User) -> QuerySet[Issue]:
    """Issues the person may see, with all that a page and the permissions ask of one."""
    rows = Issue.objects.visible_to(user).select_related("owner", "raised_for", "raised_by", "plan", "target", "node")
    author = Proof.objects.filter(issue=OuterRef("pk")).order_by("-pk").values("by")[:1]
    return rows.defer("target__reading", "node__reading").annotate(author_id=Subquery(author))


def issue_card(row: Issue, *, on: date) -> IssueCard:
    """The card of a row out of `issue_by_id`. Two queries."""
    proofs = row.proofs.select_related("by", "verdict_by").prefetch_related("attachments").order_by("-pk")
    about, href = "", ""
    if row.target is not None:
        about, href = row.target.indicator, reverse("plans:target-detail", args=[row.target_id])
    elif row.node is not None:
        about, href = str(row.node), reverse("plans:task-detail", args=[row.node_id])
    return IssueCard(
        row=row, number=number_of(row), mark=ISSUE_MARKS[state_of(row, on=on)], origin=origin_of(row), about=about,
        about_href=href, proofs=tuple(proofs),
    )  # fmt: skip


def offered_problems(user: User, *, on: date) -> QuerySet[CheckIn]:
    """Signed check-ins of one's own organisations (of all, for whole-site roles) that tell a problem and have no issue."""
    rows = CheckIn.objects.filter(state=CheckInState.SIGNED, signed_at__date__gt=on - timedelta(days=OFFERED_DAYS))
    rows = rows.exclude(problems="").filter(~Exists(Issue.objects.filter(check_in=OuterRef("pk"))))
    if not user.scope.is_everything:
        rows = rows.filter(organisation__in=user.scope.organisation_ids)
    rows = rows.visible_to(user).select_related("round__plan", "target", "node", "organisation")
    return rows.defer("target__reading", "node__reading").order_by("-signed_at", "-pk")


def check_in_for(user: User, pk: int) -> CheckIn | None:
    """A check-in the person may see and speak of."""
    return (
        CheckIn.objects.visible_to(user).select_related("round", "target", "node", "organisation").filter(pk=pk).first()
    )


def issues_about(row: Target | PlanNode, *, user: User) -> list[Issue]:
    """The issues raised on a target or task that the person may see, latest first."""
    about = {"target": row} if isinstance(row, Target) else {"node": row}
    return list(Issue.objects.visible_to(user).filter(**about).select_related("owner"))

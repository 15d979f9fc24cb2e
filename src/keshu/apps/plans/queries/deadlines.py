"""What falls due for a person of an office: rounds to report, notices to reply to, issues to mend, targets and tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import NoReverseMatch, reverse

from keshu.apps.bureau.queries.deadlines import KEPT, Deadline, register
from keshu.apps.plans.models import CheckIn, Issue, PlanNode, PlanState, SupervisionNotice, Target
from keshu.apps.plans.models.checkins import UNFILED
from keshu.apps.plans.models.issues import IssueState
from keshu.apps.plans.models.supervision import PENDING

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@register
def deadlines(user: User, on: date) -> Iterator[Deadline]:
    """For the person's present organisations only, whatever else they may see; of published plans. Five queries."""
    offices = user.scope.organisation_ids
    if not offices or not user.scope.is_government:
        return
    since = on - KEPT
    yield from _check_ins(offices, since)
    yield from _notices(offices, since)
    yield from _issues(offices, since)
    yield from _rows(offices, since)


def _check_ins(offices: frozenset[int], since: date) -> Iterator[Deadline]:
    rows = CheckIn.objects.filter(
        organisation_id__in=offices, state__in=UNFILED, due_on__gte=since, round__plan__state=PlanState.PUBLISHED
    )
    names = ("round_id", "round__key", "round__plan__title", "organisation_id", "organisation__name", "due_on")
    for row in rows.values(*names).order_by(*names).annotate(count=Count("pk")):
        uid = f"round-{row['round_id']}-{row['organisation_id']}-{row['due_on']:%Y%m%d}"
        title = f"{row['round__key']} 期调度填报截止：{row['count']} 项待填"
        text = f"{row['organisation__name']}，《{row['round__plan__title']}》"
        yield Deadline(f"{uid}@keshu", title, row["due_on"], _address("plans:checkin-own"), text)


def _notices(offices: frozenset[int], since: date) -> Iterator[Deadline]:
    rows = SupervisionNotice.objects.filter(addressee_id__in=offices, state__in=PENDING, due_on__gte=since)
    for row in rows:
        link = _address("plans:supervision-detail", row.pk)
        yield Deadline(f"supervision-{row.pk}@keshu", f"督办单办理时限：{row.title}", row.due_on, link)


def _issues(offices: frozenset[int], since: date) -> Iterator[Deadline]:
    open_states = (IssueState.RAISED, IssueState.ASSIGNED)
    rows = Issue.objects.filter(owner_id__in=offices, state__in=open_states, due_on__gte=since)
    for row in rows:
        if row.due_on is not None:
            link = _address("plans:issue-detail", row.pk)
            yield Deadline(f"issue-{row.pk}@keshu", f"问题整改时限：{row.title}", row.due_on, link)


def _rows(offices: frozenset[int], since: date) -> Iterator[Deadline]:
    published = {"plan__state": PlanState.PUBLISHED, "due_on__gte": since}
    nodes = PlanNode.objects.kept().filter(responsibilities__organisation_id__in=offices, **published)
    for node in nodes.distinct():
        if node.due_on is not None:
            link = reverse("plans:task-detail", args=[node.pk])
            yield Deadline(f"task-{node.pk}@keshu", f"任务截止：{node.heading}", node.due_on, link)
    targets = Target.objects.kept().filter(node__responsibilities__organisation_id__in=offices, **published)
    for target in targets.distinct():
        if target.due_on is not None:
            link = reverse("plans:target-detail", args=[target.pk])
            yield Deadline(f"target-{target.pk}@keshu", f"目标截止：{target.indicator}", target.due_on, link)


def _address(name: str, *args: int) -> str:
    """The page of that name, or one's office's own page where it is not part of this installation."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return reverse("plans:office-own")

"""Tasks that no document says: added to a published plan under a section of their own, and carried on to its next revision."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from keshu.apps.bureau.services import audit
from keshu.apps.plans.models import (
    Certainty,
    Decision,
    NodeKind,
    OwnerMention,
    OwnerRole,
    PlanNode,
    Responsibility,
    Review,
    WorkPlan,
)

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

# The section of the plan under which tasks decided at meetings stand.
SECTION = "会议议定事项"
LONGEST_HEADING = 400


@transaction.atomic
def keep_decided_tasks(plan_id: int, *, by: User, at: datetime) -> int:
    """A new revision of a plan keeps the tasks that meetings decided; how many. A part of publishing, which decides who may."""
    plan = WorkPlan.objects.select_related("organisation", "supersedes").get(pk=plan_id)
    if plan.supersedes is None:
        return 0
    decided = Decision.objects.filter(task__plan=plan.supersedes, task__review=Review.ADDED).order_by("task__position")
    for decision in decided.select_related("task"):
        task = decision.task
        assert task is not None
        pen = PlanPen(plan, by=by, at=at, remark=task.remark)
        kept = pen.node(task.heading, parent=pen.section(), due_on=task.due_on)
        held = task.responsibilities.filter(is_inherited=False).select_related("organisation").order_by("pk")
        for duty in held:
            pen.lead(kept, duty.organisation)
        pen.log.update(decision, organisation=plan.organisation_id, task=kept)
    return len(decided)


class PlanPen:
    """Adds rows to a published plan as a person's additions, with their origin beside them."""

    def __init__(self, plan: WorkPlan, *, by: User, at: datetime, remark: str) -> None:
        self.plan, self.remark = plan, remark
        self.log = audit.Recorder(by=by, at=at)
        self.common: dict[str, Any] = {
            "plan": plan, "review": Review.ADDED, "reviewed_by": by, "reviewed_at": at, "version": plan.version,
        }  # fmt: skip
        # Nothing in the document says it: the span is empty, at the very end.
        source = type(plan.source).objects.filter(pk=plan.source_id)
        self.end = len(source.values_list("text", flat=True).get())

    def section(self) -> PlanNode:
        """The section for tasks decided at meetings; made with the first of them."""
        found = PlanNode.objects.kept().filter(plan=self.plan, heading=SECTION, kind=NodeKind.SECTION, parent=None)
        return found.order_by("pk").first() or self.node(SECTION, parent=None, due_on=None, remark="")

    def node(self, text: str, *, parent: PlanNode | None, due_on: date | None, remark: str | None = None) -> PlanNode:
        last = PlanNode.objects.filter(plan=self.plan).aggregate(last=Max("position"))["last"] or 0
        node = PlanNode(
            parent=parent, level=1 if parent is None else parent.level + 1, heading=one_line(text, LONGEST_HEADING),
            kind=NodeKind.SECTION if parent is None else NodeKind.ACTION, due_on=due_on, position=last + 1,
            start=self.end, end=self.end, body_end=self.end, remark=self.remark if remark is None else remark,
            **self.common,
        )  # fmt: skip
        return self.log.create(node, organisation=self.plan.organisation)

    def lead(self, node: PlanNode, owner: Organisation) -> None:
        mention = OwnerMention(
            node=node, name=str(owner), role=OwnerRole.LEAD, certainty=Certainty.CHOSEN, position=node.position,
            start=self.end, end=self.end, remark=self.remark, **self.common,
        )  # fmt: skip
        self.log.create(mention, organisation=self.plan.organisation)
        duty = Responsibility(node=node, mention=mention, organisation=owner, role=OwnerRole.LEAD)
        self.log.create(duty, organisation=self.plan.organisation)


def one_line(text: str, longest: int) -> str:
    words = " ".join(text.split()).rstrip("。")
    return words if len(words) <= longest else f"{words[: longest - 1]}…"

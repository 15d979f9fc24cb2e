"""The task tree narrowed by filters, the task page, and the flat ledger of tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.models import NodeKind, PlanNode, Review, Tense
from keshu.apps.plans.queries.ledger import ACCOUNTABLE, SUPPORTING, held_by, owned_by, without_owner
from keshu.apps.plans.queries.lines import PlanLines, TargetLine, TaskLine, target_lines
from keshu.apps.plans.queries.sources import SourceSentence, source_sentence
from keshu.apps.plans.queries.target_cards import Event, Owners, owners_of, row_history
from keshu.apps.plans.queries.target_ledgers import DUE_CHOICES, REVIEW_MARKS, SOON, Choices, due_condition
from keshu.apps.plans.queries.wording import deadline_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


# Deeper headings are indented no further.
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class TreeFilter:
    """What the tree is asked to show; empty values ask for everything. ``office`` leads or supports, ``lead`` leads."""

    q: str = ""
    lead: int | None = None
    office: int | None = None
    due: str = ""
    ownerless: bool = False

    @property
    def is_set(self) -> bool:
        return bool(self.q or self.lead or self.office or self.due or self.ownerless)


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A heading in the tree; ``is_match`` is False for one shown only because something beneath it matches."""

    task: TaskLine
    depth: int
    is_match: bool
    has_children: bool
    outside: str
    unresolved: str
    is_ownerless: bool


@dataclass(frozen=True, slots=True)
class TaskTree:
    """The rows shown, how many tasks matched and how many there are, and counts over all of them."""

    rows: tuple[TreeRow, ...]
    found: int
    total: int
    overdue: int
    due_soon: int
    ownerless: int


@dataclass(frozen=True, slots=True)
class TaskCard:
    """Everything the page of a task shows."""

    row: PlanNode
    source: SourceSentence
    owners: Owners
    targets: tuple[TargetLine, ...]
    children: tuple[PlanNode, ...]
    deadline: str
    history: tuple[Event, ...]

    @property
    def ref(self) -> str:
        return f"node-{self.row.pk}"

    @property
    def mark(self) -> Mark:
        return REVIEW_MARKS[Review(self.row.review)]


def narrowed_tree(lines: PlanLines, asked: TreeFilter, *, on: date) -> TaskTree:
    """The tree with matching rows and the headings above them. A row counts as a task when it is work or names an owner."""
    work = {task.id for task in lines.work}
    matches = {task.id for task in lines.tasks if _matches(task, asked, on=on, is_work=task.id in work)}
    shown = set(matches)
    if asked.is_set:
        for task in lines.tasks:
            if task.id in matches:
                shown.update(_above(task, lines))
    parents = {task.parent_id for task in lines.tasks if task.id in shown}
    return TaskTree(
        rows=tuple(
            TreeRow(
                task=task,
                depth=min(task.depth, DEEPEST),
                is_match=task.id in matches,
                has_children=task.id in parents,
                outside="、".join((*task.outside, *task.persons)),
                unresolved="、".join(task.unresolved),
                is_ownerless=task.id in work and is_ownerless(task),
            )
            for task in lines.tasks
            if task.id in shown
        ),
        found=len(matches & work),
        total=len(work),
        overdue=sum(1 for task in lines.work if is_due(task, "overdue", on=on)),
        due_soon=sum(1 for task in lines.work if is_due(task, "soon", on=on)),
        ownerless=sum(1 for task in lines.work if is_ownerless(task)),
    )


def is_due(task: TaskLine, when: str, *, on: date) -> bool:
    """Whether the task's deadline lies as one of DUE_CHOICES says."""
    if task.due_on is None:
        return when == "none"
    return {"overdue": task.due_on < on, "soon": on <= task.due_on <= on + SOON, "later": task.due_on > on + SOON}.get(
        when, False
    )


def is_ownerless(task: TaskLine) -> bool:
    """A task nobody is named for: no organisation, no body outside, no person."""
    return not (task.accountable or task.supports or task.outside or task.persons) and not (
        task.has_children and not task.targets
    )


def _matches(task: TaskLine, asked: TreeFilter, *, on: date, is_work: bool) -> bool:
    if not asked.is_set:
        return True
    tests: list[Callable[[], bool]] = []
    if asked.q:
        tests.append(lambda: all(word in _searched(task) for word in asked.q.casefold().split()))
    if asked.lead:
        tests.append(lambda: is_work and any(office.id == asked.lead for office in task.accountable))
    if asked.office:
        tests.append(lambda: is_work and any(office.id == asked.office for office in task.offices))
    if asked.due:
        tests.append(lambda: is_work and is_due(task, asked.due, on=on))
    if asked.ownerless:
        tests.append(lambda: is_work and is_ownerless(task))
    return all(test() for test in tests)


def _searched(task: TaskLine) -> str:
    names = [mention.name for mention in task.mentions] + [office.name for office in task.offices]
    return " ".join([task.title, *names, *(target.indicator for target in task.targets)]).casefold()


def _above(task: TaskLine, lines: PlanLines) -> list[int]:
    found, parent = [], task.parent_id
    while parent is not None and parent in lines.by_id:
        found.append(parent)
        parent = lines.by_id[parent].parent_id
    return found


def task_by_id(user: User) -> QuerySet[PlanNode]:
    """Tasks the person may see, with what a card needs of the plan; without the document's text."""
    rows = PlanNode.objects.visible_to(user).select_related(
        "plan__organisation", "plan__source", "parent", "reviewed_by"
    )
    rows = rows.select_related("plan__created_by", "plan__released_by")
    return rows.defer(
        "plan__source__text", "plan__source__meta", "plan__source__contradictions", "reading", "parent__reading"
    )


def task_card(row: PlanNode, *, user: User, with_history: bool = True) -> TaskCard:
    """The card of a row out of `task_by_id`. Six queries, five without the history."""
    goals = row.targets.kept().filter(tense=Tense.TARGET).defer("reading")
    return TaskCard(
        row=row,
        source=source_sentence(row, user=user),
        owners=owners_of(row.pk),
        targets=tuple(line for line in target_lines(goals) if line.floor_id is None),
        children=tuple(row.children.kept().defer("reading")),
        deadline=deadline_text(row.due_on, period=row.due_period, printed=row.due_text),
        history=row_history(row, ref=f"node-{row.pk}") if with_history else (),
    )


def tasks_ledger(*, on: date, offices: Choices, plans: Choices = ()) -> Ledger:
    """The flat ledger of tasks as it stands on a day."""
    return Ledger(
        key="plans.tasks",
        noun="任务",
        columns=(
            Column("task", "任务", value=str, sort="position", width=330, wrap=True),
            Column("parent", "所属", value=_parent, sort="parent__position", width=200, wrap=True),
            Column("lead_names", "牵头单位", sort="lead_names", width=140, wrap=True),
            Column("support_names", "配合单位", sort="support_names", width=160, wrap=True),
            Column("deadline", "完成时限", value=_deadline, sort="due_on", width=110),
            Column("due_on", "截止日期", ColumnKind.DATE, sort="due_on", width=110, default=False),
            Column("target_count", "目标数", ColumnKind.NUMBER, sort="target_count", width=90),
            Column("kind", "类别", value=lambda row: row.get_kind_display(), sort="kind", width=80),
            Column("review", "核对", ColumnKind.STATE, marks=REVIEW_MARKS, sort="review", width=82, default=False),
            Column("plan__title", "来自文件", sort="plan__title", width=220, wrap=True, default=bool(plans)),
        ),
        filters=_task_filters(on=on, offices=offices, plans=plans),
        search=("heading", "label", "parent__heading"),
        search_hint="查找任务、所属章节",
        figures=(
            Figure("全部任务和措施"),
            Figure("30 天内到期", due_condition("soon", on=on), {"due": "soon"}, tone=Tone.AT_RISK),
            Figure("已到期", due_condition("overdue", on=on), {"due": "overdue"}, tone=Tone.LATE),
            Figure("没有牵头单位", without_owner(PlanNode), {"ownerless": "1"}, tone=Tone.AT_RISK),
        ),
        drawer=lambda row: reverse("plans:task-drawer", args=[row.pk]),
        page=lambda row: reverse("plans:task-detail", args=[row.pk]),
        keep=("plan",),
    )  # fmt: skip


def _task_filters(*, on: date, offices: Choices, plans: Sequence[tuple[str, str]]) -> tuple[Filter, ...]:
    work = [(value, label) for value, label in NodeKind.choices if value in (NodeKind.ACTION, NodeKind.MEASURE)]
    return (
        *((Filter("of", "来自文件", choices=plans, field="plan_id"),) if plans else ()),
        Filter("lead", "牵头单位", choices=offices, apply=lambda rows, value: owned_by(rows, [int(value)], roles=ACCOUNTABLE)),
        Filter("support", "配合单位", choices=offices, apply=lambda rows, value: owned_by(rows, [int(value)], roles=SUPPORTING)),
        Filter("due", "期限", choices=DUE_CHOICES, apply=lambda rows, value: rows.filter(due_condition(value, on=on))),
        Filter("kind", "类别", choices=work, field="kind"),
        Filter("ownerless", "没有牵头单位", FilterKind.BOOL, apply=_ownerless, more=True),
        Filter("targets", "有目标", FilterKind.BOOL, apply=_with_targets, more=True),
        Filter("office", "参与单位", choices=offices, apply=_involving, more=True),
    )  # fmt: skip


def _ownerless(rows: QuerySet[Any], value: bool) -> QuerySet[Any]:
    condition = without_owner(PlanNode)
    return rows.filter(condition if value else ~condition)


def _with_targets(rows: QuerySet[Any], value: bool) -> QuerySet[Any]:
    return rows.filter(target_count__gt=0) if value else rows.filter(Q(target_count=0))


def _involving(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(held_by(PlanNode, [int(value)]))


def _parent(row: PlanNode) -> str:
    return "" if row.parent is None else str(row.parent)


def _deadline(row: PlanNode) -> str:
    return deadline_text(row.due_on, period=row.due_period, printed=row.due_text)

"""The task tree narrowed by filters, the task page, and the flat ledger of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse

from keshu.apps.bureau.queries.history import HistoryPage
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.models import NodeKind, PlanNode, Review, Target, Tense
from keshu.apps.plans.queries.headings import Heading, Headings
from keshu.apps.plans.queries.histories import row_history
from keshu.apps.plans.queries.ledger import (
    ACCOUNTABLE,
    SUPPORTING,
    by_owner_names,
    held_by,
    lead_text,
    outside_names,
    owned_by,
    support_text,
    without_owner,
)
from keshu.apps.plans.queries.light_columns import light_figures, light_filter, task_columns
from keshu.apps.plans.queries.lines import TargetLine, target_lines
from keshu.apps.plans.queries.search_terms import as_indicator, by_owner, holds_all, spellings, spelt
from keshu.apps.plans.queries.sources import SourceSentence, source_sentence
from keshu.apps.plans.queries.target_cards import Owners, owners_of
from keshu.apps.plans.queries.target_ledgers import DUE_CHOICES, REVIEW_MARKS, Choices, due_condition
from keshu.apps.plans.queries.wording import deadline_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan


# Deeper headings are indented no further.
DEEPEST = 5
# So many rows are shown to begin with; chapters beyond them are fetched when they are opened.
FULL = 120
# So many words are looked for: each asks once more which indicators hold it.
MOST_WORDS = 2


@dataclass(frozen=True, slots=True)
class TreeFilter:
    """What the tree is asked to show; empty values ask for everything. ``office`` leads or supports, ``lead`` leads."""

    q: str = ""
    lead: int | None = None
    office: int | None = None
    due: str = ""
    ownerless: bool = False
    light: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.q or self.asks_for_work)

    @property
    def asks_for_work(self) -> bool:
        return bool(self.lead or self.office or self.due or self.ownerless or self.light)


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A heading in the tree; ``is_match`` is False for one shown only because something beneath it matches.

    ``is_open`` is False for a heading whose rows are fetched when it is opened.
    """

    task: Heading
    depth: int
    is_match: bool
    has_children: bool
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class TaskTree:
    """The rows found, how many tasks matched and how many there are, and counts over all of them."""

    rows: tuple[TreeRow, ...]
    found: int
    total: int
    overdue: int
    due_soon: int
    ownerless: int

    @property
    def shown(self) -> tuple[TreeRow, ...]:
        """The rows to begin with: whole chapters until the page is full, of the others their headings, closed."""
        shown: list[TreeRow] = []
        for chapter in self._chapters():
            # The first is shown however long it is, unless it alone fills several pages.
            if len(shown) + len(chapter) <= (FULL if shown else 2 * FULL):
                shown += chapter
            else:
                shown.append(replace(chapter[0], is_open=len(chapter) == 1))
        return tuple(shown)

    @property
    def closed(self) -> int:
        """How many chapters are not open to begin with."""
        return sum(not row.is_open for row in self.shown)

    def beneath(self, node_id: int) -> tuple[TreeRow, ...]:
        """The rows under a chapter."""
        chapter = next((rows for rows in self._chapters() if rows[0].task.id == node_id), ())
        return tuple(chapter[1:])

    def _chapters(self) -> list[list[TreeRow]]:
        chapters: list[list[TreeRow]] = []
        for row in self.rows:
            if row.depth == 0 or not chapters:
                chapters.append([])
            chapters[-1].append(row)
        return chapters


@dataclass(frozen=True, slots=True)
class TaskCard:
    """Everything the page of a task shows."""

    row: PlanNode
    source: SourceSentence
    owners: Owners
    targets: tuple[TargetLine, ...]
    children: tuple[PlanNode, ...]
    deadline: str
    history: HistoryPage

    @property
    def ref(self) -> str:
        return f"node-{self.row.pk}"

    @property
    def mark(self) -> Mark:
        return REVIEW_MARKS[Review(self.row.review)]


def narrowed_tree(headings: Headings, asked: TreeFilter, *, plan: WorkPlan, on: date) -> TaskTree:
    """The tree with matching rows and the headings above them. One query for each word that is looked for."""
    matches = _matches(headings, asked, plan=plan, on=on)
    shown = set(matches)
    if asked.is_set:
        shown.update(node_id for row in headings.rows if row.id in matches for node_id in headings.above(row))
    parents = {row.parent_id for row in headings.rows if row.id in shown}
    work = headings.work
    return TaskTree(
        rows=tuple(
            TreeRow(row, min(row.depth, DEEPEST), row.id in matches, row.id in parents)
            for row in headings.rows
            if row.id in shown
        ),
        found=sum(row.id in matches for row in work),
        total=len(work),
        overdue=sum(row.is_due("overdue", on=on) for row in work),
        due_soon=sum(row.is_due("soon", on=on) for row in work),
        ownerless=sum(row.is_ownerless for row in work),
    )


def _matches(headings: Headings, asked: TreeFilter, *, plan: WorkPlan, on: date) -> set[int]:
    """The headings that meet every condition; all but the words ask for work."""
    rows = headings.work if asked.asks_for_work else headings.rows
    return {
        row.id
        for row in _holding(rows, asked.q, plan=plan)
        if (not asked.lead or row.held_by(asked.lead, *ACCOUNTABLE))
        and (not asked.office or row.held_by(asked.office, *ACCOUNTABLE, *SUPPORTING))
        and (not asked.due or row.is_due(asked.due, on=on))
        and (not asked.ownerless or row.is_ownerless)
        and (not asked.light or row.light.light == asked.light)
    }


def _holding(rows: Sequence[Heading], q: str, *, plan: WorkPlan) -> Sequence[Heading]:
    """Rows that hold every word: in the title, in a printed name, in the name of an office or of an indicator."""
    words = q.split(maxsplit=MOST_WORDS - 1)
    if not words:
        return rows
    named = {id(part.offices): part.offices for row in rows for part in row.parts}
    names = {key: " ".join(f"{each.name} {each.full_name}" for each in offices) for key, offices in named.items()}
    texts = [
        " ".join([row.title, *(each.name for each in row.printed), *(names[id(part.offices)] for part in row.parts)])
        for row in rows
    ]
    for word in words:
        goals = Target.objects.kept().filter(as_indicator(word), plan=plan, node__isnull=False)
        by_indicator = set(goals.order_by().values_list("node_id", flat=True).distinct())
        terms = (spellings(word),)
        kept = [
            (row, text)
            for row, text in zip(rows, texts, strict=True)
            if row.id in by_indicator or holds_all(terms, text)
        ]
        rows, texts = [row for row, _ in kept], [text for _, text in kept]
    return rows


def task_by_id(user: User) -> QuerySet[PlanNode]:
    """Tasks the person may see, with what a card needs of the plan; without the document's text."""
    rows = PlanNode.objects.visible_to(user).select_related(
        "plan__organisation", "plan__source", "parent", "reviewed_by"
    )
    rows = rows.select_related("plan__created_by", "plan__released_by")
    return rows.defer(
        "plan__source__text", "plan__source__meta", "plan__source__contradictions", "reading", "parent__reading"
    ).annotate(
        outside_leads=outside_names(OuterRef("pk"), roles=ACCOUNTABLE),
        outside_supports=outside_names(OuterRef("pk"), roles=SUPPORTING),
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
        history=row_history(row, user=user) if with_history else HistoryPage(()),
    )


def tasks_ledger(*, on: date, offices: Choices, plans: Choices = (), lights: bool = False) -> Ledger:
    """The flat ledger of tasks as it stands on a day; `lights` adds how they stand, for plans in force."""
    return Ledger(
        key="plans.tasks",
        noun="任务",
        columns=(
            Column("task", "任务", value=str, sort="position", width=330, wrap=True),
            *(task_columns() if lights else ()),
            Column("parent", "所属", value=_parent, sort="parent__position", width=200, wrap=True),
            Column(
                "lead_names", "牵头单位", value=lead_text, sort=by_owner_names(roles=ACCOUNTABLE), width=140, wrap=True
            ),
            Column(
                "support_names", "配合单位", value=support_text, sort=by_owner_names(roles=SUPPORTING), width=160,
                wrap=True,
            ),
            Column("deadline", "完成时限", value=_deadline, sort="due_on", width=110),
            Column("due_on", "截止日期", ColumnKind.DATE, sort="due_on", width=110, default=False),
            Column("target_count", "目标数", ColumnKind.NUMBER, sort="target_count", width=90),
            Column("kind", "类别", value=lambda row: row.get_kind_display(), sort="kind", width=80),
            Column("review", "核对", ColumnKind.STATE, marks=REVIEW_MARKS, sort="review", width=82, default=False),
            Column("plan__title", "来自文件", sort="plan__title", width=220, wrap=True, default=bool(plans)),
        ),
        filters=(
            *((light_filter(PlanNode),) if lights else ()),
            *_task_filters(on=on, offices=offices, plans=plans),
        ),
        search=(spelt("heading", "parent__heading"), "label", by_owner(PlanNode)),
        search_hint="查找任务、所属章节、单位",
        figures=(
            Figure("全部任务和措施"),
            *(light_figures(PlanNode) if lights else ()),
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

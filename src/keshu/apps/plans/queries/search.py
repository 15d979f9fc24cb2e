"""Search over plans, targets and tasks by name, for the search box of the site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse

from keshu.apps.bureau.queries.search import SHOWN, Hit, HitGroup, address, every_word, group, top
from keshu.apps.plans.models import PlanNode, PlanState, Target, Tense, WorkPlan
from keshu.apps.plans.queries.choosing import ALL_PUBLISHED
from keshu.apps.plans.queries.ledger import ACCOUNTABLE, owner_names
from keshu.apps.plans.queries.search_terms import as_amount, as_indicator, by_stranger, spelt
from keshu.apps.plans.queries.target_ledgers import asked_text
from keshu.apps.plans.queries.wording import deadline_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# So many lead organisations are named beside a hit.
LISTED = 3


def found(text: str, *, user: User, shown: int = SHOWN) -> Sequence[HitGroup]:
    """Plans, targets and tasks that `user` may see and whose names hold every word of `text` (not empty), short or in full.

    What is in force comes first, the newest year before older ones. The whole of a kind is in its ledger, searched likewise.
    """
    plans = WorkPlan.objects.visible_to(user).kept()
    named = (
        plans.filter(every_word(text, spelt("title", "doc_number")))
        .select_related("organisation")
        .defer("source__text")
    )
    q = urlencode({"q": text})
    published = f"?{urlencode({'plan': ALL_PUBLISHED})}&{q}"
    return (
        group(
            "计划", "archive", [_plan(row) for row in top(named, shown)], shown=shown,
            all_href=f"{reverse('plans:plan-list')}?{q}",
        ),
        group(
            "目标", "target", [_target(row) for row in top(_targets(text, plans), shown)], shown=shown,
            all_href=f"{reverse('plans:target-list')}{published}&tense=target",
        ),
        group(
            "任务", "list-tree", [_task(row) for row in top(_tasks(text, plans), shown)], shown=shown,
            all_href=f"{reverse('plans:task-list')}{published}",
        ),
    )  # fmt: skip


def _targets(text: str, plans: QuerySet[WorkPlan]) -> QuerySet[Any]:
    """A floor and its stretch are one hit."""
    stretch = Target.objects.kept().filter(floor=OuterRef("pk")).order_by("position")
    rows = Target.objects.kept().filter(plan__in=plans, tense=Tense.TARGET, floor__isnull=True)
    rows = rows.filter(every_word(text, lambda word: as_indicator(word) | as_amount(word))).annotate(
        lead_names=owner_names(OuterRef("node_id"), roles=ACCOUNTABLE),
        stretch_value=Subquery(stretch.values("value")[:1]),
        stretch_unit=Subquery(stretch.values("unit")[:1]),
    )
    return _in_force_first(rows)


def _tasks(text: str, plans: QuerySet[WorkPlan]) -> QuerySet[Any]:
    """By their headings, or by a body that no organisation of the register stands for (合作银行)."""
    named = spelt("heading")
    rows = PlanNode.objects.kept().filter(
        every_word(text, lambda word: named(word) | by_stranger(word)), plan__in=plans
    )
    return _in_force_first(rows.annotate(lead_names=owner_names(OuterRef("pk"), roles=ACCOUNTABLE)))


def _in_force_first(rows: QuerySet[Any]) -> QuerySet[Any]:
    is_old = Case(When(plan__state=PlanState.PUBLISHED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.select_related("plan").defer("reading").order_by(is_old, "-plan__year", "plan", "position")


def _plan(row: WorkPlan) -> Hit:
    note = "　".join(part for part in (str(row.organisation), row.get_state_display(), row.doc_number) if part)
    return Hit(title=row.title, note=note, href=address("plans:plan-detail", row.pk))


def _target(row: Any) -> Hit:
    """With what a caller asks for: the figures, the year, who leads."""
    return Hit(
        title=row.indicator, note=_note(row, asked_text(row)), href=address("plans:target-detail", row.pk)
    )  # fmt: skip


def _task(row: Any) -> Hit:
    due = deadline_text(row.due_on, period=row.due_period, printed=row.due_text)
    return Hit(title=str(row), note=_note(row, due), href=address("plans:task-detail", row.pk))


def _note(row: Any, first: str) -> str:
    plan, leads = row.plan, row.lead_names.split("、") if row.lead_names else []
    lead = "、".join(leads[:LISTED]) + (f"等 {len(leads)} 个单位" if len(leads) > LISTED else "")
    state = "" if plan.state == PlanState.PUBLISHED else f"（{plan.get_state_display()}）"
    parts = (
        first,
        f"{plan.year}年" if plan.year else "",
        lead and f"牵头：{lead}",
        plan.title + state,
    )
    return "　".join(part for part in parts if part)

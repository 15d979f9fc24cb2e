"""The ledger of drafts of next year's plan."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.models import PlanProposal, ProposalItem, ProposalState
from keshu.apps.plans.queries.proposals.progress import light_items, progress_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keshu.apps.bureau.models import User

PROPOSAL_MARKS = {
    ProposalState.DRAFT.value: Mark("起草", Tone.ON_TRACK),
    ProposalState.SUBMITTED.value: Mark("送审", Tone.AT_RISK),
    ProposalState.FINAL.value: Mark("定稿", Tone.DONE),
    ProposalState.TAKEN_IN.value: Mark("已转入", Tone.DONE),
    ProposalState.DISCARDED.value: Mark("草案已删除"),
}


def proposal_rows(user: User) -> QuerySet[PlanProposal]:
    """Drafts the person may see."""
    rows = PlanProposal.objects.visible_to(user).kept()
    return rows.select_related("organisation", "plan__organisation", "created_by", "finished_by").defer(
        "plan__warnings"
    )


def _with_progress(rows: Sequence[Any]) -> Sequence[Any]:
    """Each row with how far it is decided. One query of a few columns."""
    items: dict[int, list[ProposalItem]] = defaultdict(list)
    for item in light_items([row.pk for row in rows]):
        items[item.proposal_id].append(item)
    for row in rows:
        progress = progress_among(items[row.pk])
        row.decided = f"{progress.decided} / {progress.total}"
    return rows


def _of(state: ProposalState, tone: Tone | None = None) -> Figure:
    return Figure(PROPOSAL_MARKS[state.value].word, Q(state=state), {"state": state.value}, tone=tone)


PROPOSALS = Ledger(
    key="plans.proposals",
    noun="来年要点草案",
    columns=(
        Column(
            "title", "草案", ColumnKind.LINK, link=lambda row: reverse("plans:proposal-detail", args=[row.pk]),
            sort="title", width=320, wrap=True,
        ),
        Column("year", "年度", value=lambda row: str(row.year), sort="year", width=80),
        Column("organisation", "制定单位", sort="organisation__position", width=150),
        Column("plan", "依据", value=lambda row: row.plan.title, sort="plan__title", width=260, wrap=True),
        Column("decided", "已定", value=lambda row: row.decided, width=100),
        Column("created_by", "起草人", sort="created_by__name", width=100),
        Column(
            "created_at", "起草时间", ColumnKind.DATE, value=lambda row: timezone.localtime(row.created_at).date(),
            sort="created_at", width=120,
        ),
        Column("state", "状态", ColumnKind.STATE, marks=PROPOSAL_MARKS, sort="state", width=110),
    ),
    filters=(
        Filter(
            "state", "状态", FilterKind.MULTI, field="state",
            choices=[each for each in ProposalState.choices if each[0] != ProposalState.DISCARDED],
        ),
    ),
    search=("title", "plan__title"),
    search_hint="草案或依据的标题",
    figures=(Figure("全部"), _of(ProposalState.DRAFT), _of(ProposalState.SUBMITTED, Tone.AT_RISK),
             _of(ProposalState.FINAL, Tone.DONE), _of(ProposalState.TAKEN_IN, Tone.DONE)),
    page=lambda row: reverse("plans:proposal-detail", args=[row.pk]),
    prepare=_with_progress,
)  # fmt: skip

"""The library of plans: its ledger, one plan with the counts of its rows, and its chain of revisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.models import OwnerMention, PlanKind, PlanNode, PlanState, Review, Target, WorkPlan
from keshu.apps.plans.permissions import is_keeper
from keshu.apps.plans.queries.ledger import is_work
from keshu.apps.plans.queries.target_ledgers import Choices

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

STATE_MARKS = {
    PlanState.REVIEWING: Mark("核对中", Tone.AT_RISK),
    PlanState.PUBLISHED: Mark("已发布", Tone.DONE),
    PlanState.SUPERSEDED: Mark("已被新版替代", Tone.UNKNOWN),
    PlanState.WITHDRAWN: Mark("已作废", Tone.LATE),
    PlanState.DISCARDED: Mark("草稿已删除", Tone.UNKNOWN),
}
_SHOWN_STATES = [choice for choice in PlanState.choices if choice[0] != PlanState.DISCARDED]
IMPORTING_ROLES = frozenset({"leader", "planner", "office_head", "clerk", "county_clerk"})


def may_import(user: User) -> bool:
    """Whether to offer 导入文件: those who keep plans of some organisation."""
    roles = user.scope.roles
    return bool(roles & IMPORTING_ROLES) and "auditor" not in roles and user.scope.is_government


def library_ledger(user: User, *, organisations: Choices, years: Choices) -> Ledger:
    """The ledger of plans; its last column says what this person does with each."""
    return Ledger(
        key="plans.plans",
        noun="文件",
        columns=(
            Column("title", "标题", sort="title", width=252, wrap=True),
            Column("year", "年度", value=lambda plan: str(plan.year or ""), sort="year", width=68),
            Column("kind", "类型", value=lambda plan: plan.get_kind_display(), sort="kind", width=116),
            Column("organisation", "制定单位", sort="organisation__position", width=100, wrap=True),
            Column("doc_number", "文号", sort="doc_number", width=150),
            Column("published_on", "发文日期", ColumnKind.DATE, sort="published_on", width=106),
            Column("revision", "版次", value=lambda plan: f"第 {plan.revision} 版", sort="revision", width=76),
            Column("state", "状态", ColumnKind.STATE, marks=STATE_MARKS, sort="state", width=104),
            Column("target_count", "指标数", ColumnKind.NUMBER, sort="target_count", width=84),
            Column("action", "办理", ColumnKind.LINK, value=lambda plan: _next_step(user, plan)[0],
                   link=lambda plan: _next_step(user, plan)[1], export=lambda plan: plan.get_state_display(), width=88),
            Column("created_by", "导入人", sort="created_by__name", width=90, default=False),
            Column("created_at", "导入时间", ColumnKind.DATE, sort="created_at", width=140, default=False),
            Column("released_by", "发布人", sort="released_by__name", width=90, default=False),
            Column("released_at", "发布时间", ColumnKind.DATE, sort="released_at", width=140, default=False),
        ),
        filters=(
            Filter("year", "年度", choices=years, field="year"),
            Filter("kind", "类型", choices=PlanKind.choices, field="kind"),
            Filter("state", "状态", FilterKind.MULTI, choices=_SHOWN_STATES, field="state"),
            Filter("organisation", "制定单位", choices=organisations, field="organisation_id"),
        ),
        order="-year",
        search=("title", "doc_number", "issuer", "organisation__name", "source__file_name"),
        search_hint="查找标题、文号、单位",
        figures=(
            Figure("全部文件", unit="份"),
            Figure("核对中", Q(state=PlanState.REVIEWING), {"state": PlanState.REVIEWING}, unit="份", tone=Tone.AT_RISK),
            Figure("已发布", Q(state=PlanState.PUBLISHED), {"state": PlanState.PUBLISHED}, unit="份", tone=Tone.DONE),
        ),
        drawer=lambda plan: reverse("plans:plan-drawer", args=[plan.pk]),
        page=lambda plan: reverse("plans:plan-detail", args=[plan.pk]),
    )  # fmt: skip


def _next_step(user: User, plan: WorkPlan) -> tuple[str, str]:
    """What the person does with a plan in this state, and where."""
    if plan.state == PlanState.REVIEWING and is_keeper(user, plan.organisation):
        return "继续核对", reverse("plans:review", args=[plan.pk])
    if plan.state == PlanState.PUBLISHED:
        if plan.kind == PlanKind.SUMMARY:
            return "完成情况", f"{reverse('plans:target-list')}?plan={plan.pk}&tense=actual"
        return "目标台账", f"{reverse('plans:target-list')}?plan={plan.pk}"
    return "查看", reverse("plans:plan-detail", args=[plan.pk])


def library_choices(user: User) -> tuple[Choices, Choices]:
    """Issuing organisations and years among the plans the person may see. One query."""
    rows = WorkPlan.objects.visible_to(user).order_by("organisation__position").values_list(
        "organisation_id", "organisation__short_name", "organisation__name", "year"
    )  # fmt: skip
    organisations: dict[str, str] = {}
    years: set[int] = set()
    for pk, short_name, name, year in rows.distinct():
        organisations[str(pk)] = short_name or name
        if year is not None:
            years.add(year)
    return tuple(organisations.items()), tuple((str(year), f"{year} 年") for year in sorted(years, reverse=True))


def plan_by_id(user: User) -> QuerySet[WorkPlan]:
    """Plans the person may see, with how many rows of each kind they hold and how many nobody has decided; without the text."""
    rows = WorkPlan.objects.visible_to(user).select_related(
        "organisation", "source__attachment__file", "created_by", "released_by", "supersedes"
    )  # fmt: skip
    return rows.defer("source__text", "source__meta").annotate(
        target_count=_counted(Target, lambda kept: kept.filter(tense="target", floor__isnull=True)),
        achieved_count=_counted(Target, lambda kept: kept.filter(tense="actual")),
        node_count=_counted(PlanNode, lambda kept: kept.filter(is_work())),
        target_pending=_counted(Target, _pending),
        node_pending=_counted(PlanNode, _pending),
        mention_pending=_counted(OwnerMention, _pending),
        corrected_count=_counted(Target, lambda kept: kept.filter(review__in=[Review.CORRECTED, Review.ADDED])),
    )


def revisions_of(plan: WorkPlan, *, user: User) -> tuple[WorkPlan, ...]:
    """The plans of the same organisation, year and kind that the person may see, newest first; one query.

    Of action plans those that revise one another or bear one title.
    """
    same = WorkPlan.objects.visible_to(user).kept().filter(
        organisation=plan.organisation_id, year=plan.year, kind=plan.kind
    )  # fmt: skip
    rows = tuple(same.select_related("released_by", "created_by", "organisation").order_by("-revision", "-pk"))
    return rows if plan.kind != PlanKind.ACTION_PLAN else _family(plan, rows)


def _family(plan: WorkPlan, rows: tuple[WorkPlan, ...]) -> tuple[WorkPlan, ...]:
    """Those of the rows that the plan is tied to, through as many revisions as there are."""
    tied: set[int] = set()
    found = {plan.pk}
    while found != tied:
        tied = set(found)
        titles = {row.title for row in rows if row.pk in tied}
        found |= {row.pk for row in rows if row.title in titles or row.supersedes_id in tied}
        found |= {row.supersedes_id for row in rows if row.pk in tied and row.supersedes_id}
    return tuple(row for row in rows if row.pk in tied)


def _pending(rows: Any) -> Any:
    return rows.filter(review=Review.PENDING)


def _counted(model: Any, narrow: Callable[[Any], Any] = lambda rows: rows) -> Coalesce:
    """How many kept rows of the kind a plan has, as a subquery."""
    rows = narrow(model.objects.kept()).filter(plan=OuterRef("pk")).order_by()
    return Coalesce(Subquery(rows.values("plan").annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)

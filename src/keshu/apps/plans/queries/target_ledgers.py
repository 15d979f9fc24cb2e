"""The ledger of targets and of achieved figures: its rows, and its columns, filters and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.models import Measure, PlanNode, PlanState, Responsibility, Review, Target, Tense, Tier, WorkPlan
from keshu.apps.plans.queries.headings import SOON
from keshu.apps.plans.queries.ledger import (
    ACCOUNTABLE,
    SUPPORTING,
    by_owner_names,
    held_by,
    lead_text,
    owned_by,
    owner_names,
    support_text,
    target_ledger,
    with_baselines,
    without_owner,
)
from keshu.apps.plans.queries.light_columns import (
    light_figures,
    light_filter,
    prospect_filter,
    target_columns,
    with_standing,
)
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.queries.search_terms import as_indicator, by_owner, spelt
from keshu.apps.plans.queries.wording import amount, period_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

DUE_CHOICES = (("soon", "30 天内"), ("overdue", "已到期"), ("later", "30 天以后"), ("none", "没有期限"))
TIER_CHOICES = (("both", "确保和力争"), ("base", "只有一档"), ("stretch", "只有力争"))
REVIEW_MARKS = {
    Review.PENDING: Mark("待核", Tone.UNKNOWN),
    Review.ACCEPTED: Mark("已核", Tone.DONE),
    Review.CORRECTED: Mark("已改", Tone.DONE),
    Review.ADDED: Mark("补录", Tone.DONE),
    Review.REJECTED: Mark("已剔除", Tone.LATE),
}
Choices = Sequence[tuple[str, str]]


class RowsWithBaselines(QuerySet[Target]):
    """Targets that bring ``baseline``, the achieved figure to compare with (or None), fetched for all rows shown in one query."""

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        if is_fresh:
            _attach_baselines(self._result_cache or [])

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        rows = super().iterator(chunk_size)
        while chunk := list(islice(rows, chunk_size or 2000)):
            _attach_baselines(chunk)
            yield from chunk


def target_rows(user: User, *, plan: WorkPlan | None) -> QuerySet[Target]:
    """`target_ledger` with the standing and the baseline in each row."""
    return RowsWithBaselines(Target, query=with_standing(target_ledger(user, plan=plan)).query)


def _attach_baselines(rows: list[Any]) -> None:
    targets = [row for row in rows if isinstance(row, Target)]
    found = with_baselines(targets)
    for row in targets:
        row.baseline = found.get(row.baseline_id)  # type: ignore[attr-defined]


def achieved_rows(user: User, *, plan: WorkPlan | None) -> QuerySet[Target]:
    """Kept achieved figures of a plan the person may see (default: of all published ones)."""
    rows = Target.objects.visible_to(user).kept().filter(tense=Tense.ACTUAL)
    rows = rows.filter(plan=plan) if plan is not None else rows.filter(plan__state=PlanState.PUBLISHED)
    return (
        rows.select_related("plan", "plan__organisation", "node")
        .defer("reading", "node__reading")
        .annotate(
            lead_names=owner_names(OuterRef("node_id"), roles=ACCOUNTABLE),
            support_names=owner_names(OuterRef("node_id"), roles=SUPPORTING),
        )
    )


def targets_ledger(
    *, on: date, offices: Choices, plans: Choices = (), years: Choices = (), lights: bool = False
) -> Ledger:
    """The ledger of targets as it stands on a day; `plans` and `years` offer those filters where several plans are shown.

    `lights` adds how they stand, for plans in force.
    """
    return Ledger(
        key="plans.targets",
        noun="目标",
        columns=(
            Column("indicator", "指标", sort="indicator", width=210, wrap=True),
            Column("requirement", "目标", value=asked_text, sort="value", width=170, wrap=True),
            *(target_columns() if lights else ()),
            Column("baseline", "基数", value=baseline_text, hover=baseline_source, width=150, wrap=True),
            Column("period", "时期", value=lambda row: period_text(row.period), sort="period", width=88),
            Column("due_on", "截止日期", ColumnKind.DATE, sort="due_on", width=106),
            Column(
                "lead_names",
                "牵头单位",
                value=lead_text,
                hover=lead_source,
                sort=by_owner_names(roles=ACCOUNTABLE),
                width=112,
                wrap=True,
            ),
            Column(
                "support_names",
                "配合单位",
                value=support_text,
                sort=by_owner_names(roles=SUPPORTING),
                width=116,
                wrap=True,
                default=not lights,
            ),
            Column(
                "node", "所在章节", value=section_text, sort="node__position", width=160, wrap=True, default=not lights
            ),
            Column("review", "核对", ColumnKind.STATE, marks=REVIEW_MARKS, sort="review", width=82, default=False),
            Column("value", "目标值", ColumnKind.NUMBER, sort="value", width=96, default=False),
            Column("stretch_value", "力争值", ColumnKind.NUMBER, sort="stretch_value", width=96, default=False),
            Column("unit", "单位", sort="unit", width=76, default=False),
            Column(
                "measure", "口径", value=lambda row: row.get_measure_display(), sort="measure", width=110, default=False
            ),
            Column("tier", "档次", value=lambda row: row.get_tier_display(), sort="tier", width=80, default=False),
            Column("doubts", "存疑", value=doubts_text, width=180, wrap=True, default=False),
            *_plan_columns(many=bool(plans)),
        ),
        filters=(
            *((light_filter(Target), prospect_filter()) if lights else ()),
            *_filters(on=on, offices=offices, plans=plans, years=years, targets=True),
        ),
        search=(as_indicator, spelt("node__heading", "plan__title"), by_owner(Target)),
        search_hint="查找指标、章节、单位",
        figures=_target_figures(on, lights=lights),
        drawer=lambda row: reverse("plans:target-drawer", args=[row.pk]),
        page=lambda row: reverse("plans:target-detail", args=[row.pk]),
        keep=("plan", "tense"),
    )


def achieved_ledger(*, on: date, offices: Choices, plans: Choices = (), years: Choices = ()) -> Ledger:
    """The ledger of achieved figures (完成情况)."""
    return Ledger(
        key="plans.achieved",
        noun="完成情况",
        columns=(
            Column("indicator", "指标", sort="indicator", width=260, wrap=True),
            Column("requirement", "完成", value=requirement_of, sort="value", width=180, wrap=True),
            Column("period", "时期", value=lambda row: period_text(row.period), sort="period", width=150),
            Column("measure", "口径", value=lambda row: row.get_measure_display(), sort="measure", width=110),
            Column("lead_names", "牵头单位", sort=by_owner_names(roles=ACCOUNTABLE), width=130, wrap=True),
            Column("node", "所在章节", value=section_text, sort="node__position", width=220, wrap=True),
            Column("review", "核对", ColumnKind.STATE, marks=REVIEW_MARKS, sort="review", width=82, default=False),
            Column("value", "完成值", ColumnKind.NUMBER, sort="value", width=96, default=False),
            Column("unit", "单位", sort="unit", width=76, default=False),
            Column("doubts", "存疑", value=doubts_text, width=180, wrap=True, default=False),
            *_plan_columns(many=bool(plans)),
        ),
        filters=_filters(on=on, offices=offices, plans=plans, years=years, targets=False),
        search=(as_indicator, spelt("node__heading", "plan__title"), by_owner(Target)),
        search_hint="查找指标、章节、单位",
        figures=(
            Figure("全部完成情况"),
            Figure("数字被隐去", Q(masked=True), {"masked": "1"}, tone=Tone.UNKNOWN),
            Figure("存疑", ~Q(doubts=[]), {"doubt": "1"}, tone=Tone.AT_RISK),
        ),
        drawer=lambda row: reverse("plans:target-drawer", args=[row.pk]),
        page=lambda row: reverse("plans:target-detail", args=[row.pk]),
        keep=("plan", "tense"),
    )


def asked_text(row: Any) -> str:
    """确保420家 / 力争450家 where there are two tiers, else the requirement as a phrase."""
    if row.stretch_value is not None:
        return f"确保{amount(row.value, unit=row.unit, per=row.per)} / 力争{amount(row.stretch_value, unit=row.stretch_unit)}"
    return ("力争" if row.tier == Tier.STRETCH else "") + requirement_of(row)


def baseline_text(row: Any) -> str:
    if row.baseline is None:
        return ""
    period = period_text(row.baseline.period)
    return requirement_of(row.baseline) + (f"（{period}）" if period else "")


def baseline_source(row: Any) -> str:
    return "" if row.baseline is None else f"据《{row.baseline.plan}》"


def lead_source(row: Any) -> str:
    is_borrowed = row.leads_elsewhere and not (row.lead_names or row.outside_leads)
    return "这一行没有写责任单位；文件中同一指标、同一数值的另一行写明了" if is_borrowed else ""


def section_text(row: Any) -> str:
    return "" if row.node is None else str(row.node)


def doubts_text(row: Any) -> str:
    return "；".join(row.doubts)


def due_condition(value: str, *, on: date) -> Q:
    """Rows whose ``due_on`` lies as one of DUE_CHOICES says; ``soon`` covers today and the 30 days after."""
    return {
        "soon": Q(due_on__gte=on, due_on__lte=on + SOON),
        "overdue": Q(due_on__lt=on),
        "later": Q(due_on__gt=on + SOON),
        "none": Q(due_on__isnull=True),
    }[value]


def _target_figures(on: date, *, lights: bool) -> tuple[Figure, ...]:
    """In force, how they stand; before, what the review should look at."""
    all_of_them = Figure("全部目标")
    if lights:
        soon = Figure("30 天内到期", due_condition("soon", on=on), {"due": "soon"}, tone=Tone.AT_RISK)
        return (all_of_them, *light_figures(Target), soon)
    return (
        all_of_them,
        Figure("30 天内到期", due_condition("soon", on=on), {"due": "soon"}, tone=Tone.AT_RISK),
        Figure("已到期", due_condition("overdue", on=on), {"due": "overdue"}, tone=Tone.LATE),
        Figure("没有牵头单位", without_owner(Target), {"ownerless": "1"}, tone=Tone.AT_RISK),
        Figure("确保和力争两档", _stretched(), {"tier": "both"}, tone=Tone.ON_TRACK),
        Figure("存疑", ~Q(doubts=[]), {"doubt": "1"}, tone=Tone.UNKNOWN),
    )


def _plan_columns(*, many: bool) -> tuple[Column, ...]:
    return (
        Column("plan__title", "来自文件", sort="plan__title", width=220, wrap=True, default=many),
        Column(
            "plan__year", "年度", value=lambda row: str(row.plan.year or ""), sort="plan__year", width=72, default=many
        ),
        Column("plan__organisation", "制定单位", sort="plan__organisation__position", width=110, default=False),
    )


def _filters(*, on: date, offices: Choices, plans: Choices, years: Choices, targets: bool) -> tuple[Filter, ...]:
    lead = Filter(
        "lead", "牵头单位", choices=offices, apply=lambda rows, value: owned_by(rows, [int(value)], roles=ACCOUNTABLE)
    )
    support = Filter(
        "support",
        "配合单位",
        choices=offices,
        apply=lambda rows, value: owned_by(rows, [int(value)], roles=SUPPORTING),
        more=True,
    )
    of_plan = (
        (
            Filter("of", "来自文件", choices=plans, field="plan_id"),
            Filter("year", "年度", choices=years, field="plan__year"),
        )
        if plans
        else ()
    )
    own = (
        (
            Filter(
                "due", "期限", choices=DUE_CHOICES, apply=lambda rows, value: rows.filter(due_condition(value, on=on))
            ),
            Filter("tier", "档次", choices=TIER_CHOICES, apply=_of_tier),
            Filter("ownerless", "没有牵头单位", FilterKind.BOOL, apply=_ownerless, more=True),
        )
        if targets
        else ()
    )
    return (
        *of_plan,
        lead,
        *own,
        support,
        Filter("measure", "口径", choices=Measure.choices, field="measure", more=True),
        Filter("review", "核对", choices=[c for c in Review.choices if c[0] != Review.REJECTED], field="review", more=True),
        Filter("masked", "数字被隐去", FilterKind.BOOL, field="masked", more=True),
        Filter("restated", "重申前文", FilterKind.BOOL, apply=_restating, more=True),
        Filter("doubt", "存疑", FilterKind.BOOL, apply=_doubtful, more=True),
        Filter("office", "参与单位", choices=offices, apply=_involving, more=True),
    )  # fmt: skip


def _of_tier(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "both":
        return rows.filter(_stretched())
    return rows.filter(tier=value) if value == Tier.STRETCH else rows.filter(~_stretched(), tier=Tier.BASE)


def _stretched() -> Q:
    """Targets beside which a stretch target stands. Not by the annotation: counting over annotated rows would wrap the query."""
    return Q(Exists(Target.objects.kept().filter(floor=OuterRef("pk"))))


def _ownerless(rows: QuerySet[Any], value: bool) -> QuerySet[Any]:
    condition = without_owner(Target)
    return rows.filter(condition if value else ~condition)


def _involving(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(held_by(Target, [int(value)]))


def _restating(rows: QuerySet[Any], value: bool) -> QuerySet[Any]:
    return rows.filter(restates__isnull=not value)


def _doubtful(rows: QuerySet[Any], value: bool) -> QuerySet[Any]:
    return rows.exclude(doubts=[]) if value else rows.filter(doubts=[])


def involved_offices(user: User, *, plan: WorkPlan | None) -> tuple[tuple[str, str], ...]:
    """The organisations that answer for anything in the plan (default: in published plans), for a filter. One query."""
    plans = WorkPlan.objects.visible_to(user)
    plans = plans.filter(pk=plan.pk) if plan is not None else plans.published()
    # By the nodes' ids: SQLite would read the responsibilities of all plans through a join.
    nodes = PlanNode.objects.filter(plan__in=plans).order_by().values("pk")
    found = (
        Responsibility.objects.filter(node__in=nodes)
        .order_by("organisation__position", "organisation_id")
        .values_list("organisation__position", "organisation_id", "organisation__short_name", "organisation__name")
        .distinct()
    )
    return tuple((str(pk), short or full) for _, pk, short, full in found)

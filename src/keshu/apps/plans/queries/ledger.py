"""Targets and tasks as querysets for ledger pages: annotated so that every column can be shown, sorted and filtered."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Exists,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, LPad, NullIf, Replace, StrIndex

from keshu.apps.plans.models import (
    NodeKind,
    OwnerMention,
    OwnerRole,
    PlanKind,
    PlanNode,
    PlanState,
    Responsibility,
    Review,
    Target,
    Tense,
    WorkPlan,
)
from keshu.apps.plans.queries.wording import NET, NET_TAIL
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# Digits of an organisation's place in the register; as many stand before each name that is joined.
PLACES = 7
_PLACED = re.compile(rf"(?:^|、)(\d{{{PLACES}}})(.*?)(?=、\d{{{PLACES}}}|$)", re.DOTALL)
ACCOUNTABLE = (OwnerRole.LEAD, OwnerRole.RESPONSIBLE)
SUPPORTING = (OwnerRole.SUPPORT,)


class Joined(Aggregate):
    """Each distinct text of a group once, with 、 between."""

    function = "GROUP_CONCAT"
    template = "REPLACE(%(function)s(DISTINCT %(expressions)s), ',', '、')"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="STRING_AGG(DISTINCT (%(expressions)s)::text, '、')", **context
        )


class NamesInOrder(CharField):
    """Names joined with their places in the register before them, read as 高新处、云湖区: in that order, each once."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if value is None:
            return None
        told = _PLACED.findall(value)
        return "、".join(dict.fromkeys(name for _, name in sorted(told)))


def target_ledger(user: User, *, plan: WorkPlan | None = None) -> QuerySet[Target]:
    """Kept targets of a plan the person may see (default: of all published plans), a floor and its stretch in one row.

    Annotated: ``lead_names`` (lead or responsible offices), ``support_names``, what stands outside the register
    (``outside_leads``, ``outside_supports``), ``leads_elsewhere``, ``stretch_value``, ``stretch_unit``. ``baseline_id``
    names the achieved figure to compare with, or None: attach the figures of a page with `with_baselines`.
    """
    rows = Target.objects.visible_to(user).kept().filter(tense=Tense.TARGET, floor__isnull=True)
    rows = rows.filter(plan=plan) if plan is not None else rows.filter(plan__state=PlanState.PUBLISHED)
    return with_stretches(
        rows.select_related("plan", "plan__organisation", "node")
        .defer("reading", "node__reading")
        .annotate(
            lead_names=owner_names(OuterRef("node_id"), roles=ACCOUNTABLE),
            support_names=owner_names(OuterRef("node_id"), roles=SUPPORTING),
            outside_leads=outside_names(OuterRef("node_id"), roles=ACCOUNTABLE),
            outside_supports=outside_names(OuterRef("node_id"), roles=SUPPORTING),
            leads_elsewhere=leads_elsewhere(),
            baseline_id=baseline(),
        )
    )


def with_stretches(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Targets annotated with what their stretch (力争) asks: ``stretch_value``, ``stretch_unit``."""
    stretch = Target.objects.kept().filter(floor=OuterRef("pk")).order_by("position")
    return rows.annotate(
        stretch_value=Subquery(stretch.values("value")[:1]), stretch_unit=Subquery(stretch.values("unit")[:1])
    )


def task_ledger(user: User, *, plan: WorkPlan | None = None) -> QuerySet[PlanNode]:
    """Kept tasks of a plan the person may see (default: of all published plans).

    Annotated with ``lead_names``, ``support_names``, ``outside_leads``, ``outside_supports`` and ``target_count``.
    """
    rows = PlanNode.objects.visible_to(user).kept().filter(is_work())
    rows = rows.filter(plan=plan) if plan is not None else rows.filter(plan__state=PlanState.PUBLISHED)
    goals = Target.objects.kept().filter(node=OuterRef("pk"), tense=Tense.TARGET).order_by()
    counted = goals.values("node").annotate(n=Aggregate(Value(1), function="COUNT", output_field=IntegerField()))
    return (
        rows.select_related("plan", "plan__organisation", "parent")
        .defer("reading", "parent__reading")
        .annotate(
            lead_names=owner_names(OuterRef("pk"), roles=ACCOUNTABLE),
            support_names=owner_names(OuterRef("pk"), roles=SUPPORTING),
            outside_leads=outside_names(OuterRef("pk"), roles=ACCOUNTABLE),
            outside_supports=outside_names(OuterRef("pk"), roles=SUPPORTING),
            target_count=Coalesce(Subquery(counted.values("n")), 0),
        )
    )


def is_work() -> Q:
    """Nodes that are something to be done: tasks, measures, and whatever else names an owner. As ``PlanLines.work``."""
    named = OwnerMention.objects.kept().filter(node=OuterRef("pk"))
    return Q(kind__in=[NodeKind.ACTION, NodeKind.MEASURE]) | Q(Exists(named))


def owner_names(node: OuterRef, *, roles: Iterable[OwnerRole]) -> Coalesce:
    """The short names of those who hold one of the roles in a node, as one text in the register's order; empty for nobody."""
    held = Responsibility.objects.filter(node=node, role__in=list(roles)).order_by().values("node")
    return Coalesce(Subquery(held.annotate(names=_names()).values("names")), Value(""), output_field=NamesInOrder())


def outside_names(node: OuterRef, *, roles: Iterable[OwnerRole]) -> Coalesce:
    """The bodies outside the register that a node prints in one of the roles, as one text; empty for none."""
    printed = OwnerMention.objects.kept().filter(node=node, role__in=list(roles), is_outside=True).order_by()
    named = printed.values("node").annotate(names=Joined(Replace(F("name"), Value(","), Value("，"))))
    return Coalesce(Subquery(named.values("names")), Value(""))


def leads_elsewhere() -> Coalesce:
    """Who leads the same target where the plan says it a second time: a line of goals, and its row in the table of goals."""
    named = _held_elsewhere().order_by().values(one=Value(1)).annotate(names=_names())
    return Coalesce(Subquery(named.values("names")), Value(""), output_field=NamesInOrder())


def _held_elsewhere() -> QuerySet[Responsibility]:
    """Seen from a target: who is accountable for kept targets of its plan with the same indicator, value and unit."""
    return Responsibility.objects.filter(
        role__in=ACCOUNTABLE,
        node__targets__plan=OuterRef("plan"),
        node__targets__tense=Tense.TARGET,
        node__targets__review__in=[review for review in Review.values if review != Review.REJECTED],
        node__targets__indicator_key=OuterRef("indicator_key"),
        node__targets__value=OuterRef("value"),
        node__targets__unit=OuterRef("unit"),
    )


def lead_text(row: Any) -> str:
    """Who leads, bodies outside the register too; where nobody is named, who leads the same target in another row."""
    named = "、".join(filter(None, [row.lead_names, row.outside_leads]))
    elsewhere = getattr(row, "leads_elsewhere", "")
    return named or (f"{elsewhere}（见另一行）" if elsewhere else "")


def support_text(row: Any) -> str:
    return "、".join(filter(None, [row.support_names, row.outside_supports]))


def _names() -> Joined:
    name = Coalesce(NullIf(F("organisation__short_name"), Value("")), F("organisation__name"))
    place = LPad(Cast("organisation__position", CharField()), PLACES, Value("0"))
    return Joined(Concat(place, Replace(name, Value(","), Value("，"))))


def by_owner_names(*, roles: Sequence[OwnerRole]) -> Callable[[QuerySet[Any]], Expression]:
    """The order of `owner_names`, for a ledger's column.

    Thousands of targets share a few hundred nodes, so the nodes are put in order first (one query, by the database's own
    collation) and each row is given its node's place in that list; null where nobody holds a role.
    """

    def order(rows: QuerySet[Any]) -> Expression:
        key = "pk" if rows.model is PlanNode else "node_id"
        held = Responsibility.objects.filter(node__in=rows.order_by().values(key), role__in=roles).order_by()
        named = held.values("node").annotate(names=_names()).order_by("names", "node").values_list("node", flat=True)
        listed = "".join(f",{pk}" for pk in named)
        place = StrIndex(Value(f"{listed},"), Concat(Value(","), Cast(key, CharField()), Value(",")))
        return NullIf(place, Value(0))

    return order


def owned_by(
    rows: QuerySet[Any], organisation_ids: Iterable[int], *, roles: Iterable[OwnerRole] = OwnerRole
) -> QuerySet[Any]:
    """The targets or tasks in which one of the organisations holds one of the roles. For ledger filters and figures."""
    return rows.filter(held_by(rows.model, organisation_ids, roles=roles))


def held_by(model: type[Any], organisation_ids: Iterable[int], *, roles: Iterable[OwnerRole] = OwnerRole) -> Q:
    """The condition behind `owned_by`, for a ledger's figures."""
    node = OuterRef("pk") if model is PlanNode else OuterRef("node_id")
    return Q(
        Exists(
            Responsibility.objects.filter(node=node, organisation_id__in=list(organisation_ids), role__in=list(roles))
        )
    )


def without_owner(model: type[Any]) -> Q:
    """Targets or tasks for which nobody is accountable: no organisation, no body outside; nor, for a target, in another row."""
    node = OuterRef("pk") if model is PlanNode else OuterRef("node_id")
    outside = OwnerMention.objects.kept().filter(node=node, role__in=ACCOUNTABLE, is_outside=True)
    nobody = Q(~Exists(Responsibility.objects.filter(node=node, role__in=ACCOUNTABLE))) & Q(~Exists(outside))
    if model is not Target:
        return nobody
    return nobody & Q(~Exists(_held_elsewhere()))


def baseline() -> Case:
    """The id of the achieved figure a target is compared with: in the same document, else in last year's published summary.

    A figure of what came in (新认定) is no base for a target of what is left after losses (净增), nor the other way about.
    """
    figures = Target.objects.kept().filter(
        tense=Tense.ACTUAL,
        value__isnull=False,
        indicator_key=OuterRef("indicator_key"),
        unit=OuterRef("unit"),
    )
    here = figures.filter(plan=OuterRef("plan"))
    last_year = Q(plan__year=OuterRef("plan__year") - 1, plan__kind__in=[PlanKind.SUMMARY, PlanKind.SUMMARY_AND_PLAN])
    this_year = Q(plan__year=OuterRef("plan__year"), plan__kind=PlanKind.SUMMARY_AND_PLAN)
    earlier = figures.filter(
        last_year | this_year, plan__state=PlanState.PUBLISHED, plan__organisation=OuterRef("plan__organisation")
    )
    net = reduce(or_, (Q(indicator__contains=word) for word in NET), Q(indicator__endswith=NET_TAIL))
    return Case(
        When(net, then=_first_of(here, earlier, net)),
        default=_first_of(here, earlier, ~net),
    )


def _first_of(here: QuerySet[Target], earlier: QuerySet[Target], wanted: Q) -> Coalesce:
    """The newest figure of this document, else of the earlier ones."""
    newest = [rows.filter(wanted).order_by("-period", "position").values("pk")[:1] for rows in (here, earlier)]
    return Coalesce(*(Subquery(rows) for rows in newest))


def printed_bases(ids: Collection[int]) -> dict[int, Target]:
    """By target: the achieved figure that documents give it to compare with, where there is one. Two queries."""
    rows = Target.objects.filter(pk__in=ids).annotate(baseline_id=baseline())
    named = dict(rows.exclude(baseline_id=None).values_list("pk", "baseline_id"))
    figures = Target.objects.select_related("plan").in_bulk(set(named.values()))
    return {pk: figures[base] for pk, base in named.items() if base in figures}


def ended_last_year(base: Target | None, *, year: int) -> Decimal | None:
    """What documents say the year before `year` ended with; a figure up to November is none, one without a period is."""
    if base is None or (base.period and Period.parse(base.period).last_day != Period.year(year - 1).last_day):
        return None
    return base.value


def with_baselines(rows: Iterable[Target]) -> dict[int, Target]:
    """The achieved figures that a page of `target_ledger` compares with, by ``baseline_id``, each with its plan. One query."""
    ids = {row.baseline_id for row in rows if row.baseline_id is not None}  # type: ignore[attr-defined]
    return Target.objects.select_related("plan").in_bulk(ids) if ids else {}

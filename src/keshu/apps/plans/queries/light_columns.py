"""The columns, filter and figures by which ledgers show how targets and tasks stand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Mark, Tone
from keshu.apps.plans.models import Light, Op, PlanNode, Standing
from keshu.apps.plans.queries.wording import amount, chance, foretold

LIGHT_MARKS = {
    Light.DONE: Mark("已完成", Tone.DONE),
    Light.ON_TRACK: Mark("正常推进", Tone.ON_TRACK),
    Light.AT_RISK: Mark("有风险", Tone.AT_RISK),
    Light.LATE: Mark("滞后", Tone.LATE, "hourglass"),
    Light.MISSED: Mark("未完成", Tone.LATE, "circle-x"),
    Light.UNKNOWN: Mark("暂无数据", Tone.UNKNOWN),
}
WORST_FIRST = (Light.MISSED, Light.LATE, Light.AT_RISK, Light.ON_TRACK, Light.DONE, Light.UNKNOWN)
# Less likely than this, a target will not be met as things stand.
UNLIKELY = Decimal("0.2")
# As likely as this or more, what is only late with its report is counted upon.
EVEN = Decimal("0.5")
# Late with its report, and yet expected to be met: as likely as not or more, or, where no probability is told, by the forecast.
COUNTED_UPON = Case(
    When(shown=Light.LATE, probability__gte=EVEN, then=True),
    When(
        shown=Light.LATE, probability__isnull=True, forecast__gte=F("target__value"),
        target__op__in=(Op.AT_LEAST, Op.MORE_THAN, Op.EQUAL, Op.ABOUT), then=True,
    ),
    default=False,
)  # fmt: skip
PROSPECTS = (("miss", "预计完不成"), ("at_risk", "有风险"), ("safe", "有把握"), ("unknown", "暂无数据"))
# Lights that a figure over the ledger counts.
COUNTED = (Light.DONE, Light.ON_TRACK, Light.AT_RISK, Light.LATE, Light.MISSED)


def with_standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Targets or tasks with their standing in the same query, without the outlook's words."""
    return rows.select_related("standing").defer("standing__outlook")


def standing_of(row: Any) -> Standing | None:
    """The standing of a target or task; None before it was first judged."""
    try:
        return row.standing
    except ObjectDoesNotExist:
        return None


def is_restated(row: Any) -> bool:
    """A target that says again what an earlier line said; the earlier one has the standing."""
    return getattr(row, "restates_id", None) is not None


def of_light(model: type[Any], *lights: str) -> Q:
    """The condition that a target or task shows one of these lights."""
    key = "node" if model is PlanNode else "target"
    return Q(Exists(Standing.objects.filter(**{key: OuterRef("pk")}, shown__in=lights)))


def light_column() -> Column:
    return Column(
        "light", "状态", ColumnKind.STATE, value=_shown, hover=reason_text, marks=LIGHT_MARKS, sort=_by_light, width=104
    )


def reason_column() -> Column:
    return Column("light_reason", "状态理由", value=reason_text, width=260, wrap=True, default=False)


def percent_column() -> Column:
    return Column(
        "percent", "完成率", ColumnKind.NUMBER, value=_of("percent"), sort="standing__percent", width=104, unit="%"
    )


def target_columns() -> tuple[Column, ...]:
    """状态, 完成数, 完成率, 预计 and what is not shown unless asked for."""
    return (
        light_column(),
        Column("reached", "完成数", value=reached_text, hover=as_of_text, sort="standing__value", width=112),
        percent_column(),
        Column("expected", "预计年末", value=forecast_text, sort="standing__forecast", width=104, default=False),
        Column("chance", "完成可能性", value=chance_text, sort="standing__probability", width=104, default=False),
        Column("expected_on", "预计完成", ColumnKind.DATE, value=_of("expected_on"), sort="standing__expected_on", width=106,
               default=False),
        reason_column(),
        Column("reached_value", "完成值", ColumnKind.NUMBER, value=_of("value"), sort="standing__value", width=96, default=False),
    )  # fmt: skip


def task_columns() -> tuple[Column, ...]:
    return light_column(), percent_column(), reason_column()


def light_filter(model: type[Any]) -> Filter:
    return Filter(
        "light",
        "状态",
        FilterKind.MULTI,
        choices=tuple((str(light.value), LIGHT_MARKS[light].word) for light in Light),
        apply=lambda rows, values: rows.filter(_asked(model, values)),
    )


def prospect_filter() -> Filter:
    """What the cockpit calls missed, at risk and safe."""
    return Filter(
        "prospect", "预测", choices=PROSPECTS, apply=lambda rows, value: rows.filter(of_prospect(value)), more=True
    )


def of_prospect(value: str) -> Q:
    """The condition that a target is in one of the cockpit's groups; each is in exactly one."""
    own = Standing.objects.filter(target=OuterRef("pk"))
    missed = Q(shown=Light.MISSED) | Q(probability__lt=UNLIKELY) & ~Q(shown__in=(Light.DONE, Light.UNKNOWN))
    likely = Q(probability__isnull=True) | Q(probability__gte=UNLIKELY)
    own = own.annotate(is_counted_upon=COUNTED_UPON)
    risky = likely & Q(shown__in=(Light.AT_RISK, Light.LATE), is_counted_upon=False)
    safe = Q(shown=Light.DONE) | likely & (Q(shown=Light.ON_TRACK) | Q(is_counted_upon=True))
    return {
        "miss": Q(Exists(own.filter(missed))),
        "at_risk": Q(Exists(own.filter(risky))),
        "safe": Q(Exists(own.filter(safe))),
        "unknown": Q(~Exists(own.exclude(shown=Light.UNKNOWN)), restates__isnull=True),
    }[value]


def light_figures(model: type[Any]) -> tuple[Figure, ...]:
    """One figure for each light, which leads to its rows."""
    return tuple(
        Figure(LIGHT_MARKS[light].word, of_light(model, light), {"light": light.value}, tone=LIGHT_MARKS[light].tone)
        for light in COUNTED
    )


def reason_text(row: Any) -> str:
    """Why it shows its light: a person's reason before the rules'."""
    if is_restated(row):
        return "重申前文的目标，状态见前文那一条"
    standing = standing_of(row)
    if standing is None:
        return ""
    return f"人工判定：{standing.chosen_reason}" if standing.chosen else standing.reason


def reached_text(row: Any) -> str:
    standing = standing_of(row)
    return "" if standing is None or standing.value is None else amount(standing.value, unit=row.unit, per=row.per)


def as_of_text(row: Any) -> str:
    standing = standing_of(row)
    return "" if standing is None or standing.as_of is None else f"数据截至 {standing.as_of:%Y-%m-%d}"


def forecast_text(row: Any) -> str:
    standing = standing_of(row)
    if standing is None or standing.forecast is None:
        return ""
    return foretold(standing.forecast, unit=row.unit, per=row.per)


def chance_text(row: Any) -> str:
    standing = standing_of(row)
    return "" if standing is None else chance(standing.probability)


def _by_light(rows: QuerySet[Any]) -> Case:
    """What needs somebody first."""
    cases = [When(standing__shown=light, then=Value(place)) for place, light in enumerate(WORST_FIRST)]
    return Case(*cases, default=Value(len(WORST_FIRST)), output_field=IntegerField())


def _asked(model: type[Any], values: tuple[str, ...]) -> Q:
    """One never judged counts as without data."""
    asked = of_light(model, *values)
    key = "node" if model is PlanNode else "target"
    never = Q(~Exists(Standing.objects.filter(**{key: OuterRef("pk")})))
    if model is not PlanNode:
        never &= Q(restates__isnull=True)
    return asked | never if Light.UNKNOWN.value in values else asked


def _shown(row: Any) -> str | None:
    if is_restated(row):
        return None
    standing = standing_of(row)
    return Light.UNKNOWN.value if standing is None else standing.shown


def _of(name: str) -> Any:
    def value(row: Any) -> Any:
        standing = standing_of(row)
        return None if standing is None else getattr(standing, name)

    return value

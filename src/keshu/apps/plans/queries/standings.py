"""How targets and tasks stand, for pages and for other apps: the light with its reason, the figures, the series, the chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.bureau.services import Refused
from keshu.apps.plans.models import Light, PlanNode, Standing, Target, WorkPlan
from keshu.apps.plans.permissions import can_choose_light
from keshu.apps.plans.queries.ledger import ended_last_year, with_baselines
from keshu.apps.plans.queries.light_columns import LIGHT_MARKS
from keshu.apps.plans.queries.series import Series, series_of, series_of_targets
from keshu.apps.plans.queries.wording import amount, chance, foretold, monthly, rounded
from keshu.kernel.counting import is_counted, to_whole

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

__all__ = [
    "CHOICES", "Series", "StandingCard", "series_of", "series_of_targets", "standing_card", "standing_of",
]  # fmt: skip

# What is told of a period to come: what is expected, and the ends of the 80% interval.
AHEAD = ("value", "low", "high")
# The lights a person may choose.
CHOICES = tuple((light.value, LIGHT_MARKS[light].word) for light in Light if light != Light.UNKNOWN)


@dataclass(frozen=True, slots=True)
class StandingCard:
    """The standing of one target or task as its page shows it."""

    row: Standing
    unit: str
    per: str
    may_choose: bool

    @property
    def mark(self) -> Mark:
        return LIGHT_MARKS[Light(self.row.shown)]

    @property
    def rules_mark(self) -> Mark:
        return LIGHT_MARKS[Light(self.row.light)]

    @property
    def reached(self) -> str:
        return self._amount(self.row.value)

    @property
    def forecast(self) -> str:
        return "" if self.row.forecast is None else foretold(self.row.forecast, unit=self.unit, per=self.per)

    @property
    def interval(self) -> str:
        """The ends of the 80% interval."""
        low, high = self.row.forecast_low, self.row.forecast_high
        return "" if low is None or high is None else foretold(low, high, unit=self.unit, per=self.per)

    @property
    def chance(self) -> str:
        return chance(self.row.probability)

    @property
    def stretch_chance(self) -> str:
        """How likely the stretch target is met."""
        told = (self.row.outlook or {}).get("stretch") or {}
        return "" if told.get("probability") is None else chance(Decimal(str(told["probability"])))

    @property
    def pace(self) -> str:
        """What is needed a month from now on."""
        told = ((self.row.outlook or {}).get("floor") or {}).get("pace") or {}
        needed = told.get("per_month")
        if needed is None or needed <= 0:
            return ""
        return monthly(Decimal(str(needed)), unit=self.unit, per=self.per)

    @property
    def explanation(self) -> str:
        return str((self.row.outlook or {}).get("explanation", ""))

    def _amount(self, value: Decimal | None) -> str:
        return "" if value is None else amount(value, unit=self.unit, per=self.per)


def standing_of(*, target_id: int | None = None, node_id: int | None = None) -> Standing | None:
    """The standing of a target or task; None before it is judged. One query."""
    rows = Standing.objects.select_related("chosen_by", "plan__organisation").filter(target=target_id, node=node_id)
    return rows.first()


def standing_card(subject: Target | PlanNode, *, user: User) -> StandingCard | None:
    """The standing of a row the person may see. One query."""
    is_target = isinstance(subject, Target)
    row = standing_of(target_id=subject.pk) if is_target else standing_of(node_id=subject.pk)
    if row is None:
        return None
    unit = subject.unit if isinstance(subject, Target) else ""
    if isinstance(subject, Target) and subject.op == "all" and not unit:
        unit = "%"
    return StandingCard(row, unit, subject.per if isinstance(subject, Target) else "", may_choose(user, row.plan))


def may_choose(user: User, plan: WorkPlan) -> bool:
    """Whether to offer the form."""
    try:
        can_choose_light(user, plan)
    except Refused:
        return False
    return True


# --- where last year ended


@dataclass(frozen=True, slots=True)
class LastYear:
    """What last year ended with, and where that is known from."""

    told: str
    source: str


def last_year_of(target: Target, series: Series) -> LastYear | None:
    """What light and outlook take for last year's end, and what documents say where that is something else.

    Of a target annotated with ``baseline_id``. One query where documents give a figure.
    """
    printed_row = with_baselines([target]).get(target.baseline_id or 0)  # type: ignore[attr-defined]
    printed, entered = ended_last_year(printed_row, year=series.year), series.end_of_last_year
    ended = printed if entered is None else entered
    if ended is None:
        return None
    source = "据文件" if entered is None else "据往年数据"
    if entered is not None and printed is not None and printed != entered:
        source += f"，文件中写的是{amount(printed, unit=target.unit, per=target.per)}"
    return LastYear(f"{series.year - 1}年{amount(ended, unit=target.unit, per=target.per)}", source)


# --- the chart


@dataclass(frozen=True, slots=True)
class OutlookChart:
    """What the chart and the table under it show: one line for each month (or quarter) of this year and the last two."""

    title: str
    data: dict[str, Any]
    rows: tuple[tuple[str, ...], ...]
    headings: tuple[str, ...]
    points: tuple[tuple[str, str, str], ...]


def outlook_chart(card: StandingCard | None, series: Series, *, target: Target, asked: str, on: date) -> OutlookChart:
    """This year's figures beside the last two years', the target as a line, the forecast with its band; gaps where missing."""
    slots = 4 if series.points and all("Q" in point.period for point in series.points) else 12
    labels = [f"{n}季度" if slots == 4 else f"{n}月" for n in range(1, slots + 1)]
    years = [year for year in (series.year - 2, series.year - 1, series.year) if _line(series, year, slots)[1]]
    lines = {year: _line(series, year, slots)[0] for year in years}
    path = {} if card is None else _path(card.row.outlook or {}, slots)
    if is_counted(target.unit) and not target.per:
        path = {n: {name: _whole(step.get(name)) for name in AHEAD} for n, step in path.items()}
    goals = _goals(target)
    data = {
        "labels": labels,
        "unit": target.unit or ("%" if target.op == "all" else ""),
        "lines": [
            {"name": f"{year}年", "values": values, "current": year == series.year} for year, values in lines.items()
        ],
        "forecast": [path.get(n, {}).get("value") for n in range(1, slots + 1)],
        "low": [path.get(n, {}).get("low") for n in range(1, slots + 1)],
        "high": [path.get(n, {}).get("high") for n in range(1, slots + 1)],
        "goals": [{"name": name, "value": float(value)} for name, value in goals],
        "title": _finding(card, target=target, asked=asked),
    }
    headings = ("时期", *(f"{year}年" for year in years), *(("预计", "预计下限", "预计上限") if path else ()))
    rows = []
    for n, label in enumerate(labels, start=1):
        expected = path.get(n, {})
        ahead = tuple(_cell(expected.get(name)) for name in AHEAD) if path else ()
        rows.append((label, *(_cell(lines[year][n - 1]) for year in years), *ahead))
    points = tuple((point.period, _cell(float(point.value)), point.source) for point in series.points)
    return OutlookChart(str(data["title"]), data, tuple(rows), headings, points)


def _whole(value: float | None) -> float | None:
    return None if value is None else to_whole(value)


def _line(series: Series, year: int, slots: int) -> tuple[list[float | None], bool]:
    values: list[float | None] = [None] * slots
    for point in series.points:
        if point.year == year:
            values[point.month * slots // 12 - 1] = float(point.value)
    return values, any(value is not None for value in values)


def _path(told: dict[str, Any], slots: int) -> dict[int, dict[str, Any]]:
    """The forecast of each slot to come, by its number."""
    found = {}
    for step in told.get("path") or ():
        period = str(step["period"])
        number = int(period[-1]) if "Q" in period else int(period[-2:])
        found[number if ("Q" in period) == (slots == 4) else number * 3] = step
    return found


def _goals(target: Any) -> list[tuple[str, Decimal]]:
    found = []
    if target.value is not None:
        found.append(("目标", target.value))
    stretch = getattr(target, "stretch_value", None)
    if stretch is not None:
        found = [("确保", target.value), ("力争", stretch)] if target.value is not None else [("力争", stretch)]
    return found


def _finding(card: StandingCard | None, *, target: Target, asked: str) -> str:
    """What the chart shows, in a sentence."""
    if card is None or not card.reached:
        return f"{target.indicator}：还没有审签的完成数，目标{asked}"
    until = f"截至{card.row.as_of.month}月" if card.row.as_of is not None else ""
    rate = "" if card.row.percent is None else f"，完成目标的{card.row.percent.normalize():f}%"
    ahead = f"，预计年末{card.forecast}" if card.forecast and card.row.shown != Light.DONE else ""
    return f"{target.indicator}{until}{card.reached}{rate}{ahead}"


def _cell(value: float | None) -> str:
    return "—" if value is None else f"{rounded(Decimal(str(value))) if value % 1 else int(value):,}"

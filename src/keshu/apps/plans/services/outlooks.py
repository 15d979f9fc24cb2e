"""A target and its series put to the outlook engine, and its answer as the columns of a standing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.apps.plans.models import Measure
from keshu.apps.plans.queries.amounts import Asked, base_unit
from keshu.apps.plans.queries.courses import Course
from keshu.apps.plans.queries.lights import TargetFacts
from keshu.apps.plans.queries.outcomes import ABOUT
from keshu.apps.plans.queries.series import Series, period_of
from keshu.engines import outlook

# So many digits a standing keeps of a forecast.
PLACES = Decimal("0.000001")
# What no column of 20 digits holds is no forecast.
LARGEST = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the outlook says of one target; empty where it cannot say anything."""

    forecast: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    probability: Decimal | None = None
    expected_on: date | None = None
    told: dict[str, Any] = field(default_factory=dict)


def expect(subjects: Iterable[tuple[TargetFacts, Series, Asked | None]]) -> list[Expectation]:
    """The outlook of each target (its facts, its series, its stretch); those that the engine answers, all together.

    Nothing for rankings, masked values, deadlines other than the year's end, and where nothing is known.
    """
    found: list[Expectation] = []
    questions: dict[int, outlook.Question] = {}
    for place, (facts, series, stretch) in enumerate(subjects):
        found.append(Expectation())
        try:
            question = _question(facts, series, stretch)
        except outlook.UnfitQuestion as unfit:
            found[place] = Expectation(told={"explanation": f"没有预测：{unfit}"})
            continue
        if question is not None:
            questions[place] = question
    for place, answer in zip(questions, outlook.foresee_all(list(questions.values())), strict=True):
        found[place] = _expectation(answer)
    return found


def _question(facts: TargetFacts, series: Series, stretch: Asked | None) -> outlook.Question | None:
    goal, kind = goal_of(facts.asked), _kind(facts)
    ends_the_year = facts.last_on == date(series.year, 12, 31) and facts.first_on is not None
    if goal is None or kind is None or not ends_the_year or not series.points:
        return None
    return outlook.Question(
        series.year,
        kind,
        tuple(outlook.Figure(period_of(each.period), float(each.value)) for each in _whole(series)),
        reading=outlook.Reading.YEAR_TO_DATE,
        floor=goal,
        stretch=None if stretch is None else goal_of(stretch),
        unit=facts.figures.unit,
    )


def goal_of(asked: Asked) -> outlook.Goal | None:
    """The target as the engine asks for it; None for what has no number at the year's end.

    约 is kept from a twentieth below; a range from its lower end; a fall (下降3%) by that much or more.
    """
    if asked.op == "breakthrough":
        return outlook.Goal(outlook.Op.MORE_THAN, 0)
    value = asked.value if asked.op != "all" or asked.value is not None else Decimal(100)
    if value is None or asked.measure == Measure.RANK or asked.op == "rank<=":
        return None
    if asked.op == "<=" or value < 0:
        return outlook.Goal(outlook.Op.AT_MOST, float(value))
    if asked.op == "~":
        return outlook.Goal(outlook.Op.AT_LEAST, float(value - abs(value) * ABOUT))
    return outlook.Goal(outlook.Op.MORE_THAN if asked.op == ">" else outlook.Op.AT_LEAST, float(value))


def _kind(facts: TargetFacts) -> outlook.Kind | None:
    if facts.asked.measure == Measure.GROWTH_RATE:
        return outlook.Kind.GROWTH_RATE
    if facts.course == Course.FLOATS:
        return None
    if facts.course == Course.SHARE:
        return outlook.Kind.SHARE if facts.figures.unit == "%" else outlook.Kind.LEVEL
    if facts.course == Course.STANDS:
        return outlook.Kind.LEVEL
    return outlook.Kind.COUNT if base_unit(facts.asked.unit) == (Decimal(1), "个") else outlook.Kind.TOTAL


def _whole(series: Series) -> list[Any]:
    """One figure for each month's end, those of unfinished months aside; of a month and its quarter the one put in last."""
    ends = {(each.year, each.month): each for each in series.points if each.is_whole}
    return list(ends.values())


def _expectation(answer: outlook.Outlook) -> Expectation:
    if answer.method == outlook.Method.NONE:
        return Expectation()
    floor = answer.floor
    expected = None if floor is None else floor.expected_in or floor.met_in
    return Expectation(
        forecast=_decimal(answer.forecast),
        low=_decimal(answer.low),
        high=_decimal(answer.high),
        probability=None if floor is None or floor.probability is None else round(Decimal(str(floor.probability)), 4),
        expected_on=None if expected is None else expected.last_day,
        told=answer.to_dict(),
    )


def _decimal(value: float | None) -> Decimal | None:
    if value is None or abs(value) >= LARGEST:
        return None
    return Decimal(str(value)).quantize(PLACES)

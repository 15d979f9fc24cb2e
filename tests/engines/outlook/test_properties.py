"""What must hold whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.outlook.asking import at_least, months, quarters, to_date

from keshu.engines.outlook import Figure, Goal, Kind, Method, Op, Question, Reading, Standing, foresee, foresee_all
from keshu.kernel.period import Period

SOME = settings(max_examples=40)

amounts = st.one_of(st.integers(0, 500), st.floats(0, 1e6, allow_subnormal=False), st.just(0))
above_zero = st.floats(0.5, 1e5)
any_amount = st.one_of(st.integers(-300, 300), st.floats(-1e6, 1e6, allow_subnormal=False))
shares = st.floats(0, 100, allow_subnormal=False)
BY_KIND = {
    Kind.TOTAL: any_amount,
    Kind.COUNT: st.integers(0, 60),
    Kind.LEVEL: amounts,
    Kind.SHARE: shares,
    Kind.GROWTH_RATE: any_amount,
}


@st.composite
def histories(draw: st.DrawFn, values: st.SearchStrategy | None = None, *, least_years: int = 0) -> Question:
    """Any question: each kind, any months missing, any part of this year."""
    kind = draw(st.sampled_from(list(Kind))) if values is None else Kind.TOTAL
    values = BY_KIND[kind] if values is None else values
    figures: list[Figure] = []
    has_gaps = draw(st.booleans()) if least_years == 0 else False
    done = draw(st.integers(0, 12))
    for year in range(2026 - draw(st.integers(least_years, 4)), 2027):
        row = draw(st.lists(values, min_size=12, max_size=12))
        if has_gaps:
            row = [None if draw(st.integers(0, 5)) == 0 else value for value in row]
        figures += months(year, row if year < 2026 else row[:done])
    return Question(
        2026,
        kind,
        tuple(figures),
        floor=Goal(
            draw(st.sampled_from([Op.AT_LEAST, Op.MORE_THAN, Op.AT_MOST, Op.LESS_THAN, Op.EQUAL])), draw(values)
        ),
    )


@SOME
@given(histories())
def test_there_is_always_an_answer_and_it_is_in_order(question: Question) -> None:
    answer = foresee(question)
    assert answer.explanation.endswith("。")
    assert answer.floor is not None
    assert answer.months_used % 1 == 0
    if answer.low is None:
        assert answer.method in (Method.STRAIGHT_LINE, Method.NONE)
        assert answer.floor.probability in (None, 0, 1)
        return
    assert answer.high is not None
    assert answer.forecast is not None
    assert answer.low <= answer.forecast <= answer.high
    assert answer.quantile(0.02) <= answer.low
    assert answer.floor.probability is not None
    assert 0 <= answer.floor.probability <= 1
    if question.kind is Kind.SHARE:
        assert answer.low >= 0
        assert answer.high <= 100
    for point in answer.path:
        assert point.low <= point.value <= point.high
    if answer.path:
        assert answer.path[-1].value == answer.forecast


@SOME
@given(histories(above_zero, least_years=2), st.sampled_from([0.001, 7.0, 1000.0]))
def test_figures_in_another_unit_give_the_forecast_in_that_unit(question: Question, factor: float) -> None:
    scaled = replace(question, figures=tuple(Figure(each.period, each.value * factor) for each in question.figures))
    mine, other = foresee(question), foresee(scaled)
    for name in ("low", "forecast", "high"):
        assert getattr(other, name) == pytest.approx(getattr(mine, name) * factor, rel=1e-6)


@SOME
@given(histories(any_amount, least_years=2), st.floats(1, 1000))
def test_so_do_figures_below_zero(question: Question, factor: float) -> None:
    scaled = replace(question, figures=tuple(Figure(each.period, each.value * factor) for each in question.figures))
    mine, other = foresee(question), foresee(scaled)
    if mine.forecast is None or mine.low is None:
        return
    assert other.forecast == pytest.approx(mine.forecast * factor, rel=1e-6, abs=1e-6 * factor)


@SOME
@given(histories(least_years=2), st.lists(st.floats(-100, 2000), min_size=2, max_size=6))
def test_a_higher_goal_is_never_likelier(question: Question, goals: list[float]) -> None:
    answer = foresee(question)
    for op in (Op.AT_LEAST, Op.MORE_THAN):
        chances = [answer.probability_of(Goal(op, value)) for value in sorted(goals)]
        assert chances == sorted(chances, key=lambda chance: -(chance or 0))
    below = [answer.probability_of(Goal(Op.LESS_THAN, value)) or 0 for value in sorted(goals)]
    assert below == sorted(below)


@SOME
@given(histories(least_years=2), st.floats(-100, 1000))
def test_met_and_not_met_make_one(question: Question, value: float) -> None:
    answer = foresee(question)
    if answer.spread is None:
        return
    for one, other in ((Op.AT_LEAST, Op.LESS_THAN), (Op.MORE_THAN, Op.AT_MOST)):
        chances = [answer.probability_of(Goal(op, value)) for op in (one, other)]
        assert sum(chances) == pytest.approx(1)


@SOME
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_figures_does_not_matter(question: Question, random) -> None:
    figures = list(question.figures)
    random.shuffle(figures)
    assert foresee(replace(question, figures=tuple(figures))) == foresee(question)


@SOME
@given(histories(), any_amount)
def test_one_more_old_figure_never_breaks_it(question: Question, value: float) -> None:
    known = {each.period for each in question.figures}
    free = next(Period.month(year, 12) for year in range(2025, 1990, -1) if Period.month(year, 12) not in known)
    value = min(max(value, 0), 100) if question.kind in (Kind.SHARE, Kind.COUNT) else value
    answer = foresee(replace(question, figures=(*question.figures, Figure(free, value))))
    assert answer.reached == foresee(question).reached  # what this year has brought stays as it was


@SOME
@given(histories(st.integers(0, 400), least_years=2), st.floats(0.01, 1))
def test_what_is_reached_stays_reached(question: Question, part: float) -> None:
    reached = foresee(question).reached
    if not reached:
        return
    answer = foresee(replace(question, floor=at_least(part * reached)))
    assert answer.floor is not None
    assert (answer.floor.standing, answer.floor.probability) == (Standing.MET, 1)
    assert answer.floor.met_in is not None
    ceiling = foresee(replace(question, floor=Goal(Op.LESS_THAN, part * reached)))
    assert ceiling.floor is not None
    assert (ceiling.floor.standing, ceiling.floor.probability) == (Standing.MISSED, 0)


@SOME
@given(histories(st.integers(0, 10**6), least_years=2))
def test_both_readings_say_the_same(question: Question) -> None:
    rows: dict[int, list[float]] = {}
    for each in question.figures:
        rows.setdefault(each.period.first // 12, []).append(each.value)
    summed = tuple(each for year, row in rows.items() for each in months(year, to_date(row)))
    mine, other = foresee(question), foresee(replace(question, figures=summed, reading=Reading.YEAR_TO_DATE))
    assert other.reached == mine.reached
    if mine.low is not None:
        assert (other.forecast, other.low) == pytest.approx((mine.forecast, mine.low), rel=1e-6)


@SOME
@given(histories(above_zero, least_years=2))
def test_decimals_are_figures(question: Question) -> None:
    exact = tuple(Figure(each.period, Decimal(repr(each.value))) for each in question.figures)
    assert foresee(replace(question, figures=exact)).forecast == foresee(question).forecast


@SOME
@given(st.lists(st.lists(above_zero, min_size=4, max_size=4), min_size=3, max_size=6), st.integers(1, 3))
def test_quarters_alone_do(rows: list[list[float]], done: int) -> None:
    figures = [each for year, row in enumerate(reversed(rows[1:])) for each in quarters(2025 - year, row)]
    answer = foresee(Question(2026, Kind.TOTAL, (*figures, *quarters(2026, rows[0][:done]))))
    assert answer.method is Method.COMBINED
    assert len(answer.path) == 4 - done
    assert str(answer.path[-1].period) == "2026-Q4"


def _numbers(plain: Any) -> list[float]:
    """Every number of an answer in its order."""
    if isinstance(plain, dict):
        return [number for each in plain.values() for number in _numbers(each)]
    if isinstance(plain, list):
        return [number for each in plain for number in _numbers(each)]
    return [float(plain)] if isinstance(plain, (int, float)) else []


@SOME
@given(st.lists(histories(), max_size=6))
def test_many_together_are_answered_as_each_alone(questions: list[Question]) -> None:
    for question, answer in zip(questions, foresee_all(questions), strict=True):
        alone = foresee(question)
        assert (answer.method, answer.years_used) == (alone.method, alone.years_used)
        assert _numbers(answer.to_dict()) == pytest.approx(_numbers(alone.to_dict()), rel=1e-9, abs=1e-9)


def test_more_than_goes_through_numpy_at_once() -> None:
    """Six hundred series of one form, each a little higher than the one before: so are the forecasts."""
    questions = [
        Question(2026, Kind.TOTAL, tuple(months(2024, [n + 10] * 12) + months(2025, [n + 10] * 12))) for n in range(600)
    ]
    assert [answer.forecast for answer in foresee_all(questions)] == pytest.approx([12 * (n + 10) for n in range(600)])

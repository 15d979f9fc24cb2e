"""From question to answer: the calendar, the method that its history allows, the goals, the words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keshu.engines.outlook import words
from keshu.engines.outlook.answer import Method, Outlook, PathPoint
from keshu.engines.outlook.goals import Course, prospect
from keshu.engines.outlook.months import Calendar, lay_out
from keshu.engines.outlook.projection import Case, Projection, project
from keshu.engines.outlook.question import Kind, Question
from keshu.engines.outlook.smoothing import Form
from keshu.engines.outlook.spread import Spread

#: Earlier years that a forecast needs.
LEAST_YEARS = 2
#: The scale of t with four degrees for a normal standard deviation of 1, so that 80% intervals agree.
NORMAL_AS_T4 = 0.8359


def foresee(question: Question) -> Outlook:
    """Forecast the end of the year and tell how each goal stands.

    Parameters
    ----------
    question : the figures of one indicator and its goals

    Returns
    -------
    The answer; without a forecast interval and probabilities where fewer than two earlier years are known, or all were zero.

    Examples
    --------
    Two even years of 10 a month; half a year at the same pace.

    >>> from keshu.engines.outlook import Figure, Goal, Op
    >>> from keshu.kernel.period import Period
    >>> figures = [Figure(Period.month(year, month), 10) for year in (2024, 2025) for month in range(1, 13)]
    >>> figures += [Figure(Period.month(2026, month), 10) for month in range(1, 7)]
    >>> answer = foresee(Question(2026, Kind.TOTAL, tuple(figures), floor=Goal(Op.AT_LEAST, 110)))
    >>> round(answer.forecast), str(answer.floor.expected_in), answer.floor.probability > 0.99
    (120, '2026-11', True)
    """
    return foresee_all([question])[0]


def foresee_all(questions: Sequence[Question]) -> list[Outlook]:
    """The answer to each question, in their order, as :func:`foresee` gives it; many together take much less time."""
    laid = [lay_out(question) for question in questions]
    methods = [_method(question, calendar) for question, calendar in zip(questions, laid, strict=True)]
    combined = [place for place, method in enumerate(methods) if method is Method.COMBINED]
    projections = dict(zip(combined, project([_case(questions[at], laid[at]) for at in combined]), strict=True))
    return [
        _foreseen(question, laid[place], methods[place], projections.get(place))
        for place, question in enumerate(questions)
    ]


def _foreseen(question: Question, calendar: Calendar, method: Method, projection: Projection | None) -> Outlook:
    forecast = _Forecast.nothing()
    if projection is not None:
        forecast = _combined(question, calendar, projection)
    elif method is Method.STRAIGHT_LINE:
        forecast = _Forecast(None, (), _straight_path(question, calendar), None)
    elif method is Method.CLOSED:
        forecast = _Forecast(Spread(calendar.certain, 0.0, 0.0, Form.DIFFERENCE), (), (), None)
    course = Course(question, calendar, forecast.spread, forecast.ahead, method is Method.CLOSED)
    return _answer(question, calendar, method, forecast, course)


@dataclass(frozen=True, slots=True)
class _Forecast:
    """Spread at the year's end, spreads after each slot to come, their medians, and what the methods say."""

    spread: Spread | None
    spreads: tuple[Spread, ...]
    ahead: tuple[float, ...]
    projection: Projection | None

    @classmethod
    def nothing(cls) -> _Forecast:
        return cls(None, (), (), None)


def _method(question: Question, calendar: Calendar) -> Method:
    if calendar.marks and not calendar.left and not (calendar.filled and question.kind.adds_up):
        return Method.CLOSED
    if len(calendar.years) >= LEAST_YEARS and calendar.past.any():
        return Method.COMBINED
    return Method.STRAIGHT_LINE if calendar.marks else Method.NONE


def _case(question: Question, calendar: Calendar) -> Case:
    """What is to be projected; of a year that is over but for its gaps the last slot once more."""
    sums = question.kind.adds_up
    unsure = len(calendar.filled) if sums else 0
    if not calendar.left:
        return Case(calendar.past, calendar.now[:-1], sums=True, unsure=unsure)
    return Case(calendar.past, calendar.now, sums, is_share=question.kind is Kind.SHARE, unsure=unsure)


def _combined(question: Question, calendar: Calendar, projection: Projection) -> _Forecast:
    """The mean of the methods, with the spread after each slot to come."""
    sums = question.kind.adds_up
    guessed = float(calendar.now[list(calendar.filled)].sum()) if sums else 0.0
    scales = projection.scale
    open_parts = guessed + np.cumsum(projection.value) if sums else projection.value
    if not calendar.left:
        open_parts = np.array([guessed])
    spreads = tuple(
        _spread(question, calendar, float(part), float(scale), form=projection.form)
        for part, scale in zip(open_parts, scales, strict=True)
    )
    ahead = tuple(each.quantile(0.5) for each in spreads) if calendar.left else ()
    return _Forecast(spreads[-1], spreads if calendar.left else (), ahead, projection)


def _spread(question: Question, calendar: Calendar, centre: float, scale: float, *, form: Form) -> Spread:
    """What bounds the kind of indicator sets."""
    kind = question.kind
    if form is Form.RATIO and centre <= 0:
        form = Form.DIFFERENCE
    certain = calendar.certain if kind.adds_up else 0.0
    lowest = -math.inf if calendar.has_negative else certain
    if kind is Kind.COUNT:
        by_chance = NORMAL_AS_T4 * math.sqrt(max(centre, 0.5))  # whole things come by chance, at least so unevenly
        scale = max(scale, by_chance / centre if form is Form.RATIO else by_chance)
    if kind is Kind.GROWTH_RATE:
        lowest = -math.inf
    highest = 100.0 if kind is Kind.SHARE else math.inf
    return Spread(certain, centre, scale, form, lowest, highest, is_whole=kind is Kind.COUNT)


def _straight_path(question: Question, calendar: Calendar) -> tuple[float, ...]:
    """The value after each slot to come when the year goes on as so far; empty when that cannot be told."""
    done = len(calendar.now)
    if not calendar.marks:
        return ()
    if question.kind.adds_up:
        start, end = 0.0, float(calendar.now.sum())
        pace = end / done
    else:
        first, start = calendar.marks[0]
        before = 0 if len(calendar.past) else first
        start = float(calendar.past[-1][-1]) if len(calendar.past) else start
        end = calendar.certain
        if done == before:
            return ()
        pace = (end - start) / (done - before)
    path = tuple(end + pace * step for step in range(1, calendar.left + 1))
    return tuple(min(max(each, 0.0), 100.0) for each in path) if question.kind is Kind.SHARE else path


def _answer(question: Question, calendar: Calendar, method: Method, forecast: _Forecast, course: Course) -> Outlook:
    line = _straight_line(question, calendar)
    spread = forecast.spread
    low, middle, high = (None, line, None) if spread is None else (spread.quantile(each) for each in (0.1, 0.5, 0.9))
    done = len(calendar.now)
    years = calendar.years if method is Method.COMBINED else ()
    by_method = _by_method(question, calendar, forecast.projection)
    form = None if forecast.projection is None else forecast.projection.form
    outlook = Outlook(
        year=question.year,
        kind=question.kind,
        unit=question.unit,
        method=method,
        reported_until=course.period(calendar.marks[-1][0]) if calendar.marks else None,
        reached=calendar.certain if calendar.marks else None,
        forecast=middle,
        low=low,
        high=high,
        straight_line=line,
        last_year=_last_year(question, calendar),
        floor=None if question.floor is None else prospect(question.floor, course),
        stretch=None if question.stretch is None else prospect(question.stretch, course),
        path=tuple(
            PathPoint(course.period(done + at), each.quantile(0.5), each.quantile(0.1), each.quantile(0.9))
            for at, each in enumerate(forecast.spreads, start=1)
        ),
        years_used=years,
        months_used=(len(years) * calendar.slots + done) * calendar.months_a_slot,
        reasons=words.reasons(question, calendar, method, by_method, form),
        explanation="",
        spread=spread,
    )
    return replace(outlook, explanation=words.explanation(outlook))


def _straight_line(question: Question, calendar: Calendar) -> float | None:
    """The year's end at this year's pace; the year itself when it is over."""
    if calendar.marks and not calendar.left:
        return float(calendar.now.sum()) if question.kind.adds_up else calendar.certain
    path = _straight_path(question, calendar)
    return path[-1] if path else None


def _by_method(question: Question, calendar: Calendar, projection: Projection | None) -> dict[str, float]:
    """The year's end as each method sees it by itself."""
    if projection is None or not calendar.left:
        return {}
    start = float(calendar.now.sum()) if question.kind.adds_up else 0.0
    return {name: start + value for name, value in projection.by_method.items()}


def _last_year(question: Question, calendar: Calendar) -> float | None:
    if not calendar.years:
        return None
    return float(calendar.past[-1].sum() if question.kind.adds_up else calendar.past[-1][-1])

"""From facts to scores: every rule counted, points of rules without facts spread or given, rounded so that all adds up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from keshu.engines.appraisal.counting import Counted, Part, count, marked
from keshu.engines.appraisal.facts import Subject
from keshu.engines.appraisal.results import Row, RuleScore, RuleState, Score
from keshu.engines.appraisal.scheme import WHOLE, Absence, Kind, Rule, Scheme, flaws

T = TypeVar("T")
R = TypeVar("R")
ZERO = Fraction(0)
NONE = Decimal("0.00")
NOTHING = "没有可计的事项"


def appraise(scheme: Scheme, subjects: Sequence[Subject]) -> tuple[Score, ...]:
    """The scores in the order of their places; equal totals share a place (1, 2, 2, 4).

    Behind them who is scored but stands apart, then who has nothing to score.

    Raises
    ------
    ValueError : the scheme is not sound; the message says what is wrong
    """
    if found := flaws(scheme):
        raise ValueError("".join(found))
    scores = [_score(scheme, each) for each in subjects]
    ordered = sorted(scores, key=_order)
    return _placed(ordered)


def _order(score: Score) -> tuple[bool, bool, Decimal, str]:
    return score.total is None, bool(score.apart), -(score.total or Decimal(0)), score.key.zfill(12)


def _placed(ordered: Sequence[Score]) -> tuple[Score, ...]:
    found: list[Score] = []
    for at, each in enumerate(ordered, start=1):
        if each.total is None or each.apart:
            found.append(each)
        elif found and found[-1].total == each.total:
            found.append(replace(each, rank=found[-1].rank))
        else:
            found.append(replace(each, rank=at))
    return tuple(found)


def _score(scheme: Scheme, subject: Subject) -> Score:
    counted = {rule.key: _counted(rule, subject) for rule in scheme.rules}
    states = {rule.key: _state(rule, counted[rule.key]) for rule in scheme.rules}
    factors = _factors(scheme, states)
    if factors is None:
        return Score(subject.key, subject.name, None, None, "", tuple(_unscored(rule) for rule in scheme.rules))
    reckoned = {
        rule.key: counted[rule.key] or Counted(rule.weight, (_given(rule),), f"{NOTHING}，按办法计满分")
        for rule in scheme.rules
        if states[rule.key] != RuleState.SPREAD
    }
    exact = {key: each.points * factors[key] for key, each in reckoned.items()}
    total = _half_up(sum(exact.values(), ZERO))
    fulls = _apportioned([rule.weight * factors[rule.key] for rule in scheme.rules if rule.key in reckoned], 10000)
    full = dict(zip(reckoned, fulls, strict=True))
    points = dict(zip(exact, _apportioned(list(exact.values()), total, most=fulls), strict=True))
    rules = tuple(
        _rule_score(rule, reckoned[rule.key], states[rule.key], factors[rule.key], points[rule.key], full[rule.key])
        if rule.key in reckoned
        else _spread(rule)
        for rule in scheme.rules
    )
    apart = _apart(scheme, subject)
    grade = "" if apart else scheme.grade_of(Fraction(total, 100))
    return Score(subject.key, subject.name, _decimal(total), None, grade, rules, apart)


def _apart(scheme: Scheme, subject: Subject) -> str:
    """Why an organisation with hardly anything to score is not compared with the others; empty where it is."""
    count = len(subject.facts.get(Kind.GOALS, ())) + len(subject.facts.get(Kind.TASKS, ()))
    return "" if count >= scheme.least_items else f"目标、任务合计 {count} 项，不足 {scheme.least_items} 项"


def _counted(rule: Rule, subject: Subject) -> Counted | None:
    """None where there is nothing to count."""
    if rule.kind == Kind.MARKS:
        return marked(rule, subject.marks.get(rule.key, ()))
    facts = subject.facts.get(rule.kind, ())
    return count(rule, facts) if facts else None


def _state(rule: Rule, counted: Counted | None) -> RuleState:
    if counted is not None:
        return RuleState.COUNTED
    return RuleState.FULL if rule.absence == Absence.FULL else RuleState.SPREAD


def _factors(scheme: Scheme, states: dict[str, RuleState]) -> dict[str, Fraction] | None:
    """By how much each rule's points grow for those that are spread; people's marks stay as given.

    None where no rule but people's marks is counted or full.
    """
    taking = [rule for rule in scheme.rules if rule.kind != Kind.MARKS and states[rule.key] != RuleState.SPREAD]
    if not any(states[rule.key] == RuleState.COUNTED for rule in taking):
        return None
    kept = sum((rule.weight for rule in scheme.rules if rule.kind == Kind.MARKS), ZERO)
    factor = (WHOLE - kept) / sum((rule.weight for rule in taking), ZERO)
    return {rule.key: Fraction(1) if rule.kind == Kind.MARKS else factor for rule in scheme.rules}


def _given(rule: Rule) -> Part:
    return Part("", NOTHING, "", rule.weight, rule.weight, "按办法计满分")


def _spread(rule: Rule) -> RuleScore:
    why = f"{NOTHING}，{_rounded(rule.weight).normalize():f} 分按比例加到其他指标"
    return RuleScore(
        rule.key, rule.name, _rounded(rule.weight), NONE, NONE, RuleState.SPREAD, why
    )  # fmt: skip


def _unscored(rule: Rule) -> RuleScore:
    return replace(_spread(rule), why=f"{NOTHING}，不参加排名")


def _rule_score(rule: Rule, counted: Counted, state: RuleState, factor: Fraction, points: int, full: int) -> RuleScore:
    gained = _each_once(lambda exact: exact * factor, [part.points for part in counted.parts])
    most = _each_once(lambda exact: exact * factor, [part.most for part in counted.parts])
    shown = _each_once(_decimal, _apportioned(gained, points))
    shares = _each_once(_rounded, most)
    rows = tuple(
        Row(part.key, part.what, part.told, got, NONE if part.points >= part.most else max(NONE, share - got), part.why)
        for part, got, share in zip(counted.parts, shown, shares, strict=True)
    )
    why = counted.why if factor == 1 else f"{counted.why}；折算后满分 {_decimal(full)} 分"
    return RuleScore(rule.key, rule.name, _rounded(rule.weight), _decimal(full), _decimal(points), state, why, rows)


def _rounded(number: Fraction) -> Decimal:
    return _decimal(_half_up(number))


def _each_once(reckon: Callable[[T], R], values: Sequence[T]) -> list[R]:
    """The function of each value, reckoned once for one and the same object: hundreds of rows share a few fractions."""
    known: dict[int, R] = {}
    for value in values:
        if id(value) not in known:
            known[id(value)] = reckon(value)
    return [known[id(value)] for value in values]


def _half_up(number: Fraction) -> int:
    """In hundredths, halves away from zero."""
    whole = abs(number) * 100
    rounded = (whole.numerator * 2 + whole.denominator) // (whole.denominator * 2)
    return rounded if number >= 0 else -rounded


def _apportioned(exact: Sequence[Fraction], total: int, *, most: Sequence[int] = ()) -> list[int]:
    """The parts in hundredths that add up to `total`, each within one of what it is exactly (largest remainders).

    None goes above its `most` as long as another can take the odd hundredth.
    """
    floors = _each_once(lambda each: (each * 100).__floor__(), exact)
    rest = _each_once(lambda each: each * 100 % 1, exact)
    is_full = [bool(most) and floors[at] >= most[at] for at in range(len(floors))]
    for at in sorted(range(len(exact)), key=lambda at: (is_full[at], -rest[at], at))[: total - sum(floors)]:
        floors[at] += 1
    return floors


def _decimal(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)

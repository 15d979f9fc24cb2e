"""Figures that a draft reckons from others: completion of a target, growth, what a figure rose by, what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from keshu.engines.factcheck.amounts import Dimension, Fit, Printed, amount, fit, number, unit_of
from keshu.engines.factcheck.naming import Subject
from keshu.engines.factcheck.questions import Question
from keshu.engines.factcheck.reckoning import RISES, Relation
from keshu.engines.factcheck.values import Fact, FactKind, Family

_HUNDRED = Decimal(100)
MOST_PLACES = 2


def reckoned(question: Question, subject: Subject) -> tuple[Fact, ...]:
    """What the ledger's figures give for the relation that a statement names; empty where one of them is missing."""
    facts = [fact for fact in subject.facts if fact.organisation == question.body and fact.replaced_on is None]
    now = _now(facts, question)
    if now is None or now.value is None:
        return ()
    if question.relation in (Relation.COMPLETION, Relation.GAP, Relation.LEAD, Relation.PACE):
        return _to_target(question, facts, now)
    return tuple(
        result
        for before in _before(facts, question, now)
        for result in _compared(question.relation, now, before, question)
    )


def _compared(relation: Relation | None, now: Fact, before: Fact, question: Question) -> Iterator[Fact]:
    """What the present figure is beside an earlier one: so many times as much, so much % or so much more."""
    assert now.value is not None
    assert before.value is not None
    if relation is Relation.MULTIPLE:
        if before.value:
            yield _result(now.value / before.value, "倍", now, before, Family.GROWTH)
        return
    # 9件，较上年提高6.8%: a rise told in % of what is itself no share is a growth.
    is_rate = unit_of(now.unit).dimension is Dimension.RATE
    if relation is Relation.GROWTH or (relation in RISES and question.printed.unit == "%" and not is_rate):
        if before.value:
            growth = (now.value - before.value) / before.value * _HUNDRED
            yield _result(growth, "%", now, before, Family.GROWTH)
        return
    unit = "百分点" if now.unit == "%" else now.unit
    yield _result(now.value - before.value, unit, now, before, Family.FLOW)


def _now(facts: Sequence[Fact], question: Question) -> Fact | None:
    rows = [fact for fact in facts if fact.kind is FactKind.ACHIEVED and question.is_asked(fact.period)]
    return max(rows, key=lambda fact: fact.period.last, default=None)


def _before(facts: Sequence[Fact], question: Question, now: Fact) -> list[Fact]:
    """What the present figure may be compared with: last month's, last December's, the same months' of last year; the sources
    may differ."""
    last, year = now.period.last, now.period.last // 12
    wanted = {
        Relation.SINCE_MONTH: last - 1,
        Relation.WITHIN_MONTH: last - 1,
        Relation.SINCE_YEAR: year * 12 - 1,
    }.get(question.relation or Relation.GROWTH, last - 12)
    rows = [fact for fact in facts if fact.kind is FactKind.ACHIEVED and fact.period.last == wanted]
    return [fact for fact in rows if fact.value is not None]


def _to_target(question: Question, facts: Sequence[Fact], now: Fact) -> tuple[Fact, ...]:
    """Of every tier: a share of the target reached, or what is missing to it."""
    found = []
    for fact in facts:
        if fact.kind is FactKind.ACHIEVED or not fact.value or fact.period.last // 12 != now.period.last // 12:
            continue
        assert now.value is not None
        if question.relation in (Relation.GAP, Relation.LEAD):
            unit = "百分点" if now.unit == "%" else now.unit
            missing = fact.value - now.value
            found.append(
                _result(missing if question.relation is Relation.GAP else -missing, unit, fact, now, Family.FLOW)
            )
        elif question.relation is Relation.PACE:
            gone = Decimal(now.period.last % 12 + 1) / 12 * _HUNDRED
            found.append(_result(now.value / fact.value * _HUNDRED - gone, "百分点", now, fact, Family.SHARE))
        else:
            found.append(_result(now.value / fact.value * _HUNDRED, "%", now, fact, Family.SHARE))
    return tuple(found)


def _result(value: Decimal, unit: str, one: Fact, other: Fact, family: Family) -> Fact:
    """A reckoned figure: the present fact with the value, and in its source the two it comes from."""
    told = "、".join(f"{fact.source}{_held(fact)}" for fact in (one, other))
    exact = Decimal(number(value.quantize(Decimal("0.000001"))))
    return replace(
        one, value=exact, value_high=None, unit=unit, family=family, kind=FactKind.ACHIEVED, source=f"按{told}推算"
    )


def as_printed(fact: Fact, printed: Printed) -> Fact:
    """A reckoned figure with as many digits behind the point as the draft prints, two at most; more where nothing else would
    tell the two apart."""
    assert fact.value is not None
    for places in (min(max(-int(printed.value.as_tuple().exponent), 0), MOST_PLACES), MOST_PLACES):
        rounded = fact.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if rounded != printed.value or fit(printed, fact.value, fact.unit) is not Fit.NONE:
            return replace(fact, value=Decimal(number(rounded)))
    return fact


def _held(fact: Fact) -> str:
    return "" if fact.value is None else f"（{amount(fact.value, fact.unit)}）"

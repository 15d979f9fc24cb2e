"""Figures that a draft reckons from others: completion of a target, growth, what a figure rose by, what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from keshu.engines.factcheck.amounts import amount, number
from keshu.engines.factcheck.naming import Subject
from keshu.engines.factcheck.questions import Question
from keshu.engines.factcheck.reckoning import Relation
from keshu.engines.factcheck.values import Fact, FactKind, Family

_HUNDRED = Decimal(100)


def reckoned(question: Question, subject: Subject) -> tuple[Fact, ...]:
    """What the ledger's figures give for the relation that a statement names; empty where one of them is missing."""
    facts = [fact for fact in subject.facts if fact.organisation == question.body and fact.replaced_on is None]
    now = _now(facts, question)
    if now is None or now.value is None:
        return ()
    if question.relation in (Relation.COMPLETION, Relation.GAP, Relation.LEAD, Relation.PACE):
        return _to_target(question, facts, now)
    before = _before(facts, question, now)
    if before is None or before.value is None:
        return ()
    if question.relation is Relation.MULTIPLE:
        return (_result(now.value / before.value, "倍", now, before, Family.GROWTH),) if before.value else ()
    if question.relation is Relation.GROWTH:
        if before.value == 0:
            return ()
        growth = (now.value - before.value) / before.value * _HUNDRED
        return (_result(growth, "%", now, before, Family.GROWTH),)
    unit = "百分点" if now.unit == "%" else now.unit
    return (_result(now.value - before.value, unit, now, before, Family.FLOW),)


def _now(facts: Sequence[Fact], question: Question) -> Fact | None:
    rows = [fact for fact in facts if fact.kind is FactKind.ACHIEVED and question.is_asked(fact.period)]
    return max(rows, key=lambda fact: fact.period.last, default=None)


def _before(facts: Sequence[Fact], question: Question, now: Fact) -> Fact | None:
    """The figure that the present one is compared with: last month's, last December's, the same months' of last year."""
    last, year = now.period.last, now.period.last // 12
    wanted = {
        Relation.SINCE_MONTH: last - 1,
        Relation.WITHIN_MONTH: last - 1,
        Relation.SINCE_YEAR: year * 12 - 1,
    }.get(question.relation or Relation.GROWTH, last - 12)
    rows = [fact for fact in facts if fact.kind is FactKind.ACHIEVED and fact.period.last == wanted]
    return rows[0] if rows else None


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


def _held(fact: Fact) -> str:
    return "" if fact.value is None else f"（{amount(fact.value, fact.unit)}）"

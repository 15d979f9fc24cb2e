"""One rule and one organisation's facts: the exact points, and each row's part of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from keshu.engines.appraisal.facts import Deed, Fact, Goal, Mark, Outcome
from keshu.engines.appraisal.scheme import Counting, Rule

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Part:
    """A row before rounding: what it gives and the most it could give."""

    key: str
    what: str
    told: str
    points: Fraction
    most: Fraction
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule's points, exactly the sum of its parts."""

    points: Fraction
    parts: tuple[Part, ...]
    why: str


def count(rule: Rule, facts: Sequence[Fact]) -> Counted:
    """By the rule's way of counting; there is at least one fact. The order of the facts does not matter."""
    ordered = sorted(facts, key=_place)
    credits = [credit_of(fact, rule) for fact in ordered]
    if rule.counting == Counting.DEDUCT:
        return _deducted(rule, ordered, credits)
    share = min(ONE, _sum(credits) / len(credits))
    part = share if rule.counting == Counting.SHARE else _tier(rule, share)
    return _shared(rule, ordered, credits, share=share, points=rule.weight * part)


def _place(fact: Fact | Mark) -> tuple[str, int, str]:
    """Rows stand in the order of their numbers, whatever order they come in."""
    word, _, number = fact.key.rpartition("-")
    return (word, int(number), "") if number.isdecimal() else (word, 0, number)


def credit_of(fact: Fact, rule: Rule) -> Fraction:
    """How much of itself a fact counts: 1 for what was done, the rule's part for what was done late, a target as reached."""
    if isinstance(fact, Goal):
        return min(fact.reached, rule.cap)
    if fact.outcome == Outcome.DONE:
        return ONE
    return rule.late if fact.outcome == Outcome.LATE else ZERO


def marked(rule: Rule, marks: Sequence[Mark]) -> Counted:
    """The start and the marks on it, within 0 and the rule's points."""
    start = Part("", "起评分", "", rule.start, rule.start, "没有加减分时的分数")
    ordered = sorted(marks, key=_place)
    reckoned = rule.start + sum((each.points for each in ordered), ZERO)
    points = min(max(reckoned, ZERO), rule.weight)
    counted = _within(ordered, over=reckoned - points)
    parts = [_mark_part(each, part) for each, part in zip(ordered, counted, strict=True)]
    return Counted(points, (start, *parts), f"起评 {_told(rule.start)} 分，加减分 {len(ordered)} 项")


def _within(marks: Sequence[Mark], *, over: Fraction) -> list[Fraction]:
    """What of each mark counts: what goes beyond the limit is cut off the last marks that go that way."""
    counted = [each.points for each in marks]
    for at in reversed(range(len(counted))):
        if over * counted[at] > 0:
            cut = min(over, counted[at]) if over > 0 else max(over, counted[at])
            counted[at] -= cut
            over -= cut
    return counted


def _mark_part(mark: Mark, counted: Fraction) -> Part:
    why = "加分" if mark.points > 0 else "减分"
    if counted != mark.points:
        limit = "上限" if mark.points > 0 else "下限"
        why = f"{why} {_points(abs(mark.points))}，计 {_points(abs(counted))}，到{limit}"
    return Part(mark.key, mark.reason, mark.told, counted, max(ZERO, counted), why)


def _shared(
    rule: Rule, facts: Sequence[Fact], credits: Sequence[Fraction], *, share: Fraction, points: Fraction
) -> Counted:
    """The points divided over the rows by what each counted."""
    whole, most, kinds = _sum(credits), rule.weight / len(facts), Counter(credits)
    given = {credit: points * credit / whole if whole else points / len(facts) for credit in kinds}
    whys = {credit: _pct(credit) for credit in kinds}
    parts = tuple(
        Part(fact.key, fact.what, fact.told, given[credit], most, _why(fact, whys[credit]))
        for fact, credit in zip(facts, credits, strict=True)
    )
    done = f"{len(facts)} 项平均计 {_pct(share)}"
    if rule.counting == Counting.TIERS:
        done += f"，按档得 {_pct(points / rule.weight)}"
    return Counted(points, parts, f"{done}，满分 {_told(rule.weight)} 分")


def _tier(rule: Rule, share: Fraction) -> Fraction:
    return next((tier.part for tier in rule.tiers if share >= tier.at_least), ZERO)


def _deducted(rule: Rule, facts: Sequence[Fact], credits: Sequence[Fraction]) -> Counted:
    """From the full points so many off for each thing that went wrong, down to the least."""
    left = rule.weight
    parts = [Part("", "满分", f"{len(facts)} 项", rule.weight, rule.weight, "逐项扣分从满分起")]
    wrong = 0
    for fact, credit in zip(facts, credits, strict=True):
        if credit >= 1:
            parts.append(Part(fact.key, fact.what, fact.told, ZERO, ZERO, "不扣分"))
            continue
        times = fact.times if isinstance(fact, Deed) else 1
        asked = rule.each * times * (1 - credit)
        taken = min(asked, left - rule.least)
        left, wrong = left - taken, wrong + times
        rest = "" if taken == asked else f"，扣到最低 {_told(rule.least)} 分为止"
        parts.append(Part(fact.key, fact.what, fact.told, -taken, ZERO, f"应扣 {_points(asked)} 分{rest}"))
    return Counted(left, tuple(parts), f"{len(facts)} 项中扣分 {wrong} 次，每次 {_told(rule.each)} 分")


def _sum(credits: Sequence[Fraction]) -> Fraction:
    """Hundreds of rows count one of a few shares."""
    return sum((credit * number for credit, number in Counter(credits).items()), ZERO)


def _why(fact: Fact, share: str) -> str:
    if isinstance(fact, Goal):
        return f"计 {share}"
    return {Outcome.DONE: "计满分", Outcome.LATE: f"迟做，计 {share}", Outcome.MISSED: "不得分"}[fact.outcome]


def _pct(share: Fraction) -> str:
    return f"{_told(share * 100)}%"


def _points(number: Fraction) -> str:
    """Points always have two decimals; a scheme's own numbers stand as they were declared."""
    return f"{float(number):.2f}"


def _told(number: Fraction) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")

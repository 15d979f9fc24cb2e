"""What holds of every scheme and every year: sums, bounds, order, and that doing more never costs points."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from keshu.engines import appraisal as a

KINDS = [kind for kind in a.Kind if kind != a.Kind.MARKS]
OUTCOMES = st.sampled_from(list(a.Outcome))
TENTHS = st.integers(0, 10).map(lambda each: Fraction(each, 10))


@st.composite
def schemes(draw: st.DrawFn) -> a.Scheme:
    """Any sound scheme: some kinds, weights that add up to 100, any way of counting."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5, unique=True))
    has_marks = draw(st.booleans())
    cuts = sorted(
        draw(st.sets(st.integers(1, 99), min_size=len(kinds) - 1 + has_marks, max_size=len(kinds) - 1 + has_marks))
    )
    weights = [Fraction(after - before) for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    rules = [_rule(draw, kind, weight) for kind, weight in zip(kinds, weights, strict=False)]
    if has_marks:
        start = weights[-1] * draw(TENTHS)
        rules.append(a.Rule("marks", "质量", a.Kind.MARKS, weights[-1], a.Counting.MARKS, start=start))
    return a.Scheme(tuple(rules), (a.Grade("合格", Fraction(60)), a.Grade("不合格", Fraction(0))))


def _rule(draw: st.DrawFn, kind: a.Kind, weight: Fraction) -> a.Rule:
    counting = draw(st.sampled_from([a.Counting.SHARE, a.Counting.DEDUCT, a.Counting.TIERS]))
    return a.Rule(
        str(kind), a.word(kind), kind, weight, counting, draw(st.sampled_from(a.Absence)),
        late=draw(TENTHS), cap=1 + draw(TENTHS), each=weight * Fraction(draw(st.integers(1, 10)), 10),
        least=weight * draw(TENTHS),
        tiers=(a.Tier(Fraction(9, 10), Fraction(1)), a.Tier(Fraction(5, 10), Fraction(1, 3))),
    )  # fmt: skip


@st.composite
def subjects(draw: st.DrawFn, scheme: a.Scheme) -> a.Subject:
    facts: dict[a.Kind, list[a.Fact]] = {}
    for rule in scheme.rules:
        count = draw(st.integers(0, 7))
        if rule.kind == a.Kind.GOALS:
            aim = a.Aim(draw(st.sampled_from([a.Sense.AT_LEAST, a.Sense.AT_MOST])), Fraction(7))
            facts[rule.kind] = [
                a.Goal(f"target-{n}", "", aim, Fraction(draw(st.integers(-3, 15)))) for n in range(count)
            ]
        elif rule.kind != a.Kind.MARKS:
            facts[rule.kind] = [
                a.Deed(f"row-{n}", "", draw(OUTCOMES), times=draw(st.integers(1, 3))) for n in range(count)
            ]
    marks = [
        a.Mark(f"mark-{n}", Fraction(draw(st.integers(-40, 40)), 4), "理由") for n in range(draw(st.integers(0, 4)))
    ]
    return a.Subject("1", "甲处", facts, {"marks": marks})


@st.composite
def years(draw: st.DrawFn) -> tuple[a.Scheme, a.Subject]:
    scheme = draw(schemes())
    return scheme, draw(subjects(scheme))


@given(years())
def test_rows_add_up_to_rules_and_rules_to_the_total(year: tuple[a.Scheme, a.Subject]) -> None:
    scheme, subject = year
    score = a.appraise(scheme, [subject])[0]
    if score.total is None:
        return
    assert sum(each.points for each in score.rules) == score.total
    assert sum(each.full for each in score.rules) == 100
    for each in score.rules:
        assert sum((row.points for row in each.rows), Decimal(0)) == each.points
        assert 0 <= each.points <= each.full
    assert 0 <= score.total <= 100


@given(years(), st.randoms(use_true_random=False))
def test_the_order_of_facts_is_of_no_matter(year: tuple[a.Scheme, a.Subject], draw: random.Random) -> None:
    scheme, subject = year
    shuffled = {kind: draw.sample(list(facts), len(facts)) for kind, facts in subject.facts.items()}
    marks = {key: draw.sample(list(each), len(each)) for key, each in subject.marks.items()}
    assert a.appraise(scheme, [subject]) == a.appraise(scheme, [a.Subject("1", "甲处", shuffled, marks)])


@given(years())
def test_one_more_thing_done_never_costs_points(year: tuple[a.Scheme, a.Subject]) -> None:
    """Of any kind but targets' figures, where the score is there before and after."""
    scheme, subject = year
    before = a.appraise(scheme, [subject])[0].total
    for rule in scheme.rules:
        if rule.kind in (a.Kind.GOALS, a.Kind.MARKS):
            continue
        more = [*subject.facts.get(rule.kind, ()), a.Deed("row-more", "", a.Outcome.DONE)]
        after = a.appraise(scheme, [a.Subject("1", "甲处", {**subject.facts, rule.kind: more}, subject.marks)])[0].total
        assert after is not None
        assert before is None or after >= before


@given(years())
def test_doing_everything_is_a_hundred(year: tuple[a.Scheme, a.Subject]) -> None:
    """Whatever has nothing to count, and however its points are spread."""
    scheme, subject = year
    facts = {kind: [a.Deed(each.key, "", a.Outcome.DONE) for each in rows] for kind, rows in subject.facts.items()}
    marks = {rule.key: [a.Mark("mark-1", rule.weight, "好")] for rule in scheme.rules if rule.kind == a.Kind.MARKS}
    score = a.appraise(scheme, [a.Subject("1", "甲处", facts, marks)])[0]
    assert score.total in (None, Decimal(100))


@settings(max_examples=50)
@given(years())
def test_scores_and_schemes_survive_json(year: tuple[a.Scheme, a.Subject]) -> None:
    scheme, subject = year
    score = a.appraise(scheme, [subject])[0]
    assert a.score_from_plain(a.score_to_plain(score)) == score
    kept = a.scheme_to_plain(scheme)
    assert a.scheme_to_plain(a.scheme_from_plain(kept)) == kept

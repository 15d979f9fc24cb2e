"""Scores by hand: each expected number is worked out beside the test, none is copied from output."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from keshu.engines import appraisal as a

GRADES = (a.Grade("优秀", Fraction(90)), a.Grade("合格", Fraction(60)), a.Grade("不合格", Fraction(0)))
DONE, LATE, MISSED = a.Outcome.DONE, a.Outcome.LATE, a.Outcome.MISSED


def rule(kind: a.Kind, weight: int, **traits: object) -> a.Rule:
    return a.Rule(str(kind), a.word(kind), kind, Fraction(weight), **traits)  # type: ignore[arg-type]


def deeds(*outcomes: a.Outcome, word: str = "row") -> list[a.Deed]:
    return [a.Deed(f"{word}-{number}", f"{word}{number}", each) for number, each in enumerate(outcomes, start=1)]


def scored(*rules: a.Rule, facts: dict[a.Kind, list[a.Fact]] | None = None, **marks: list[a.Mark]) -> a.Score:
    return a.appraise(a.Scheme(rules, GRADES), [a.Subject("1", "甲处", facts or {}, marks)])[0]


def of(score: a.Score, key: str) -> a.RuleScore:
    return next(each for each in score.rules if each.key == key)


def test_the_worked_example() -> None:
    """As in docs/methods/appraisal.md: 高新处 of the example scheme."""
    aim = a.Aim(a.Sense.AT_LEAST, Fraction(120))
    limit = a.Aim(a.Sense.AT_MOST, Fraction(5))
    facts: dict[a.Kind, list[a.Fact]] = {
        a.Kind.GOALS: [
            a.Goal("target-1", "科技型中小企业", aim, Fraction(90)),  # 90 / 120 = 75%
            a.Goal("target-2", "高新技术企业", aim, Fraction(130)),  # 108.3%, counts 100%
            a.Goal("target-3", "能耗", limit, Fraction(8)),  # 5 / 8 = 62.5%
            a.Goal("target-4", "没有数据", aim),  # 0
        ],  # (0.75 + 1 + 0.625 + 0) / 4 = 59.375% of 35 = 20.78125
        a.Kind.TASKS: [*deeds(DONE, DONE, LATE, MISSED, word="node")],  # (1 + 1 + 0.6 + 0) / 4 = 65% of 20 = 13
        a.Kind.TIMELY: [*deeds(*[DONE] * 9, LATE, MISSED, MISSED, word="checkin")],  # 9.5 / 12 of 15 = 11.875
        a.Kind.QUALITY: [
            a.Deed("checkin-1", "1月", MISSED, times=2),
            a.Deed("checkin-2", "2月", DONE),
        ],  # 5 - 2 × 0.5 = 4
        a.Kind.NOTICES: [*deeds(DONE, LATE, MISSED, word="notice")],  # 10 - 2 × 0.5 - 2 = 7
    }  # no issues: 5 in full
    marks = [a.Mark("mark-1", Fraction(1), "省级表彰"), a.Mark("mark-2", Fraction(-1, 2), "数据报错")]  # 8 + 1 - 0.5
    score = a.appraise(a.default_scheme(), [a.Subject("1", "高新处", facts, {"marks": marks})])[0]
    points = {each.key: each.points for each in score.rules}
    # 20.78125 + 13 + 11.875 + 4 + 7 + 5 + 8.5 = 70.15625
    assert score.total == Decimal("70.16")
    assert points == {
        "goals": Decimal("20.78"), "tasks": Decimal("13.00"), "timely": Decimal("11.88"), "quality": Decimal("4.00"),
        "notices": Decimal("7.00"), "issues": Decimal("5.00"), "marks": Decimal("8.50"),
    }  # fmt: skip
    assert score.grade == "合格"
    goals = of(score, "goals")
    # each of four targets carries 8.75: 6.5625, 8.75, 5.46875, 0
    assert [row.points for row in goals.rows] == [Decimal("6.56"), Decimal("8.75"), Decimal("5.47"), Decimal("0.00")]
    assert [row.lost for row in goals.rows] == [Decimal("2.19"), Decimal("0.00"), Decimal("3.28"), Decimal("8.75")]


def test_points_without_facts_are_spread_in_proportion_and_marks_are_not_stretched() -> None:
    """60 + 30 + 10 marks: without notices the 60 take the 30, so that one of two forms on time is 45 of 90."""
    rules = (
        rule(a.Kind.TIMELY, 60),
        rule(a.Kind.NOTICES, 30),
        rule(a.Kind.MARKS, 10, counting=a.Counting.MARKS, start=Fraction(8)),
    )
    score = scored(
        *rules, facts={a.Kind.TIMELY: [*deeds(DONE, MISSED)]}, marks=[a.Mark("mark-1", Fraction(-2), "迟到")]
    )
    assert (of(score, "timely").points, of(score, "timely").full) == (Decimal("45.00"), Decimal("90.00"))
    assert of(score, "notices").state == a.RuleState.SPREAD
    assert [row.points for row in of(score, "marks").rows] == [Decimal("8.00"), Decimal("-2.00")]
    assert score.total == Decimal("51.00")


def test_full_points_for_want_of_anything_to_count() -> None:
    rules = (rule(a.Kind.TIMELY, 60), rule(a.Kind.NOTICES, 40, absence=a.Absence.FULL))
    score = scored(*rules, facts={a.Kind.TIMELY: [*deeds(DONE, MISSED)]})
    assert (score.total, of(score, "notices").state) == (Decimal("70.00"), a.RuleState.FULL)


def test_deductions_stop_at_the_least() -> None:
    """20 − 5 − 5 − 5 would be 5; the least is 8, so the third takes 2."""
    deducting = rule(a.Kind.NOTICES, 100, counting=a.Counting.DEDUCT, each=Fraction(40), least=Fraction(10))
    score = scored(deducting, facts={a.Kind.NOTICES: [*deeds(MISSED, MISSED, MISSED)]})
    assert [row.points for row in score.rules[0].rows] == [
        Decimal("100.00"),
        Decimal("-40.00"),
        Decimal("-40.00"),
        Decimal("-10.00"),
    ]
    assert score.total == Decimal("10.00")


@pytest.mark.parametrize(("on_time", "points"), [(10, "100"), (9, "100"), (8, "60"), (7, "60"), (6, "0")])
def test_tiers(on_time: int, points: str) -> None:
    tiers = (a.Tier(Fraction(9, 10), Fraction(1)), a.Tier(Fraction(7, 10), Fraction(6, 10)))
    facts: list[a.Fact] = [*deeds(*[DONE] * on_time, *[MISSED] * (10 - on_time))]
    score = scored(rule(a.Kind.TIMELY, 100, counting=a.Counting.TIERS, tiers=tiers), facts={a.Kind.TIMELY: facts})
    assert score.total == Decimal(points)


def test_what_goes_beyond_one_target_makes_up_for_another_up_to_the_cap() -> None:
    """150 of 100 counts 120%, 60 of 100 counts 60%: 90% together."""
    aim = a.Aim(a.Sense.AT_LEAST, Fraction(100))
    facts: list[a.Fact] = [a.Goal("target-1", "甲", aim, Fraction(150)), a.Goal("target-2", "乙", aim, Fraction(60))]
    assert scored(rule(a.Kind.GOALS, 100, cap=Fraction(12, 10)), facts={a.Kind.GOALS: facts}).total == 90
    assert scored(rule(a.Kind.GOALS, 100), facts={a.Kind.GOALS: facts}).total == 80


@pytest.mark.parametrize(
    ("aim", "figure", "reached"),
    [
        (a.Aim(a.Sense.AT_LEAST, Fraction(4)), 3, Fraction(3, 4)),
        (a.Aim(a.Sense.AT_LEAST, Fraction(4)), -3, Fraction(0)),
        (a.Aim(a.Sense.AT_LEAST, Fraction(-2)), -1, Fraction(1)),
        (a.Aim(a.Sense.AT_MOST, Fraction(4)), 4, Fraction(1)),
        (a.Aim(a.Sense.AT_MOST, Fraction(4)), 5, Fraction(4, 5)),
        (a.Aim(a.Sense.AT_MOST, Fraction(0)), 1, Fraction(0)),
        (a.Aim(a.Sense.ABOUT, Fraction(100)), 96, Fraction(1)),
        (a.Aim(a.Sense.ABOUT, Fraction(100)), 90, Fraction(9, 10)),
        (a.Aim(a.Sense.BETWEEN, Fraction(10), Fraction(20)), 15, Fraction(1)),
        (a.Aim(a.Sense.BETWEEN, Fraction(10), Fraction(20)), 8, Fraction(8, 10)),
        (a.Aim(a.Sense.BETWEEN, Fraction(10), Fraction(20)), 25, Fraction(8, 10)),
        (a.Aim(a.Sense.HAPPEN), 1, Fraction(1)),
        (a.Aim(a.Sense.HAPPEN), 0, Fraction(0)),
        (a.Aim(a.Sense.NONE), 7, None),
    ],
)
def test_how_much_of_an_aim_is_reached(aim: a.Aim, figure: int, reached: Fraction | None) -> None:
    assert aim.reached(Fraction(figure)) == reached


def test_a_target_without_a_comparable_figure_counts_what_its_people_say() -> None:
    assert a.Goal("target-1", "", a.Aim(a.Sense.NONE), Fraction(7), 40).reached == Fraction(2, 5)
    assert a.Goal("target-1", "", a.Aim(a.Sense.NONE), None, None, is_done=True).reached == 1


def test_places_are_shared_and_the_next_left_out() -> None:
    timely = rule(a.Kind.TIMELY, 100)
    facts = {"1": (DONE, MISSED), "2": (DONE, DONE), "3": (MISSED, DONE), "4": (MISSED, MISSED)}
    subjects = [a.Subject(key, f"{key}处", {a.Kind.TIMELY: [*deeds(*each)]}) for key, each in facts.items()]
    nothing = a.Subject("5", "新处")
    found = a.appraise(a.Scheme((timely,), GRADES), [nothing, *subjects])
    assert [(each.key, each.rank) for each in found] == [("2", 1), ("1", 2), ("3", 2), ("4", 4), ("5", None)]
    assert (found[-1].total, found[-1].grade) == (None, "")


def test_who_has_too_few_targets_and_tasks_is_scored_without_a_place() -> None:
    """Two goals and one task are three; one goal alone is less, however good; forms do not count towards it."""
    aim = a.Aim(a.Sense.AT_LEAST, Fraction(10))
    goals = [a.Goal(f"target-{number}", "", aim, Fraction(5)) for number in (1, 2)]
    best = a.Goal("target-3", "", aim, Fraction(10))
    scheme = a.Scheme((rule(a.Kind.GOALS, 60), rule(a.Kind.TASKS, 40)), GRADES, least_items=3)
    many = a.Subject("1", "甲", {a.Kind.GOALS: goals, a.Kind.TASKS: deeds(DONE)})
    few = a.Subject("2", "乙", {a.Kind.GOALS: [best], a.Kind.TIMELY: deeds(DONE, DONE, DONE)})
    found = a.appraise(scheme, [few, many])
    assert [(each.key, each.rank, str(each.total)) for each in found] == [("1", 1, "70.00"), ("2", None, "100.00")]
    assert (found[1].grade, found[1].apart) == ("", "目标、任务合计 1 项，不足 3 项")
    again = [a.score_from_plain(a.score_to_plain(each)) for each in found]
    assert again == list(found)


def test_schemes_and_scores_kept_before_that_was_said_rank_everybody() -> None:
    scheme = a.default_scheme()
    kept = a.scheme_to_plain(scheme)
    assert a.scheme_from_plain(kept) == scheme
    assert (scheme.least_items, a.scheme_from_plain({**kept, "least_items": "0"}).least_items) == (3, 0)
    del kept["least_items"]
    assert a.scheme_from_plain(kept).least_items == 0
    plain = a.score_to_plain(a.appraise(a.Scheme((rule(a.Kind.TIMELY, 100),)), [a.Subject("1", "甲")])[0])
    del plain["apart"]
    assert a.score_from_plain(plain).apart == ""


def test_grades_begin_at_their_line() -> None:
    """9 of 10 are 90 points: 优秀 begins at 90."""
    timely = rule(a.Kind.TIMELY, 100)
    assert scored(timely, facts={a.Kind.TIMELY: [*deeds(*[DONE] * 9, MISSED)]}).grade == "优秀"
    assert scored(timely, facts={a.Kind.TIMELY: [*deeds(*[DONE] * 5, *[MISSED] * 5)]}).grade == "不合格"


def test_a_mark_beyond_the_bounds_says_what_of_it_counts() -> None:
    """8 + 5 of 10 possible: 2 count. 8 + 1 + 5 − 1: of 13 reckoned 3 are cut off the last that adds."""
    rules = (rule(a.Kind.TIMELY, 90), rule(a.Kind.MARKS, 10, counting=a.Counting.MARKS, start=Fraction(8)))
    score = scored(*rules, facts={a.Kind.TIMELY: [*deeds(DONE)]}, marks=[a.Mark("mark-1", Fraction(5), "表彰")])
    assert [row.points for row in of(score, "marks").rows] == [Decimal("8.00"), Decimal("2.00")]
    assert [row.why for row in of(score, "marks").rows][1] == "加分 5.00，计 2.00，到上限"
    assert score.total == 100
    marks = [a.Mark(f"mark-{n}", Fraction(points), "因") for n, points in enumerate((1, 5, -1), start=1)]
    score = scored(*rules, facts={a.Kind.TIMELY: [*deeds(DONE)]}, marks=marks)
    assert [row.points for row in of(score, "marks").rows] == [
        Decimal("8.00"), Decimal("1.00"), Decimal("2.00"), Decimal("-1.00"),
    ]  # fmt: skip
    score = scored(*rules, facts={a.Kind.TIMELY: [*deeds(DONE)]}, marks=[a.Mark("mark-1", Fraction(-9), "因")])
    assert [row.why for row in of(score, "marks").rows][1] == "减分 9.00，计 8.00，到下限"


def test_what_a_row_gained_and_lost_add_up_to_its_share() -> None:
    """15 points over five forms are 3.00 each, spread or not."""
    late = rule(a.Kind.TIMELY, 100, late=Fraction(1, 3))
    facts = {a.Kind.TIMELY: [*deeds(*[DONE] * 3, *[a.Outcome.LATE] * 5)]}  # 12.5 each, a third of it 4.1666…
    rows = of(scored(late, facts=facts), "timely").rows
    assert {row.points + row.lost for row in rows} == {Decimal("12.50")}


def test_only_what_cost_points_stands_open() -> None:
    """Of a deduction the full points and the deducted row; those without effect are folded."""
    rules = (rule(a.Kind.QUALITY, 100, counting=a.Counting.DEDUCT, each=Fraction(1)),)
    found = of(scored(*rules, facts={a.Kind.QUALITY: [*deeds(DONE, MISSED, DONE)]}), "quality")
    assert [row.points for row in found.open_rows] == [Decimal("100.00"), Decimal("-1.00")]
    assert len(found.folded_rows) == 2


@pytest.mark.parametrize(
    ("rules", "grades", "said"),
    [
        ((), GRADES, "至少要有一条指标"),
        ((rule(a.Kind.TIMELY, 90),), GRADES, "合计 90 分，应为 100 分"),
        ((rule(a.Kind.MARKS, 100, counting=a.Counting.MARKS),), GRADES, "只有加减分不能考核"),
        ((rule(a.Kind.TIMELY, 100, counting=a.Counting.DEDUCT),), GRADES, "每项扣 0 分"),
        ((rule(a.Kind.TIMELY, 100, counting=a.Counting.TIERS),), GRADES, "请填写分档"),
        ((rule(a.Kind.TIMELY, 100, counting=a.Counting.MARKS),), GRADES, "按时报送不能起评分加减"),
        ((rule(a.Kind.TIMELY, 100),), GRADES[:1], "分数线应为 0"),
        ((rule(a.Kind.TIMELY, 100),), GRADES[::-1], "从高到低"),
        ((rule(a.Kind.TIMELY, 50), rule(a.Kind.TIMELY, 50)), GRADES, "都叫“按时报送”"),
    ],
)
def test_what_is_wrong_with_a_scheme(rules: tuple[a.Rule, ...], grades: tuple[a.Grade, ...], said: str) -> None:
    scheme = a.Scheme(rules, grades)
    assert any(said in flaw for flaw in a.flaws(scheme))
    with pytest.raises(ValueError, match=said):
        a.appraise(scheme, [])


def test_the_example_scheme_is_sound_and_survives_json() -> None:
    scheme = a.default_scheme()
    assert a.flaws(scheme) == ()
    assert a.scheme_from_plain(a.scheme_to_plain(scheme)) == scheme


def test_a_word_that_is_no_number_is_refused_by_name() -> None:
    kept = a.scheme_to_plain(a.default_scheme())
    kept["rules"][0]["weight"] = "二十"
    with pytest.raises(ValueError, match="指标“目标完成”的分值：填写的是“二十”，请填数字"):
        a.scheme_from_plain(kept)

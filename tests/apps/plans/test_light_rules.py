"""The rules for lights: cases made by hand for every requirement and measure, and what must hold of all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.apps.plans.models import Light, Measure, Op, Target
from keshu.apps.plans.queries.amounts import Asked
from keshu.apps.plans.queries.courses import Course, course_of
from keshu.apps.plans.queries.lights import (
    TARGET_RULES,
    TASK_RULES,
    Facts,
    TargetFacts,
    TaskFacts,
    Unsigned,
    judge,
)

pytestmark = pytest.mark.once

JAN, MAR, DEC = date(2026, 1, 1), date(2026, 3, 31), date(2026, 12, 31)
LATE_FORM = Unsigned("3月", "高新处", date(2026, 4, 3), False)
ORDER = [Light.DONE, Light.ON_TRACK, Light.UNKNOWN, Light.AT_RISK, Light.LATE, Light.MISSED]


def target(
    op: str, value: Any, reached: Any, *, unit: str = "家", measure: str = "increase", high: Any = None, **traits: Any
) -> TargetFacts:
    """A target of 2026 as it stands on 8 April with figures to the end of March."""
    row = Target(op=op, measure=measure, unit=unit, indicator=traits.pop("indicator", "指标"))
    number = None if value is None else Decimal(str(value))
    asked = Asked(op, number, None if high is None else Decimal(str(high)), unit, measure)
    given: dict[str, Any] = {
        "on": date(2026, 4, 8), "first_on": JAN, "last_on": DEC, "as_of": MAR, "course": course_of(row),
        "value": None if reached is None else Decimal(str(reached)), **traits,
    }  # fmt: skip
    return TargetFacts(asked=asked, **given)


def task(percent: int | None, **traits: Any) -> TaskFacts:
    given: dict[str, Any] = {
        "on": date(2026, 4, 8), "first_on": JAN, "last_on": DEC, "as_of": MAR, "has_report": percent is not None,
        "percent": percent, **traits,
    }  # fmt: skip
    return TaskFacts(**given)


def light(facts: TargetFacts) -> Light:
    return judge(facts, TARGET_RULES).light


# A quarter of the year has passed: 90 of 365 days, 24.66 %; ten points behind that is less than 14.66 %.
@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (target(">=", 200, 82), "on_track"),
        (target(">=", 200, 29), "at_risk"),  # 14.5 %
        (target(">=", 200, 30), "on_track"),  # 15 %
        (target(">=", 200, 200), "done"),
        (target(">", 45, 45, unit="亿元", measure="level", indicator="技术合同成交额"), "on_track"),
        (target(">", 45, "45.1", unit="亿元", measure="level", indicator="技术合同成交额"), "done"),
        (target("=", 12, 12, unit="场", measure="count"), "done"),
        (target("=", 12, 1, unit="场", measure="count"), "at_risk"),
        (target("~", 100, 95), "done"),
        (target("~", 100, 94), "on_track"),
        (target("between", 6, 6, unit="个", measure="count", high=8), "done"),
        (target("between", 6, 0, unit="个", measure="count", high=8), "at_risk"),
        (target("<=", 10, 2, unit="件", measure="count"), "on_track"),
        (target("<=", 10, 4, unit="件", measure="count"), "at_risk"),  # 40 % used in a quarter of the time
        (target("<=", 10, 11, unit="件", measure="count"), "missed"),
        (target("<=", 3, "2.5", unit="%", measure="share"), "on_track"),
        (target("<=", 3, "3.5", unit="%", measure="share"), "at_risk"),
        (target("rank<=", 3, 3, unit="位", measure="rank"), "on_track"),
        (target("rank<=", 3, 5, unit="位", measure="rank"), "at_risk"),
        (target("breakthrough", None, 0, unit="家"), "on_track"),  # there is no half of it
        (target("breakthrough", None, 1, unit="家"), "done"),
        (target("all", None, 100, unit="", measure="share"), "done"),
        (target("all", None, 60, unit="", measure="share"), "on_track"),
        (target(">=", 8, "8.5", unit="%", measure="growth_rate"), "on_track"),  # the end decides
        (target(">=", 8, "7", unit="%", measure="growth_rate"), "at_risk"),
        (target(">=", -3, "-4", unit="%", measure="growth_rate"), "on_track"),
        (target(">=", "2.1", "2.1", unit="%", measure="share"), "done"),
        (target(">=", 88, "84.7", unit="%", measure="share"), "on_track"),  # nine tenths of it: near
        (target(">=", 88, "75", unit="%", measure="share"), "at_risk"),
        (target(">=", 320, 310, measure="level"), "on_track"),
        # From 300 to 320: 2 of 20 are 10 %.
        (target(">=", 320, 302, measure="level", base=Decimal(300)), "at_risk"),
        (target(">=", 320, 306, measure="level", base=Decimal(300)), "on_track"),
        (target(">=", 320, 302, measure="cumulative", indicator="有效期内高新技术企业总数", base=Decimal(300)), "at_risk"),
        (target(">=", 320, 306, measure="cumulative", indicator="有效期内高新技术企业总数", base=Decimal(300)), "on_track"),
        (target(">=", 500, 70, unit="人", measure="cumulative"), "at_risk"),
        (target(">=", 500, 80, unit="人", measure="cumulative"), "on_track"),
        (target(">=", None, None, measure="level"), "unknown"),
        (target(">=", None, 310, measure="level"), "on_track"),  # masked: the figure is shown, nothing to hold it against
        (target(">=", None, None, measure="level", percent=100), "done"),
        (target(">=", None, None, measure="level", percent=10), "at_risk"),
    ],
)  # fmt: skip
def test_each_requirement_and_measure(facts: TargetFacts, wanted: str) -> None:
    assert light(facts) == wanted, judge(facts, TARGET_RULES)


def test_the_cases_above_hold_every_requirement_and_measure() -> None:
    cases = test_each_requirement_and_measure.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {facts.asked.op for facts, _ in cases} == set(Op.values)
    assert {facts.asked.measure for facts, _ in cases} == set(Measure.values)


def test_the_sentence_names_figure_and_pace() -> None:
    assert judge(target(">=", 200, 82), TARGET_RULES).reason == "截至3月底累计82家，应达时间进度25%，实际41%"


def test_a_rank_or_limit_is_done_when_its_day_is_past() -> None:
    over = {"on": date(2027, 1, 8), "as_of": DEC}
    assert light(target("rank<=", 3, 3, unit="位", measure="rank", **over)) == Light.DONE
    assert light(target("<=", 10, 9, unit="件", measure="count", **over)) == Light.DONE
    assert light(target(">=", 8, 7, unit="%", measure="growth_rate", **over)) == Light.MISSED


def test_at_the_end_what_cannot_be_compared_waits_for_a_person() -> None:
    over = {"on": date(2027, 1, 8), "as_of": DEC}
    assert light(target("breakthrough", None, 0, **over)) == Light.MISSED
    assert light(target(">=", None, 310, measure="level", **over)) == Light.UNKNOWN
    assert light(target(">=", None, 310, measure="level", percent=90, **over)) == Light.MISSED


def test_a_day_that_is_past_waits_a_month_for_the_final_figures() -> None:
    facts = target(">=", 200, 150, on=date(2027, 1, 8), as_of=date(2026, 11, 30))
    assert light(facts) == Light.LATE
    assert judge(facts, TARGET_RULES).reason == "2026-12-31 已到期，截至11月底累计150家，等待期末完成数"
    assert light(replace(facts, on=date(2027, 2, 1))) == Light.MISSED
    assert light(replace(facts, as_of=DEC)) == Light.MISSED
    assert light(replace(facts, value=None, as_of=None)) == Light.LATE


def test_until_the_last_round_is_due_the_last_figures_speak() -> None:
    due = date(2027, 1, 6)
    facts = target(">=", 200, 170, on=date(2027, 1, 1), as_of=date(2026, 11, 30), final_due_on=due)
    verdict = judge(facts, TARGET_RULES)
    assert verdict.light == Light.ON_TRACK
    assert verdict.reason.endswith("实际85%；年末数1月6日截止报送，目前按已有数据判断")
    assert light(replace(facts, on=due)) == Light.ON_TRACK
    assert light(replace(facts, on=date(2027, 1, 7))) == Light.LATE
    assert light(replace(facts, as_of=DEC)) == Light.MISSED
    work = task(90, on=date(2027, 1, 1), as_of=date(2026, 11, 30), final_due_on=due)
    assert judge(work, TASK_RULES).light == Light.ON_TRACK
    assert judge(replace(work, on=date(2027, 1, 7)), TASK_RULES).light == Light.LATE


@pytest.mark.parametrize(
    ("traits", "wanted", "words"),
    [
        ({"unsigned": (LATE_FORM,)}, Light.LATE, "3月调度4月3日截止，高新处未报"),
        ({"unsigned": (replace(LATE_FORM, is_filed=True),)}, Light.LATE, "3月调度4月3日截止，高新处已报待审签"),
        ({"notices": 2}, Light.AT_RISK, "有 2 件督办单逾期未办结"),
        ({"issues": 1}, Light.AT_RISK, "有 1 个问题逾期未整改"),
        ({"unsigned": (LATE_FORM,), "notices": 1}, Light.LATE, "3月调度4月3日截止，高新处未报"),
        ({"probability": Decimal("0.35"), "forecast": Decimal(180)}, Light.AT_RISK,
         "截至3月底累计82家，预计年末约180家，完成200家的可能性35%"),
    ],
)  # fmt: skip
def test_what_goes_before_the_pace(traits: dict[str, Any], wanted: Light, words: str) -> None:
    verdict = judge(target(">=", 200, 82, **traits), TARGET_RULES)
    assert (verdict.light, verdict.reason) == (wanted, words)


def test_expected_things_are_told_whole_and_the_probability_stays() -> None:
    few = target(">=", 3, 1, unit="个", probability=Decimal("0.12"), forecast=Decimal("1.33"))
    assert judge(few, TARGET_RULES).reason == "截至3月底累计1个，预计年末约1个，完成3个的可能性12%"
    money = target(">=", 3, 1, unit="亿元", probability=Decimal("0.12"), forecast=Decimal("1.333"))
    assert "预计年末1.33亿元" in judge(money, TARGET_RULES).reason


def test_the_outlook_overrules_the_pace_both_ways() -> None:
    """A year that is made in its last quarter is behind the calendar in March and yet likely to be met."""
    assert light(target(">=", 200, 20, probability=Decimal("0.8"))) == Light.ON_TRACK
    assert light(target(">=", 200, 60, probability=Decimal("0.2"))) == Light.AT_RISK


def test_done_goes_before_everything() -> None:
    facts = target(">=", 200, 200, unsigned=(LATE_FORM,), notices=1, probability=Decimal(1))
    assert light(facts) == Light.DONE


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (task(100), "done"),
        (task(40), "on_track"),
        (task(14), "at_risk"),
        (task(None), "unknown"),
        (task(None, has_report=True), "on_track"),
        (task(80, last_on=date(2026, 3, 31)), "late"),
        (task(100, last_on=date(2026, 3, 31)), "done"),
        (task(None, last_on=date(2026, 3, 31)), "late"),
        (task(40, unsigned=(LATE_FORM,)), "late"),
        (task(40, notices=1), "at_risk"),
        (task(40, issues=1), "at_risk"),
        (task(None, beneath={"done": 2}), "done"),
        (task(None, beneath={"done": 2, "unknown": 1}), "on_track"),
        (task(None, beneath={"done": 2, "at_risk": 1}), "at_risk"),
        (task(None, beneath={"at_risk": 2, "late": 1}), "late"),
        (task(40, beneath={"late": 1}), "on_track"),
    ],
)
def test_each_state_of_a_task(facts: TaskFacts, wanted: str) -> None:
    assert judge(facts, TASK_RULES).light == wanted


def test_a_task_says_how_those_beneath_it_stand() -> None:
    assert judge(task(None, beneath={"done": 2, "late": 1}), TASK_RULES).reason == "下一级任务：已完成 2 项、滞后 1 项"


# --- what holds of all

numbers = st.decimals(min_value=0, max_value=1000, places=1)
days = st.dates(min_value=JAN, max_value=date(2027, 3, 1))


@st.composite
def floors(draw: Any) -> TargetFacts:
    course = draw(st.sampled_from(Course))
    measure = {"accrues": "increase", "stands": "level", "share": "share", "floats": "growth_rate"}[course]
    unit = "%" if course in (Course.SHARE, Course.FLOATS) else "家"
    asked = Asked(draw(st.sampled_from([">=", ">", "=", "~"])), draw(numbers) + 1, None, unit, measure)
    return TargetFacts(
        on=draw(days), first_on=JAN, last_on=draw(st.sampled_from([DEC, date(2026, 6, 30)])), as_of=draw(days), asked=asked,
        course=course, value=draw(numbers), base=draw(st.none() | numbers), notices=draw(st.integers(0, 1)),
        unsigned=draw(st.sampled_from([(), (LATE_FORM,)])), probability=draw(st.none() | st.just(Decimal("0.4"))),
    )  # fmt: skip


@given(facts=floors(), more=numbers)
def test_a_light_never_gets_worse_when_the_figure_rises(facts: TargetFacts, more: Decimal) -> None:
    assert facts.value is not None
    risen = replace(facts, value=facts.value + more)
    assert ORDER.index(light(risen)) <= ORDER.index(light(facts))


@given(facts=floors(), more=numbers)
def test_under_a_limit_a_light_never_gets_worse_when_the_figure_falls(facts: TargetFacts, more: Decimal) -> None:
    limited = replace(facts, asked=replace(facts.asked, op="<="), probability=None)
    assert limited.value is not None
    higher = replace(limited, value=limited.value + more)
    assert ORDER.index(light(limited)) <= ORDER.index(light(higher))


@given(percent=st.integers(0, 99), on=days, as_of=days)
def test_more_percent_never_makes_a_task_worse(percent: int, on: date, as_of: date) -> None:
    facts = task(percent, on=on, as_of=as_of)
    more = replace(facts, percent=percent + 1)
    assert ORDER.index(judge(more, TASK_RULES).light) <= ORDER.index(judge(facts, TASK_RULES).light)


@given(facts=floors())
def test_every_verdict_gives_a_reason_that_fits_its_column(facts: TargetFacts) -> None:
    assert 0 < len(judge(facts, TARGET_RULES).reason) <= 300


def test_the_catalogues_name_every_rule_once_and_end_with_one_that_always_holds() -> None:
    for rules in (TARGET_RULES, TASK_RULES):
        names = [rule.name for rule in rules]
        assert len(set(names)) == len(names)
        assert rules[-1].light == Light.UNKNOWN
        assert rules[-1].holds(Facts(on=MAR, first_on=None, last_on=None))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("indicator", "unit", "measure", "wanted"),
    [
        ("技术合同成交额", "亿元", "level", Course.ACCRUES), ("科技贷款余额", "亿元", "level", Course.STANDS),
        ("高新技术企业总数", "家", "level", Course.STANDS), ("科技型中小企业", "家", "increase", Course.ACCRUES),
        ("研发投入占比", "%", "share", Course.SHARE), ("高新技术产业增加值", "%", "growth_rate", Course.FLOATS),
        ("占比", "百分点", "increase", Course.STANDS), ("对接会", "场", "count", Course.ACCRUES),
    ],
)  # fmt: skip
def test_how_a_figure_runs_through_the_year(indicator: str, unit: str, measure: str, wanted: Course) -> None:
    assert course_of(Target(indicator=indicator, unit=unit, measure=measure, op=">=")) == wanted

"""What holds for every pair of figures: a sentence that tells the ledger's figures right is sound, and one that tells another
is not. Sentences are built from drawn figures; what is expected is worked out here."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keshu.engines.factcheck import Draft, Fact, FactKind, Family, Ledger, Organisation, check
from keshu.kernel.period import Period

NOW, BEFORE, YEAR_AGO = "2026-01/2026-10", "2026-01/2026-09", "2025-01/2025-10"
counts = st.integers(min_value=11, max_value=989)
few = settings(max_examples=40, deadline=None)


def fact(
    value: int, period: str, *, kind: str = "achieved", organisation: str = "city", name: str = "合作协议"
) -> Fact:
    key = f"{organisation}-{name}-{period}-{kind}"
    return Fact(
        key, name, (name,), organisation, Period.parse(period), FactKind(kind), Family.FLOW, Decimal(value), "项"
    )


def are_sound(text: str, *facts: Fact) -> list[bool]:
    ledger = Ledger(
        facts, (Organisation("city", "云澜市"), Organisation("lake", "云湖区"), Organisation("hill", "青岭县")), "city"
    )
    report = check(Draft(text, (), Period.parse(NOW)), ledger)
    return [verdict.kind.is_sound for verdict in report.verdicts]


@few
@given(now=counts, before=counts, told=counts)
def test_the_head_of_a_column_tells_the_month(now: int, before: int, told: int) -> None:
    table = "2026年1—10月进展表\n| 指标 | 10月底（项） | 上月末（项） |\n| 合作协议 | {}项 | {}项 |\n"
    facts = (fact(now, NOW), fact(before, BEFORE))
    assert are_sound(table.format(now, before), *facts) == [True, True]
    assert are_sound(table.format(now, told), *facts) == [True, told == before]


@few
@given(lake=counts, hill=counts, told=counts)
def test_the_head_of_a_column_tells_the_county(lake: int, hill: int, told: int) -> None:
    table = "2026年1—10月进展表\n| 指标 | 云湖区 | 青岭县 |\n| 合作协议 | {}项 | {}项 |\n"
    facts = (fact(lake, NOW, organisation="lake"), fact(hill, NOW, organisation="hill"))
    assert are_sound(table.format(lake, hill), *facts) == [True, True]
    assert are_sound(table.format(told, hill), *facts) == [told == lake, True]


@few
@given(own=counts, city=counts)
def test_our_county_is_the_one_that_the_title_names(own: int, city: int) -> None:
    text = f"云湖区2026年1—10月工作自查报告\n截至10月底，我区合作协议{own}项，全市合作协议{city}项。"
    assume(own != city)
    assert are_sound(text, fact(own, NOW, organisation="lake"), fact(city, NOW)) == [True, True]
    assert are_sound(text, fact(city, NOW, organisation="lake"), fact(own, NOW)) == [False, False]


@few
@given(now=counts, before=counts, told=counts)
def test_a_rise_alone_is_never_read_as_the_level(now: int, before: int, told: int) -> None:
    assume(now > before)
    text = f"2026年1—10月，合作协议{now}项。与9月末相比，合作协议增加{told}项。"
    assert are_sound(text, fact(now, NOW), fact(before, BEFORE)) == [True, told == now - before]


@few
@given(now=counts, before=counts)
def test_a_fall_is_told_without_a_sign(now: int, before: int) -> None:
    assume(now < before)
    text = f"2026年1—10月，合作协议{now}项，比去年同期{{}}{before - now}项。"
    facts = (fact(now, NOW), fact(before, YEAR_AGO))
    assert are_sound(text.format("减少"), *facts) == [True, True]
    assert are_sound(text.format("增加"), *facts) == [True, False]


@few
@given(now=counts, floor=counts, told=counts)
def test_what_is_missing_is_missing_to_the_target(now: int, floor: int, told: int) -> None:
    assume(now < floor)
    text = f"2026年1—10月，合作协议目标{floor}项，已完成{now}项，还差{told}项。"
    assert are_sound(text, fact(now, NOW), fact(floor, "2026", kind="floor")) == [True, True, told == floor - now]


@few
@given(first=counts, second=counts, third=counts)
def test_months_and_their_figures_are_shared_out_in_order(first: int, second: int, third: int) -> None:
    assume(len({first, second, third}) == 3)
    facts = (fact(first, "2026-01/2026-08"), fact(second, BEFORE), fact(third, NOW))
    text = "2026年1—10月情况\n合作协议8月末、9月末、10月末分别为{}项、{}项和{}项。"
    assert are_sound(text.format(first, second, third), *facts) == [True, True, True]
    assert are_sound(text.format(second, first, third), *facts) == [False, False, True]


@few
@given(now=counts, before=counts)
def test_a_time_in_a_bracket_does_not_leave_it(now: int, before: int) -> None:
    text = f"2026年1—10月，合作协议{now}项（9月末{before}项），云湖区合作协议{now}项。"
    facts = (fact(now, NOW), fact(before, BEFORE), fact(now, NOW, organisation="lake"))
    assert are_sound(text, *facts) == [True, True, True]


@few
@given(now=counts, floor=counts)
def test_a_paper_of_the_next_month_speaks_of_what_is_known(now: int, floor: int) -> None:
    text = f"在推进会上的讲话\n（2026年11月）\n今年的合作协议是{now}项。确保合作协议达到{floor}项。"
    assert are_sound(text, fact(now, NOW), fact(floor, "2026", kind="floor")) == [True, True]


@few
@given(now=counts, told=counts)
def test_a_forecast_contradicts_nothing(now: int, told: int) -> None:
    text = f"2026年1—10月，合作协议{now}项，预计全年合作协议可达{told}项。"
    ledger = Ledger((fact(now, NOW),), (Organisation("city", "云澜市"),), "city")
    verdicts = check(Draft(text, (), Period.parse(NOW)), ledger).verdicts
    assert not any(verdict.kind.is_error for verdict in verdicts)


@few
@given(now=st.integers(min_value=101, max_value=9899), told=st.integers(min_value=1, max_value=99))
def test_about_is_never_off_by_more_than_half_a_step_or_a_twentieth(now: int, told: int) -> None:
    rounded = told * 100
    [is_sound] = are_sound(f"2026年1—10月，合作协议约{rounded}项。", fact(now, NOW))
    step = 10 ** (len(str(rounded)) - len(str(rounded).rstrip("0")))
    assert is_sound == (abs(now - rounded) <= min(step, max(step / 2, rounded / 20)))

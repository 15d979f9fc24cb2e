"""Answers that can be worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.engines.outlook.asking import asked, at_least, months, quarters, to_date

from keshu.engines.outlook import Figure, Goal, Kind, Method, Op, Reading, ReasonCode, Standing, foresee
from keshu.kernel.period import Period

SHAPE = (4, 5, 9, 7, 8, 12, 7, 7, 10, 8, 9, 14)  # 100 a year, 45 by June
STEADY = [each for year in (2023, 2024, 2025) for each in months(year, SHAPE)]


def codes(answer) -> list[ReasonCode]:
    return [each.code for each in answer.reasons]


def test_years_alike_go_on_alike() -> None:
    """Three years of 100 and the same half-year again: 100, nearly for sure."""
    answer = foresee(asked([*STEADY, *months(2026, SHAPE[:6])], floor=at_least(95), stretch=at_least(105), unit="亿元"))
    assert answer.method is Method.COMBINED
    assert (answer.reached, answer.last_year, answer.straight_line) == (45, 100, 90)
    assert answer.forecast == pytest.approx(100)
    assert answer.floor.probability > 0.999
    assert answer.stretch.probability < 0.001
    assert (answer.years_used, answer.months_used) == ((2023, 2024, 2025), 42)
    # 45 + 7 + 7 + 10 + 8 + 9 = 86 in November, 100 in December
    assert [point.value for point in answer.path] == pytest.approx([52, 59, 69, 77, 86, 100])
    assert str(answer.floor.expected_in) == "2026-12"
    assert answer.stretch.expected_in is None
    assert answer.explanation == (
        "截至2026年6月累计45亿元；参照2023年至2025年共3年的数据；份额法（今年至今占全年的比重同往年）预计100亿元；"
        "近期水平法（剔除季节因素后保持近期水平）预计100亿元；阻尼趋势法（近期水平加逐步减弱的增长）预计100亿元。"
        f"加权平均预计2026年全年100亿元，八成的可能在{answer.low:.2f}亿元至{answer.high:.1f}亿元之间。"
        "确保目标不低于95亿元，实现的可能性99%以上，预计2026年12月实现，今后每月需8.33亿元，是去年同期月均的0.91倍。"
        "力争目标不低于105亿元，实现的可能性不到1%，按预计的走势今年难以实现，今后每月需10亿元，是去年同期月均的1.09倍。"
    )


def test_what_is_still_needed() -> None:
    """After June 55 of 100 are missing, in 6 months; the same months of last year brought 55."""
    pace = foresee(asked([*STEADY, *months(2026, SHAPE[:6])], floor=at_least(111))).floor.pace
    assert (pace.remaining, pace.months_left, pace.per_month) == (66, 6, 11)
    assert pace.last_year_per_month == pytest.approx(55 / 6)
    assert pace.times_last_year == pytest.approx(1.2)


def test_one_year_is_too_little() -> None:
    """30 in three months are 120 a year by straight line, and 80 by August."""
    answer = foresee(asked([*months(2025, [10] * 12), *months(2026, [10] * 3)], floor=at_least(80)))
    assert answer.method is Method.STRAIGHT_LINE
    assert (answer.forecast, answer.straight_line, answer.low, answer.high) == (120, 120, None, None)
    assert (answer.floor.probability, str(answer.floor.expected_in)) == (None, "2026-08")
    assert answer.quantile(0.5) is None
    assert codes(answer) == [ReasonCode.REPORTED, ReasonCode.TOO_FEW_YEARS, ReasonCode.STRAIGHT_LINE]
    assert "往年完整数据只有1年，至少要有2年才能估计完成的可能性" in answer.explanation


def test_nothing_reported_and_no_history() -> None:
    answer = foresee(asked([], floor=at_least(80)))
    assert (answer.method, answer.forecast, answer.reached) == (Method.NONE, None, None)
    assert answer.floor.pace.per_month == pytest.approx(80 / 12)


def test_before_the_first_report_history_speaks() -> None:
    answer = foresee(asked(STEADY, floor=at_least(90)))
    assert answer.forecast == pytest.approx(100)
    assert len(answer.path) == 12


def test_a_history_of_zeros_is_none() -> None:
    zeros = [each for year in (2024, 2025) for each in months(year, [0] * 12)]
    answer = foresee(asked([*zeros, *months(2026, [1, 0, 2])], kind=Kind.COUNT, floor=at_least(2)))
    assert answer.method is Method.STRAIGHT_LINE
    assert ReasonCode.ALL_ZERO in codes(answer)
    assert (answer.floor.probability, str(answer.floor.met_in)) == (1, "2026-03")


def test_met_with_its_month() -> None:
    """4 + 5 + 9 + 7 = 25 in April."""
    met = foresee(asked([*STEADY, *months(2026, SHAPE[:6])], floor=at_least(25))).floor
    assert (met.standing, met.probability, str(met.met_in), met.pace) == (Standing.MET, 1, "2026-04", None)


def test_adding_up_in_decimals_is_exact_enough() -> None:
    tenths = months(2026, [Decimal("0.1")] * 3)
    assert foresee(asked(tenths, floor=at_least(Decimal("0.3")))).floor.standing is Standing.MET
    assert foresee(asked(tenths, floor=Goal(Op.MORE_THAN, Decimal("0.3")))).floor.standing is Standing.OPEN


def test_a_ceiling_is_missed_once_passed_and_met_when_the_year_is_over() -> None:
    ceiling = Goal(Op.AT_MOST, 60)
    passed = foresee(asked([*STEADY, *months(2026, SHAPE[:9])], floor=ceiling)).floor
    assert (passed.standing, passed.probability, passed.pace) == (Standing.MISSED, 0, None)
    under = foresee(asked([*STEADY, *months(2026, SHAPE[:6])], floor=Goal(Op.AT_MOST, 105))).floor
    assert (under.standing, str(under.expected_in)) == (Standing.OPEN, "2026-12")
    assert under.probability > 0.99
    assert under.pace.per_month == 10
    over = foresee(asked([*STEADY, *months(2026, SHAPE)], floor=Goal(Op.AT_MOST, 105))).floor
    assert (over.standing, str(over.met_in)) == (Standing.MET, "2026-12")


def test_when_the_year_is_over_there_is_nothing_to_guess() -> None:
    answer = foresee(asked([*STEADY, *months(2026, SHAPE)], floor=at_least(100), stretch=at_least(101)))
    assert answer.method is Method.CLOSED
    assert (answer.low, answer.forecast, answer.high, answer.path) == (100, 100, 100, ())
    assert (answer.floor.probability, answer.stretch.probability) == (1, 0)
    assert str(answer.floor.met_in) == "2026-12"
    assert "力争目标不低于101，没有实现。" in answer.explanation


def test_the_year_to_date_of_february_covers_january() -> None:
    """January is often not reported: 9 by February are parted as in other years, 4 and 5."""
    figures = [*STEADY, *months(2026, SHAPE[:6])]
    summed = [each for year in (2023, 2024, 2025) for each in months(year, to_date(SHAPE))]
    summed += months(2026, to_date(SHAPE)[1:6], first=2)
    answer = foresee(asked(summed, reading=Reading.YEAR_TO_DATE))
    assert answer.reached == 45
    assert answer.forecast == pytest.approx(foresee(asked(figures)).forecast)
    assert ReasonCode.GAPS_FILLED not in codes(answer)


def test_a_missing_month_is_filled_and_widens_the_interval() -> None:
    """Without April's 7 of 45: reached 38, the year still about 100."""
    full = foresee(asked([*STEADY, *months(2026, SHAPE[:6])]))
    gap = foresee(asked([*STEADY, *months(2026, [4, 5, 9, None, 8, 12])]))
    assert gap.reached == 38
    assert gap.forecast == pytest.approx(100)
    assert gap.high - gap.low > full.high - full.low
    assert "今年缺1期数据，已按相邻数据补足" in gap.explanation


def test_a_quarter_beside_its_months_is_not_counted_twice() -> None:
    """January 4, February 5 and a first quarter of 18 leave 9 for March."""
    figures = [*STEADY, *months(2026, [4, 5]), Figure(Period.quarter(2026, 1), 18)]
    assert foresee(asked(figures)).reached == 18
    assert foresee(asked(figures)).path == foresee(asked([*STEADY, *months(2026, SHAPE[:3])])).path


def test_quarters_in_earlier_years_and_months_in_this() -> None:
    past = [each for year in (2023, 2024, 2025) for each in quarters(year, [18, 27, 24, 31])]
    answer = foresee(asked([*past, *months(2026, [6, 6, 6])]))
    assert answer.method is Method.COMBINED
    assert answer.forecast == pytest.approx(100, rel=0.02)


def test_years_that_do_not_count_are_named() -> None:
    """2022 has two months only; 2021 lies behind the break."""
    broken = [*months(2021, SHAPE), *months(2022, SHAPE[:2])]
    answer = foresee(asked([*broken, *STEADY, *months(2026, SHAPE[:6])]))
    assert answer.years_used == (2023, 2024, 2025)
    assert "2021年、2022年数据不全或不连续，没有使用" in answer.explanation


def test_months_that_never_bring_anything_stay_silent() -> None:
    """Recognised once a year, in November: by October nothing tells against 90."""
    batches = [each for year in (2022, 2023, 2024, 2025) for each in months(year, [*[0] * 10, 80 + 2 * (year % 2), 0])]
    answer = foresee(asked([*batches, *months(2026, [0] * 10)], kind=Kind.COUNT, floor=at_least(60)))
    assert [round(point.value) for point in answer.path] == [81, 81]
    assert answer.low < 81 < answer.high
    assert answer.floor.probability > 0.9
    assert str(answer.floor.expected_in) == "2026-11"


def test_after_its_only_month_nothing_more_is_expected() -> None:
    batches = [each for year in (2024, 2025) for each in months(year, [*[0] * 5, 80, *[0] * 6])]
    answer = foresee(asked([*batches, *months(2026, [*[0] * 5, 70])], floor=at_least(80)))
    assert answer.forecast == pytest.approx(70)
    assert answer.floor.probability < 0.05


def test_sums_that_may_fall_are_never_safely_met() -> None:
    """Net increases: 40 by June, but some months were negative."""
    past = [each for year in (2024, 2025) for each in months(year, [10, -5] * 6)]
    met = foresee(asked([*past, *months(2026, [10, -5, 10, 10, 10, 5])], floor=at_least(40))).floor
    assert met.standing is Standing.MET_FOR_NOW
    assert 0.5 < met.probability < 1


def test_a_stock_counts_at_the_end_of_the_year() -> None:
    """Steady growth by 2 a month: 300 in June, about 312 in December."""
    stock = [
        each
        for year in (2024, 2025)
        for each in months(year, [(year - 2024) * 24 + 240 + 2 * month for month in range(1, 13)])
    ]
    stock += months(2026, [288 + 2 * month for month in range(1, 7)])
    answer = foresee(asked(stock, kind=Kind.LEVEL, floor=at_least(298), stretch=at_least(320), unit="家"))
    assert (answer.reached, answer.last_year, answer.straight_line) == (300, 288, 312)
    assert answer.low < 309 < answer.high
    assert (answer.floor.standing, str(answer.floor.met_in)) == (Standing.MET_FOR_NOW, "2026-05")
    assert answer.floor.probability < 1
    # 20 more in 6 months; last year brought 12 in them
    assert answer.stretch.pace.times_last_year == pytest.approx(20 / 12)
    assert "今后每月平均需增加3.33家" in answer.explanation


def test_a_share_stays_within_its_bounds() -> None:
    rows = [each for year in (2024, 2025) for each in months(year, [90, 99, 91, 98, 92, 97, 93, 99, 95, 99, 96, 98])]
    answer = foresee(asked([*rows, *months(2026, [99] * 6)], kind=Kind.SHARE, floor=at_least(100)))
    assert 99 < answer.forecast < answer.high < 100
    assert 0 < answer.floor.probability < 0.5
    assert "今后每月需提高0.17个百分点" in answer.explanation


def test_a_growth_rate_may_fall_below_zero() -> None:
    rates = [each for year in (2024, 2025) for each in months(year, [3, 2, 1, 0, -1, -2] * 2)]
    answer = foresee(asked([*rates, *months(2026, [-2] * 6)], kind=Kind.GROWTH_RATE, floor=at_least(5)))
    assert answer.low < 0
    assert answer.floor.probability < 0.2


def test_as_things_stood_in_march() -> None:
    figures = [*STEADY, *months(2026, SHAPE[:6])]
    then = foresee(asked(figures, until=Period.month(2026, 3)))
    assert then == foresee(asked([*STEADY, *months(2026, SHAPE[:3])]))
    assert str(then.reported_until) == "2026-03"


def test_whole_things_are_counted_whole() -> None:
    """At least 5 is more than 4; 4.5 or more is at least 5."""
    past = [each for year in (2024, 2025) for each in months(year, [1, 0] * 6)]
    answer = foresee(asked([*past, *months(2026, [1, 0, 1])], kind=Kind.COUNT))
    chances = [answer.probability_of(goal) for goal in (at_least(5), Goal(Op.MORE_THAN, 4), at_least(Decimal("4.5")))]
    assert chances[0] == chances[1] == chances[2]
    exactly = [answer.probability_of(Goal(Op.BETWEEN, value, value)) for value in range(2, 400)]
    assert sum(exactly) == pytest.approx(1, abs=1e-3)
    # things come by chance: around 4 or 5 more, by themselves at least as unevenly as their square root
    assert answer.high - answer.low > 2 * 1.28


@pytest.mark.parametrize(
    ("goal", "met", "missed"),
    [
        (Goal(Op.AT_LEAST, 5), (5, 6), (4.9,)),
        (Goal(Op.MORE_THAN, 5), (5.1,), (5, 4)),
        (Goal(Op.AT_MOST, 5), (5, 4), (5.1,)),
        (Goal(Op.LESS_THAN, 5), (4.9,), (5, 6)),
        (Goal(Op.EQUAL, 5), (5, 6), (4.9,)),
        (Goal(Op.EQUAL, 0), (0, -1), (1,)),
        (Goal(Op.BETWEEN, 3, 5), (3, 4, 5), (2.9, 5.1)),
    ],
)
def test_what_meets_a_goal(goal: Goal, met: tuple[float, ...], missed: tuple[float, ...]) -> None:
    assert all(goal.is_met_by(value) for value in met)
    assert not any(goal.is_met_by(value) for value in missed)


def test_plain_values_for_json() -> None:
    plain = foresee(asked([*STEADY, *months(2026, SHAPE[:6])], floor=at_least(Decimal(95)))).to_dict()
    assert plain["floor"]["goal"] == {"op": ">=", "value": 95.0, "high": None}
    assert plain["reported_until"] == "2026-06"
    assert plain["path"][-1]["period"] == "2026-12"
    assert plain["reasons"][0] == {
        "code": "reported",
        "values": {"until": "2026年6月", "value": 45.0},
        "text": "截至2026年6月累计45",
    }
    assert "spread" not in plain


@pytest.mark.parametrize("probability", [0, 1, -0.1])
def test_a_quantile_lies_between(probability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        foresee(asked(STEADY)).quantile(probability)


def test_a_stock_that_rose_all_the_last_year_goes_on_rising() -> None:
    """By hand: 5 a month through two years and ten months; two months more bring some 10, the straight line through all
    three years as factors somewhat more."""
    past = [*months(2024, [100 + 5 * at for at in range(12)]), *months(2025, [160 + 5 * at for at in range(12)])]
    now = months(2026, [220 + 5 * at for at in range(10)])  # October: 265
    answer = foresee(asked([*past, *now], kind=Kind.LEVEL, floor=at_least(270), reading=Reading.YEAR_TO_DATE))
    assert answer.forecast is not None
    assert 270 < answer.forecast < 285
    assert answer.floor is not None
    assert answer.floor.probability is not None
    assert answer.floor.probability > 0.5
    assert "近期水平法" not in answer.explanation
    assert "加权平均" not in answer.explanation
    sideways = [*months(2024, [100, 104] * 6), *months(2025, [101, 103] * 6), *months(2026, [100, 104] * 5)]
    assert "近期水平法" in foresee(asked(sideways, kind=Kind.LEVEL, reading=Reading.YEAR_TO_DATE)).explanation

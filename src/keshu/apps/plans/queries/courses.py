"""How a target's figure runs through the year: what adds up from nothing, what stands at a height, what only its end decides."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.plans.models import Measure, Op
from keshu.apps.plans.queries.amounts import base_unit

if TYPE_CHECKING:
    from keshu.apps.plans.models import Target

RATES = ("%", "‰", "百分点")
# Amounts of money that are a stock and not a year's turnover.
STOCK_WORDS = ("余额", "存量", "规模", "总资产", "市值")


class Course(StrEnum):
    """ACCRUES: counted since 1 January (年内累计); STANDS: a stock; SHARE: per cent of something; FLOATS: a growth rate or a
    place in a ranking, which may be better today than at the end."""

    ACCRUES = "accrues"
    STANDS = "stands"
    SHARE = "share"
    FLOATS = "floats"


def course_of(target: Target) -> Course:
    """The course of a target's figure.

    An amount of money printed as a level (技术合同成交额45亿元) is a year's turnover unless its name says stock (余额).
    """
    if target.measure in (Measure.RANK, Measure.GROWTH_RATE) or target.op == Op.RANK_WITHIN:
        return Course.FLOATS
    if target.measure == Measure.SHARE or target.op == Op.ALL:
        return Course.SHARE
    if target.unit in RATES or target.per or target.unit == "位":
        return Course.STANDS
    if target.measure == Measure.LEVEL:
        is_money = base_unit(target.unit)[1].endswith("元")
        is_turnover = is_money and not any(word in target.indicator for word in STOCK_WORDS)
        return Course.ACCRUES if is_turnover else Course.STANDS
    return Course.ACCRUES


def adds_over_offices(target: Target, course: Course) -> bool:
    """Whether what several counties report adds up to the target's figure."""
    return course in (Course.ACCRUES, Course.STANDS) and target.unit not in RATES and not target.per

"""What does not fit is refused, in Chinese: what was given, why it does not do, what does."""

from __future__ import annotations

import pytest
from tests.engines.outlook.asking import asked, months

from keshu.engines.outlook import Figure, Goal, Kind, Op, UnfitQuestion
from keshu.kernel.period import Period

JANUARY = Period.month(2026, 1)


@pytest.mark.parametrize(
    ("figures", "kind", "message"),
    [
        ([*months(2026, [1]), *months(2026, [2])], Kind.TOTAL, "2026-01有2个数，一个时期只能有一个数"),
        ([Figure(JANUARY, float("nan"))], Kind.TOTAL, "2026-01的数是nan，应为数字；没有数的时期请不要列入"),
        ([Figure(JANUARY, 101)], Kind.SHARE, "2026-01的占比是101，应在0到100之间"),
        ([Figure(JANUARY, -1)], Kind.COUNT, "2026-01的件数是-1，不应小于0"),
        ([Figure(Period.years(2024, 2025), 1)], Kind.TOTAL, "时期2024/2025跨年"),
    ],
)
def test_figures(figures: list[Figure], kind: Kind, message: str) -> None:
    with pytest.raises(UnfitQuestion, match=message):
        asked(figures, kind=kind)


@pytest.mark.parametrize(
    ("op", "value", "high", "message"),
    [
        (Op.AT_LEAST, float("inf"), None, "目标值是inf"),
        (Op.BETWEEN, 5, None, "目标是区间时要有下限和上限"),
        (Op.AT_LEAST, 5, 6, "不是区间时不写上限"),
        (Op.BETWEEN, 6, 5, "上限5小于下限6，请对调"),
    ],
)
def test_goals(op: Op, value: float, high: float | None, message: str) -> None:
    with pytest.raises(UnfitQuestion, match=message):
        Goal(op, value, high)

"""Numbers as they are told: rounded as people round, and what counts whole things (家, 个, 项) told whole, as there is no third
of a laboratory."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

COUNTERS = frozenset("家户个项名人位件种所支处座场次台套单笔批只条")


def is_counted(unit: str) -> bool:
    """Whether the unit counts whole things; scaled units (万家) and shares are told with their digits.

    >>> is_counted("家"), is_counted("场次"), is_counted("万家"), is_counted("亿元"), is_counted("%")
    (True, True, False, False, False)
    """
    return unit in COUNTERS or (len(unit) == 2 and unit[1] == "次" and unit[0] in COUNTERS)


def half_up(value: Decimal, places: int) -> Decimal:
    """Rounded as people do and tables expect it, halves away from nought; ``round`` would take them to the even digit.

    >>> half_up(Decimal("84.25"), 1), half_up(Decimal("-0.25"), 1), half_up(Decimal(250), 0)
    (Decimal('84.3'), Decimal('-0.3'), Decimal('250'))
    """
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def to_whole(value: Decimal | float) -> int:
    """The nearest whole number, halves upwards.

    >>> to_whole(1.33), to_whole(Decimal("2.5")), to_whole(-0.2)
    (1, 3, 0)
    """
    return int(Decimal(str(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def about(value: Decimal | float) -> str:
    """How many are expected, as one says it in front of the unit.

    >>> about(1.33), about(0.2), about(1286.4), about(0)
    ('约1', '不到1', '约1,286', '0')
    """
    whole = to_whole(value)
    if whole == 0:
        return "不到1" if value > 0 else "0"
    return f"约{whole:,}"

"""An outlook as plain values, for JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from keshu.engines.outlook.answer import Outlook
from keshu.kernel.period import Period

# What is plain already; anything else is looked at.
PLAIN = frozenset((float, int, str, bool, type(None)))


def as_plain(outlook: Outlook) -> dict[str, Any]:
    """Periods as text, enums as their values, everything else by its parts; without the spread."""
    return {name: _plain(getattr(outlook, name)) for name in _names(Outlook) if name != "spread"}


@cache
def _names(of: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(of))


def _plain(value: Any) -> Any:
    if type(value) in PLAIN:
        return value
    if isinstance(value, Period):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if is_dataclass(value):
        of: type = type(value)
        return {name: _plain(getattr(value, name)) for name in _names(of)}
    return value

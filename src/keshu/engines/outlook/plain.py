"""An outlook as plain values, for JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from keshu.engines.outlook.answer import Outlook
from keshu.kernel.period import Period


def as_plain(outlook: Outlook) -> dict[str, Any]:
    """Periods as text, enums as their values, everything else by its parts; without the spread."""
    return {each.name: _plain(getattr(outlook, each.name)) for each in fields(outlook) if each.name != "spread"}


def _plain(value: Any) -> Any:
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
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value

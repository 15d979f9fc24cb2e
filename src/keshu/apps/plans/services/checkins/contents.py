"""What a check-in says: cleaned, and checked against what its subject can hold, before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import CheckIn, Part

LONGEST = 4000
# A column of 20 digits, six of them behind the point.
LARGEST, PLACES = Decimal(10) ** 14, Decimal("0.000001")
WORDS = (("progress", "进展情况"), ("problems", "存在问题"), ("help_needed", "需协调事项"))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a person writes into a check-in. ``value`` is in the target's unit, ``percent`` 0 to 100; None: not given."""

    progress: str = ""
    percent: int | None = None
    value: Decimal | None = None
    problems: str = ""
    help_needed: str = ""

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("progress", "percent", "value", "problems", "help_needed")}


def acceptable(contents: Contents, *, check_in: CheckIn) -> Contents:
    """The contents cleaned; Unacceptable with the field where something cannot be kept."""
    words = {name: _words(getattr(contents, name), name, label) for name, label in WORDS}
    return Contents(percent=_percent(contents.percent), value=_value(contents.value, check_in), **words)


def check_complete(contents: Contents, *, check_in: CheckIn) -> None:
    """What has to be said before a form can go to its signer.

    A target wants its figure or, while there is none, words; a task wants words.
    """
    if contents.progress or (contents.value is not None and check_in.target_id is not None):
        return
    if check_in.target_id is None or check_in.part == Part.SUPPORT:
        raise Unacceptable("请填写进展情况。", field="progress")
    raise Unacceptable("请填写完成数；暂时没有数据的，请在进展情况中说明。", field="value")


def _words(text: str, name: str, label: str) -> str:
    clean = "\n".join(line.rstrip() for line in text.replace("\0", "").splitlines()).strip()
    if len(clean) > LONGEST:
        raise Unacceptable(f"{label}有 {len(clean)} 字，最多 {LONGEST} 字，请精简后再填。", field=name)
    return clean


def _percent(percent: int | None) -> int | None:
    if percent is not None and not 0 <= percent <= 100:
        raise Unacceptable(f"完成进度是 0 到 100 的整数，不能是 {percent}。", field="percent")
    return percent


def _value(value: Decimal | None, check_in: CheckIn) -> Decimal | None:
    if value is None:
        return None
    if check_in.target_id is None:
        raise Unacceptable("任务没有完成数，请填写进展情况和完成进度。", field="value")
    if not value.is_finite() or abs(value) >= LARGEST:
        raise Unacceptable(f"完成数“{value}”太大或不是数，请核对单位后重新填写。", field="value")
    return value.quantize(PLACES)
